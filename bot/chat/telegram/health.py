"""Whether the bot is well, asked over HTTP on loopback: for containers, systemd and Prometheus."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from bot.chat.telegram.http import Contact
from bot.chat.telegram.metrics import Metrics

_LOG = logging.getLogger(__name__)

AWAY_SECONDS: Final = 120.0
"""Seconds without an answer of Telegram after which the bot is not well."""
_ASKED_WITHIN = 5.0
_WATCHDOG_SECONDS = 30.0
_BEAT_SECONDS = 0.25


def health(contact: Contact) -> tuple[int, dict[str, str | None]]:
    """The status of `/healthz` and what it says: 503 once Telegram is away for two minutes."""
    last = contact.last
    when = datetime.fromtimestamp(last, UTC).isoformat(timespec="seconds") if last else None
    well = time.time() - (last or contact.since) < AWAY_SECONDS
    return (200 if well else 503), {"status": "up" if well else "away", "last_contact": when}


async def watchdog(contact: Contact) -> None:
    """Tell systemd, where it asks, for as long as the bot is well (`WatchdogSec` of the unit)."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    while where:
        if health(contact)[0] == 200:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.connect(where.replace("@", "\0", 1) if where.startswith("@") else where)
                line.send(b"WATCHDOG=1")
        await asyncio.sleep(_WATCHDOG_SECONDS)


class Pulse:
    """How long the event loop let everybody wait, for as long as `beat` runs."""

    def __init__(self) -> None:
        self._longest = 0.0

    async def beat(self) -> None:
        """Notice again and again by how much a short sleep was too long."""
        while True:
            begun = time.monotonic()
            await asyncio.sleep(_BEAT_SECONDS)
            self._longest = max(self._longest, time.monotonic() - begun - _BEAT_SECONDS)

    def longest(self) -> float:
        """The longest wait in seconds since this was last asked."""
        longest, self._longest = self._longest, 0.0
        return longest


@asynccontextmanager
async def pages(host: str, port: int, contact: Contact, metrics: Metrics) -> AsyncIterator[None]:
    """Answer `/healthz` and `/metrics` while the block runs; a port that is taken is no fault."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            async with asyncio.timeout(_ASKED_WITHIN):
                path = (await reader.readuntil(b"\r\n")).split(b" ")[1]
                while (await reader.readuntil(b"\r\n")).strip():
                    pass
            status, kind, body = 404, "text/plain", b""
            if path == b"/healthz":
                status, said = health(contact)
                kind, body = "application/json", json.dumps(said).encode()
            elif path == b"/metrics" and (figures := metrics.page()):
                status, kind, body = 200, "text/plain; version=0.0.4", figures
            head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
            writer.write(f"{head}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, host, port)
    except OSError as fault:
        _LOG.error("No /healthz at %s port %d: %s", host, port, fault.strerror or fault)
        yield
        return
    async with server:
        yield
