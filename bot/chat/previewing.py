"""What Telegram will show for an entry, in the terminal: the very messages that are sent."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

from rich.console import Console
from rich.text import Text

from bot.answering.answerer import Answerer
from bot.answering.reply import Reply
from bot.chat.telegram.html import MOST_UNITS, units
from bot.chat.telegram.messages import Message, reply_messages
from bot.errors import UsageError
from bot.faq.models import Knowledge
from bot.faq.validation import nearest

_STYLES = {"b": "bold", "i": "italic", "u": "underline", "s": "strike", "code": "cyan"}
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
    reader = _Reader()
    reader.feed(message.html)
    reader.close()
    for folded, line in reader.lines():
        bar = "| " if folded else ""
        wrapped = line.wrap(console, width - len(bar)) if width and line.plain else [line]
        for each in wrapped:
            each.rstrip()
            console.print(Text.assemble(bar, each), soft_wrap=True)
    rows = message.keyboard.inline_keyboard if message.keyboard else ()
    for row in rows:
        console.print("  ".join(f"[{button.text}]" for button in row), soft_wrap=True)
    console.print()


class _Reader(HTMLParser):
    """Turns Telegram's HTML into styled lines, and knows which of them are folded away."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._text = Text()
        self._folded: list[tuple[int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag == "blockquote":
            self._folded.append((len(self._text), -1))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        if tag == "blockquote":
            self._folded[-1] = (self._folded[-1][0], len(self._text))

    def handle_data(self, data: str) -> None:
        styles = [_STYLES[tag] for tag in self._open if tag in _STYLES]
        self._text.append(data, " ".join(styles))

    def lines(self) -> Iterable[tuple[bool, Text]]:
        """Each line, and whether it is folded away."""
        start = 0
        for line in self._text.split("\n", allow_blank=True):
            yield any(begin <= start < end for begin, end in self._folded), line
            start += len(line) + 1
