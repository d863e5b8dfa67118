"""From an update to its answer: commands and free text here, taps and inline mode next door.

What nothing is here for is let go.
"""

from __future__ import annotations

from dataclasses import replace
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
from bot.chat.telegram.logs import TOO_MANY, TOO_MANY_WAIT, TOO_OLD
from bot.chat.telegram.messages import Said
from bot.chat.telegram.outbox import MOST_HELD
from bot.chat.telegram.serving import Turn, is_cut
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
OLDEST_SECONDS: Final = 6 * 3600.0
"""A question that waited longer gets one quiet line, unless it holds a sign of danger."""


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
            await _ask(turn, message)
        elif not edited:
            _command(turn, message, asked)
    elif asked or (asked is not None and message.text):
        await _ask(turn, message, in_full(message, bot), edited=edited)
    elif asked is not None and not edited:
        _reply_to_media(turn, message)


def _command(turn: Turn, message: Message, command: Command) -> None:
    name, topics = command.name, command.name == "help"
    if name == "start":
        if turn.verdict == "answer" or _admitted(turn, message):
            _start(turn, message, command.rest)
        return
    if name not in _FIXED:
        if not is_private(message):
            return
        name = "unknown_command"
    if _admitted(turn, message):
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


async def _ask(turn: Turn, message: Message, shown: str = "", *, edited: bool = False) -> None:
    """Answer the words of a message; an edited question has its answer edited.

    Past a person's limit, and for a question of yesterday, only a sign of danger is answered in
    full. `shown` are the words as they were written, where they differ.
    """
    service = turn.service
    if not turn.urgent and not _admitted(turn, message):
        return
    if not edited and await service.pieces.join(turn):
        shown = ""
    place = (message.chat.id, message.message_id)
    before = service.asked.get(place) if edited else None
    context = before or service.conversations.recall(turn.talker, turn.written)
    if topic := _topic(turn, message.reply_to_message):
        context = replace(context, answered=(topic,))
    async with service.delivery.typing(address(message)):
        reply = await turn.reply(context)
        missed = reply.kind in ("suggest", "fallback") and not reply.language
        waits = not reply.alert and (is_cut(turn) or missed)
        if message.text and not edited and waits:
            taken = await service.pieces.taken(turn)
            told = service.conversations.recall(turn.talker, turn.written).alert
            if taken or (told and told.alone and told is not context.alert):
                return
    if message.media_group_id:
        service.albums.put(message.media_group_id, True)
    if shown and reply.question:
        reply = replace(reply, question=" ".join(shown.split()))
    if not reply.alert and _age(turn) > OLDEST_SECONDS:
        service.outbox.unanswered.add(TOO_OLD)
        if not service.away.seen(turn.talker, True):
            turn.say(address(message), Said(reply, text="away", quiet=True))
        return
    service.asked.put(place, context)
    if not edited:
        # The same may have been told meanwhile: nothing waits for the answer before an alert.
        now = service.conversations.recall(turn.talker, turn.written)
        heeded = now.heeding(reply, turn.written)
        if heeded is None or (turn.verdict != "answer" and not heeded.alert):
            return
        reply = heeded
    await service.remember(turn.talker, reply, turn.written)
    word = _word_on_media(message)
    said = Said(reply, prefaces=(word,) if word else ())
    turn.say(address(message), said, message.message_id, edited=edited)
    turn.counts = (reply.kind, reply, turn.words)


def _reply_to_media(turn: Turn, message: Message) -> None:
    """Say a kind word on what cannot be read: a photo, a sticker, a voice note, a place."""
    word, album = _word_on_media(message), message.media_group_id
    if not word or (album and turn.service.albums.seen(album, True)):
        return
    if _age(turn) > OLDEST_SECONDS:
        turn.service.outbox.unanswered.add(TOO_OLD)
    elif _admitted(turn, message):
        turn.say(address(message), Said(text=word))


def _admitted(turn: Turn, message: Message) -> bool:
    """Whether a message without an alert is to be answered; says so once if not."""
    service, talker = turn.service, turn.talker
    if service.outbox.held(talker) >= MOST_HELD:
        told, why = service.crowded.seen(talker, True), TOO_MANY_WAIT
    elif turn.verdict == "answer":
        return True
    else:
        told, why = turn.verdict == "silence", TOO_MANY
    service.outbox.unanswered.add(why)
    if not told and _age(turn) <= OLDEST_SECONDS:
        turn.say(address(message), Said(text="too_many"))
    return False


def _topic(turn: Turn, before: Message | None) -> str:
    """The id of the entry that a message of the bot tells of, by its title; "" for any other."""
    if before is None or before.from_user is None or before.from_user.id != turn.service.bot.id:
        return ""
    titles = {entry.title: entry.id for entry in turn.answerer.knowledge.faq.entries}
    # The title is a line of its own, or ends one that says where a part of an answer is from.
    lines = (before.text or "").splitlines()
    ends = (end for line in lines for end in (line, line.partition(": ")[2]))
    return next((titles[end] for end in ends if end in titles), "")


def _age(turn: Turn) -> float:
    return turn.service.outbox.clock() - turn.written


def _word_on_media(message: Message) -> str:
    if message.photo:
        return "photo"
    return "media" if message.effective_attachment else ""
