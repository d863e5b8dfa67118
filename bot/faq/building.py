"""Builds plain values from a YAML parser's events, with the place of every key and value.

Not on `yaml.compose`, which resolves aliases without a word of where they stand: what makes one
part of a file stand for another is refused here at its own line. So no file can grow on being
read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

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


_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class Building:
    """Builds the plain values of one file, and notes their places and faults."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.value: Any = None
        self.keys: dict[Trail, Place] = {}
        self.values: dict[Trail, Place] = {}
        self.bare: dict[Trail, str] = {}
        self.faulty: set[Trail] = set()
        self.problems: list[Problem] = []
        self.last_scalar: yaml.ScalarEvent | None = None
        self._events: Iterator[Any] = iter(())
        self._depth = 0

    def build(self, events: Iterator[Any]) -> None:
        """Take in all events of a file; raises the parser's own errors."""
        self._events = events
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            self._nothing()
            return
        self.value = self._built(self._next(), ())
        self._next()  # the document ends
        if not isinstance(second := self._next(), yaml.StreamEndEvent):
            message = "a second document begins here, and only the first is read"
            hint = "Delete this line of three dashes."
            self._problem(_place(second), (), "several-documents", message, hint)

    def _next(self) -> Any:
        """The next event; raises `TooDeepError` at one list too many within lists."""
        event = next(self._events)
        if isinstance(event, yaml.ScalarEvent):
            self.last_scalar = event
        self._depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if self._depth > MAX_DEPTH:
            self._problem(_place(event), ("too deep",), *TOO_DEEP)
            raise TooDeepError
        return event

    def _nothing(self) -> None:
        hint = "Fill it, or delete it if the FAQ does not need it."
        self._problem(Place(1, 1, 1), (), "empty-file", "this file holds nothing", hint)

    def _built(self, event: Any, trail: Trail) -> Any:
        """The value that begins with an event; takes in the rest of its events."""
        place = self.values[trail] = _place(event)
        self._refuse_marks(event, trail)
        if isinstance(event, yaml.AliasEvent):
            return Misread(f"*{event.anchor}", "a reference")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, trail)
        group: dict[str, Any] = {}
        items: list[Any] = []
        of_keys = isinstance(event, yaml.MappingStartEvent)
        while not isinstance(event := self._next(), _CLOSING):
            if of_keys:
                self._member(event, group, trail)
            else:
                items.append(self._built(event, (*trail, len(items))))
        self.values[trail] = place._replace(end_line=_place(event).end_line)
        return group if of_keys else tuple(items)

    def _member(self, key: Any, group: dict[str, Any], parent: Trail) -> None:
        """Take in a key and its value."""
        place = _place(key)
        if not isinstance(key, yaml.ScalarEvent):
            if isinstance(key, yaml.AliasEvent):
                self._refuse_marks(key, (*parent, "?"))
            else:
                message = "a key belongs here, and not a list or a group"
                hint = "Put quotes round the text if the brackets belong to it."
                self._problem(place, parent, "bad-key", message, hint)
            self._pass_over(key)
            self._pass_over(self._next())
            return
        name = key.value
        trail = (*parent, name)
        self._refuse_marks(key, trail)
        if name == "<<" and not key.style:
            message = "`<<` copies one part of a file into another, which a FAQ may not do"
            self._problem(place, trail, "no-reuse", message, "Write the lines out in full.")
        if name in group:
            message = (
                f"`{name}` is written twice here; it is already on line {self.keys[trail].line}"
            )
            hint = "Keep one of the two, or join them."
            again = (*parent, f"{name} again")
            self._problem(place, again, "duplicate-key", message, hint)
            # The first one counts; what the second holds is still read for its faults.
            self._built(self._next(), again)
            return
        self.keys[trail] = place
        group[name] = self._built(self._next(), trail)

    def _pass_over(self, event: Any) -> None:
        within = self._depth - isinstance(event, _OPENING)
        while self._depth > within:
            self._next()

    def _scalar(self, event: yaml.ScalarEvent, trail: Trail) -> Any:
        value: Any = event.value
        if event.implicit[0] and not event.style:
            self.bare[trail] = value
            try:
                value = plain_value(value)
            except ValueError:
                message = f"{value} is a date that does not exist"
                hint = "Write dates as year-month-day, such as 2026-01-31."
                self._problem(_place(event), trail, "no-such-date", message, hint)
        if value is None and not trail:
            self._nothing()
        elif value is None and trail not in self.faulty:
            key = self.keys.get(trail)
            name = f"`{trail[-1]}`" if key else "this dash"
            hint = "Write its text, or delete the line."
            if event.value:
                hint += " If the text is the word itself, put quotes round it."
            message = f"nothing is written after {name}"
            rule = "no-value"
            if key and ":" in str(trail[-1]):
                rule, message = "space-after-colon", f"there is no space after the colon of {name}"
                hint = "Write the key, a colon, a space, and then the text."
            self._problem(key or _place(event), trail, rule, message, hint)
        return value

    def _refuse_marks(self, event: Any, trail: Trail) -> None:
        """Refuse an alias, an anchor or a tag; a value with one of the latter is read on."""
        rule = "no-reuse"
        if isinstance(event, yaml.AliasEvent):
            message, sign = f"`*{event.anchor}` stands for another part of the file", "star"
        elif event.anchor:
            message, sign = f"`&{event.anchor}` names a part of the file for reuse", "&"
        elif event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message, sign = f"`{tag}` gives YAML an instruction", "exclamation mark"
            rule = "no-tags"
        else:
            return
        message = f"{message}, which a FAQ may not do"
        hint = f"Put quotes round the text if the {sign} belongs to it."
        self._problem(_place(event), trail, rule, message, hint)

    def _problem(self, place: Place, trail: Trail, rule: str, message: str, hint: str) -> None:
        self.faulty.add(trail)
        self.problems.append(
            Problem(self.file, place.line, place.column, "error", rule, message, hint)
        )


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    return Place(start.line + 1, start.column + 1, end.line + 1)


_RESOLVERS: Mapping[str, list[tuple[str, re.Pattern[str]]]] = (
    yaml.SafeLoader.yaml_implicit_resolvers
)
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_TAKEN_FOR = {
    "bool": "a yes-or-no value",
    "int": "a number",
    "float": "a number",
    "timestamp": "a time",
}


def plain_value(raw: str) -> str | float | datetime.date | Misread | None:
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
    if name == "float" and _DECIMAL.fullmatch(raw):
        return float(raw)
    if name == "timestamp" and (found := _DATE.fullmatch(raw)):
        return datetime.date(*map(int, found.groups()))
    return Misread(raw, _TAKEN_FOR.get(name, "an instruction"))
