"""One strict reader of YAML: plain values, and the place of every key and value.

The rules are those of `yaml.safe_load`, and stricter where YAML surprises people: a key
written twice, a word or number that YAML takes for something else, and everything that makes
one part of a file stand for another (anchors, aliases, merge keys, tags) are faults at their
own line. Nothing is ever expanded or constructed, so no file can grow on being read.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bot.faq.building import Building, Place, TooDeepError, Trail
from bot.faq.characters import decode
from bot.faq.packaged import FAST_PARSER
from bot.faq.problems import Problem, fault
from bot.faq.syntax import part_around, syntax_problem

MAX_BYTES = 5_000_000
"""A larger file is refused before it is read; the largest that is shipped has 0.4 million."""

_ENOUGH_PROBLEMS = 50
"""A file with more faults of syntax is not read any further."""

_DOCUMENTS = (b"{\\rtf", b"pk\x03\x04", b"<!doctype", b"<html", b"%pdf")
"""How files begin that are no plain text."""
_END_LOST = "If the end of the file was lost, fetch it again."

Pattern = tuple[object, ...]
"""A trail in which `...` stands for each item of a list."""


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML file as it was read.

    `value` is made of dicts, tuples, str, int, float, date and `Misread`. `faulty` are the trails
    whose fault is already among `problems`. `whole` is false when a fault hid a part of the file.
    """

    file: Path
    lines: tuple[str, ...] = ()
    value: Any = None
    keys: Mapping[Trail, Place] = field(default_factory=dict)
    values: Mapping[Trail, Place] = field(default_factory=dict)
    bare: Mapping[Trail, str] = field(default_factory=dict)
    faulty: frozenset[Trail] = frozenset()
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
        word = (text[offset:].split(maxsplit=1) or [""])[0]
        before = text.count(word, 0, offset) if word else 0
        for line in range(place.line, place.end_line + 1):
            written = self.lines[line - 1 : line]
            start = place.column - 1 if line == place.line else 0
            while word and written and (column := written[0].find(word, start)) >= 0:
                if before == 0:
                    return Place(line, column + 1, line)
                before -= 1
                start = column + len(word)
        return place

    def problem(self, place: Place, rule: str, message: str) -> Problem:
        """A problem at a place of this file."""
        return Problem(self.file, place.line, place.column, "error", rule, message)

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


def read(file: Path) -> Source:
    """Read a YAML file; every fault is among the `problems` of what comes back."""
    data = _bytes(file)
    return read_bytes(file, data) if isinstance(data, bytes) else data


def read_lines(file: Path) -> Source:
    """Read the lines of a text file; every fault is among the `problems` of what comes back."""
    data = _bytes(file)
    if isinstance(data, Source):
        return data
    lines, problems = decode(file, data)
    return Source(file, tuple(lines), problems=tuple(problems))


def _bytes(file: Path) -> bytes | Source:
    """What a file holds, or a `Source` with the reason why it cannot be read."""
    values: dict[str, Any] = {}
    try:
        if not file.is_file():
            kind, values = "absent", {"what": "file" if file.parent.is_dir() else "folder"}
        elif (size := file.stat().st_size) > MAX_BYTES:
            kind, values = "too-large", {"size": size / 1e6, "most": MAX_BYTES / 1e6}
        elif (data := file.read_bytes()).lstrip()[:9].lower().startswith(_DOCUMENTS):
            kind = "no-text"
        else:
            return data
    except OSError as error:
        kind, values = "unreadable", {"why": error.strerror}
    problem = fault(file, 1, 1, f"file/{kind}", **values)
    return Source(file, problems=(problem,), faulty=frozenset({()}), whole=False)


def read_bytes(file: Path, data: bytes, parser: type | None = None) -> Source:
    """Read YAML that is already in memory; `file` is only named in problems."""
    lines, problems = decode(file, data)
    repaired = {problem.line for problem in problems if problem.level == "error"}
    remaining = list(lines)
    hidden: set[int] = set()
    while True:
        building = Building(file)
        try:
            building.build(yaml.parse("\n".join(remaining), Loader=parser or FAST_PARSER))
            break
        except yaml.MarkedYAMLError as error:
            problem = syntax_problem(file, remaining, error, building.last_scalar)
            part = part_around(remaining, problem.line)
            if part.stop > len(lines) and lines[-1].strip():
                problem = replace(problem, hint=f"{problem.hint} {_END_LOST}")
            # What follows from a repair (a tab made into spaces) or from hiding says nothing new.
            if (repaired | hidden).isdisjoint(part):
                problems.append(problem)
            if not hidden.isdisjoint(part) or len(problems) >= _ENOUGH_PROBLEMS:
                hidden.update(range(problem.line, len(lines) + 1))
                break
            hidden.update(part)
            _hide(remaining, part)
        except TooDeepError:
            hidden.update(range(building.problems[-1].line + 1, len(lines) + 1))
            break
    # A list whose first dash was after a tab is not empty.
    repaired |= {line - 1 for line in repaired}
    unseen = (each for each in building.problems if each.line not in hidden)
    problems += (e for e in unseen if e.rule != "no-value" or e.line not in repaired)
    return Source(
        file=file,
        lines=tuple(lines),
        value=building.value,
        keys=building.keys,
        values=building.values,
        bare=building.bare,
        faulty=frozenset(building.faulty),
        problems=tuple(problems),
        whole=not hidden,
    )


def _hide(lines: list[str], part: range) -> None:
    """Empty the lines of a part, but for the dash of a list's item, to read those after it."""
    first = lines[part[0] - 1]
    for number in part:
        lines[number - 1] = ""
    if first.lstrip().startswith("- "):
        lines[part[0] - 1] = first[: first.index("-") + 1]
