"""The webhook: an update is answered first, and then the 200 goes back.

So what a crash interrupts is sent again by Telegram. Needs the extra `webhook`.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot

from bot.chat.telegram.health import health
from bot.chat.telegram.http import Contact
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.updates import read_update
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
_IDLE_SECONDS = 75


def read_secret(settings: Settings) -> str:
    """The secret that Telegram sends along; without one anybody could send updates.

    Raises:
        UsageError: it is missing, or not what Telegram takes; or the URL is not.
    """
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


def application(
    bot: Bot,
    intake: Intake,
    metrics: Metrics,
    contact: Contact,
    path: str,
    secret: str,
) -> Starlette:
    """The web application: the webhook at `path`, `/healthz`, `/metrics`."""

    async def webhook(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("wrong or no secret", 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return PlainTextResponse("not JSON", 400)
        if not bot_is_ready(bot):
            return _not_now()
        update = read_update(data, bot)
        # What makes no sense would make none the next time: it is not asked for again.
        if update is None or await intake.take(update):
            return Response(status_code=200)
        return _not_now()

    async def healthz(_: Request) -> Response:
        status, said = health(contact)
        return JSONResponse(said, status)

    async def figures(_: Request) -> Response:
        return Response(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/metrics", figures),
            Route(path, webhook, methods=["POST"]),
        ]
    )


def bot_is_ready(bot: Bot) -> bool:
    """Whether the bot has reached Telegram and so knows its own name."""
    try:
        return bool(bot.bot)
    except RuntimeError:
        return False


def _not_now() -> Response:
    # Without a time Telegram waits twice as long after each try, up to two minutes.
    return PlainTextResponse("not answered; send it again", 503, {"Retry-After": "1"})


async def _body(request: Request) -> bytes | None:
    """Read the body, and no more of it than may be; None when it is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body


class _Server(uvicorn.Server):
    """Uvicorn, with the signals left to the program that it is a part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(settings: Settings) -> socket.socket:
    """Take the port; one that cannot be had is a `UsageError`."""
    try:
        return socket.create_server((settings.webhook_host, settings.webhook_port), backlog=2048)
    except OSError as fault:
        raise UsageError(
            f"WEBHOOK_HOST {settings.webhook_host}, WEBHOOK_PORT {settings.webhook_port}: "
            f"cannot listen there: {fault.strerror or fault}"
        ) from None


def server(app: Starlette, grace_seconds: float) -> uvicorn.Server:
    """The web server; on its end it waits `grace_seconds` for what is under way."""
    return _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=int(grace_seconds),
        )
    )
