"""The connection to Telegram: the bot object, its HTTP, and waiting until there is a network."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.chat.telegram.http import Contact, Line, proxy_for
from bot.chat.telegram.logs import describe_error
from bot.errors import UsageError
from bot.settings import Settings

_LOG = logging.getLogger(__name__)

MESSAGES_A_SECOND = 30.0
"""Telegram's own limit for all chats of a bot together (Bots FAQ)."""
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_HOW_TO_GET_ONE = "Get one from @BotFather in Telegram (/newbot, or /token) and set it in .env."
_CONNECTIONS = 32
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


def make_connection(
    settings: Settings, messages_a_second: float = MESSAGES_A_SECOND
) -> Connection:
    """A connection, not yet open. With 0 messages a second nothing is held back.

    The limiter only paces. A 429 is waited out by `delivery`, for its own chat alone: the
    limiter's own retries would hold back everybody.
    """
    limiter = AIORateLimiter(
        overall_max_rate=messages_a_second,
        group_max_rate=20 if messages_a_second else 0,
        max_retries=0,
    )
    proxy, contact = proxy_for(settings.telegram_api_url), Contact()
    updates = Line(1, proxy, contact)
    bot = ExtBot(
        read_token(settings),
        base_url=f"{settings.telegram_api_url.rstrip('/')}/bot",
        request=Line(_CONNECTIONS, proxy, contact),
        get_updates_request=updates,
        rate_limiter=limiter,
    )
    return Connection(bot, updates, contact)


async def connect(bot: Bot) -> None:
    """Reach Telegram for the first time; a network that is down is waited out.

    Raises:
        UsageError: Telegram does not know the token.
    """
    pause, told = _FIRST_PAUSE, False
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            raise UsageError(
                f"TELEGRAM_BOT_TOKEN is refused by Telegram. {_HOW_TO_GET_ONE}"
            ) from None
        except RetryAfter as limit:
            pause = limit.retry_after.total_seconds()  # type: ignore[union-attr]
        except TelegramError as trouble:
            if not told:
                _LOG.warning("Telegram cannot be reached (%s); trying on", describe_error(trouble))
                told = True
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
