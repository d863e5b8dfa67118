"""Builds plain values from a YAML parser's events, with the place of every key and value.

Nothing is ever expanded or constructed, and nothing recurs: no file can grow on being read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from bot.faq.problems import Problem

MAX_DEPTH = 40
"""Lists within lists; the deepest that a FAQ has is 6."""
TOO_DEEP = (
    "too-deep",
    "there are too many lists inside lists here",
    "Put quotes round the text if the brackets belong to it.",
)
"""The rule, the message and the hint."""

Trail = tuple[str | int, ...]
"""The way to a value from the top of its file: keys, and positions in lists from 0."""


class Place(NamedTuple):
    """Where a key or value begins, and the line on which it ends, all counted from 1."""

    line: int
    column: int
    end_line: int


class Misread(NamedTuple):
    """A bare word that YAML takes for something no field holds, such as `yes` or `12:30`."""

    raw: str
    taken_for: str


class TooDeepError(Exception):
    """Lists within lists beyond any use: the parser's time would grow with the square."""


class _Open:
    """A mapping or list that is being read; `key` waits for its value."""

    __slots__ = ("discarded", "key", "place", "trail", "value")

    def __init__(self, value: Any, trail: Trail, place: Place, discarded: bool) -> None:
        self.value = value
        self.trail = trail
        self.place = place
        self.discarded = discarded
        self.key: str | None = None


