"""The commands, from `/start` to one that does not exist."""

from __future__ import annotations

from typing import Final, get_args

from telegram import Message as Incoming

from bot.chat.telegram.addressing import Command, address, is_private
from bot.chat.telegram.questions import admitted, ask
from bot.chat.telegram.said import Said
from bot.chat.telegram.serving import Turn
from bot.faq.replies import Command as MenuCommand

PLAIN_START: Final = "start"
"""The deep link that means no entry: the bot's own way in from inline mode."""
_FIXED: Final = frozenset(get_args(MenuCommand)) - {"ask"}
"""The commands that show the fixed text of their name."""


async def handle_command(turn: Turn, message: Incoming, command: Command) -> None:
    """Answer a command; a sign of danger behind it goes before whatever it stands for."""
    if command.name == "ask" or turn.urgent:
        await ask(turn, message)
    elif command.name == "start":
        if turn.verdict == "answer" or admitted(turn, message):
            _start(turn, message, command.rest)
    elif command.name in _FIXED:
        if admitted(turn, message):
            turn.say(address(message), Said(text=command.name, topics=command.name == "help"))
    elif is_private(message) and admitted(turn, message):
        turn.say(address(message), Said(text="unknown_command"))


def _start(turn: Turn, message: Incoming, entry_id: str) -> None:
    """Welcome a person, or show the entry whose link they followed."""
    before = turn.service.conversations.recall(turn.talker, turn.written)
    reply = turn.answerer.topic(entry_id, before) if entry_id else None
    if reply:
        turn.service.conversations.note(turn.talker, reply, turn.written)
        turn.say(address(message), Said(reply, asked=False))
        turn.counts = ("topic", reply, "")
    else:
        text = "welcome" if entry_id in ("", PLAIN_START) else "unknown_topic"
        turn.say(address(message), Said(text=text, topics=text != "welcome"))
