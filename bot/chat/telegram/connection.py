"""The connection to Telegram: the bot object, its HTTP, and waiting until there is a network."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.chat.telegram.delivery import seconds_of
from bot.chat.telegram.http import Contact, Line, proxy_for
from bot.errors import UsageError, describe_error
from bot.settings import PUBLIC_API, Settings

_LOG = logging.getLogger(__name__)

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_HOW_TO_GET_ONE = "Get one from @BotFather in Telegram (/newbot, or /token) and set it in .env."
_CONNECTIONS = 128
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


def read_token(settings: Settings) -> str:
    """The bot's token; a missing or malformed one is a `UsageError`, before any network."""
    secret = settings.telegram_bot_token
    token = secret.get_secret_value().strip() if secret else ""
    if not token:
        raise UsageError(f"TELEGRAM_BOT_TOKEN is not set. {_HOW_TO_GET_ONE}")
    if not _TOKEN.fullmatch(token):
        raise UsageError(
            "TELEGRAM_BOT_TOKEN is not a bot token; one looks like 110201543:AA… "
            f"{_HOW_TO_GET_ONE}"
        )
    return token


@dataclass(frozen=True)
class Connection:
    """The bot object, the line on which it asks for updates, and when Telegram last answered."""

    bot: Bot
    updates: Line
    contact: Contact


def make_connection(settings: Settings) -> Connection:
    """A connection, not yet open. Nothing holds messages back: Telegram says when to wait."""
    proxy, contact = proxy_for(settings.telegram_api_url), Contact()
    updates = Line(1, proxy, contact)
    bot = Bot(
        read_token(settings),
        base_url=f"{settings.telegram_api_url.rstrip('/')}/bot",
        request=Line(_CONNECTIONS, proxy, contact),
        get_updates_request=updates,
    )
    return Connection(bot, updates, contact)


async def connect(bot: Bot) -> None:
    """Reach Telegram for the first time; a network that is down is waited out.

    Raises:
        UsageError: Telegram does not know the token, or it is not Telegram that answers.
    """
    try:
        await retry_forever(bot.initialize, InvalidToken)
    except InvalidToken as refusal:
        if "Unauthorized" not in getattr(refusal.__cause__, "message", ""):
            raise UsageError(
                "TELEGRAM_API_URL: nothing answers there as the Bot API does (404 Not Found). "
                f"It is the address before /bot, such as {PUBLIC_API}"
            ) from None
        raise UsageError(f"TELEGRAM_BOT_TOKEN is refused by Telegram. {_HOW_TO_GET_ONE}") from None


async def retry_forever(
    call: Callable[[], Awaitable[object]], *final: type[TelegramError]
) -> None:
    """Make a call for as long as it takes; what is `final`, or Telegram refuses, is raised."""
    pause, told = _FIRST_PAUSE, False
    while True:
        try:
            await call()
        except RetryAfter as limit:
            pause = seconds_of(limit)
        except TelegramError as trouble:
            if isinstance(trouble, (BadRequest, Forbidden, *final)):
                raise
            if not told:
                _LOG.warning("Telegram cannot be reached (%s); trying on", describe_error(trouble))
                told = True
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
