"""Whether a score means what it says: of all scores near 0.9, are nine in ten right?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.evaluation.cases import is_single
from bot.evaluation.outcomes import Outcome

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose best score lies in `low` .. `high`.

    `mean_score` and `share_right` are 0..1, and 0 in an empty bin.
    """

    low: float
    high: float
    questions: int
    mean_score: float
    share_right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins of equal width, and the expected calibration error, 0 (best) .. 1."""

    bins: tuple[Bin, ...]
    error: float


def calibrate(outcomes: Iterable[Outcome]) -> Calibration | None:
    """Compare best scores with how often that entry was right; out of scope it never is.

    The expected calibration error is the mean distance between score and share right, weighted
    by the questions of each bin (Naeini, Cooper and Hauskrecht, AAAI 2015). Only questions
    with one right entry or none, and without a conversation before them, are taken; `None`
    when there are no such questions.
    """
    pairs: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for outcome in outcomes:
        if is_single(outcome.case):
            entry, score = outcome.first
            right = entry is not None and entry in (outcome.case.entries or ())
            pairs[min(int(score * BINS), BINS - 1)].append((score, right))
    total = sum(map(len, pairs))
    if not total:
        return None
    bins = []
    for number, inside in enumerate(pairs):
        mean, share = (
            (sum(each) / len(inside) for each in zip(*inside, strict=True))
            if inside
            else (0.0, 0.0)
        )
        bins.append(Bin(number / BINS, (number + 1) / BINS, len(inside), mean, share))
    error = sum(abs(each.mean_score - each.share_right) * each.questions for each in bins) / total
    return Calibration(tuple(bins), error)
