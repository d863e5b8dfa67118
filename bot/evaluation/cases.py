"""Reads question files: questions whose right answer is known, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, RootModel, model_validator

from bot.errors import UsageError
from bot.faq.base import Id, Model, Text
from bot.faq.links import dead_links
from bot.faq.models import AlertLevel, Code
from bot.faq.problems import Problem, ProblemsError
from bot.faq.reading import read
from bot.faq.validation import validate

NONE = "none"
"""In place of an entry's id: no entry is right; in place of a level: no alert is right."""

RestsOn = Literal["post", "question", "topic"]
_NAMED = (
    *((..., key) for key in ("entry", "accept", "after")),
    *((..., key, ...) for key in ("entry", "accept")),
)
"""Where a question file names an entry."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is right for it, as tests/questions/README.md explains the keys.

    `entries` are the ids of the right entries: none of them when it is out of scope, `None` when
    the entry is not judged. Any of them will do, unless `asks_all`. `alerts` are the levels that
    are right, "none" where no alert is; without any it is an ordinary question. `elapsed_days` is
    judged when `time_stated`, and is `None` when it cannot be known.
    """

    question: str
    entries: tuple[str, ...] | None = None
    asks_all: bool = False
    alerts: tuple[str, ...] = ()
    after: str | None = None
    time_stated: bool = False
    elapsed_days: float | None = None
    rests_on: str | None = None
    language: str | None = None
    file: Path = Path("questions.yaml")
    line: int = 1


def is_single(case: Case) -> bool:
    """Whether one entry will do, or none at all is right, with nothing said before."""
    return case.entries is not None and not case.asks_all and case.after is None


def has_right_entry(case: Case) -> bool:
    """Whether there is an entry that alone is right for it, with nothing said before."""
    return is_single(case) and bool(case.entries)


def is_sign(case: Case) -> bool:
    """Whether some alert is right."""
    return bool(case.alerts) and not is_look_alike(case)


def is_look_alike(case: Case) -> bool:
    """Whether it only sounds like a sign: it is stated that no alert is right."""
    return case.alerts[:1] == (NONE,)


def is_in_scope(case: Case) -> bool:
    """Whether it is an ordinary written question with a right entry."""
    return has_right_entry(case) and not (case.time_stated or case.alerts or case.rests_on)


def is_out_of_scope(case: Case) -> bool:
    """Whether it is a written question that no entry is right for."""
    return case.entries == () and not case.rests_on


def is_real_question(case: Case) -> bool:
    """Whether a real person asked it, and it is none that only sounds like a sign."""
    return case.rests_on is not None and not is_look_alike(case)


def load_cases(paths: Sequence[Path], ids: Mapping[str, str]) -> tuple[Case, ...]:
    """Read the cases of question files, and of every `.yaml` file inside folders.

    `ids` is `Knowledge.ids`: a case that names an id of before is a case of the entry now.
    `UsageError` names a path without questions, `ProblemsError` every fault in the files.
    """
    cases: list[Case] = []
    problems: list[Problem] = []
    for file in _files(paths):
        source = read(file)
        faults = [problem for problem in source.problems if problem.level == "error"]
        questions, misfits = validate(source, _Questions)
        problems += (*faults, *misfits)
        for pattern in _NAMED:
            known = [*ids, NONE] if pattern == (..., "entry") else [*ids]
            problems += dead_links(source, "entry", known, pattern)
        for position, item in enumerate(questions.root if questions else ()):
            cases.append(_case(item, ids, file, source.place((position,)).line))
    if problems:
        raise ProblemsError(problems)
    return tuple(cases)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder")
        if not inside:
            raise UsageError(f"{path}: there are no question files (.yaml) in this folder")
        yield from inside


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _days(value: object) -> object:
    if value == "unknown":
        return None
    with suppress(ValueError):
        if 0 <= (days := float(str(value))) < float("inf"):
            return days
    raise ValueError("`elapsed_days` must be a number of days, or `unknown`")


_Ids = Annotated[tuple[Id, ...], BeforeValidator(_as_list), Field(min_length=1)]


class _Question(Model):
    """A question as it stands in a file."""

    question: Text
    entry: _Ids = ()
    accept: _Ids = ()
    alert: Annotated[
        tuple[AlertLevel | Literal["none"], ...], BeforeValidator(_as_list), Field(min_length=1)
    ] = ()
    after: Id | None = None
    elapsed_days: Annotated[float | None, BeforeValidator(_days)] = None
    rests_on: RestsOn | None = None
    language: Code | None = None

    @model_validator(mode="after")
    def _is_judged_once(self) -> Self:
        if not {"entry", "accept", "alert", "elapsed_days", "language"} & self.model_fields_set:
            given = "`entry`, `accept`, `alert`, `elapsed_days` or `language`"
            raise ValueError(f"nothing is judged here: add {given}")
        if self.entry and self.accept:
            raise ValueError("use `entry` (all are asked) or `accept` (any is right), not both")
        return self


_Questions = RootModel[tuple[_Question, ...]]


def _case(item: _Question, ids: Mapping[str, str], file: Path, line: int) -> Case:
    named = item.accept or item.entry
    now = tuple(dict.fromkeys(ids.get(each, each) for each in named))
    return Case(
        question=item.question,
        entries=() if named == (NONE,) else now or None,
        asks_all=len(item.entry) > 1 and len(now) > 1,
        alerts=item.alert,
        after=ids.get(item.after, item.after) if item.after else None,
        time_stated="elapsed_days" in item.model_fields_set,
        elapsed_days=item.elapsed_days,
        rests_on=item.rests_on,
        language=item.language,
        file=file,
        line=line,
    )
