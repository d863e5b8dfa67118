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

from bot.faq.problems import Problem, fault

MAX_DEPTH = 40
"""Lists within lists; the deepest that a FAQ has is 6."""

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
                self._fault(_place(second), (), "several-documents")
        if self.value is None:
            self._fault(Place(1, 1, 1), (), "empty-file")

    def _next(self) -> Any:
        event = next(self._events)
        if isinstance(event, yaml.ScalarEvent):
            self.last_scalar = event
        self._depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if self._depth > MAX_DEPTH:
            self._fault(_place(event), ("too deep",), "too-deep")
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
                self._fault(place, parent, "bad-key")
            self._pass_over(key)
            self._pass_over(self._next())
            return
        name = key.value
        trail = (*parent, name)
        self._refuse_marks(key, trail)
        if name == "<<" and not key.style:
            self._fault(place, trail, "no-reuse/merge")
        if name in group:
            # The first one counts; what the second holds is still read for its faults.
            again = (*parent, f"{name} again")
            self._fault(place, again, "duplicate-key", name=name, line=self.keys[trail].line)
            self._built(self._next(), again)
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
                self._fault(_place(event), trail, "no-such-date", date=value)
        if value is None and trail and trail not in self.faulty:
            key = self.keys.get(trail)
            name = f"`{trail[-1]}`" if key else "this dash"
            kind = "no-value/null" if event.value else "no-value"
            if key and ":" in str(trail[-1]):
                kind = "space-after-colon/of-key"
            self._fault(key or _place(event), trail, kind, name=name)
        return value

    def _refuse_marks(self, event: Any, trail: Trail) -> None:
        """Refuse an alias, an anchor or a tag; a value with one of the latter is read on."""
        if isinstance(event, yaml.AliasEvent):
            self._fault(_place(event), trail, "no-reuse/alias", name=event.anchor)
        elif event.anchor:
            self._fault(_place(event), trail, "no-reuse/anchor", name=event.anchor)
        elif event.tag is not None:
            name = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(_place(event), trail, "no-tags", name=name)

    def _fault(self, place: Place, trail: Trail, kind: str, **values: Any) -> None:
        self.faulty.add(trail)
        self.problems.append(fault(self.file, place.line, place.column, kind, **values))


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
