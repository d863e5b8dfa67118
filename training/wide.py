"""The word pieces that tell of a text by themselves: `bot.answering.wide`, taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from bot.answering.encoder import DANGERS
from bot.answering.wide import BITS, Wide, joined, places
from training.alteration import as_read
from training.held_out import Floats
from training.lines import Line
from training.network import as_numbers

SEED = 0
RIDGE, TIMES = 1e-6, 12
"""The penalty on the square of each weight, and how often each line is read; half or twice as much
makes no difference on held questions."""
SHARES = np.arange(0.0, 1.01, 0.05, dtype=np.float32)
"""The shares that are tried."""
MOST = 127
"""The greatest whole number of 8 bits."""


def wide(lines: Sequence[Line], classes: Sequence[str]) -> Wide:
    """Return the wide part, taught by lines: of several labels the one that is named first."""
    rows = [_places(line.text) for line in lines]
    ends = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([np.full(len(row), len(row) ** -0.5) for row in rows])
    texts = csr_matrix((values, np.concatenate(rows), ends), shape=(len(lines), 2**BITS))
    entries = _classified(texts, [{} if each.several else each.entries for each in lines], classes)
    dangers = _classified(texts, [each.dangers for each in lines], DANGERS)
    table, bias = (np.concatenate(both, axis=-1) for both in zip(entries, dangers, strict=True))
    scales = np.maximum(np.abs(table).max(axis=0), 1e-6) / MOST
    whole = np.round(table / scales).astype(np.int8)
    return Wide(whole, *(each.astype(np.float32) for each in (scales, bias, np.ones_like(bias))))


@cache
def _places(text: str) -> NDArray[np.uint32]:
    """Return where a text's pieces stand: most lines teach several wide parts."""
    return places(as_numbers(as_read(text, marks=True)))


def _classified(
    texts: csr_matrix, labels: Sequence[Mapping[str, float]], classes: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights, a column for each class, and what is added: of one without texts little."""
    known = [row for row, each in enumerate(labels) if each]
    right = [classes.index(next(iter(labels[row]))) for row in known]
    taught = SGDClassifier(
        loss="log_loss", alpha=RIDGE, max_iter=TIMES, tol=None, random_state=SEED
    ).fit(texts[known], right)
    weights, added = taught.coef_, taught.intercept_
    if len(weights) == 1:  # of two classes, what speaks for one speaks against the other
        weights, added = np.vstack([-weights, weights]), np.append(-added, added)
    table = np.zeros((2**BITS, len(classes)))
    bias = np.full(len(classes), added.min())
    table[:, taught.classes_], bias[taught.classes_] = weights.T, added
    return table, bias


def shares(
    deep: Floats, told: Floats, labels: Sequence[Mapping[str, float]], classes: Sequence[str]
) -> Floats:
    """Return how much pieces count beside a network: that with which what serves is likeliest.

    `deep` and `told` are the log-chances of `classes`, of texts that neither was taught.
    """
    serves = np.array([[name in label for name in classes] for label in labels])
    known = serves.any(axis=1)
    worth = [
        np.where(serves, joined(deep, each * told), -np.inf)[known].max(axis=1).mean()
        for each in SHARES
    ]
    return np.full(len(classes), SHARES[int(np.argmax(worth))])
