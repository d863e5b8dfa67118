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

from bot.faq.characters import decode
from bot.faq.packaged import FAST_PARSER
from bot.faq.problems import Problem, ProblemsError, fault
from bot.faq.source import Place, Source, Trail
from bot.faq.syntax import part_around, syntax_problem

MAX_BYTES = 5_000_000
"""A larger file is refused before it is read; the largest that is shipped has 0.4 million."""

_MAX_DEPTH = 40
"""Lists within lists; the deepest that a FAQ has is 6. A parser's time grows with the square."""
_NOTHING = ("", "~", "null", "Null", "NULL")
"""What YAML takes for no value, where it stands without quotes."""
_ENOUGH_PROBLEMS = 50
"""A file with more faults of syntax is not read any further."""

_DOCUMENTS = (b"{\\rtf", b"pk\x03\x04", b"<!doctype", b"<html", b"%pdf")
"""How files begin that are no plain text."""
_END_LOST = "If the end of the file was lost, fetch it again."


def read(file: Path) -> Source:
    """Read a YAML file; every fault is among the `problems` of what comes back."""
    source = read_lines(file)
    return parsed(source) if source.whole else source


def read_lines(file: Path) -> Source:
    """Read the lines of a text file; every fault is among the `problems` of what comes back."""
    values: dict[str, Any] = {}
    try:
        if not file.is_file():
            kind, values = "absent", {"what": "file" if file.parent.is_dir() else "folder"}
        elif (size := file.stat().st_size) > MAX_BYTES:
            kind, values = "too-large", {"size": size / 1e6, "most": MAX_BYTES / 1e6}
        elif (data := file.read_bytes()).lstrip()[:9].lower().startswith(_DOCUMENTS):
            kind = "no-text"
        else:
            return decode(file, data)
    except OSError as error:
        kind, values = "unreadable", {"why": error.strerror}
    problem = fault(file, 1, 1, f"file/{kind}", **values)
    return Source(file, problems=(problem,), faulty={()}, whole=False)


def parsed(text: Source, parser: type = FAST_PARSER) -> Source:
    """Read the lines of a file as YAML."""
    lines, problems = text.lines, [*text.problems]
    repaired = {problem.line for problem in problems if problem.level == "error"}
    remaining = list(lines)
    hidden: set[int] = set()
    value = None
    while True:
        source = Source(text.file, lines)
        building = _Building(source)
        try:
            value = building.value("\n".join(remaining), parser)
            break
        except yaml.MarkedYAMLError as error:
            problem = syntax_problem(text.file, remaining, error, building.last_scalar)
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


class _Building:
    """Builds the value of a file, and notes in its `Source` the places and faults."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.last_scalar: yaml.ScalarEvent | None = None

    def value(self, text: str, parser: Any) -> Any:
        """Read the text of the file.

        Raises:
            yaml.MarkedYAMLError: what is no YAML.
            ProblemsError: what YAML allows and a FAQ may not have; one problem.
        """
        depth = documents = 0
        for event in yaml.parse(text, Loader=parser):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_DEPTH:
                self._refuse(event, "too-deep")
            if isinstance(event, yaml.NodeEvent):
                self._refuse_marks(event)
            if isinstance(event, yaml.ScalarEvent):
                self.last_scalar = event
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents == 2 and isinstance(event, yaml.DocumentStartEvent):
                self._fault(_place(event), (), "several-documents")
        root = next(yaml.compose_all(text, Loader=parser), None)
        value = self._built(root, ()) if root else None
        if value is None:
            self._fault(Place(1, 1, 1), (), "empty-file")
        return value

    def _refuse_marks(self, event: Any) -> None:
        """Refuse what stands for another part of a file, or gives YAML an instruction."""
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "no-reuse/alias", name=event.anchor)
        if event.anchor:
            self._refuse(event, "no-reuse/anchor", name=event.anchor)
        if event.tag is not None:
            self._refuse(event, "no-tags", name=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def _built(self, node: Any, trail: Trail) -> Any:
        self.source.values[trail] = _place(node)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._built(each, (*trail, n)) for n, each in enumerate(node.value))
        if isinstance(node, yaml.ScalarNode):
            return self._text(node, trail)
        group: dict[str, Any] = {}
        keys = self.source.keys
        for key, value in node.value:
            name, here = key.value, (*trail, key.value)
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "bad-key")
            if name == "<<" and not key.style:
                self._refuse(key, "no-reuse/merge")
            if name in group:
                # The first one counts; what the second holds is still read for its faults.
                again = (*trail, f"{name} again")
                line = keys[here].line
                self._fault(_place(key), again, "duplicate-key", name=name, line=line)
                self._built(value, again)
            else:
                keys[here] = _place(key)
                group[name] = self._built(value, here)
        return group

    def _text(self, node: yaml.ScalarNode, trail: Trail) -> str | None:
        """A text, whatever YAML takes a bare word for; nothing, which is a fault."""
        if node.style:
            return str(node.value)
        if node.value not in _NOTHING:
            self.source.bare.add(trail)
            return str(node.value)
        if trail:
            key = self.source.keys.get(trail)
            name = f"`{trail[-1]}`" if key else "this dash"
            kind = "no-value/null" if node.value else "no-value"
            if key and ":" in str(trail[-1]):
                kind = "space-after-colon/of-key"
            self._fault(key or _place(node), trail, kind, name=name)
        return None

    def _refuse(self, at: Any, kind: str, **values: Any) -> None:
        raise ProblemsError([self.source.fault(_place(at), kind, **values)])

    def _fault(self, place: Place, trail: Trail, kind: str, **values: Any) -> None:
        self.source.faulty.add(trail)
        self.problems.append(self.source.fault(place, kind, **values))


def _place(at: Any) -> Place:
    """The place of an event or node."""
    start, end = at.start_mark, at.end_mark
    return Place(start.line + 1, start.column + 1, end.line + 1)
