"""The buttons under a message; their 64 bytes hold all there is to know, for any process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.chat.blocks import Action, Tap, Way
from bot.chat.rendering import topics
from bot.faq.models import Knowledge
from bot.faq.replies import Faces

MOST_COPIED: Final = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
"""Characters that a button can copy."""
_LABEL = 60
"""Characters of a label: more does not fit on a phone."""
_HALF = 22
"""Characters of a label of which two fit side by side on a phone."""
_ADDRESS = re.compile(r"https?://([^\s<>]*[^\s<>.,:;)])")

_CODES: dict[Action, str] = {
    "topic": "t",
    "topics": "a",
    "page": "p",
    "helpful": "y",
    "unhelpful": "n",
    "none": "x",
    "check": "c",
    "alert": "d",
    "checked": "e",
    "something_else": "o",
    "says": "s",
}
_ACTIONS = {code: action for action, code in _CODES.items()}
Row = tuple[InlineKeyboardButton, ...]


def read_tap(data: str | None) -> Tap | None:
    """Read callback data; None when no keyboard of ours made it."""
    code, colon, of = (data or "").partition(":")
    action = _ACTIONS.get(code)
    if action is None or not colon or (action == "page" and not (of.isascii() and of.isdigit())):
        return None
    return Tap(action, of)


def button(label: str, tap: Tap) -> InlineKeyboardButton:
    """A button with a label that fits on a phone; its data are 2 bytes and an id of 56 at most."""
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1].rstrip()}…"
    return InlineKeyboardButton(short, callback_data=f"{_CODES[tap.action]}:{tap.of}")


def rows(ways: Iterable[Way]) -> list[Row]:
    """A row for each: titles are too long to stand side by side."""
    return [(button(way.label, way.tap),) for way in ways]


def packed_rows(ways: Sequence[Way]) -> list[Row]:
    """Short ones two in a row, but for a group of topics beside something else."""
    packed: list[list[Way]] = []
    for way in ways:
        last = packed[-1] if packed else []
        alike = len(last) == 1 and len({each.tap.action == "page" for each in (*last, way)}) == 1
        if alike and max(len(last[0].label), len(way.label)) <= _HALF:
            last.append(way)
        else:
            packed.append([way])
    return [tuple(button(way.label, way.tap) for way in row) for row in packed]


def link_rows(text: str) -> list[Row]:
    """A button that opens the first web address of a text. Telegram allows no telephone number."""
    found = _ADDRESS.search(text)
    return [(InlineKeyboardButton(found[1], url=found[0]),)] if found else []


def around_answer(inside: Sequence[Row], entry_id: str, copied: str, words: Faces) -> list[Row]:
    """What can be picked under an answer; `copied` is what a button is to copy, if anything."""
    yes = button(words.helpful, Tap("helpful", entry_id))
    no = button(words.not_helpful, Tap("unhelpful", entry_id))
    copy = InlineKeyboardButton(words.copy_questions, copy_text=CopyTextButton(copied))
    all_topics = button(words.all_topics, Tap("topics"))
    return [(yes, no), *([(copy,)] if copied else []), *inside, (all_topics,)]


def markup(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """A keyboard of rows; None when there are none."""
    return InlineKeyboardMarkup(rows) if rows else None


def topic_rows(knowledge: Knowledge, number: int | None = None) -> list[Row]:
    """A group of the topics, and a tab for each; without a number the tabs alone.

    A number past the last gives the last, and a single group needs no tab.
    """
    groups = topics(knowledge)
    if len(groups) == 1:
        return rows(groups[0].ways)
    shown = len(groups) if number is None else min(number, len(groups) - 1)
    tabs = [
        Way(f"• {group.heading}" if n == shown else group.heading, Tap("page", str(n)))
        for n, group in enumerate(groups)
    ]
    entries = rows(groups[shown].ways) if number is not None else []
    return [*entries, *packed_rows(tabs)]


def without(keyboard: InlineKeyboardMarkup | None, *actions: Action) -> list[Row]:
    """The rows of a keyboard in which no button does any of these."""
    taps = {f"{_CODES[action]}:" for action in actions}
    before = keyboard.inline_keyboard if keyboard else ()
    return [row for row in before if not any(str(each.callback_data)[:2] in taps for each in row)]
