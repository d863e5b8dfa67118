"""The words that both faces of the report use."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

from bot.records.figures import Figures, Outcome

LABELS: Final[Mapping[Outcome, str]] = {
    "answered": "Answered",
    "suggested": "Suggested",
    "missed": "Missed",
    "warned": "Alert alone",
}
NOTHING: Final = (
    "Nothing has been recorded in these days. Counts appear here when people ask the bot on "
    "Telegram; the terminal is not counted."
)
NOTHING_MISSED: Final = (
    "No words of missed questions are kept here. Set QUESTION_LOG=redacted to keep them, without "
    "names, numbers and words that are not known."
)
_NOTHING_NEAR = "Nothing was missed near this entry in the last {days} days."
HOW_TO_PASTE: Final = (
    "If an entry answers a line, paste it into the file of that entry in examples/. Read it "
    "first: nothing here was checked, and nothing is ever changed without you."
)
HOW_TO_ACCEPT: Final = (
    "If an entry answers a line, add it: smp-bot report --accept NUMBER ENTRY. Read it first: "
    "nothing here was checked, and nothing is ever changed without you."
)
_KINDS = {
    "topic": "topics opened by a tap or a link",
    "none_of_these": "“None of these” tapped under suggestions",
}


def kind_label(kind: str) -> str:
    """What a kind of reply that is no question's is called."""
    return _KINDS.get(kind, kind.replace("_", " "))


def span(figures: Figures) -> str:
    """The days that the figures are of."""
    first, last, count = figures.days[0].date, figures.days[-1].date, len(figures.days)
    days = f"{count} day{'s' if count != 1 else ''}, UTC"
    return f"What people asked, {date(first)} to {date(last)} ({days})"


def date(day: datetime.date) -> str:
    """A date as people write it."""
    return f"{day.day} {day:%B %Y}"


def share(count: int, total: int) -> str:
    """A part of a whole in per cent; a dash when there is no whole."""
    return f"{count / total:.0%}" if total else "–"


def votes(yes: int, no: int) -> str:
    """How many of those who said so found something helpful; a dash when nobody said."""
    return f"{yes} of {yes + no}" if yes + no else "–"


def times(count: int) -> str:
    """How often something came."""
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def missed_near(entry_id: str, figures: Figures) -> dict[str, object]:
    """The `groups` missed near an entry, each its `times` and `lines`; or a `note` why none."""
    none = _NOTHING_NEAR.format(days=len(figures.days)) if figures.groups else NOTHING_MISSED
    groups = [
        (times(each.count), each.lines or each.texts)
        for each in figures.groups
        if each.nearest == entry_id
    ]
    return {"note": "" if groups else none, "groups": groups}
