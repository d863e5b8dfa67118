"""What an editorial rule sees and says; the rules themselves stand in the modules beside."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.faq.building import Trail
from bot.faq.models import AlertLevel, Entry, Knowledge
from bot.faq.problems import Level
from bot.faq.reading import Source

_READ_ELSEWHERE: Mapping[str, tuple[tuple[object, ...], ...]] = {
    "alerts": (("alerts", ..., "message"),),
    "sources": (
        ("documents", ..., "publisher"),
        ("documents", ..., "interest"),
        ("documents", ..., "sections", ..., "heading"),
    ),
}


_HEARD = frozenset({"says", "words", "picks", "shows"})
"""The keys of `replies.yaml` that hold what people write, not what they read."""
PRESSING = ("now", "today")
"""When a referral is for trouble that may be a sign of danger."""


class ReadText(NamedTuple):
    """A text that people read in a reply: its file (without `.yaml`), its place, itself."""

    file: str
    trail: Trail
    text: str


class Finding(NamedTuple):
    """What a rule found at a place; `offset` is where in the text at `trail`, if not its start."""

    file: str
    trail: Trail
    message: str
    hint: str
    offset: int = 0


class Line(NamedTuple):
    """A line of `signs.yaml`: the number of its sign, and its own among what is `said`."""

    sign: int
    said: int


class Asked(NamedTuple):
    """What the bot makes of a question: the entries it answers with, and the level of its alert.

    Where it answers with none, the likeliest that it offers is the only one of `entries`.
    """

    entries: Sequence[str] = ()
    alert: AlertLevel | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """What the bot does with a FAQ: it comes from rooms that this one does not know.

    `ask` asks it a question, `shown` gives the whole text of an entry's reply, and `signs` the
    lines of signs that a message holds. Where one is not there, the rules that need it find
    nothing.
    """

    ask: Callable[[str], Asked] | None = None
    shown: Callable[[Entry], str] | None = None
    signs: Callable[[str], Iterable[Line]] | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A FAQ that loads, and what its rules need beside it.

    `ask_all` is whether the bot is asked the examples of the entries too. `documents` are the
    texts that nothing may be copied from, by name.
    """

    knowledge: Knowledge
    sources: Mapping[str, Source]
    today: datetime.date
    engine: Engine = Engine()
    documents: Mapping[str, str] = field(default_factory=dict)
    ask_all: bool = False

    def entries(self) -> Iterator[tuple[Trail, Entry]]:
        """Every entry with its trail in `faq.yaml`."""
        for number, entry in enumerate(self.knowledge.faq.entries):
            yield ("entries", number), entry

    def is_own(self, file: str) -> bool:
        """Whether a file is of this FAQ, and not one that comes with the program."""
        return self.sources[file].file.is_relative_to(self.sources["faq"].file.parent)

    def texts(self) -> Iterator[ReadText]:
        """Every text that people read in a reply, but for the phrasings."""
        for trail, entry in self.entries():
            yield from (ReadText("faq", where, text) for where, text in entry_texts(trail, entry))
        for file, patterns in _READ_ELSEWHERE.items():
            if file in self.sources and self.is_own(file):
                for pattern in patterns:
                    for trail, text in self.sources[file].texts(pattern):
                        yield ReadText(file, trail, text)
        if "replies" in self.sources:
            for trail, text in every_text(self.sources["replies"].value):
                if _HEARD.isdisjoint(trail):
                    yield ReadText("replies", trail, text)


def entry_texts(trail: Trail, entry: Entry) -> Iterator[tuple[Trail, str]]:
    """Every text of an entry that people read, with its trail, in the order of a reply."""
    yield (*trail, "title"), entry.title
    yield from topic_texts(trail, entry)
    if entry.evidence and entry.evidence.note:
        yield (*trail, "evidence", "note"), entry.evidence.note


def topic_texts(trail: Trail, entry: Entry) -> Iterator[tuple[Trail, str]]:
    """The texts of an entry that tell about its topic: all but the title and the evidence."""
    yield (*trail, "answer"), entry.answer
    if entry.points:
        yield (*trail, "points", "heading"), entry.points.heading
        for number, item in enumerate(entry.points.items):
            yield (*trail, "points", "items", number), item
    if entry.usually:
        yield (*trail, "usually", "text"), entry.usually.text
    if entry.what_to_do:
        yield (*trail, "what_to_do"), entry.what_to_do
    for number, sign in enumerate(entry.get_help_if):
        yield (*trail, "get_help_if", number), sign
    if entry.referral and entry.referral.condition:
        yield (*trail, "referral", "condition"), entry.referral.condition
    if entry.referral and entry.referral.note:
        yield (*trail, "referral", "note"), entry.referral.note


def every_text(value: object, trail: Trail = ()) -> Iterator[tuple[Trail, str]]:
    """Every text within the value of a file, with its trail."""
    match value:
        case str():
            yield trail, value
        case dict():
            for key, inner in value.items():
                yield from every_text(inner, (*trail, key))
        case tuple():
            for number, inner in enumerate(value):
                yield from every_text(inner, (*trail, number))


class Rule(NamedTuple):
    """An editorial rule; its manual is the docstring of `find`."""

    name: str
    level: Level
    find: Callable[[Content], Iterator[Finding]]


def rule(
    name: str, level: Level = "error"
) -> Callable[[Callable[[Content], Iterator[Finding]]], Rule]:
    """Make a rule of a function that yields findings."""
    return lambda find: Rule(name, level, find)


def of_entries(
    name: str, hint: str, *at: str, level: Level = "error"
) -> Callable[[Callable[[Content, Entry], Iterator[str]]], Rule]:
    """Make a rule of a function that yields what is wrong with an entry, under its keys `at`."""

    def made(told: Callable[[Content, Entry], Iterator[str]]) -> Rule:
        def find(content: Content) -> Iterator[Finding]:
            for trail, entry in content.entries():
                for message in told(content, entry):
                    yield Finding("faq", (*trail, *at), message, hint)

        find.__doc__ = told.__doc__
        return Rule(name, level, find)

    return made
