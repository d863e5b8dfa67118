"""The word pieces that tell of entries by themselves: `bot.answering.wide`, taught."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from bot.answering.wide import BITS, Wide, joined, places
from training.alteration import as_read
from training.lines import Line
from training.network import as_numbers

SEED = 0
RIDGE, TIMES = 1e-6, 12
"""The penalty on the square of each weight, and how often each line is read; half or twice as much
makes no difference on held questions."""
SHARES = np.arange(0.0, 1.01, 0.05, dtype=np.float32)
MOST = 127

Floats = NDArray[np.float32]


def wide(lines: Sequence[Line], classes: Sequence[str]) -> Wide:
    """Return the wide part, taught the lines of which an entry is known: that named first."""
    own = [line for line in lines if line.entries and not line.several]
    rows = [places(as_numbers(as_read(line.text, marks=True))) for line in own]
    ends = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([np.full(len(row), len(row) ** -0.5) for row in rows])
    texts = csr_matrix((values, np.concatenate(rows), ends), shape=(len(own), 2**BITS))
    right = [classes.index(next(iter(line.entries))) for line in own]
    taught = SGDClassifier(
        loss="log_loss", alpha=RIDGE, max_iter=TIMES, tol=None, random_state=SEED
    ).fit(texts, right)
    table = np.zeros((2**BITS, len(classes)))
    bias = np.full(len(classes), taught.intercept_.min())
    table[:, taught.classes_], bias[taught.classes_] = taught.coef_.T, taught.intercept_
    scales = np.maximum(np.abs(table).max(axis=0), 1e-6) / MOST
    whole = np.round(table / scales).astype(np.int8)
    one = np.ones(1, np.float32)
    return Wide(whole, scales.astype(np.float32), bias.astype(np.float32), one)


def share(deep: Floats, told: Floats, lines: Sequence[Line], classes: Sequence[str]) -> Floats:
    """Return how much pieces count beside a network: that with which the likelihood is greatest.

    `deep` and `told` are the log-chances of questions that neither was taught.
    """
    serves = np.array([[name in line.entries for name in classes] for line in lines])
    known = serves.any(axis=1)
    worth = [
        np.where(serves, joined(deep, each * told), -np.inf)[known].max(axis=1).mean()
        for each in SHARES
    ]
    return SHARES[[int(np.argmax(worth))]]
