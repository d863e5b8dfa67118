"""What Telegram shows of the bot: its commands and descriptions, set at every start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import get_args

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotDescription,
    BotShortDescription,
)
from telegram.error import TelegramError

from bot.chat.telegram.connection import retry_forever
from bot.errors import describe_error
from bot.faq.models import Knowledge
from bot.faq.replies import Command as MenuCommand

_LOG = logging.getLogger(__name__)
_MOST_OF_DESCRIPTION = 512
_MOST_OF_SHORT_DESCRIPTION = 120
_LETTERS_OF_A_CODE = 2
"""Telegram takes no longer code of a language."""


async def set_profile(bot: Bot, knowledge: Knowledge) -> None:
    """Set commands and descriptions; a failure is logged and stops nothing.

    What is as it should be is not set again: Telegram limits how often it may be.
    """
    long = _clipped(knowledge.replies.welcome, _MOST_OF_DESCRIPTION)
    short = _clipped(knowledge.replies.about, _MOST_OF_SHORT_DESCRIPTION)
    set_long = partial(bot.set_my_description, long)
    set_short = partial(bot.set_my_short_description, short)
    await asyncio.gather(
        _set_commands(bot, knowledge),
        _set(bot.get_my_description, BotDescription(long), set_long),
        _set(bot.get_my_short_description, BotShortDescription(short), set_short),
    )


async def _set_commands(bot: Bot, knowledge: Knowledge) -> None:
    check = knowledge.replies.self_check
    offered = [name for name in get_args(MenuCommand) if name != "check" or check]
    # None is for everybody whose language is not among them.
    described: dict[str | None, Mapping[MenuCommand, str]] = {
        None: knowledge.replies.faces.commands,
        **{each.code: each.commands for each in knowledge.languages.languages},
    }
    for code, texts in described.items():
        if not texts or len(code or "") > _LETTERS_OF_A_CODE:
            continue
        group = tuple(BotCommand(name, texts[name]) for name in offered)
        private = tuple(command for command in group if command.command != "ask")
        in_private, in_groups = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
        for wanted, scope in ((private, in_private), (group, in_groups)):
            shown = partial(bot.get_my_commands, scope, code)
            await _set(shown, wanted, partial(bot.set_my_commands, wanted, scope, code))


async def _set(
    shown: Callable[[], Awaitable[object]],
    wanted: object,
    set_it: Callable[[], Awaitable[object]],
) -> None:
    """Set what is not shown as it is wanted."""

    async def step() -> None:
        if await shown() != wanted:
            await set_it()

    try:
        await retry_forever(step)
    except TelegramError as fault:
        where = describe_error(fault)
        _LOG.warning("The bot's commands or descriptions could not be set: %s", where)


def _clipped(text: str, most: int) -> str:
    """As many whole sentences as there is room for."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    end = words.rfind(". ", 0, most)
    return words[: end + 1] if end > 0 else f"{words[: most - 1].rstrip()}…"
