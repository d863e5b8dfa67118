"""Whether a score means what it says: of all scores near 0.9, are nine in ten right?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from bot.evaluation.cases import is_single
from bot.evaluation.outcomes import Outcome

BINS = 10


class Bin(NamedTuple):
    """The questions whose best score lies in `low` .. `high`; the shares, 0..1, are 0 in none."""

    low: float
    high: float
    questions: int
    mean_score: float
    share_right: float


def calibrate(outcomes: Iterable[Outcome]) -> tuple[Bin, ...]:
    """Compare best scores with how often that entry was right; out of scope it never is.

    Only questions with one right entry or none, and without a conversation before them, are
    taken; without any of these there are no bins.
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
    """The expected calibration error, 0 (best) .. 1.

    It is the mean distance between score and share right, weighted by the questions of each bin
    (Naeini, Cooper and Hauskrecht, AAAI 2015).
    """
    off = sum(abs(each.mean_score - each.share_right) * each.questions for each in bins)
    return off / sum(each.questions for each in bins)
