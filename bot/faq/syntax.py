"""What keeps a file from being read as YAML, put in plain words at the line to mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.faq.problems import Problem, fault


class _Spot(NamedTuple):
    """A place in a file, counted from 0, its line, and the kind of fault that is there."""

    line: int
    column: int
    text: str
    kind: str = ""


_KEY_ALONE = re.compile(r"\s*(?:- +)*[\w-]+$")
_KEY_WITHOUT_SPACE = re.compile(r"\s*(?:- +)*[a-z_]+(:)(?=[^\s:/])")
_DASH_WITHOUT_SPACE = re.compile(r"\s*(-)(?=[^\s-])")
_ITEM = re.compile(r"( *)- ")
_TOP_KEY = re.compile(r"[a-z_]+:( |$)")


def syntax_problem(
    file: Path,
    lines: Sequence[str],
    error: yaml.MarkedYAMLError,
    last_scalar: yaml.ScalarEvent | None,
) -> Problem:
    """Explain a parser's error; `last_scalar` is the last value it read before."""
    line, column, text, kind = _explained(lines, error, last_scalar)
    first = text[column : column + 1]
    closing = "}" if first == "{" else "]"
    values = {"first": first or "nothing", "opened": first, "closing": closing}
    return fault(file, line + 1, column + 1, kind, **values)


def part_around(lines: Sequence[str], line: int) -> range:
    """The smallest part of a file that can be left out to read the rest, counted from 1.

    That is the item of the outermost list that holds `line`, or else the key at the left edge
    with all that belongs to it, or else the rest of the file.
    """
    starts = [number for number, each in enumerate(lines, 1) if _TOP_KEY.match(each)]
    indents = [len(found[1]) for each in lines if (found := _ITEM.match(each))]
    if indents:
        dash = " " * min(indents) + "- "
        starts += (number for number, each in enumerate(lines, 1) if each.startswith(dash))
    first = max((number for number in starts if number <= line), default=line)
    after = min((number for number in starts if number > line), default=len(lines) + 1)
    return range(first, after)


def _explained(
    lines: Sequence[str], error: yaml.MarkedYAMLError, last: yaml.ScalarEvent | None
) -> _Spot:
    """Faults are told apart by what both parsers of PyYAML say."""
    context, problem = error.context or "", error.problem or ""
    at = _spot(lines, error.problem_mark or error.context_mark)
    since = _spot(lines, error.context_mark or error.problem_mark)
    if "escape" in problem:
        column = max(at.text.rfind("\\", 0, at.column + 1), 0)
        return at._replace(column=column, kind="backslash")
    if context.endswith("quoted scalar"):
        return since._replace(kind="unclosed-quote")
    if last and last.style in ("'", '"') and isinstance(error, yaml.parser.ParserError):
        start, end = _spot(lines, last.start_mark), _spot(lines, last.end_mark)
        if end.line == at.line and not at.text[end.column : at.column].strip():
            if start.line != at.line:
                return start._replace(kind="unclosed-quote")
            if last.style == "'":
                return end._replace(column=end.column - 1, kind="quote-in-quotes/apostrophe")
            return at._replace(kind="quote-in-quotes")
    if "nesting depth" in problem:
        return at._replace(kind="too-deep")
    if " flow " in context:
        return _unclosed_bracket(lines, since)
    if "expected ':'" in problem:
        return _no_key(since)
    if "mapping values" in problem:
        return _stray_colon(at)
    if "sequence entries" in problem:
        return at._replace(kind="list-on-key-line")
    if context.endswith("block scalar"):
        return at._replace(kind="text-after-sign")
    if context.endswith(("alias", "anchor", "tag", "directive")):
        return since._replace(kind="first-character")
    if context.endswith(("block node", "next token")) or "mapping keys" in problem:
        return at._replace(kind="first-character")
    if at.text[: at.column].rstrip().endswith(("]", "}")):
        return at._replace(kind="bracket-in-text")
    return at._replace(kind="indent")


def _spot(lines: Sequence[str], mark: Any) -> _Spot:
    """The place of a parser's mark; one behind the end of the file becomes its last line's."""
    if mark.line >= len(lines):
        return _Spot(len(lines) - 1, len(lines[-1]), lines[-1])
    return _Spot(mark.line, mark.column, lines[mark.line])


def _unclosed_bracket(lines: Sequence[str], since: _Spot) -> _Spot:
    """The bracket at a place, or else the last one before it."""
    line, column, text, _ = since
    if text[column : column + 1] not in ("[", "{"):
        before = [*lines[:line], text[:column]]
        places = ((n, max(each.rfind("["), each.rfind("{"))) for n, each in enumerate(before))
        line, column = max(((n, c) for n, c in places if c >= 0), default=(line, column))
    return _Spot(line, column, lines[line], "unclosed-bracket")


def _no_key(since: _Spot) -> _Spot:
    if since.text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return since._replace(kind="two-versions")
    if found := _DASH_WITHOUT_SPACE.match(since.text):
        return since._replace(column=found.start(1), kind="space-after-dash")
    if found := _KEY_WITHOUT_SPACE.match(since.text):
        return since._replace(column=found.start(1), kind="space-after-colon")
    return since._replace(kind="missing-colon")


def _stray_colon(at: _Spot) -> _Spot:
    before = at.text[: at.column]
    if _KEY_ALONE.match(before):
        return at._replace(column=len(before) - len(before.lstrip()), kind="indent/too-far")
    curly = any(mark in before for mark in "“‘")
    return at._replace(kind="colon-in-text/curly" if curly else "colon-in-text")
