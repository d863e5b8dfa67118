"""What keeps a file from being read as YAML, put in plain words at the line to mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import yaml

from bot.faq.problems import Level, Problem


class _Fault(NamedTuple):
    """What is wrong at a line and column, both counted from 0."""

    line: int
    column: int
    rule: str
    message: str
    hint: str


_QUOTE_IT = "Put double quotes round the whole text."
_LINE_UP = (
    "Begin it exactly under the line above that it belongs with. Each step to the right is two "
    "spaces."
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
    """Explain a parser's error; `last_scalar` is the last value it read before."""
    found = _diagnose(lines, fault, last_scalar)
    return Problem(
        file, found.line + 1, found.column + 1, "error", found.rule, found.message, found.hint
    )


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


def _diagnose(
    lines: Sequence[str], fault: yaml.MarkedYAMLError, last_scalar: yaml.ScalarEvent | None
) -> _Fault:
    """The two parsers of PyYAML word their errors differently; what both say is tested here."""
    context, problem = fault.context or "", fault.problem or ""
    at = cast(yaml.Mark, fault.problem_mark)
    since = fault.context_mark or at
    line, column = at.line, at.column
    text = lines[line] if line < len(lines) else ""
    if "escape" in problem:
        return _Fault(
            line,
            max(text.rfind("\\", 0, column + 1), 0),
            "backslash",
            "a backslash between double quotes has a meaning of its own",
            "Delete the backslash, or use single quotes round the text.",
        )
    if context.endswith(("quoted scalar", "double-quoted scalar", "single-quoted scalar")):
        return _unclosed_quote(since.line, since.column)
    if (
        last_scalar is not None
        and last_scalar.style in ("'", '"')
        and (end := cast(yaml.Mark, last_scalar.end_mark)).line == line
        and not text[end.column : column].strip()
        and isinstance(fault, yaml.parser.ParserError)
    ):
        return _after_quote(last_scalar, line, column)
    opened = lines[since.line][since.column : since.column + 1]
    if " flow " in context and opened in ("[", "{"):
        return _Fault(
            since.line,
            since.column,
            "unclosed-bracket",
            f"this `{opened}` is not closed, or what is inside it is not a list",
            f"Close it with `{']' if opened == '[' else '}'}` and put commas between the items. "
            "If the bracket belongs to the text, put double quotes round the whole text.",
        )
    if "expected ':'" in problem:
        return _no_key(since.line, since.column, lines[since.line])
    if "mapping values" in problem:
        return _stray_colon(line, column, text)
    if "mapping keys" in problem:
        return _first_character(line, column, text)
    if "sequence entries" in problem:
        return _Fault(
            line,
            column,
            "list-on-key-line",
            "a list cannot begin on the line of its key",
            "Move the dash and its text to the next line, two spaces further to the right.",
        )
    if context.endswith("block scalar"):
        return _Fault(
            line,
            column,
            "text-after-sign",
            "nothing may follow the `|` or `>` on its line",
            f"Begin the text on the next line, or {_QUOTE_IT.lower()}",
        )
    if context.endswith(("alias", "anchor", "tag", "block node", "next token", "directive")):
        start = since if context.endswith(("alias", "anchor", "tag", "directive")) else at
        return _first_character(start.line, start.column, lines[start.line])
    if text[:column].rstrip().endswith(("]", "}")):
        return _Fault(
            line,
            column,
            "bracket-in-text",
            "the text goes on after its closing bracket",
            _QUOTE_IT,
        )
    return _Fault(
        line,
        column,
        "indent",
        "this line does not line up with the lines above",
        _LINE_UP,
    )


def _unclosed_quote(line: int, column: int) -> _Fault:
    return _Fault(
        line,
        column,
        "unclosed-quote",
        "this quote is not closed",
        "End the text with the same quote mark, on the same line.",
    )


def _after_quote(scalar: yaml.ScalarEvent, line: int, column: int) -> _Fault:
    start = cast(yaml.Mark, scalar.start_mark)
    if start.line != line:
        return _unclosed_quote(start.line, start.column)
    if scalar.style == "'":
        return _Fault(
            line,
            column - 1,
            "quote-in-quotes",
            "this apostrophe closes the quotes before the text ends",
            "Use double quotes round the whole text, or write the apostrophe twice.",
        )
    return _Fault(
        line,
        column,
        "quote-in-quotes",
        "the text goes on after its closing quote",
        'Put one pair of double quotes round the whole text, and write \\" for a quote inside it.',
    )


