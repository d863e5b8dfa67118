"""From an update to its handler. What no handler is for is let go."""

from __future__ import annotations

from typing import Final

from telegram import Bot, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.telegram import buttons, commands, inline, questions
from bot.chat.telegram.addressing import (
    Command,
    in_full,
    is_ours_to_read,
    question,
    read_command,
    talker,
)
from bot.chat.telegram.delivery import Address
from bot.chat.telegram.said import Said
from bot.chat.telegram.serving import Turn
from bot.records.port import Talker

ALLOWED_UPDATES: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of update that Telegram is asked for."""
_INSIDE = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)


async def route(turn: Turn) -> None:
    """Hand an update to its handler."""
    update = turn.update
    if update.callback_query:
        await buttons.tapped(turn, update.callback_query)
    elif update.inline_query:
        await inline.search(turn, update.inline_query)
    elif update.my_chat_member:
        _joined(turn, update.my_chat_member)
    elif message := update.message or update.edited_message:
        await _message(turn, message, edited=update.edited_message is not None)


async def _message(turn: Turn, message: Message, *, edited: bool) -> None:
    bot = turn.service.bot
    asked = asks(message, bot)
    if asked is None:
        return
    if isinstance(asked, Command) and asked.name != "ask":
        if turn.urgent or not edited:
            await commands.handle_command(turn, message, asked)
    elif isinstance(asked, Command) or asked or message.text:
        await questions.ask(turn, message, in_full(message, bot), edited=edited)
    elif not edited:
        questions.reply_to_media(turn, message)


def asks(message: Message, bot: Bot) -> Command | str | None:
    """What a message asks of the bot: a command, or words (perhaps none); None for nothing."""
    if not is_ours_to_read(message):
        return None
    return read_command(message, bot) or question(message, bot)


def words(asked: Command | str | None) -> str:
    """The words that may hold a sign of danger; the link of an entry behind `/start` is none."""
    if isinstance(asked, Command):
        return asked.rest if asked.name != "start" or " " in asked.rest else ""
    return asked or ""


def whose(update: Update, now: float) -> tuple[Talker, float]:
    """Whose update it is, and when they wrote it, in seconds since 1970: `now` for a tap."""
    if message := update.message or update.edited_message:
        return talker(message), (message.edit_date or message.date).timestamp()
    chat, person = update.effective_chat, update.effective_user
    return (chat.id if chat else 0, person.id if person else 0), now


def _joined(turn: Turn, change: ChatMemberUpdated) -> None:
    """Say in a group that the bot was added to how to ask it."""
    was, now = (
        each.status in _INSIDE for each in (change.old_chat_member, change.new_chat_member)
    )
    if change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and now and not was:
        turn.say(Address(change.chat.id), Said(text="group_welcome"))
