"""The whole evaluation of an engine on a FAQ: figures, confusions, mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple

from bot.evaluation.cases import NONE, Case, is_in_scope, is_single
from bot.evaluation.measures import MEASURES, Figure, figures, real_groups
from bot.evaluation.outcomes import Answer, Outcome, Rate, ask
from bot.evaluation.robustness import mistyped

_BINS = 10
LIMITS = (
    *(measure.limit for measure in MEASURES),
    "min-typos", "max-typo-loss", "max-calibration-error",
)  # fmt: skip
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
    """What was found; `confusions` the most frequent first, `mistakes` the gravest."""

    questions: int
    figures: tuple[Figure, ...]
    real: Mapping[str, tuple[Figure, ...]]
    confusions: tuple[Confusion, ...]
    mistakes: tuple[Mistake, ...]


def evaluate(cases: Sequence[Case], answer: Answer) -> Evaluation:
    """Ask all cases, then those in scope once more with typos."""
    outcomes = ask(answer, cases)
    found = [*figures(outcomes)]
    inside = [each for each in outcomes if is_in_scope(each.case)]
    if inside:
        typed = [replace(each.case, question=mistyped(each.case.question)) for each in inside]
        rate = Rate(sum(each.right for each in ask(answer, typed)), len(typed))
        loss = sum(each.right for each in inside) / len(inside) - rate.share
        label = "in scope, longer words mistyped: right at once"
        found.append(Figure("min-typos", label, rate.share, rate))
        found.append(Figure("max-typo-loss", "  loss against the same without typos", loss))
    single = [each for each in outcomes if is_single(each.case)]
    if single:
        label = "expected calibration error of the score"
        found.append(Figure("max-calibration-error", label, calibration_error(single)))
    real, confusions = real_groups(outcomes), _confusions(outcomes)
    return Evaluation(len(cases), tuple(found), real, confusions, _mistakes(outcomes))


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """The expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015), 0 (best) .. 1.

    It is the mean distance between the best scores of ten bins and how often that entry was right
    (out of scope it never is), weighted by the questions of each bin.
    """
    off = [0.0] * _BINS
    for outcome in outcomes:
        entry, score = outcome.first
        off[min(int(score * _BINS), _BINS - 1)] += score - (entry in (outcome.case.entries or ()))
    return sum(map(abs, off)) / len(outcomes)


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
    measures = {measure.name: measure for measure in MEASURES}
    found = []
    for outcome in outcomes:
        for gravity, name in enumerate(_GRAVEST_FIRST):
            if measures[name].failed(outcome):
                order = gravity, outcome.alert is not None, -outcome.first[1]
                found.append((order, Mistake(name, outcome)))
                break
    return tuple(mistake for _, mistake in sorted(found, key=itemgetter(0)))
