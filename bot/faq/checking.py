"""Checks a whole FAQ: its structure first and, when that is sound, the editorial rules."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import UsageError
from bot.faq.addresses import dead_addresses
from bot.faq.checks import check
from bot.faq.checks.phrasings import astray
from bot.faq.checks.rules import Content, Engine
from bot.faq.loading import FILES, read_folder
from bot.faq.models import Knowledge
from bot.faq.printing import Lines
from bot.faq.problems import Problem, in_order
from bot.faq.signatures import unsigned


@dataclass(frozen=True, slots=True)
class Checked:
    """All problems of a FAQ, in order, and the lines of its files to show them with.

    `unsigned` is how many of its answers and alerts no clinician has signed, as far as they need
    it. `astray` are the examples that land elsewhere, the worst first, of those `asked`.
    """

    problems: tuple[Problem, ...]
    lines: Lines
    unsigned: int = 0
    astray: tuple[Problem, ...] = ()
    asked: int = 0

    @property
    def exit_code(self) -> int:
        """1 when there are errors, otherwise 0."""
        return int(any(problem.level == "error" for problem in self.problems))


def check_faq(
    path: Path,
    *,
    today: datetime.date,
    engine: Callable[[Knowledge], Engine] = lambda _: Engine(),
    documents: Mapping[str, str] | None = None,
    strict: bool = False,
    ask_all: bool = False,
    try_links: bool = False,
) -> Checked:
    """Find every problem of a FAQ folder, or of a file that is to be its `faq.yaml`.

    `engine` makes the bot that the questions are asked of, with `ask_all` the examples of the
    entries too, for `Checked.astray`. `try_links` opens the addresses of references. `documents`
    are texts that nothing may be copied from, and `strict` makes errors of warnings.

    Raises:
        UsageError: when there is nothing at `path`.
    """
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    folder = path if path.is_dir() else path.parent
    whole = path.is_dir() or path.name in FILES
    loaded = read_folder(folder, "faq.yaml" if whole else path.name)
    problems = [*loaded.problems]
    elsewhere: tuple[Problem, ...] = ()
    asked = waiting = 0
    if knowledge := loaded.knowledge:
        content = Content(knowledge, loaded.sources, today, engine(knowledge), documents or {})
        problems += check(content)
        waiting = len(unsigned(knowledge))
        if ask_all:
            elsewhere, asked = astray(content)
    if try_links:
        problems += dead_addresses(loaded.sources["sources"])
    if strict:
        problems = [replace(problem, level="error") for problem in problems]
    lines = {each.file: each.lines for each in loaded.sources.values()}
    return Checked(in_order(problems), lines, waiting, elsewhere, asked)


def read_documents(folder: Path) -> dict[str, str]:
    """Read the texts (`*.txt`) that a FAQ was made from, by their names.

    Raises:
        UsageError: when there are none.
    """
    documents = {
        file.name: file.read_text(encoding="utf-8", errors="replace")
        for file in sorted(folder.glob("*.txt"))
    }
    if not documents:
        raise UsageError(f"{folder}: there are no documents here; their names end in .txt")
    return documents
