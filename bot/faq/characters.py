"""The characters of a file: those that cannot be meant are faults, and become spaces."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bot.faq.problems import Level, Problem

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
