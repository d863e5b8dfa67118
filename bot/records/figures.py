"""Reading the records: what people asked in a span of days, as plain data."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import BigInteger, Engine, cast, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.faq.models import Entry, Knowledge
from bot.records.database import RecordsError, in_words, version
from bot.records.misses import Group, Miss, grouped
from bot.records.tables import metadata

Outcome = Literal["answered", "suggested", "missed", "warned"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("answered", "suggested", "missed", "warned")
"""What became of a question; `warned`: there was an alert, and no answer beside it."""
_KINDS: Final[Mapping[str, Outcome]] = {
    "answer": "answered",
    "suggest": "suggested",
    "fallback": "missed",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day's questions by what became of them."""

    date: datetime.date
    outcomes: Mapping[Outcome, int]

    @property
    def questions(self) -> int:
        """Questions of that day: messages that asked something, small talk left out."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """How often an entry was the answer to a question or opened by a tap, and found helpful."""

    id: str
    title: str
    asked: int = 0
    opened: int = 0
    helpful: int = 0
    unhelpful: int = 0

    @property
    def read(self) -> int:
        """How often it was shown in all."""
        return self.asked + self.opened


@dataclass(frozen=True, slots=True)
class Figures:
    """What was recorded on these days (UTC), the first and the last included.

    `others` are the replies that are no questions' outcomes, by kind. `entries` are those that
    were read or voted on, the most read first; `unread` those of the FAQ that nobody read.
    """

    days: tuple[Day, ...]
    others: Mapping[str, int]
    alerts: Mapping[str, int]
    entries: tuple[EntryFigures, ...]
    unread: tuple[Entry, ...]
    groups: tuple[Group, ...]

    def total(self, outcome: Outcome) -> int:
        """Questions that ended so."""
        return sum(day.outcomes.get(outcome, 0) for day in self.days)

    @property
    def questions(self) -> int:
        """All questions."""
        return sum(day.questions for day in self.days)

    @property
    def helpful(self) -> int:
        """Yeses to "Was this helpful?"."""
        return sum(each.helpful for each in self.entries)

    @property
    def unhelpful(self) -> int:
        """Noes to "Was this helpful?"."""
        return sum(each.unhelpful for each in self.entries)

    @property
    def empty(self) -> bool:
        """Whether nothing at all was recorded."""
        return not (self.questions or self.others or self.entries or self.groups)


_READ: Final = {
    "questions": ("day", "kind", "alert"),
    "entries": ("entry", "kind"),
    "feedback": ("entry", "helpful"),
    "misses": ("text", "nearest"),
}
"""What is read of each table, beside the sum of its counts."""


def read_figures(engine: Engine, knowledge: Knowledge, until: datetime.date, days: int) -> Figures:
    """Read the figures of so many days, the last of them `until`; fails with `RecordsError`."""
    dates = [until - datetime.timedelta(ago) for ago in reversed(range(days))]
    rows = _rows(engine, dates[0], until)
    outcomes = {day: dict.fromkeys(OUTCOMES, 0) for day in dates}
    others: Counter[str] = Counter()
    alerts: Counter[str] = Counter()
    for day, kind, alert, count in rows["questions"]:
        outcome = _KINDS.get(kind)
        if alert != "none":
            alerts[alert] += count
            outcome = outcome if outcome in (None, "answered") else "warned"
        if outcome is None:
            others[kind] += count
        else:
            outcomes[day][outcome] += count
    entries = _entries(rows["entries"], rows["feedback"], knowledge)
    read = {each.id for each in entries if each.read}
    now = knowledge.ids
    missed = (
        Miss(text, tuple(now.get(each, each) for each in nearest.split()), count)
        for text, nearest, count in rows["misses"]
    )
    return Figures(
        days=tuple(Day(day, counts) for day, counts in outcomes.items()),
        others=dict(others.most_common()),
        alerts=alerts,
        entries=entries,
        unread=tuple(entry for entry in knowledge.faq.entries if entry.id not in read),
        groups=grouped(missed, knowledge),
    )


def _rows(engine: Engine, first: datetime.date, last: datetime.date) -> dict[str, Sequence[Any]]:
    rows: dict[str, Sequence[Any]] = dict.fromkeys(_READ, ())
    try:
        if version(engine):
            with engine.connect() as connection:
                for name, columns in _READ.items():
                    table = metadata.tables[name]
                    key = [table.c[each] for each in columns]
                    sums = select(*key, cast(func.sum(table.c.count), BigInteger)).group_by(*key)
                    within = sums.where(table.c.day.between(first, last))
                    rows[name] = connection.execute(within).all()
    except SQLAlchemyError as fault:
        raise RecordsError(f"DATABASE_URL: {in_words(fault)}") from None
    finally:
        engine.dispose()
    return rows


def _entries(
    shown: Sequence[Any], votes: Sequence[Any], knowledge: Knowledge
) -> tuple[EntryFigures, ...]:
    titles = {each.id: each.title for each in knowledge.faq.entries}
    titles[""] = "Suggestions and misses"
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    now = knowledge.ids
    for entry, kind, count in shown:
        counts[now.get(entry, entry)]["asked" if kind == "answer" else "opened"] += count
    for entry, helpful, count in votes:
        counts[now.get(entry, entry)]["helpful" if helpful else "unhelpful"] += count
    found = [
        EntryFigures(each, titles.get(each, f"{each} (no longer in the FAQ)"), **of_it)
        for each, of_it in counts.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.read, each.title)))
