"""The whole evaluation of an engine on a FAQ: figures, calibration, confusions, mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.evaluation.calibration import Calibration, calibrate
from bot.evaluation.cases import NONE, Case, is_in_scope, is_single
from bot.evaluation.measures import MEASURES, Figure, figures, real_groups
from bot.evaluation.outcomes import Answers, Outcome, Rate, ask
from bot.evaluation.robustness import mistyped
from bot.faq.models import Knowledge

_EXTRA = {
    "min-typos": "in scope, longer words mistyped: right at once",
    "max-typo-loss": "  loss against the same without typos",
    "max-calibration-error": "expected calibration error of the score",
}

LIMITS = (*(measure.limit for measure in MEASURES), *_EXTRA)
"""Names of all limits."""

_GRAVEST_FIRST = (
    "signs", "language-signs", "false-crises", "wrong", "real-wrong", "out-of-scope-answered",
    "real-out-of-scope-answered", "look-alikes", "real-look-alikes", "real-false-alerts",
    "false-alerts", "language-false-alerts", "english-missed", "language-replies", "elapsed",
    "follow-ups", "mixed", "real-right-in-three", "right-in-three", "two-things", "extra",
)  # fmt: skip
"""The figures whose failures are listed as mistakes, by the harm they do."""


class Confusion(NamedTuple):
    """How often questions about `right` were taken for `taken_for`; `none`: out of scope."""

    right: str
    taken_for: str
    questions: int


class Mistake(NamedTuple):
    """A question that was not answered as it should be; `measure` names the figure it is in."""

    measure: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation found.

    `real` are the figures of real questions by group, `calibration` is absent when no question
    has one right entry or none. `confusions` come the most frequent first, `mistakes` the gravest
    first.
    """

    questions: int
    figures: tuple[Figure, ...]
    real: Mapping[str, tuple[Figure, ...]]
    calibration: Calibration | None
    confusions: tuple[Confusion, ...]
    mistakes: tuple[Mistake, ...]


def evaluate(
    knowledge: Knowledge, cases: Sequence[Case], build: Callable[[Knowledge], Answers]
) -> Evaluation:
    """Ask all cases, then the harder questions made from them and from the FAQ itself.

    `build` makes the engine for a FAQ, as the class `Answerer` does.
    """
    answerer = build(knowledge)
    outcomes = ask(answerer, cases)
    calibration = calibrate(outcomes)
    measured = figures(outcomes)
    extra: dict[str, Rate | float] = {}
    if inside := [case for case in cases if is_in_scope(case)]:
        typed = ask(answerer, (replace(case, question=mistyped(case.question)) for case in inside))
        rate = Rate(sum(outcome.right for outcome in typed), len(typed))
        right = next(figure.value for figure in measured if figure.name == "right")
        extra |= {"min-typos": rate, "max-typo-loss": right - rate.share}
    if calibration is not None:
        extra["max-calibration-error"] = calibration.error
    return Evaluation(
        len(cases),
        (*measured, *(_extra(limit, found) for limit, found in extra.items())),
        real_groups(outcomes),
        calibration,
        _confusions(outcomes),
        _mistakes(outcomes),
    )


def _extra(limit: str, found: Rate | float) -> Figure:
    rate = found if isinstance(found, Rate) else None
    return Figure(limit, _EXTRA[limit], found.share if isinstance(found, Rate) else found, rate)


def _confusions(outcomes: Sequence[Outcome]) -> tuple[Confusion, ...]:
    """Count the pairs of right entry and likeliest one; out of scope, what was answered."""
    pairs: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        entries = outcome.case.entries
        if entries == ():
            pairs.update((NONE, answered) for answered in outcome.answered)
        elif entries and is_single(outcome.case):
            first, _ = outcome.first
            if first is not None and first not in entries:
                pairs[entries[0], first] += 1
    return tuple(Confusion(*pair, count) for pair, count in pairs.most_common())


def _mistakes(outcomes: Sequence[Outcome]) -> tuple[Mistake, ...]:
    """List each failed question once, under its gravest figure; a missed sign before all."""
    by_name = {measure.name: measure for measure in MEASURES}
    gravest = (
        (next((name for name in _GRAVEST_FIRST if by_name[name].failed(each)), None), each)
        for each in outcomes
    )
    found = [Mistake(name, outcome) for name, outcome in gravest if name]

    def order(mistake: Mistake) -> tuple[int, bool, float]:
        outcome = mistake.outcome
        gravity = _GRAVEST_FIRST.index(mistake.measure)
        return gravity, outcome.alert is not None, -outcome.first[1]

    return tuple(sorted(found, key=order))
