"""What Telegram shows of the bot: its commands and descriptions, set at every start."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import get_args

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.chat.telegram.delivery import Delivery, Undelivered
from bot.chat.telegram.logs import describe_error
from bot.faq.models import Knowledge
from bot.faq.replies import Command as MenuCommand

_LOG = logging.getLogger(__name__)
_MOST_OF_DESCRIPTION = 512
_MOST_OF_SHORT_DESCRIPTION = 120


async def set_profile(bot: Bot, delivery: Delivery, knowledge: Knowledge) -> None:
    """Set commands and descriptions; a failure is logged and stops nothing.

    What is as it should be is not set again: Telegram limits how often it may be.
    """
    described = knowledge.replies.faces.commands
    group = [BotCommand(name, described[name]) for name in get_args(MenuCommand)]
    private = [command for command in group if command.command != "ask"]
    long = _clipped(knowledge.replies.welcome, _MOST_OF_DESCRIPTION)
    short = _clipped(knowledge.replies.about, _MOST_OF_SHORT_DESCRIPTION)

    async def commands() -> None:
        await bot.set_my_commands(private, BotCommandScopeAllPrivateChats())
        await bot.set_my_commands(group, BotCommandScopeAllGroupChats())

    async def description() -> None:
        if not await _is_set(bot.get_my_description, "description", long):
            await bot.set_my_description(long)

    async def short_description() -> None:
        if not await _is_set(bot.get_my_short_description, "short_description", short):
            await bot.set_my_short_description(short)

    for step in (commands, description, short_description):
        try:
            await delivery.with_retries(step)
        except (Undelivered, TelegramError) as fault:
            _LOG.warning(
                "The bot's commands or descriptions could not be set: %s", describe_error(fault)
            )


async def _is_set(ask: Callable[[], Awaitable[object]], name: str, wanted: str) -> bool:
    """Whether Telegram shows a text already; where it does not tell, it does not."""
    try:
        return bool(getattr(await ask(), name) == wanted)
    except Exception:  # the library fails in many ways at an answer that it does not know
        return False


def _clipped(text: str, most: int) -> str:
    """As many whole sentences as there is room for."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    end = words.rfind(". ", 0, most)
    return words[: end + 1] if end > 0 else f"{words[: most - 1].rstrip()}…"
