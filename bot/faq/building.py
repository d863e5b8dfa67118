"""Builds plain values from a YAML parser's events, with the place of every key and value.

Not on `yaml.compose`, which resolves aliases without a word of where they stand: what makes one
part of a file stand for another is refused here at its own line. So no file can grow on being
read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
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
        """Take in all events of a file; raises the parser's own errors, and `TooDeepError`."""
        self._events = events
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.DocumentStartEvent):
            self.value = self._built(self._next(), ())
            self._next()  # the document ends
            if not isinstance(second := self._next(), yaml.StreamEndEvent):
                message = "a second document begins here, and only the first is read"
                hint = "Delete this line of three dashes."
                self._problem(_place(second), (), "several-documents", message, hint)
        if self.value is None:
            hint = "Fill it, or delete it if the FAQ does not need it."
            place = Place(1, 1, 1)
            self._problem(place, (), "empty-file", "this file holds nothing", hint)

    def _next(self) -> Any:
        event = next(self._events)
        if isinstance(event, yaml.ScalarEvent):
            self.last_scalar = event
        self._depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if self._depth > MAX_DEPTH:
            self._problem(_place(event), ("too deep",), *TOO_DEEP)
            raise TooDeepError
        return event

    def _built(self, event: Any, trail: Trail) -> Any:
        """The value that begins with an event; takes in the rest of its events."""
        self.values[trail] = _place(event)
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
        self.values[trail] = self.values[trail]._replace(end_line=_place(event).end_line)
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
            # The first one counts; what the second holds is still read for its faults.
            line = self.keys[trail].line
            message = f"`{name}` is written twice here; it is already on line {line}"
            trail = (*parent, f"{name} again")
            hint = "Keep one of the two, or join them."
            self._problem(place, trail, "duplicate-key", message, hint)
            self._built(self._next(), trail)
        else:
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
        if value is None and trail and trail not in self.faulty:
            key = self.keys.get(trail)
            name = f"`{trail[-1]}`" if key else "this dash"
            rule, message = "no-value", f"nothing is written after {name}"
            hint = "Write its text, or delete the line."
            if event.value:
                hint += " If the text is the word itself, put quotes round it."
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
            rule, message, sign = (
                "no-tags",
                f"`{tag}` gives YAML an instruction",
                "exclamation mark",
            )
        else:
            return
        hint = f"Put quotes round the text if the {sign} belongs to it."
        self._problem(_place(event), trail, rule, f"{message}, which a FAQ may not do", hint)

    def _problem(self, place: Place, trail: Trail, rule: str, message: str, hint: str) -> None:
        self.faulty.add(trail)
        problem = Problem(self.file, place.line, place.column, "error", rule, message, hint)
        self.problems.append(problem)


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    return Place(start.line + 1, start.column + 1, end.line + 1)


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
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(raw[:1], ())
    tag = next((tag for tag, pattern in resolvers if pattern.match(raw)), "")
    match tag.rpartition(":")[2]:
        case "":
            return raw
        case "null":
            return None
        case "int" if _WHOLE_NUMBER.fullmatch(raw):
            return int(raw)
        case "float" if _DECIMAL.fullmatch(raw):
            return float(raw)
        case "timestamp" if found := _DATE.fullmatch(raw):
            return datetime.date(*map(int, found.groups()))
        case name:
            return Misread(raw, _TAKEN_FOR.get(name, "an instruction"))
