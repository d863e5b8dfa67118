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
)
from telegram.error import RetryAfter, TelegramError

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
    check = knowledge.replies.self_check
    offered = [name for name in get_args(MenuCommand) if name != "check" or check]
    # None is for everybody whose language is not among them.
    described: dict[str | None, Mapping[MenuCommand, str]] = {
        None: knowledge.replies.faces.commands,
        **{each.code: each.commands for each in knowledge.languages.languages},
    }
    long = _clipped(knowledge.replies.welcome, _MOST_OF_DESCRIPTION)
    short = _clipped(knowledge.replies.about, _MOST_OF_SHORT_DESCRIPTION)

    async def commands() -> None:
        for code, texts in described.items():
            if texts and (code is None or len(code) == _LETTERS_OF_A_CODE):
                await _set_commands(bot, {name: texts[name] for name in offered}, code)

    async def description() -> None:
        if getattr(await _shown(bot.get_my_description), "description", "") != long:
            await bot.set_my_description(long)

    async def short_description() -> None:
        shown = await _shown(bot.get_my_short_description)
        if getattr(shown, "short_description", "") != short:
            await bot.set_my_short_description(short)

    await asyncio.gather(*map(_set, (commands, description, short_description)))


async def _set_commands(bot: Bot, texts: Mapping[MenuCommand, str], code: str | None) -> None:
    group = tuple(BotCommand(name, text) for name, text in texts.items())
    private = tuple(command for command in group if command.command != "ask")
    in_private, in_groups = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
    for wanted, scope in ((private, in_private), (group, in_groups)):
        if await _shown(partial(bot.get_my_commands, scope, code)) != wanted:
            await bot.set_my_commands(wanted, scope, code)


async def _set(step: Callable[[], Awaitable[None]]) -> None:
    try:
        await retry_forever(step)
    except TelegramError as fault:
        where = describe_error(fault)
        _LOG.warning("The bot's commands or descriptions could not be set: %s", where)


async def _shown(ask: Callable[[], Awaitable[object]]) -> object:
    """What Telegram shows; None where it does not tell."""
    try:
        return await ask()
    except RetryAfter:
        raise
    except Exception:  # the library fails in many ways at an answer that it does not know
        return None


def _clipped(text: str, most: int) -> str:
    """As many whole sentences as there is room for."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    end = words.rfind(". ", 0, most)
    return words[: end + 1] if end > 0 else f"{words[: most - 1].rstrip()}…"
