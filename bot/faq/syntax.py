"""What keeps a file from being read as YAML, put in plain words at the line to mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

import yaml

from bot.faq.building import TOO_DEEP
from bot.faq.problems import Problem


class _Spot(NamedTuple):
    """A place in a file: line and column counted from 0, and the line itself."""

    file: Path
    line: int
    column: int
    text: str

    def problem(self, rule: str, message: str, hint: str) -> Problem:
        return Problem(self.file, self.line + 1, self.column + 1, "error", rule, message, hint)


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
_KEY_WITHOUT_SPACE = re.compile(r"\s*(?:- +)*[a-z_]+(:)(?=[^\s:/])")
_DASH_WITHOUT_SPACE = re.compile(r"\s*(-)(?=[^\s-])")
_ITEM = re.compile(r"( *)- ")
_TOP_KEY = re.compile(r"[a-z_]+:( |$)")


def syntax_problem(
    file: Path,
    lines: Sequence[str],
    fault: yaml.MarkedYAMLError,
    last_scalar: yaml.ScalarEvent | None,
) -> Problem:
    """Explain a parser's error; `last_scalar` is the last value it read before.

    Faults are told apart by what both parsers of PyYAML say, each in words of its own.
    """
    context, problem = fault.context or "", fault.problem or ""
    at = _spot(file, lines, fault.problem_mark or fault.context_mark)
    since = _spot(file, lines, fault.context_mark) if fault.context_mark else at
    if "escape" in problem:
        return at._replace(column=max(at.text.rfind("\\", 0, at.column + 1), 0)).problem(
            "backslash",
            "a backslash between double quotes has a meaning of its own",
            "Delete the backslash, or use single quotes round the text.",
        )
    if context.endswith("quoted scalar"):
        return since.problem(*_UNCLOSED_QUOTE)
    if (
        last_scalar
        and last_scalar.style in ("'", '"')
        and isinstance(fault, yaml.parser.ParserError)
    ):
        start, end = (
            _spot(file, lines, m) for m in (last_scalar.start_mark, last_scalar.end_mark)
        )
        if end.line == at.line and not at.text[end.column : at.column].strip():
            return _after_quote(at, start, end, last_scalar.style)
    if "nesting depth" in problem:
        return at.problem(*TOO_DEEP)
    if " flow " in context:
        return _unclosed_bracket(lines, since)
    if "expected ':'" in problem:
        return _no_key(since)
    if "mapping values" in problem:
        return _stray_colon(at)
    if "sequence entries" in problem:
        return at.problem(
            "list-on-key-line",
            "a list cannot begin on the line of its key",
            "Move the dash and its text to the next line, two spaces further to the right.",
        )
    if context.endswith("block scalar"):
        return at.problem(
            "text-after-sign",
            "nothing may follow the `|` or `>` on its line",
            f"Begin the text on the next line, or {_QUOTE_IT.lower()}",
        )
    marked = context.endswith(("alias", "anchor", "tag", "directive"))
    if marked or context.endswith(("block node", "next token")) or "mapping keys" in problem:
        place = since if marked else at
        first = place.text[place.column : place.column + 1] or "nothing"
        message = f"a text that begins with {first} needs quotes"
        return place.problem("first-character", message, _QUOTE_IT)
    if at.text[: at.column].rstrip().endswith(("]", "}")):
        message = "the text goes on after its closing bracket"
        return at.problem("bracket-in-text", message, _QUOTE_IT)
    return at.problem("indent", "this line does not line up with the lines above", _LINE_UP)


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


def _spot(file: Path, lines: Sequence[str], mark: object) -> _Spot:
    """The place of a parser's mark; one behind the end of the file becomes its last line's."""
    line, column = cast(yaml.Mark, mark).line, cast(yaml.Mark, mark).column
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    return _Spot(file, line, column, lines[line])


def _after_quote(at: _Spot, start: _Spot, end: _Spot, style: str) -> Problem:
    if start.line != at.line:
        return start.problem(*_UNCLOSED_QUOTE)
    if style == "'":
        return end._replace(column=end.column - 1).problem(
            "quote-in-quotes",
            "this apostrophe closes the quotes before the text ends",
            "Use double quotes round the whole text, or write the apostrophe twice.",
        )
    return at.problem(
        "quote-in-quotes",
        "the text goes on after its closing quote",
        'Put one pair of double quotes round the whole text, and write \\" for a quote inside it.',
    )


def _unclosed_bracket(lines: Sequence[str], since: _Spot) -> Problem:
    """The bracket at a place, or else the last one before it."""
    line, column = since.line, since.column
    if since.text[column : column + 1] not in ("[", "{"):
        before = [*lines[:line], since.text[:column]]
        places = ((n, max(each.rfind("["), each.rfind("{"))) for n, each in enumerate(before))
        line, column = max(((n, c) for n, c in places if c >= 0), default=(line, column))
    opened = lines[line][column : column + 1]
    return since._replace(line=line, column=column).problem(
        "unclosed-bracket",
        f"this `{opened}` is not closed, or what is inside it is not a list",
        f"Close it with `{'}' if opened == '{' else ']'}` and put commas between the items. "
        "If the bracket belongs to the text, put double quotes round the whole text.",
    )


def _no_key(since: _Spot) -> Problem:
    if since.text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return since.problem(
            "two-versions",
            "here two changes met, and both versions are in the file",
            "Keep one of the two, and delete the lines that begin with <<<, === and >>>.",
        )
    for pattern, sign, hint in (
        (_DASH_WITHOUT_SPACE, "dash", "Write a dash, a space, and then the text."),
        (_KEY_WITHOUT_SPACE, "colon", "Write the key, a colon, a space, and then the text."),
    ):
        if found := pattern.match(since.text):
            message = f"there is no space after this {sign}"
            place = since._replace(column=found.start(1))
            return place.problem(f"space-after-{sign}", message, hint)
    return since.problem(
        "missing-colon",
        "there is no key with a colon on this line",
        "Write a key, a colon, a space, and then the text. If the line goes on with the text "
        "above, indent it two spaces further than the key of that text.",
    )


def _stray_colon(at: _Spot) -> Problem:
    before = at.text[: at.column]
    if _KEY_ALONE.match(before):
        message = "this line is further to the right than the lines it belongs with"
        start = at._replace(column=len(before) - len(before.lstrip()))
        return start.problem("indent", message, _LINE_UP)
    return at.problem(
        "colon-in-text",
        "a colon and a space inside a text look like the start of a new key",
        'Put straight double quotes (") round the whole text: curly ones do not count.'
        if any(mark in before for mark in "“‘")
        else _QUOTE_IT,
    )
