"""Who says what to the bot: commands, and in groups the messages that are meant for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Bot, MaybeInaccessibleMessage, Message, MessageEntity
from telegram.constants import ChatType

from bot.chat.telegram.delivery import Address
from bot.records.port import Talker

_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]+)(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?\s*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command to this bot: its name in lower case, and the words behind it."""

    name: str
    rest: str


def is_private(message: Message) -> bool:
    """Whether a message is from a chat with one person."""
    return message.chat.type == ChatType.PRIVATE


def is_ours_to_read(message: Message) -> bool:
    """Whether a message is from a person, and was not sent through a bot's inline mode."""
    if message.chat.type == ChatType.CHANNEL or message.via_bot:
        return False
    # An administrator who writes in the name of the group comes as a bot, with the group beside.
    return bool(message.sender_chat or (message.from_user and not message.from_user.is_bot))


def talker(message: Message) -> Talker:
    """The chat, and the person (or the group in whose name they write)."""
    person = message.from_user or message.sender_chat or message.chat
    return message.chat.id, person.id


def address(message: MaybeInaccessibleMessage, person_id: int | None = None) -> Address:
    """Where an answer goes: in a group as a reply, to its writer or to who tapped beneath it."""
    if not isinstance(message, Message):  # too old to be replied to
        return Address(message.chat.id, person_id=person_id)
    thread = message.message_thread_id if message.is_topic_message else None
    reply_to = None if is_private(message) else message.message_id
    return Address(message.chat.id, thread, reply_to, person_id or talker(message)[1])


def read_command(message: Message, bot: Bot) -> Command | None:
    """Read a command that is meant for this bot; None for anything else.

    In a group a command must name the bot, except `/ask`: others may listen there too.
    """
    found = _COMMAND.fullmatch(message.text or message.caption or "")
    if found is None:
        return None
    name, named, rest = found["name"].lower(), found["bot"], (found["rest"] or "").strip()
    if named and named.lower() != bot.username.lower():
        return None
    if not named and name != "ask" and not is_private(message):
        return None
    return Command(name, rest)


def question(message: Message, bot: Bot) -> str | None:
    """The words a message asks with, "" when it has none, None when it is not for the bot.

    In a group only a mention of the bot, which is left out, and a reply to it are for the bot.
    """
    text = message.text or message.caption or ""
    if is_private(message):
        return text
    if text.startswith("/"):
        return None
    mentions = _mentions(message, bot)
    if not mentions and not _replies_to(message, bot):
        return None
    for mention in mentions:
        text = text.replace(mention, " ")
    return text.strip()


def in_full(message: Message, bot: Bot) -> str:
    """The words as they were written, where the bot is mentioned in the midst of them; else ""."""
    text = (message.text or message.caption or "").strip()
    mentions = () if is_private(message) else _mentions(message, bot)
    inside = any(not text.startswith(each) and not text.endswith(each) for each in mentions)
    return text if inside else ""


def _mentions(message: Message, bot: Bot) -> list[str]:
    entities = message.parse_caption_entities() if message.caption else message.parse_entities()
    name = f"@{bot.username}".lower()
    return [
        words
        for entity, words in entities.items()
        if (entity.type == MessageEntity.MENTION and words.lower() == name)
        or (entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == bot.id)
    ]


def _replies_to(message: Message, bot: Bot) -> bool:
    before = message.reply_to_message
    # In a forum every message is a reply to the one that opened its topic.
    if before is None or before.forum_topic_created or before.from_user is None:
        return False
    return before.from_user.id == bot.id
