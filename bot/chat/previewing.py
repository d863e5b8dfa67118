"""What Telegram will show for an entry, in the terminal: the very messages that are sent."""

from __future__ import annotations

import re
from html import unescape

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from bot.answering.answerer import Answerer
from bot.answering.reply import Reply
from bot.chat.telegram.html import MOST_UNITS, units
from bot.chat.telegram.messages import Message, reply_messages
from bot.errors import UsageError
from bot.faq.models import Knowledge
from bot.faq.validation import nearest

_FOLDED = re.compile("</?blockquote[^>]*>")
_TAG = re.compile("<(/?[bi])>")
_WIDEST = 72
"""Columns of text: about those of Telegram on a desktop; a phone shows fewer."""


def preview(entry_id: str, knowledge: Knowledge, console: Console) -> None:
    """Print the messages of an entry as Telegram shows them, each with its buttons.

    A bar stands before what Telegram folds away, and brackets round each button.

    Raises:
        UsageError: there is no such entry.
    """
    reply = entry_reply(entry_id, Answerer(knowledge))
    messages = reply_messages(reply, knowledge, asked=False)
    for number, message in enumerate(messages, 1):
        size = f"{units(message.html):,} of {MOST_UNITS:,} characters"
        console.print(f"--- Message {number} of {len(messages)}, {size} ---", style="dim")
        _print(message, console)


def entry_reply(entry_id: str, answerer: Answerer) -> Reply:
    """The reply with an entry that was picked.

    Raises:
        UsageError: there is no such entry.
    """
    reply = answerer.topic(entry_id)
    if reply is None:
        near = nearest(entry_id, [entry.id for entry in answerer.knowledge.faq.entries])
        meant = f" Did you mean {near}?" if near else ""
        raise UsageError(f"There is no entry {entry_id!r} in this FAQ.{meant}")
    return reply


def _print(message: Message, console: Console) -> None:
    width = min(_WIDEST, console.width) if console.is_terminal else None
    for number, part in enumerate(_FOLDED.split(message.html)):
        bar = "| " if number % 2 else ""
        text = Text.from_markup(unescape(_TAG.sub(r"[\1]", escape(part))), emoji=False)
        # What stands before and behind a fold ends and begins with the break beside it.
        lines = text.split("\n", allow_blank=True)
        for line in lines[: -1 if part.endswith("\n") else None][bool(number) and not bar :]:
            for each in line.wrap(console, width - len(bar)) if width and line.plain else [line]:
                each.rstrip()
                console.print(Text.assemble(bar, each), soft_wrap=True)
    rows = message.keyboard.inline_keyboard if message.keyboard else ()
    for row in rows:
        console.print("  ".join(f"[{button.text}]" for button in row), soft_wrap=True)
    console.print()
