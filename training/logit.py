"""A conditional logit, fitted by maximum likelihood: which of several choices is the right one.

McFadden (1974). A logistic regression is the same with two choices, one of which is all zeros.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from bot.faq.weights import Figure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_STEPS = 60
_CLOSE = 1e-9


def fitted(
    figures: Floats,
    right: Ints,
    share: Floats,
    ridge: Floats,
    missing: Bools | None = None,
) -> Floats:
    """Return the weights: the utility of a choice is the weighted sum of its figures.

    `figures` is of shape (cases, choices, figures), `right` the place of the right choice of
    each case, `share` what a case counts for; `ridge` is what the square of each weight costs,
    for figures that are scaled to one standard deviation. `missing` are choices not offered.
    """
    offered = np.ones(figures.shape[:2], np.bool_) if missing is None else ~missing
    scale = figures[offered].std(axis=0)
    scale[scale < _CLOSE] = 1.0
    scaled = np.where(offered[..., np.newaxis], figures / scale, 0.0)
    rows = np.arange(len(right))
    weights = np.zeros(figures.shape[2])
    before = np.inf
    for _ in range(_STEPS):
        utilities = np.where(offered, scaled @ weights, -np.inf)
        utilities -= utilities.max(axis=1, keepdims=True)
        chances = np.exp(utilities)
        chances /= chances.sum(axis=1, keepdims=True)
        loss = ridge @ weights**2 - share @ np.log(chances[rows, right] + 1e-300)
        expected = np.einsum("nc,ncf->nf", chances, scaled)
        slope = share @ (expected - scaled[rows, right]) + 2 * ridge * weights
        weighed = chances[..., np.newaxis] * share[:, np.newaxis, np.newaxis]
        curvature = np.einsum("ncf,ncg->fg", weighed * scaled, scaled, optimize=True)
        curvature -= (expected * share[:, np.newaxis]).T @ expected
        curvature += np.diag(2 * ridge + _CLOSE)
        if before - loss < _CLOSE * abs(loss):
            break
        before = loss
        weights = weights - np.linalg.solve(curvature, slope)
    return np.asarray(weights / scale)


def logistic(
    names: Collection[str], figures: Floats, right: Bools, share: Floats, ridge: float
) -> tuple[dict[str, Figure], Floats]:
    """Return what each of the named figures counts for, and the log-odds of each case.

    `figures` is of shape (cases, names), the last of them constant; `share` is what a case counts
    for.
    """
    usual = figures.mean(axis=0)
    usual[-1] = 0.0
    costs = np.full(len(names), ridge)
    costs[-1] = 0.0
    choices = np.stack([np.zeros_like(figures), figures - usual], axis=1)
    found = fitted(choices, right.astype(np.int64), share, costs)
    return as_kept(names, found, usual), np.asarray((figures - usual) @ found)


def as_kept(names: Collection[str], weights: Floats, usual: Floats) -> dict[str, Figure]:
    """Return weights and what is usual of each figure by its name, rounded as they are kept."""
    return {
        name: Figure(weight=round(float(weight), 4), usual=round(float(mean), 4))
        for name, weight, mean in zip(names, weights, usual, strict=True)
    }
