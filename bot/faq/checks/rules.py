"""What an editorial rule sees and says; the rules themselves stand in the modules beside."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.faq.models import AlertLevel, Entry, Knowledge
from bot.faq.problems import Problem
from bot.faq.source import Source, Trail

_TOPIC: Mapping[str, Any] = {
    "answer": True,
    "points": True,
    "usually": {"text"},
    "what_to_do": True,
    "get_help_if": True,
    "referral": {"condition", "note"},
}
_READ_ELSEWHERE = (
    ("alerts", ("alerts", ..., "message")),
    ("sources", ("documents", ..., "publisher")),
    ("sources", ("documents", ..., "interest")),
    ("sources", ("documents", ..., "sections", ..., "heading")),
)
_HEARD = frozenset({"says", "words", "picks", "shows"})
"""The keys of `replies.yaml` that hold what people write, not what they read."""


class ReadText(NamedTuple):
    """A text that people read in a reply: its file (without `.yaml`), its place, itself."""

    file: str
    trail: Trail
    text: str


Line = tuple[int, int]
"""A line of `signs.yaml`: the number of its sign, and its own among what is `said`."""


class Asked(NamedTuple):
    """What the bot makes of a question: the entries it answers with, and the level of its alert.

    Where it answers with none, the likeliest that it offers is the only one of `entries`.
    """

    entries: Sequence[str] = ()
    alert: AlertLevel | None = None


class Engine(NamedTuple):
    """What the bot does with a FAQ: it comes from rooms that this one does not know.

    `ask` asks it a question, `shown` gives the whole text of an entry's reply, and `signs` the
    lines of signs that a message holds. The rules that need what is not there find nothing.
    """

    ask: Callable[[str], Asked] | None = None
    shown: Callable[[Entry], str] | None = None
    signs: Callable[[str], Iterable[Line]] | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A FAQ that loads, and what its rules need beside it.

    `documents` are the texts that nothing may be copied from, by name.
    """

    knowledge: Knowledge
    sources: Mapping[str, Source]
    today: datetime.date
    engine: Engine
    documents: Mapping[str, str]

    def entries(self) -> Iterator[tuple[Trail, Entry]]:
        """Every entry with its trail in `faq.yaml`."""
        for number, entry in enumerate(self.knowledge.faq.entries):
            yield ("entries", number), entry

    def questions(self) -> Iterator[tuple[Entry, ReadText]]:
        """Every question with its entry."""
        for trail, entry in self.entries():
            for number, text in enumerate(entry.questions):
                yield entry, ReadText("faq", (*trail, "questions", number), text)

    def is_own(self, file: str) -> bool:
        """Whether a file is of this FAQ: there, and not one that comes with the program."""
        source, folder = self.sources[file], self.sources["faq"].file.parent
        return bool(source.lines) and source.file.is_relative_to(folder)

    def fault(
        self, file: str, trail: Trail, kind: str, offset: int = 0, /, **values: object
    ) -> Problem:
        """A problem as `problems.fault` makes it, `offset` characters into the text at `trail`."""
        source = self.sources[file]
        place = source.place(trail)
        if offset:
            text = dict(source.texts(trail)).get(trail, "")
            place = source.word_place(trail, text.strip(), offset)
        return source.fault(place, kind, **values)

    def texts(self) -> Iterator[ReadText]:
        """Every text that people read in a reply, but for the questions."""
        for trail, entry in self.entries():
            yield from (ReadText("faq", where, text) for where, text in entry_texts(trail, entry))
        for file, pattern in _READ_ELSEWHERE:
            for trail, text in self.sources[file].texts(pattern) if self.is_own(file) else ():
                yield ReadText(file, trail, text)
        for trail, text in every_text(self.sources["replies"].value):
            if _HEARD.isdisjoint(trail):
                yield ReadText("replies", trail, text)


def presses(entry: Entry) -> bool:
    """Whether its referral is for trouble that cannot wait, and may be a sign of danger."""
    return entry.referral is not None and entry.referral.when in ("now", "today")


def entry_texts(trail: Trail, entry: Entry) -> Iterator[tuple[Trail, str]]:
    """Every text of an entry that people read, with its trail, in the order of a reply."""
    read = entry.model_dump(include={"title": True, **_TOPIC, "evidence": {"note"}})
    return every_text(read, trail)


def topic_texts(trail: Trail, entry: Entry) -> Iterator[tuple[Trail, str]]:
    """The texts of an entry that tell about its topic: all but the title and the evidence."""
    return every_text(entry.model_dump(include={**_TOPIC}), trail)


def every_text(value: object, trail: Trail = ()) -> Iterator[tuple[Trail, str]]:
    """Every text within a value, with its trail."""
    match value:
        case str():
            yield trail, value
        case dict():
            for key, inner in value.items():
                yield from every_text(inner, (*trail, key))
        case tuple():
            for number, inner in enumerate(value):
                yield from every_text(inner, (*trail, number))


def blanked(found: re.Match[str]) -> str:
    """As many spaces as a match has characters: what stands behind it keeps its place."""
    return " " * len(found[0])
