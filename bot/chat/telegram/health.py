"""Whether the bot is well: for containers, systemd and Prometheus."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from bot.chat.telegram.http import Contact

AWAY_SECONDS: Final = 120.0
"""Seconds without an answer of Telegram after which the bot is not well."""
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
