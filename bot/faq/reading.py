"""One reader of YAML in which nothing surprises people.

What is written is a text, as it is written: `no` is no yes-or-no value, and 12:30 no number. A key
written twice, and everything that makes one part of a file stand for another (anchors, aliases,
merge keys, tags) are faults at their own line.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.faq.building import Building
from bot.faq.characters import decode
from bot.faq.packaged import FAST_PARSER
from bot.faq.problems import ProblemsError, fault
from bot.faq.source import Source
from bot.faq.syntax import part_around, syntax_problem

MAX_BYTES = 5_000_000
"""A larger file is refused before it is read; the largest that is shipped has 0.4 million."""

_ENOUGH_PROBLEMS = 50
"""A file with more faults of syntax is not read any further."""

_DOCUMENTS = (b"{\\rtf", b"pk\x03\x04", b"<!doctype", b"<html", b"%pdf")
"""How files begin that are no plain text."""
_END_LOST = "If the end of the file was lost, fetch it again."


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
    return Source(file, problems=(problem,), faulty={()}, whole=False)


def read_bytes(file: Path, data: bytes, parser: type | None = None) -> Source:
    """Read YAML that is already in memory; `file` is only named in problems."""
    lines, problems = decode(file, data)
    repaired = {problem.line for problem in problems if problem.level == "error"}
    remaining = list(lines)
    hidden: set[int] = set()
    value = None
    while True:
        source = Source(file, tuple(lines))
        building = Building(source)
        try:
            value = building.value("\n".join(remaining), parser or FAST_PARSER)
            break
        except yaml.MarkedYAMLError as error:
            problem = syntax_problem(file, remaining, error, building.last_scalar)
        except ProblemsError as error:
            [problem] = error.problems
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
    # A list whose first dash was after a tab is not empty.
    repaired |= {line - 1 for line in repaired}
    unseen = (each for each in building.problems if each.line not in hidden)
    problems += (e for e in unseen if e.rule != "no-value" or e.line not in repaired)
    return replace(source, value=value, problems=tuple(problems), whole=not hidden)


def _hide(lines: list[str], part: range) -> None:
    """Empty the lines of a part, but for the dash of a list's item, to read those after it."""
    first = lines[part[0] - 1]
    for number in part:
        lines[number - 1] = ""
    if first.lstrip().startswith("- "):
        lines[part[0] - 1] = first[: first.index("-") + 1]
