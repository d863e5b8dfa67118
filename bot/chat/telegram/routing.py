"""From an update to its handler. What no handler is for is let go."""

from __future__ import annotations

from typing import Final, get_args

from telegram import Bot, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.telegram import buttons, inline
from bot.chat.telegram.addressing import (
    Command,
    address,
    in_full,
    is_ours_to_read,
    is_private,
    question,
    read_command,
    talker,
)
from bot.chat.telegram.delivery import Address
from bot.chat.telegram.messages import Said
from bot.chat.telegram.questions import admitted, ask, reply_to_media
from bot.chat.telegram.serving import Turn
from bot.faq.replies import Command as MenuCommand
from bot.records.port import Talker

ALLOWED_UPDATES: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of update that Telegram is asked for."""
_FIXED: Final = frozenset(get_args(MenuCommand)) - {"ask"}
"""The commands that show the fixed text of their name."""
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


def asks(message: Message, bot: Bot) -> Command | str | None:
    """What a message asks of the bot: a command, or words (perhaps none); None for nothing."""
    if not is_ours_to_read(message):
        return None
    return read_command(message, bot) or question(message, bot)


def words(asked: Command | str) -> str:
    """The words that may hold a sign of danger; the link of an entry behind `/start` is none."""
    if isinstance(asked, str):
        return asked
    return asked.rest if asked.name != "start" or " " in asked.rest else ""


def whose(update: Update, now: float) -> tuple[Talker, float]:
    """Whose update it is, and when they wrote it, in seconds since 1970: `now` for a tap."""
    if message := update.message or update.edited_message:
        return talker(message), (message.edit_date or message.date).timestamp()
    chat, person = update.effective_chat, update.effective_user
    return (chat.id if chat else 0, person.id if person else 0), now


async def _message(turn: Turn, message: Message, *, edited: bool) -> None:
    bot = turn.service.bot
    asked = asks(message, bot)
    if isinstance(asked, Command) and asked.name != "ask":
        # A sign of danger behind a command goes before whatever it stands for.
        if turn.urgent:
            await ask(turn, message)
        elif not edited:
            _command(turn, message, asked)
    elif asked or (asked is not None and message.text):
        await ask(turn, message, in_full(message, bot), edited=edited)
    elif asked is not None and not edited:
        reply_to_media(turn, message)


def _command(turn: Turn, message: Message, command: Command) -> None:
    name, topics = command.name, command.name == "help"
    if name == "start":
        if turn.verdict == "answer" or admitted(turn, message):
            _start(turn, message, command.rest)
        return
    if name not in _FIXED:
        if not is_private(message):
            return
        name = "unknown_command"
    if admitted(turn, message):
        turn.say(address(message), Said(text=name, topics=topics))


def _start(turn: Turn, message: Message, entry_id: str) -> None:
    before = turn.service.conversations.recall(turn.talker, turn.written)
    reply = turn.answerer.topic(entry_id, before) if entry_id else None
    if reply:
        turn.service.conversations.note(turn.talker, reply, turn.written)
        turn.say(address(message), Said(reply, asked=False))
        turn.counts = ("topic", reply, "")
    else:
        text = "welcome" if entry_id in ("", inline.PLAIN_START) else "unknown_topic"
        turn.say(address(message), Said(text=text, topics=text != "welcome"))


def _joined(turn: Turn, change: ChatMemberUpdated) -> None:
    was, now = (
        each.status in _INSIDE for each in (change.old_chat_member, change.new_chat_member)
    )
    if change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and now and not was:
        turn.say(Address(change.chat.id), Said(text="group_welcome"))
