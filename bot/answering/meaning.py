"""The entries told apart by what texts mean.

The entries, and the off-topic examples as one more class, are told apart by a multinomial logit
on the vectors of their texts. It is fitted when the FAQ is loaded, by the bound on its curvature
that Boehning (1992) gives, which needs one small matrix inverted once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.answering.corpus import Corpus, Floats, Ints, Singles
from bot.answering.vectors import text_vectors

_STEPS = 20
_MOST_CHANCES = 6_000_000
"""Chances computed while fitting, at most: of a FAQ with thousands of entries only the first
step is taken, which needs none."""
_SHARPNESS = 6.0
"""The length of a text's vector in the logit: the longer, the surer it may be."""
_RIDGE = 1.0
_FLOOR = 1e-4
_AT_ONCE = 1000


class Meaning:
    """The entries of one FAQ as they differ in meaning. Immutable once built."""

    def __init__(self, texts: Corpus[str], counts: Sequence[int]) -> None:
        """`texts` are the phrasings of each entry in turn, then off-topic examples.

        `counts` says how many phrasings each entry has, one or more.
        """
        self._starts: Ints = np.cumsum([0, *counts])
        off_topic = len(texts) - int(self._starts[-1])
        self._off_topic = off_topic > 0
        vectors = text_vectors(texts)
        self._phrasings = vectors[: self._starts[-1]].astype(np.float16)
        self._weights = _fitted(vectors, [*counts, *([off_topic] if off_topic else [])])

    def chances(self, vector: Singles) -> tuple[Floats, float]:
        """Return the log-chance of each entry for a text's vector, and of what is off topic.

        The latter is 0 where the FAQ has no off-topic examples. No log-chance is under log(1e-4).
        """
        logits = np.append(vector * _SHARPNESS, 1.0) @ self._weights
        chances = np.exp(logits - logits.max())
        logs = np.log(chances / chances.sum() + _FLOOR)
        return (logs[:-1], float(logs[-1])) if self._off_topic else (logs, 0.0)

    def nearest(self, vector: Singles, entry: int) -> float:
        """Return the likeness, -1..1, of the phrasing of an entry that is nearest in meaning."""
        own = self._phrasings[self._starts[entry] : self._starts[entry + 1]]
        return float((own.astype(np.float32) @ vector).max())


def _fitted(vectors: Singles, counts: Sequence[int]) -> Singles:
    """Return the weights of a multinomial logit: shape (figures + 1, classes).

    `counts` says how many of the vectors belong to each class, in order. A class counts for the
    root of its size, so that a long list of off-topic examples does not drown the entries.
    """
    classes = len(counts)
    texts = np.ones((len(vectors), vectors.shape[1] + 1), np.float32)
    np.multiply(vectors, _SHARPNESS, out=texts[:, :-1])
    share = np.repeat(1 / np.sqrt(counts), counts).astype(np.float32)[:, np.newaxis]
    share *= len(share) / share.sum()
    starts = np.cumsum([0, *counts[:-1]])
    own = np.add.reduceat(texts, starts).T * share[starts, 0]
    curvature = _RIDGE * np.eye(texts.shape[1], dtype=np.float32)
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        curvature += some.T @ (some * share[start : start + _AT_ONCE]) / 2
    step = np.linalg.inv(curvature)
    weights = step @ (own - own.sum(axis=1, keepdims=True) / classes)
    before = np.zeros_like(weights)
    steps = min(_STEPS, _MOST_CHANCES // (len(texts) * classes))
    for number in range(1, steps):
        ahead = weights + number / (number + 3) * (weights - before)
        chances = texts @ ahead
        chances -= chances.max(axis=1, keepdims=True)
        np.exp(chances, out=chances)
        chances *= share / chances.sum(axis=1, keepdims=True)
        weights, before = ahead + step @ (own - texts.T @ chances - _RIDGE * ahead), weights
    return np.asarray(weights, np.float32)
