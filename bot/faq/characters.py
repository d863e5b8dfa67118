"""The characters of a file: those that cannot be meant are faults, and become spaces."""

from __future__ import annotations

import re
from pathlib import Path

from bot.faq.problems import Problem, fault
from bot.faq.source import Source

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_ODD_SPACE = re.compile(r"[\t\xa0]")
_HARD_SPACE = re.compile(r" *(?:- +)*(?:[\w-]+:|-)(\xa0)")


def decode(file: Path, data: bytes) -> Source:
    """The lines of a file, and the problems of its characters, one a line and rule.

    What is reported has become a space, so that the lines can be read on.
    """
    problems: list[Problem] = []
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        problems.append(fault(file, 1, 1, "encoding/utf-16"))
        text = data.decode("utf-16", "replace")
    else:
        text = data.decode(errors="surrogateescape")
    if text.startswith("\ufeff"):
        problems.append(fault(file, 1, 1, "encoding/bom"))
        text = text[1:]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if _INVISIBLE.search(text) or _ODD_SPACE.search(text):
        lines = [_plain_line(file, *each, problems) for each in enumerate(lines, 1)]
    return Source(file, tuple(lines), problems=tuple(problems))


def _plain_line(file: Path, number: int, line: str, problems: list[Problem]) -> str:
    if found := _INVISIBLE.search(line):
        broken = "\udc80" <= found[0] <= "\udcff"
        kind = "encoding/character" if broken else "invisible-character"
        problems.append(fault(file, number, found.start() + 1, kind, code=ord(found[0])))
        line = _INVISIBLE.sub(" ", line)
    words = line.lstrip(" \t\xa0")
    indent = line[: len(line) - len(words)]
    if words and (found := _ODD_SPACE.search(indent)):
        sign = "a tab" if found[0] == "\t" else "an unbreakable space"
        problems.append(fault(file, number, found.start() + 1, "tab/indent", sign=sign))
        line = _ODD_SPACE.sub("  ", indent) + words
    if found := _HARD_SPACE.match(line):
        problems.append(fault(file, number, found.start(1) + 1, "tab/between"))
        line = f"{line[: found.start(1)]} {line[found.end(1) :]}"
    # The two parsers of PyYAML differ about tabs inside a line; a space means the same to people.
    return line.replace("\t", " ")
