"""What the bot serves over HTTP: the webhook, and `/healthz` and `/metrics` for who watches it.

By webhook an update is answered first, and then the 200 goes back: so what a crash interrupts is
sent again by Telegram.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot

from bot.chat.telegram.connection import Contact
from bot.chat.telegram.intake import Intake, read_update
from bot.chat.telegram.metrics import Metrics
from bot.errors import UsageError
from bot.settings import PUBLIC_API, Settings

_LOG = logging.getLogger(__name__)

MOST_BYTES: Final = 1 << 20
"""The largest body that is read. An update is a few thousand bytes."""
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105, a name
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_SHORT_SECRET = 16
_PORTS = (443, 80, 88, 8443)
"""Those to which Telegram delivers."""
# Longer than a proxy keeps its side open (nginx: 60), which then never meets a closed door.
_IDLE_SECONDS = 75.0
_WAITING = 2048
"""Connections that wait to be taken."""
AWAY_SECONDS: Final = 120.0
"""Seconds without an answer of Telegram after which the bot is not well."""
_WATCHDOG_SECONDS = 30.0
_BEAT_SECONDS = 0.25


def read_secret(settings: Settings) -> str:
    """The secret that Telegram sends along; a `UsageError` where it, or the URL, is of no use."""
    url = urlsplit(settings.webhook_url or "")
    if settings.telegram_api_url.rstrip("/") == PUBLIC_API and (
        url.scheme != "https" or url.port not in (None, *_PORTS)
    ):
        raise UsageError(
            "WEBHOOK_URL must begin with https:// and name no port but 443, 80, 88 or 8443, since "
            "Telegram delivers to nothing else. Such as https://bot.example.org/telegram"
        )
    if url.path in ("/healthz", "/metrics"):
        raise UsageError(
            f"WEBHOOK_URL must not end with {url.path}, which is a page of the bot's own. "
            "Such as https://bot.example.org/telegram"
        )
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not _SECRET.fullmatch(secret):
        raise UsageError(
            "WEBHOOK_SECRET must be set with WEBHOOK_URL: up to 256 letters, digits, _ or -. "
            "Make one with: openssl rand -hex 32"
        )
    if len(secret) < _SHORT_SECRET:
        _LOG.error("WEBHOOK_SECRET is short and can be guessed: take one of 32 or more letters")
    return secret


def pages(contact: Contact, metrics: Metrics) -> web.Application:
    """The web application with `/healthz` and `/metrics`."""

    async def healthz(_: web.Request) -> web.Response:
        status, said = health(contact)
        return web.json_response(said, status=status)

    async def figures(_: web.Request) -> web.Response:
        kind = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=metrics.page(), headers=kind)

    async def unnamed(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.pop("Server", None)

    app = web.Application(client_max_size=MOST_BYTES)
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", figures)])
    app.on_response_prepare.append(unnamed)
    return app


def webhook(bot: Bot, intake: Intake, path: str, secret: str) -> web.RouteDef:
    """The page at `path` that takes updates from whoever knows the secret."""

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, secret.encode()):
            return web.Response(text="wrong or no secret", status=403)
        try:
            data = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(text="not JSON", status=400)
        if _is_ready(bot):
            update = read_update(data, bot)
            # What makes no sense would make none the next time: it is not asked for again.
            if update is None or await intake.take(update):
                return web.Response()
        # Without a time Telegram waits twice as long after each try, up to two minutes.
        again, soon = "not answered; send it again", {"Retry-After": "1"}
        return web.Response(text=again, status=503, headers=soon)

    return web.post(path, take)


def _is_ready(bot: Bot) -> bool:
    try:
        return bool(bot.bot)
    except RuntimeError:
        return False


def listen(settings: Settings) -> socket.socket:
    """Take the port; one that cannot be had is a `UsageError`."""
    try:
        return socket.create_server((settings.webhook_host, settings.webhook_port))
    except OSError as fault:
        raise UsageError(
            f"WEBHOOK_HOST {settings.webhook_host}, WEBHOOK_PORT {settings.webhook_port}: "
            f"cannot listen there: {fault.strerror or fault}"
        ) from None


@asynccontextmanager
async def served(
    app: web.Application, port: socket.socket, grace_seconds: float = 0.0
) -> AsyncIterator[None]:
    """Serve while the block runs; then wait `grace_seconds` for what is under way."""
    # It waits twice, for the answer and for its being sent.
    runner = web.AppRunner(
        app,
        access_log=None,
        keepalive_timeout=_IDLE_SECONDS,
        shutdown_timeout=grace_seconds / 2,
    )
    await runner.setup()
    await web.SockSite(runner, port, backlog=_WAITING).start()
    try:
        yield
    finally:
        await runner.cleanup()


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
