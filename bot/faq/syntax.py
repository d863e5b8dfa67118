"""What keeps a file from being read as YAML, put in plain words at the line to mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.faq.building import TOO_DEEP
from bot.faq.problems import Problem


class _Spot(NamedTuple):
    """A place in a file, counted from 0, and its line."""

    line: int
    column: int
    text: str


_Fault = tuple[_Spot, tuple[str, str, str]]
"""Where it is; the rule, the message and the hint."""

_QUOTE_IT = "Put double quotes round the whole text."
_LINE_UP = (
    "Begin it exactly under the line above that it belongs with. Each step to the right is two "
    "spaces."
)
_UNCLOSED_QUOTE = (
    "unclosed-quote",
    "this quote is not closed",
    "End the text with the same quote mark, on the same line.",
)
_KEY_ALONE = re.compile(r"\s*(?:- +)*[\w-]+$")
_WITHOUT_SPACE = (
    (re.compile(r"\s*(-)(?=[^\s-])"), "dash", "a dash"),
    (re.compile(r"\s*(?:- +)*[a-z_]+(:)(?=[^\s:/])"), "colon", "the key, a colon"),
)
_ITEM = re.compile(r"( *)- ")
_TOP_KEY = re.compile(r"[a-z_]+:( |$)")


def syntax_problem(
    file: Path,
    lines: Sequence[str],
    fault: yaml.MarkedYAMLError,
    last_scalar: yaml.ScalarEvent | None,
) -> Problem:
    """Explain a parser's error; `last_scalar` is the last value it read before."""
    spot, words = _explained(lines, fault, last_scalar)
    return Problem(file, spot.line + 1, spot.column + 1, "error", *words)


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
    lines: Sequence[str], fault: yaml.MarkedYAMLError, last: yaml.ScalarEvent | None
) -> _Fault:
    """Faults are told apart by what both parsers of PyYAML say, each in words of its own."""
    context, problem = fault.context or "", fault.problem or ""
    at = _spot(lines, fault.problem_mark or fault.context_mark)
    since = _spot(lines, fault.context_mark or fault.problem_mark)
    if "escape" in problem:
        message = "a backslash between double quotes has a meaning of its own"
        hint = "Delete the backslash, or use single quotes round the text."
        column = max(at.text.rfind("\\", 0, at.column + 1), 0)
        return at._replace(column=column), ("backslash", message, hint)
    if context.endswith("quoted scalar"):
        return since, _UNCLOSED_QUOTE
    if last and last.style in ("'", '"') and isinstance(fault, yaml.parser.ParserError):
        start, end = _spot(lines, last.start_mark), _spot(lines, last.end_mark)
        if end.line == at.line and not at.text[end.column : at.column].strip():
            return _after_quote(at, start, end, last.style)
    if "nesting depth" in problem:
        return at, TOO_DEEP
    if " flow " in context:
        return _unclosed_bracket(lines, since)
    if "expected ':'" in problem:
        return _no_key(since)
    if "mapping values" in problem:
        return _stray_colon(at)
    if "sequence entries" in problem:
        message = "a list cannot begin on the line of its key"
        hint = "Move the dash and its text to the next line, two spaces further to the right."
        return at, ("list-on-key-line", message, hint)
    if context.endswith("block scalar"):
        message = "nothing may follow the `|` or `>` on its line"
        hint = f"Begin the text on the next line, or {_QUOTE_IT.lower()}"
        return at, ("text-after-sign", message, hint)
    marked = context.endswith(("alias", "anchor", "tag", "directive"))
    if marked or context.endswith(("block node", "next token")) or "mapping keys" in problem:
        place = since if marked else at
        first = place.text[place.column : place.column + 1] or "nothing"
        return place, (
            "first-character",
            f"a text that begins with {first} needs quotes",
            _QUOTE_IT,
        )
    if at.text[: at.column].rstrip().endswith(("]", "}")):
        return at, ("bracket-in-text", "the text goes on after its closing bracket", _QUOTE_IT)
    return at, ("indent", "this line does not line up with the lines above", _LINE_UP)


def _spot(lines: Sequence[str], mark: Any) -> _Spot:
    """The place of a parser's mark; one behind the end of the file becomes its last line's."""
    if mark is None or mark.line >= len(lines):
        return _Spot(len(lines) - 1, len(lines[-1]), lines[-1])
    return _Spot(mark.line, mark.column, lines[mark.line])


def _after_quote(at: _Spot, start: _Spot, end: _Spot, style: str) -> _Fault:
    if start.line != at.line:
        return start, _UNCLOSED_QUOTE
    if style == "'":
        message = "this apostrophe closes the quotes before the text ends"
        hint = "Use double quotes round the whole text, or write the apostrophe twice."
        return end._replace(column=end.column - 1), ("quote-in-quotes", message, hint)
    message = "the text goes on after its closing quote"
    hint = (
        'Put one pair of double quotes round the whole text, and write \\" for a quote inside it.'
    )
    return at, ("quote-in-quotes", message, hint)


def _unclosed_bracket(lines: Sequence[str], since: _Spot) -> _Fault:
    """The bracket at a place, or else the last one before it."""
    line, column = since.line, since.column
    if since.text[column : column + 1] not in ("[", "{"):
        before = [*lines[:line], since.text[:column]]
        places = ((n, max(each.rfind("["), each.rfind("{"))) for n, each in enumerate(before))
        line, column = max(((n, c) for n, c in places if c >= 0), default=(line, column))
    opened = lines[line][column : column + 1]
    return _Spot(line, column, lines[line]), (
        "unclosed-bracket",
        f"this `{opened}` is not closed, or what is inside it is not a list",
        f"Close it with `{'}' if opened == '{' else ']'}` and put commas between the items. "
        "If the bracket belongs to the text, put double quotes round the whole text.",
    )


def _no_key(since: _Spot) -> _Fault:
    if since.text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        message = "here two changes met, and both versions are in the file"
        hint = "Keep one of the two, and delete the lines that begin with <<<, === and >>>."
        return since, ("two-versions", message, hint)
    for pattern, sign, begun in _WITHOUT_SPACE:
        if found := pattern.match(since.text):
            message = f"there is no space after this {sign}"
            hint = f"Write {begun}, a space, and then the text."
            return since._replace(column=found.start(1)), (f"space-after-{sign}", message, hint)
    return since, (
        "missing-colon",
        "there is no key with a colon on this line",
        "Write a key, a colon, a space, and then the text. If the line goes on with the text "
        "above, indent it two spaces further than the key of that text.",
    )


def _stray_colon(at: _Spot) -> _Fault:
    before = at.text[: at.column]
    if _KEY_ALONE.match(before):
        message = "this line is further to the right than the lines it belongs with"
        start = at._replace(column=len(before) - len(before.lstrip()))
        return start, ("indent", message, _LINE_UP)
    message = "a colon and a space inside a text look like the start of a new key"
    curly = 'Put straight double quotes (") round the whole text: curly ones do not count.'
    hint = curly if "“" in before or "‘" in before else _QUOTE_IT
    return at, ("colon-in-text", message, hint)
