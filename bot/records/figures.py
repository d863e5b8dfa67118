"""Reading the records: what people asked in a span of days, as plain data."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.faq.models import Knowledge
from bot.records.database import NEWER, RecordsError, in_words, version
from bot.records.misses import Group, Miss, grouped
from bot.records.tables import STEPS, metadata

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
    """One day's questions by what became of them, and its alerts."""

    date: datetime.date
    outcomes: Mapping[Outcome, int]
    alerts: int = 0

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
    """What was recorded from `since` to `until`, both days included (UTC).

    `others` are the replies that are no questions' outcomes, by kind. `entries` are those that
    were read or voted on, the most read first; `unread` those of the FAQ that nobody read.
    """

    since: datetime.date
    until: datetime.date
    days: tuple[Day, ...]
    others: Mapping[str, int]
    alerts: Mapping[str, int]
    entries: tuple[EntryFigures, ...]
    unread: tuple[EntryFigures, ...]
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


def read_figures(engine: Engine, knowledge: Knowledge, until: datetime.date, days: int) -> Figures:
    """Read the figures of so many days, the last of them `until`.

    Raises:
        RecordsError: the database cannot be read.
    """
    since = until - datetime.timedelta(days=days - 1)
    rows: dict[str, Sequence[Any]] = dict.fromkeys(_READ, ())
    try:
        found = version(engine)
        if found > len(STEPS):
            raise RecordsError(NEWER)
        if found:
            with engine.connect() as connection:
                rows = {name: _sums(connection, name, since, until) for name in _READ}
    except SQLAlchemyError as fault:
        raise RecordsError(f"DATABASE_URL: {in_words(fault)}") from None
    finally:
        engine.dispose()
    return _figures(rows, knowledge, since, until)


_READ = {
    "questions": ("day", "kind", "alert"),
    "entries": ("entry", "kind"),
    "feedback": ("entry", "helpful"),
    "misses": ("text", "nearest"),
}
"""What is read of each table, beside the sum of its counts."""
_Rows = Mapping[str, Sequence[Any]]


def _sums(
    connection: Connection, name: str, since: datetime.date, until: datetime.date
) -> Sequence[Any]:
    table = metadata.tables[name]
    columns = [table.c[each] for each in _READ[name]]
    wanted = table.c.day.between(since, until)
    total = func.sum(table.c.count)
    statement = select(*columns, total).where(wanted).group_by(*columns)
    return connection.execute(statement).all()


def _figures(
    rows: _Rows, knowledge: Knowledge, since: datetime.date, until: datetime.date
) -> Figures:
    outcomes: Counter[tuple[datetime.date, Outcome]] = Counter()
    others: Counter[str] = Counter()
    alerts: Counter[str] = Counter()
    alerts_by_day: Counter[datetime.date] = Counter()
    for day, kind, alert, count in rows["questions"]:
        if alert != "none":
            alerts[alert] += int(count)
            alerts_by_day[day] += int(count)
        outcome = _KINDS.get(kind)
        if outcome is None:
            others[kind] += int(count)
        else:
            warned = alert != "none" and outcome != "answered"
            outcomes[day, "warned" if warned else outcome] += int(count)
    shown = [since + datetime.timedelta(days=each) for each in range((until - since).days + 1)]
    by_entry = _by_entry(rows, knowledge)
    read = {each.id for each in by_entry if each.read}
    ids = knowledge.ids
    return Figures(
        since=since,
        until=until,
        days=tuple(
            Day(day, {each: outcomes[day, each] for each in OUTCOMES}, alerts_by_day[day])
            for day in shown
        ),
        others=dict(others.most_common()),
        alerts=dict(alerts),
        entries=by_entry,
        unread=tuple(
            EntryFigures(entry.id, entry.title)
            for entry in knowledge.faq.entries
            if entry.id not in read
        ),
        groups=grouped(
            (
                Miss(text, tuple(ids.get(each, each) for each in nearest.split()), int(count))
                for text, nearest, count in rows["misses"]
            ),
            knowledge,
        ),
    )


def _by_entry(rows: _Rows, knowledge: Knowledge) -> tuple[EntryFigures, ...]:
    titles = {each.id: each.title for each in knowledge.faq.entries}
    ids = knowledge.ids
    asked: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    votes: Counter[tuple[str, bool]] = Counter()
    for entry, kind, count in rows["entries"]:
        (asked if kind == "answer" else opened)[ids.get(entry, entry)] += int(count)
    for entry, helpful, count in rows["feedback"]:
        votes[ids.get(entry, entry), bool(helpful)] += int(count)

    def title(entry: str) -> str:
        return titles.get(entry) or (
            f"{entry} (no longer in the FAQ)" if entry else "Suggestions and misses"
        )

    counted: Iterable[str] = {*asked, *opened, *(entry for entry, _ in votes)}
    found = [
        EntryFigures(
            each, title(each), asked[each], opened[each], votes[each, True], votes[each, False]
        )
        for each in counted
    ]
    return tuple(sorted(found, key=lambda each: (-each.read, each.title)))
