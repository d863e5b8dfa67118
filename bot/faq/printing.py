"""Problems as text for people, as annotations for GitHub, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.faq.problems import Problem, shown_path

Lines = Mapping[Path, Sequence[str]]
"""The lines of each file that problems are in."""

_WIDEST = 96
_MOST_ASTRAY = 10
"""Examples that land elsewhere and are shown: the others are only counted."""


def as_text(problems: Sequence[Problem], lines: Lines) -> str:
    """Each problem on a line, then the line it is in, a caret under the place, and the hint."""
    return "\n".join(
        part
        for problem in problems
        for part in (
            str(problem),
            *_shown(problem, lines.get(problem.file, ())),
            *([f"    {problem.hint}"] if problem.hint else []),
        )
    )


def as_github(problems: Sequence[Problem], lines: Lines) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    return "\n".join(
        f"::{problem.level} file={_property(shown_path(problem.file))},line={problem.line},"
        f"col={problem.column},title={_property(problem.rule)}"
        f"::{_data(f'{problem.message}. {problem.hint}'.strip())}"
        for problem in problems
    )


def as_json(problems: Sequence[Problem], lines: Lines) -> str:
    """One list of objects, with the fields of a problem as keys."""
    found = [asdict(problem) | {"file": shown_path(problem.file)} for problem in problems]
    return json.dumps(found, ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[Sequence[Problem], Lines], str]] = {
    "text": as_text,
    "github": as_github,
    "json": as_json,
}


def summary(problems: Sequence[Problem]) -> str:
    """How many errors and warnings there are, in words."""
    levels = [problem.level for problem in problems]
    counts = {level: levels.count(level) for level in ("error", "warning")}
    told = [f"{count} {level}{'s' * (count != 1)}" for level, count in counts.items() if count]
    return " and ".join(told) or "no problems"


def lands_elsewhere(astray: Sequence[Problem], asked: int, lines: Lines) -> str:
    """How many examples land elsewhere, of those asked, and the worst of them."""
    counted = f"{len(astray)} of {asked:,} examples land elsewhere"
    if not astray:
        return counted
    worst = astray[:_MOST_ASTRAY]
    head = f"{counted}; the worst of them:" if len(astray) > len(worst) else f"{counted}:"
    return f"{head}\n{as_text(worst, lines)}"


def _shown(problem: Problem, lines: Sequence[str]) -> tuple[str, ...]:
    """The line of a problem with a caret below, cut round the place when it is long."""
    if not 1 <= problem.line <= len(lines) or not lines[problem.line - 1].strip():
        return ()
    line, column = lines[problem.line - 1], problem.column - 1
    start = max(0, column - _WIDEST // 2) if len(line) > _WIDEST else 0
    cut = line[start : start + _WIDEST]
    before, after = "…" * (start > 0), "…" * (start + _WIDEST < len(line))
    visible = "".join(each if each.isprintable() else " " for each in f"{before}{cut}{after}")
    return f"    {visible}", f"    {' ' * (column - start + len(before))}^"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