class Building:
    """Builds plain values from parser events without recursion."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.value: Any = None
        self.keys: dict[Trail, Place] = {}
        self.values: dict[Trail, Place] = {}
        self.bare: dict[Trail, str] = {}
        self.faulty: set[Trail] = set()
        self.problems: list[Problem] = []
        self.last_scalar: yaml.ScalarEvent | None = None
        self._open: list[_Open] = []
        self._documents = 0

    def build(self, events: Iterator[Any]) -> None:
        """Take in all events of a file; raises the parser's own errors."""
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self.last_scalar = event
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._begin(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end(event)
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                self._documents += 1
                if self._documents > 1:
                    self._problem(
                        _place(event),
                        (),
                        "several-documents",
                        "a second document begins here, and only the first is read",
                        "Delete this line of three dashes.",
                    )
                    return
        if self._documents == 0:
            self._nothing()

    def _nothing(self) -> None:
        self._problem(
            Place(1, 1, 1),
            (),
            "empty-file",
            "this file holds nothing",
            "Fill it, or delete it if the FAQ does not need it.",
        )

    def _trail(self) -> Trail:
        if not self._open:
            return ()
        parent = self._open[-1]
        if isinstance(parent.value, dict):
            return (*parent.trail, parent.key if parent.key is not None else "?")
        return (*parent.trail, len(parent.value))

    def _awaits_key(self) -> bool:
        return (
            bool(self._open)
            and isinstance(self._open[-1].value, dict)
            and self._open[-1].key is None
        )

    def _begin(self, event: Any, value: Any) -> None:
        place = _place(event)
        if len(self._open) >= MAX_DEPTH:
            self._problem(
                place,
                self._trail(),
                *TOO_DEEP,
            )
            raise TooDeepError
        as_key = self._awaits_key()
        trail = self._trail()
        if as_key:
            self._problem(
                place,
                trail,
                "bad-key",
                "a list or a group stands here where a key is wanted",
                "Put quotes round the text if the brackets belong to it.",
            )
            self.faulty.add(trail[:-1])
        self._marked(event, place, trail)
        self._open.append(_Open(value, trail, place, discarded=as_key))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        place = done.place._replace(end_line=event.end_mark.line + 1)
        value = tuple(done.value) if isinstance(done.value, list) else done.value
        if done.discarded:
            self._open[-1].key = "?"
            return
        self._attach(value, done.trail, place)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        place = _place(event)
        if self._awaits_key():
            self._key(event, place)
            return
        trail = self._trail()
        self._marked(event, place, trail)
        value: Any = event.value
        if event.implicit[0] and not event.style:
            self.bare[trail] = value
            try:
                value = plain_value(value)
            except ValueError:
                self._problem(
                    place,
                    trail,
                    "no-such-date",
                    f"{value} is a date that does not exist",
                    "Write dates as year-month-day, such as 2026-01-31.",
                )
        if value is None and not trail:
            self._nothing()
        elif value is None:
            key = self.keys.get(trail)
            name = f"`{trail[-1]}`" if key else "this dash"
            self._problem(
                key or place,
                trail,
                "no-value",
                f"nothing is written after {name}",
                "Write its text, or delete the line. If the text is the word itself, put quotes "
                "round it."
                if event.value
                else "Write its text, or delete the line.",
            )
        self._attach(value, trail, place)

    def _key(self, event: yaml.ScalarEvent, place: Place) -> None:
        parent = self._open[-1]
        name = event.value
        trail = (*parent.trail, name)
        self._marked(event, place, trail)
        if name == "<<" and not event.style:
            self._problem(
                place,
                trail,
                "no-reuse",
                "`<<` copies one part of a file into another, which a FAQ may not do",
                "Write the lines out in full.",
            )
        elif name in parent.value:
            first = self.keys[trail].line
            self._problem(
                place,
                (*trail, "again"),
                "duplicate-key",
                f"`{name}` is written twice here; it is already on line {first}",
                "Keep one of the two, or join them.",
            )
            # The first one counts; what the second holds is still read for its faults.
            parent.key = f"{name}\0{place.line}"
            self.faulty.add((*parent.trail, parent.key))
            return
        self.keys[trail] = place
        parent.key = name

    def _alias(self, event: yaml.AliasEvent) -> None:
        trail = self._trail()
        place = _place(event)
        self._problem(
            place,
            trail,
            "no-reuse",
            f"`*{event.anchor}` stands for another part of the file, which a FAQ may not do",
            "Put quotes round the text if the star belongs to it.",
        )
        if self._awaits_key():
            self._open[-1].key = "?"
        else:
            self._attach(Misread(f"*{event.anchor}", "a reference"), trail, place)

    def _marked(self, event: Any, place: Place, trail: Trail) -> None:
        """Refuse an anchor or a tag; the value itself is read on."""
        if event.anchor:
            self._problem(
                place,
                trail,
                "no-reuse",
                f"`&{event.anchor}` names a part of the file for reuse, which a FAQ may not do",
                "Put quotes round the text if the & belongs to it.",
            )
        if event.tag is not None:
            self._problem(
                place,
                trail,
                "no-tags",
                f"`{_tag(event.tag)}` gives YAML an instruction, which a FAQ may not do",
                "Put quotes round the text if the exclamation mark belongs to it.",
            )

    def _attach(self, value: Any, trail: Trail, place: Place) -> None:
        if not self._open:
            self.value, self.values[trail] = value, place
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
        else:
            key = cast(str, parent.key)
            parent.key = None
            if "\0" in key:
                return
            parent.value[key] = value
        self.values[trail] = place

    def _problem(self, place: Place, trail: Trail, rule: str, message: str, hint: str) -> None:
        within_bad_key = "?" in trail and trail[: trail.index("?") + 1] in self.faulty
        if within_bad_key or (rule == "no-value" and trail in self.faulty):
            return
        self.faulty.add(trail)
        self.problems.append(
            Problem(self.file, place.line, place.column, "error", rule, message, hint)
        )


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    return Place(start.line + 1, start.column + 1, end.line + 1)


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


_RESOLVERS: Mapping[str, list[tuple[str, re.Pattern[str]]]] = (
    yaml.SafeLoader.yaml_implicit_resolvers
)
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_TAKEN_FOR = {
    "bool": "a yes-or-no value",
    "int": "a number",
    "float": "a number",
    "timestamp": "a time",
}


def plain_value(raw: str) -> str | int | datetime.date | Misread | None:
    """Return what YAML 1.1 takes a bare word for.

    Raises:
        ValueError: a date that does not exist.
    """
    resolvers = _RESOLVERS.get(raw[:1], ())
    tag = next((tag for tag, pattern in resolvers if pattern.match(raw)), None)
    if tag is None:
        return raw
    name = tag.rpartition(":")[2]
    if name == "null":
        return None
    if name == "int" and _WHOLE_NUMBER.fullmatch(raw):
        return int(raw)
    if name == "timestamp" and (found := _DATE.fullmatch(raw)):
        return datetime.date(*map(int, found.groups()))
    return Misread(raw, _TAKEN_FOR.get(name, "an instruction"))
