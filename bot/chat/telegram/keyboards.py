"""The buttons under a message, and what their 64 bytes of callback data mean.

A button's data holds all there is to know, so any process can serve any tap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.rendering import topics
from bot.faq.models import Entry, Knowledge
from bot.faq.replies import Faces

MOST_BUTTONS = 100
"""Telegram takes no more in one keyboard."""
_PAGE = 10
_MOST_TABS = 40
_TABS_IN_A_ROW = 4
_FEEDBACK_BUTTONS = 2
_LABEL = 60
"""Characters of a label: more does not fit on a phone."""

Action = Literal["topic", "topics", "page", "helpful", "unhelpful", "none"]
_CODES: dict[Action, str] = {
    "topic": "t",
    "topics": "a",
    "page": "p",
    "helpful": "y",
    "unhelpful": "n",
    "none": "x",
}
_ACTIONS = {code: action for action, code in _CODES.items()}
Row = tuple[InlineKeyboardButton, ...]


@dataclass(frozen=True, slots=True)
class Tap:
    """What a tapped button asks for.

    `of` is the id of an entry (empty: the feedback is on a miss), or the number of a page.
    """

    action: Action
    of: str = ""


def read_tap(data: str | None) -> Tap | None:
    """Read callback data; None when no keyboard of ours made it."""
    code, colon, of = (data or "").partition(":")
    action = _ACTIONS.get(code)
    if action is None or not colon or (action == "page" and not (of.isascii() and of.isdigit())):
        return None
    return Tap(action, of)


def write_tap(tap: Tap) -> str:
    """Put a tap in callback data: at most 2 bytes and an id of at most 56."""
    return f"{_CODES[tap.action]}:{tap.of}"


def button(label: str, tap: Tap) -> InlineKeyboardButton:
    """A button with a label that fits on a phone."""
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1].rstrip()}…"
    return InlineKeyboardButton(short, callback_data=write_tap(tap))


def entry_rows(entries: Iterable[Entry]) -> list[Row]:
    """A row for each entry: titles are too long to stand side by side."""
    return [(button(entry.title, Tap("topic", entry.id)),) for entry in entries]


def feedback_row(entry_id: str, words: Faces) -> Row:
    """Yes and no to "Was this helpful?"; an empty id is for a miss."""
    return (
        button(words.helpful, Tap("helpful", entry_id)),
        button(words.not_helpful, Tap("unhelpful", entry_id)),
    )


def all_topics_row(words: Faces) -> Row:
    """The way to everything else."""
    return (button(words.all_topics, Tap("topics")),)


def markup(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """A keyboard of rows; None when there are none."""
    return InlineKeyboardMarkup(rows) if rows else None


def without_feedback(keyboard: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """The same keyboard once "Was this helpful?" has been answered."""
    return markup([row for row in _rows(keyboard) if not any(map(_is_feedback, row))])


def topic_rows(knowledge: Knowledge, number: int) -> list[Row]:
    """A page of the topics, grouped by kind; a number past the last gives the last.

    Every page has a tab to every page, so an entry is at most two taps away: its page, then the
    entry. Pages grow with the FAQ, so that there are never more buttons than Telegram takes.
    """
    pages = _pages(knowledge)
    number = min(number, len(pages) - 1)
    tabs = [
        button(f"• {page.tab}" if index == number else page.tab, Tap("page", str(index)))
        for index, page in enumerate(pages)
    ]
    rows = entry_rows(pages[number].entries)
    if len(pages) > 1:
        rows += [tuple(tabs[i : i + _TABS_IN_A_ROW]) for i in range(0, len(tabs), _TABS_IN_A_ROW)]
    return rows


def turned(
    keyboard: InlineKeyboardMarkup | None, knowledge: Knowledge, number: int
) -> InlineKeyboardMarkup | None:
    """A keyboard with another page of the topics; feedback that was asked for stays."""
    kept = [row for row in _rows(keyboard) if any(map(_is_feedback, row))]
    return markup([*topic_rows(knowledge, number), *kept])


@dataclass(frozen=True, slots=True)
class _Page:
    tab: str
    entries: tuple[Entry, ...]


def _pages(knowledge: Knowledge) -> list[_Page]:
    groups = topics(knowledge)
    size = max(_PAGE, -(-len(knowledge.faq.entries) // (_MOST_TABS - len(groups))))
    size = min(size, MOST_BUTTONS - _MOST_TABS - _FEEDBACK_BUTTONS)
    pages = []
    for group in groups:
        name = group.heading.split(",")[0].split(" and ")[0]
        parts = [group.entries[i : i + size] for i in range(0, len(group.entries), size)]
        pages += [
            _Page(f"{name} {number}" if len(parts) > 1 else name, part)
            for number, part in enumerate(parts, 1)
        ]
    return pages[:_MOST_TABS]


def _rows(keyboard: InlineKeyboardMarkup | None) -> Sequence[Row]:
    return keyboard.inline_keyboard if keyboard else ()


def _is_feedback(each: InlineKeyboardButton) -> bool:
    tap = read_tap(each.callback_data) if isinstance(each.callback_data, str) else None
    return tap is not None and tap.action in ("helpful", "unhelpful")
