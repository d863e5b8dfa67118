"""Reads question files: questions whose right answer is known, each with its line."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bot.errors import BotError, UsageError
from bot.faq.building import Misread
from bot.faq.models import AlertLevel
from bot.faq.problems import Problem, in_order
from bot.faq.reading import Source, read

LEVELS: tuple[str, ...] = get_args(AlertLevel)
OUT_OF_SCOPE = "none"
"""In place of an entry's id: no entry is right."""

_KEYS = ("question", "entry", "alert", "after", "elapsed_days")


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is right for it.

    `entries` are the ids of the right entries: none of them when the question is out of scope,
    several when it asks several things, and `None` when the entry is not judged. `alert` is
    the level of the sign in it; `alert_stated` tells a question that looks like a sign and is
    none from an ordinary one. `elapsed_days` is judged when `time_stated`, and is `None` when
    it cannot be known. `after` is the entry answered just before.
    """

    question: str
    entries: tuple[str, ...] | None = None
    alert: str | None = None
    alert_stated: bool = False
    after: str | None = None
    time_stated: bool = False
    elapsed_days: float | None = None
    file: Path = Path("questions.yaml")
    line: int = 1


class QuestionsError(BotError):
    """Question files that cannot be used; its words are every problem, one on each line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


def load_cases(paths: Sequence[Path], entry_ids: Container[str]) -> tuple[Case, ...]:
    """Read the cases of question files, and of every `.yaml` file inside folders.

    Raises:
        UsageError: a path that does not exist, or a folder without question files.
        QuestionsError: every fault in the files, an entry that is not in `entry_ids` included.
    """
    cases: list[Case] = []
    problems: list[Problem] = []
    for file in _files(paths):
        source = read(file)
        read_cases, found = _read_cases(source, entry_ids)
        cases += read_cases
        problems += found
    if problems:
        raise QuestionsError(problems)
    return tuple(cases)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise UsageError(f"{path}: there is no such file or folder")
            yield path
            continue
        inside = sorted(path.rglob("*.yaml"))
        if not inside:
            raise UsageError(f"{path}: there are no question files (.yaml) in this folder")
        yield from inside


def _read_cases(source: Source, entry_ids: Container[str]) -> tuple[list[Case], list[Problem]]:
    unknown_times = _unknown_times(source)
    problems = [
        problem
        for problem in source.problems
        if problem.level == "error"
        and (problem.rule != "no-value" or (problem.line, problem.column) not in unknown_times)
    ]
    cases: list[Case] = []
    if problems:
        return cases, problems
    if not isinstance(source.value, tuple):
        message = "a question file is a list: each question begins with a dash"
        return cases, [Problem(source.file, 1, 1, "error", "question", message)]
    for position, item in enumerate(source.value):
        faults = list(_faults(item, entry_ids))
        for key, message in faults:
            place = source.key_place((position, key) if key in _keys(item) else (position,))
            problems.append(
                Problem(source.file, place.line, place.column, "error", "question", message)
            )
        if not faults:
            cases.append(_case(item, source.file, source.place((position,)).line))
    return cases, problems


def _unknown_times(source: Source) -> set[tuple[int, int]]:
    """Where `elapsed_days: null` stands: the one null that means something here."""
    return {
        (place.line, place.column)
        for trail, place in source.keys.items()
        if trail[1:] == ("elapsed_days",)
    }


def _keys(item: object) -> Mapping[str, object]:
    return item if isinstance(item, dict) else {}


def _faults(item: object, entry_ids: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield each fault of a question: the key it is at ("" for the whole) and the message."""
    if not isinstance(item, dict):
        yield "", "each question is a group of keys: `question`, then `entry` or `alert`"
        return
    for key in item:
        if key not in _KEYS:
            yield key, f"`{key}` is no key of a question; the keys are {', '.join(_KEYS)}"
    question = item.get("question")
    if not isinstance(question, str):
        yield "question", "`question` must be a text; put it in quotes"
    if not {"entry", "alert", "elapsed_days"} & item.keys():
        yield "", "nothing is judged here: add `entry`, `alert` or `elapsed_days`"
    entries = item.get("entry", ())
    entries = entries if isinstance(entries, tuple) else (entries,)
    for entry in entries if entries != (OUT_OF_SCOPE,) else ():
        if not isinstance(entry, str) or entry not in entry_ids:
            yield "entry", f"there is no entry `{_raw(entry)}` in this FAQ"
    if "after" in item and (not isinstance(item["after"], str) or item["after"] not in entry_ids):
        yield "after", f"there is no entry `{_raw(item['after'])}` in this FAQ"
    if "alert" in item and item["alert"] not in (*LEVELS, "none"):
        levels = ", ".join(LEVELS)
        yield "alert", f"`alert` must be one of {levels}, none; here it is `{_raw(item['alert'])}`"
    try:
        _days(item.get("elapsed_days"))
    except ValueError:
        yield "elapsed_days", "`elapsed_days` must be a number of days, or null when unknown"


def _raw(value: object) -> object:
    return value.raw if isinstance(value, Misread) else value


def _days(value: object) -> float | None:
    days = None if value is None else float(str(_raw(value)))
    if days is not None and not 0 <= days < float("inf"):
        raise ValueError(days)
    return days


def _case(item: Mapping[str, Any], file: Path, line: int) -> Case:
    entry = item.get("entry")
    if entry is not None and not isinstance(entry, tuple):
        entry = () if entry == OUT_OF_SCOPE else (entry,)
    alert = item.get("alert", "none")
    return Case(
        question=item["question"],
        entries=entry,
        alert=None if alert == "none" else alert,
        alert_stated="alert" in item,
        after=item.get("after"),
        time_stated="elapsed_days" in item,
        elapsed_days=_days(item.get("elapsed_days")),
        file=file,
        line=line,
    )