def _no_key(line: int, column: int, text: str) -> _Fault:
    if found := _DASH_WITHOUT_SPACE.match(text):
        return _Fault(
            line,
            found.start(1),
            "space-after-dash",
            "there is no space after this dash",
            "Write a dash, a space, and then the text.",
        )
    if found := _KEY_WITHOUT_SPACE.match(text):
        return _Fault(
            line,
            found.start(1),
            "space-after-colon",
            "there is no space after this colon",
            "Write the key, a colon, a space, and then the text.",
        )
    return _Fault(
        line,
        column,
        "missing-colon",
        "there is no key with a colon on this line",
        "Write a key, a colon, a space, and then the text. If the line goes on with the text "
        "above, indent it two spaces further than the key of that text.",
    )


def _stray_colon(line: int, column: int, text: str) -> _Fault:
    before = text[:column]
    if _KEY_ALONE.match(before):
        return _Fault(
            line,
            len(before) - len(before.lstrip()),
            "indent",
            "this line is further to the right than the lines it belongs with",
            _LINE_UP,
        )
    curly = any(mark in before for mark in "“‘")
    return _Fault(
        line,
        column,
        "colon-in-text",
        "a colon and a space inside a text look like the start of a new key",
        'Put straight double quotes (") round the whole text: curly ones do not count.'
        if curly
        else _QUOTE_IT,
    )


def _first_character(line: int, column: int, text: str) -> _Fault:
    character = text[column] if column < len(text) else " "
    return _Fault(
        line,
        column,
        "first-character",
        f"a text that begins with {character} needs quotes",
        _QUOTE_IT,
    )


_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_ODD_SPACE = re.compile(r"[\t\xa0]")
_HARD_SPACE = re.compile(r" *(?:- +)*(?:[\w-]+:|-)(\xa0)")
_SAVE_IT = "Open it in your editor and save it with the encoding UTF-8"


def decode(file: Path, data: bytes) -> tuple[list[str], list[Problem]]:
    """The lines of a file, and the problems of its characters, one a line and rule.

    What is reported has become a space, so that the lines can be read on.
    """
    problems: list[Problem] = []

    def report(
        line: int, column: int, rule: str, message: str, hint: str, level: Level = "error"
    ) -> None:
        problems.append(Problem(file, line, column, level, rule, message, hint))

    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        report(1, 1, "encoding", "this file is saved as UTF-16, not as UTF-8", f"{_SAVE_IT}.")
        text = data.decode("utf-16", "replace")
    else:
        text = data.decode(errors="surrogateescape")
    if text.startswith("\ufeff"):
        message = "this file begins with an invisible mark (a BOM)"
        report(1, 1, "encoding", message, f"{_SAVE_IT}, without BOM.", "warning")
        text = text[1:]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if _INVISIBLE.search(text) or "\t" in text or "\xa0" in text:
        for number, line in enumerate(lines, 1):
            lines[number - 1] = _plain_line(number, line, report)
    return lines, problems


def _plain_line(number: int, line: str, report: Callable[..., None]) -> str:
    if found := _INVISIBLE.search(line):
        column = found.start() + 1
        if "\udc80" <= found[0] <= "\udcff":
            message = "this character is not saved as UTF-8"
            report(number, column, "encoding", message, f"{_SAVE_IT}.")
        else:
            message = f"an invisible character stands here (U+{ord(found[0]):04X})"
            hint = "Delete the characters beside it with it, and type them again."
            report(number, column, "invisible-character", message, hint)
        line = _INVISIBLE.sub(" ", line)
    words = line.lstrip(" \t\xa0")
    indent = line[: len(line) - len(words)]
    if words and (found := _ODD_SPACE.search(indent)):
        kind = "a tab" if found[0] == "\t" else "an unbreakable space"
        message = f"this line is indented with {kind}"
        hint = "Delete it and use plain spaces: two for each step."
        report(number, found.start() + 1, "tab", message, hint)
        line = _ODD_SPACE.sub("  ", indent) + words
    if found := _HARD_SPACE.match(line):
        message = "an unbreakable space does not part a key or a dash from its text"
        report(number, found.start(1) + 1, "tab", message, "Delete it and type a plain space.")
        line = f"{line[: found.start(1)]} {line[found.end(1) :]}"
    # The two parsers of PyYAML differ about tabs inside a line; a space means the same to people.
    return line.replace("\t", " ")
