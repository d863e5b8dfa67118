"""A file of a FAQ as it was read: plain values, and the place of every key and value."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bot.faq.problems import Problem, fault

Trail = tuple[str | int, ...]
"""The way to a value from the top of its file: keys, and positions in lists from 0."""
Pattern = tuple[object, ...]
"""A trail in which `...` stands for each item of a list."""


class Place(NamedTuple):
    """Where a key or value begins, and the line on which it ends, all counted from 1."""

    line: int
    column: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML file as it was read.

    `value` is made of dicts, tuples and texts, with None where nothing is written. `bare` are the
    trails of texts without quotes. `faulty` are the trails whose fault is already among
    `problems`. `whole` is false when a fault hid a part of the file.
    """

    file: Path
    lines: tuple[str, ...] = ()
    value: Any = None
    keys: dict[Trail, Place] = field(default_factory=dict)
    values: dict[Trail, Place] = field(default_factory=dict)
    bare: set[Trail] = field(default_factory=set)
    faulty: set[Trail] = field(default_factory=set)
    problems: tuple[Problem, ...] = ()
    whole: bool = True

    def place(self, trail: Trail) -> Place:
        """Where the value at `trail` begins, or the nearest value that holds it."""
        while trail and trail not in self.values:
            trail = trail[:-1]
        return self.values.get(trail, Place(1, 1, 1))

    def key_place(self, trail: Trail) -> Place:
        """Where the key of the value at `trail` is; for an item of a list, the item."""
        return self.keys.get(trail) or self.place(trail)

    def word_place(self, trail: Trail, text: str, offset: int) -> Place:
        """Where the word at `offset` of the text at `trail` is in the file.

        Line breaks and quotes make a text in the file unlike its value, so the word is found
        by counting how often it came before.
        """
        place = self.place(trail)
        word = text[offset:].split(maxsplit=1)[0]
        written = [
            Place(number, found.start() + 1, number)
            for number, line in enumerate(self.lines[place.line - 1 : place.end_line], place.line)
            for found in re.finditer(re.escape(word), line)
            if number > place.line or found.start() >= place.column - 1
        ]
        before = text.count(word, 0, offset)
        return written[before] if before < len(written) else place

    def fault(self, at: Trail | Place, kind: str, /, **values: object) -> Problem:
        """A problem of the value at a trail, or at a place, as `problems.fault` makes it."""
        place = at if isinstance(at, Place) else self.place(at)
        return fault(self.file, place.line, place.column, kind, **values)

    def texts(self, pattern: Pattern) -> Iterator[tuple[Trail, str]]:
        """Every text at `pattern`."""
        found: list[tuple[Trail, object]] = [((), self.value)]
        for part in pattern:
            step: list[tuple[Trail, object]] = []
            for trail, value in found:
                match part, value:
                    case (builtins.Ellipsis, tuple()):
                        step += (((*trail, place), item) for place, item in enumerate(value))
                    case (int(), tuple()):
                        step.append(((*trail, part), value[part]))
                    case (str(), dict()) if part in value:
                        step.append(((*trail, part), value[part]))
            found = step
        for trail, value in found:
            if isinstance(value, str):
                yield trail, value

    def repeated(
        self, *patterns: Pattern, fold: Callable[[str], str] = str
    ) -> Iterator[tuple[Trail, str, int]]:
        """Every text at `patterns` that was there before, with the line on which it was first."""
        first: dict[str, int] = {}
        for trail, text in (each for pattern in patterns for each in self.texts(pattern)):
            if fold(text) in first:
                yield trail, text, first[fold(text)]
            first.setdefault(fold(text), self.place(trail).line)
