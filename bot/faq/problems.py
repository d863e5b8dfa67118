"""A problem in a FAQ: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.errors import BotError
from bot.faq.packaged import packaged

Level = Literal["error", "warning", "note"]
"""A note is no fault: nobody has to do anything about it."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault at one place of a file.

    `line` and `column` count from 1, columns in characters. `rule` names the rule that was
    broken, `message` says what is wrong and `hint` what to do, in words for a person who
    does not write programs.
    """

    file: Path
    line: int
    column: int
    level: Level
    rule: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """The problem on one line: `file:line:column: level: message [rule]`."""
        place = f"{shown_path(self.file)}:{self.line}:{self.column}"
        return f"{place}: {self.level}: {self.message} [{self.rule}]"


def fault(file: Path, line: int, column: int, kind: str, /, **values: object) -> Problem:
    """Make a problem of a kind of `problems.yaml`: a rule, or `rule/case`, in its words.

    `values` fill the braces in them. With one of `meant` that is the hint.
    """
    words = packaged("problems.yaml")[kind]
    meant = values.get("meant")
    hint = f"Did you mean `{meant}`?" if meant else words.get("hint", "").format(**values)
    message = words["says"].format(**values)
    rule = kind.partition("/")[0]
    return Problem(file, line, column, words.get("level", "error"), rule, message, hint)


def shown_path(file: Path) -> str:
    """Write a path relative to the working folder when it is inside it."""
    try:
        return file.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError):
        return str(file)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file, line and column, without repeats."""
    return tuple(sorted(set(problems)))


class ProblemsError(BotError):
    """Files that cannot be used; its words are every problem, one on each line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


class FaqError(ProblemsError):
    """A FAQ that cannot be served."""
