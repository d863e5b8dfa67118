"""The whole evaluation of an engine on a FAQ: figures, calibration, confusions, mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from statistics import fmean
from typing import NamedTuple

from bot.evaluation.cases import NONE, Case, is_in_scope, is_single
from bot.evaluation.measures import MEASURES, Figure, figures, real_groups
from bot.evaluation.outcomes import Answer, Outcome, Rate, ask
from bot.evaluation.robustness import mistyped

BINS = 10
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


class Bin(NamedTuple):
    """The questions whose best score lies in `low` .. `high`; the shares, 0..1, are 0 in none."""

    low: float
    high: float
    questions: int
    mean_score: float
    share_right: float


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
    calibration: tuple[Bin, ...]
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
    bins = calibrate(outcomes)
    if bins:
        label = "expected calibration error of the score"
        found.append(Figure("max-calibration-error", label, calibration_error(bins)))
    return Evaluation(
        len(cases),
        tuple(found),
        real_groups(outcomes),
        bins,
        _confusions(outcomes),
        _mistakes(outcomes),
    )


def calibrate(outcomes: Iterable[Outcome]) -> tuple[Bin, ...]:
    """Compare best scores with how often that entry was right; out of scope it never is.

    There are no bins where no question has one right entry or none, and nothing said before.
    """
    pairs: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for outcome in outcomes:
        if is_single(outcome.case):
            entry, score = outcome.first
            right = entry in (outcome.case.entries or ())
            pairs[min(int(score * BINS), BINS - 1)].append((score, right))
    bins = []
    for number, inside in enumerate(pairs):
        scores, rights = zip(*inside, strict=True) if inside else ((0.0,), (False,))
        low, high = number / BINS, (number + 1) / BINS
        bins.append(Bin(low, high, len(inside), fmean(scores), fmean(rights)))
    return tuple(bins) if any(pairs) else ()


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015), 0 (best) .. 1.

    It is the mean distance between score and share right, weighted by the questions of each bin.
    """
    off = sum(abs(each.mean_score - each.share_right) * each.questions for each in bins)
    return off / sum(each.questions for each in bins)


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
