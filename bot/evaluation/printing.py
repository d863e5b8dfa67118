"""Shows an evaluation: tables for people, plain data for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.evaluation.cases import NONE
from bot.evaluation.evaluation import Bin, Confusion, Evaluation, Mistake
from bot.evaluation.measures import Figure
from bot.evaluation.outcomes import Outcome
from bot.faq.problems import shown_path

_MOST_CONFUSIONS = 15
_MOST_MISTAKES = 40
_CHART_WIDTH = 40


def tables(evaluation: Evaluation, whole: Evaluation | None = None) -> RenderableType:
    """Return the evaluation as tables and a chart, readable without colour.

    `whole` is that of the whole engine, where parts of it were switched off: then the figures
    stand beside each other.
    """
    confusions, mistakes = evaluation.confusions, evaluation.mistakes
    figures = _comparison(evaluation, whole) if whole else _figures(evaluation)
    parts: dict[str, RenderableType] = {f"{evaluation.questions} questions": figures}
    if evaluation.real:
        parts["Real questions"] = _real(evaluation)
    if bins := evaluation.calibration:
        heading = "Score beside share right (bar: share right; |: where it should end)"
        parts[heading] = _calibration(bins)
    if confusions:
        heading = f"Taken for another entry{_first(_MOST_CONFUSIONS, len(confusions))}"
        parts[heading] = _confusions(confusions[:_MOST_CONFUSIONS])
    heading = f"Mistakes, the gravest first{_first(_MOST_MISTAKES, len(mistakes))}"
    parts[heading] = Group(*map(_mistake, mistakes[:_MOST_MISTAKES]))
    return Group(*chain(*((Text(each, "bold"), shown) for each, shown in parts.items())))


def as_data(evaluation: Evaluation, whole: Evaluation | None = None) -> dict[str, Any]:
    """Return the evaluation as data for JSON, and the figures of `whole`; shares are 0..1."""
    data = {
        "questions": evaluation.questions,
        "figures": _figures_data(evaluation.figures),
        **({"whole": _figures_data(whole.figures)} if whole else {}),
        "real": {group: _figures_data(figures) for group, figures in evaluation.real.items()},
        "calibration": [each._asdict() for each in evaluation.calibration],
        "confusions": [each._asdict() for each in evaluation.confusions],
        "mistakes": list(map(_mistake_data, evaluation.mistakes)),
    }
    text = json.dumps(data)
    rounded: dict[str, Any] = json.loads(text, parse_float=lambda each: round(float(each), 4))
    return rounded


def _first(most: int, total: int) -> str:
    return f" (the first {most} of {total}; --json has all)" if total > most else f": {total}"


def _table(*columns: str, numbers: int = 0) -> Table:
    """A table in which so many columns after the first hold numbers."""
    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns[1 : numbers + 1]:
        column.justify, column.no_wrap = "right", True
    return table


def _figures(evaluation: Evaluation) -> Table:
    table = _table("figure", "share", "95 % interval", "count", "limit", numbers=3)
    for figure in evaluation.figures:
        interval = count = ""
        if figure.rate:
            interval = " to ".join(f"{bound:.1%}" for bound in figure.rate.interval)
            count = f"{figure.rate.count} of {figure.rate.total}"
        table.add_row(figure.label, f"{figure.value:.1%}", interval, count, figure.limit)
    return table


def _comparison(evaluation: Evaluation, whole: Evaluation) -> Table:
    table = _table("figure", "whole engine", "without", "change, points", numbers=3)
    for figure, before in zip(evaluation.figures, whole.figures, strict=True):
        change = 100 * (figure.value - before.value)
        shown = f"{change:+.1f}" if abs(change) >= 0.05 else ""
        table.add_row(figure.label, f"{before.value:.1%}", f"{figure.value:.1%}", shown)
    return table


_REAL_COLUMNS = {
    "right": "right",
    "right-in-three": "right or offered",
    "wrong": "wrong",
    "missed": "missed",
    "out-of-scope-answered": "out of scope answered",
    "false-alerts": "alert without a sign",
}


def _real(evaluation: Evaluation) -> Table:
    table = _table("", *_REAL_COLUMNS.values())
    for column in table.columns[1:]:
        column.justify = "right"
    for group, figures in evaluation.real.items():
        shares = {
            figure.name: f"{figure.value:.1%} ({figure.rate.count} of {figure.rate.total})"
            for figure in figures
            if figure.rate
        }
        table.add_row(group, *(shares.get(name, "") for name in _REAL_COLUMNS))
    return table


def _calibration(bins: Iterable[Bin]) -> Table:
    table = _table("score", "questions", "mean", "right", "", numbers=3)
    for each in bins:
        shown = (f"{each.mean_score:.2f}", f"{each.share_right:.2f}", _bar(each))
        span = f"{each.low:.1f} to {each.high:.1f}"
        table.add_row(span, str(each.questions), *(shown if each.questions else ()))
    return table


def _bar(found: Bin) -> Text:
    cells = list(("#" * round(found.share_right * _CHART_WIDTH)).ljust(_CHART_WIDTH + 1))
    cells[round(found.mean_score * _CHART_WIDTH)] = "|"
    return Text("".join(cells).rstrip())


def _confusions(confusions: Iterable[Confusion]) -> Table:
    table = _table("right", "taken for", "questions")
    for right, taken_for, count in confusions:
        table.add_row("(out of scope)" if right == NONE else right, taken_for, str(count))
    return table


def _mistake(mistake: Mistake) -> Text:
    case = mistake.outcome.case
    lines = Text("\n").append(mistake.measure, style="bold")
    lines.append(f"  {shown_path(case.file)}:{case.line}\n", style="dim")
    lines.append(f"  {' '.join(case.question.split())}\n")
    lines.append(f"  right: {', '.join(_expected(mistake.outcome))}")
    return lines.append(f" | given: {', '.join(_given(mistake.outcome))}")


def _expected(outcome: Outcome) -> Iterator[str]:
    case = outcome.case
    if case.alerts:
        yield f"alert {' or '.join(case.alerts)}"
    if case.language:
        yield f"in {case.language}"
    if case.entries is not None:
        yield (", " if case.asks_all else " or ").join(case.entries) or "out of scope"
    if case.time_stated:
        yield _days(case.elapsed_days)


def _given(outcome: Outcome) -> Iterator[str]:
    case, reply = outcome.case, outcome.reply
    if case.alerts or outcome.alert:
        yield f"alert {outcome.alert or 'none'}"
    if case.language or reply.language:
        yield f"in {reply.language or 'en'}"
    if reply.answered:
        yield f"{', '.join(outcome.answered)} ({outcome.first[1]:.2f})"
    elif reply.suggested:
        yield f"offered {', '.join(outcome.offered)} ({outcome.first[1]:.2f})"
    else:
        yield reply.kind.replace("_", " ")
    if case.time_stated:
        yield _days(reply.elapsed_days)


def _days(days: float | None) -> str:
    return "time unknown" if days is None else f"{days:g} day{'' if days == 1 else 's'}"


def _figures_data(figures: Iterable[Figure]) -> dict[str, Any]:
    data: dict[str, dict[str, float]] = {}
    for figure in figures:
        data[figure.name] = {"share": figure.value}
        if rate := figure.rate:
            low, high = rate.interval
            data[figure.name] |= {"count": rate.count, "of": rate.total, "low": low, "high": high}
    return data


def _mistake_data(mistake: Mistake) -> dict[str, Any]:
    outcome = mistake.outcome
    case, reply = outcome.case, outcome.reply
    first, score = outcome.first
    return {
        "figure": mistake.measure,
        "file": shown_path(case.file),
        "line": case.line,
        "question": case.question,
        "right": {
            "entries": case.entries,
            "alert": case.alerts or (NONE,),
            "elapsed_days": case.elapsed_days,
            "language": case.language,
        },
        "given": {
            "kind": reply.kind,
            "answered": outcome.answered,
            "suggested": [entry.id for entry in reply.suggested],
            "first": first,
            "score": score,
            "alert": outcome.alert or NONE,
            "elapsed_days": reply.elapsed_days,
            "language": reply.language,
        },
    }
