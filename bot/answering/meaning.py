"""What words mean beyond their letters, and the entries told apart by it.

Each word has a vector; a text is the sum of its words' vectors, scaled to length one, so that
`puffy` is near `swollen` though they share no letter. `vectors.npy` beside this module holds
64 figures for each of some 26,000 English words. They were fitted so that such a sum imitates
what the sentence encoder all-MiniLM-L6-v2 (Apache 2.0) makes of the whole sentence;
`benchmarks/vectors.py` did so, and docs/architecture.md names the sentences.

The entries, and the off-topic examples as one more class, are told apart by a multinomial logit
on these vectors. It is fitted when the FAQ is loaded, by the bound on its curvature that
Boehning (1992) gives, which needs one small matrix inverted once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.answering.corpus import Corpus, Ints
from bot.answering.index import Floats, Singles

FIGURES = 64
_STEPS = 10
_MOST_CHANCES = 5_000_000
"""Chances computed while fitting, at most: of a FAQ with thousands of entries only the first
step is taken, which needs none."""
_SHARPNESS = 6.0
"""The length of a text's vector in the logit: the longer, the surer it may be."""
_RIDGE = 1.0
_FLOOR = 1e-4
_AT_ONCE = 250


@cache
def _table() -> tuple[NDArray[np.bytes_], NDArray[np.void]]:
    """Return the words, sorted, and their rows: `scale` times the whole numbers of `vector`."""
    with files("bot.answering").joinpath("vectors.npy").open("rb") as file:
        rows = np.load(file)
    return np.ascontiguousarray(rows["word"]), rows


def text_vectors(texts: Corpus[str]) -> Singles:
    """Return the vector of each text, given as its words: shape (texts, 64), of length 1 or 0."""
    known, table = _table()
    words = [word.encode("ascii", "replace") for word in texts.vocabulary]
    asked = np.array(words, dtype=known.dtype)
    places = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    rows = table[places]
    scale = np.where(known[places] == asked, rows["scale"], np.float32(0.0))
    vectors = rows["vector"] * scale[:, np.newaxis]
    summed = np.zeros((len(texts), FIGURES), np.float32)
    filled = np.flatnonzero(np.diff(texts.starts))
    for first in range(0, len(filled), _AT_ONCE):
        some = filled[first : first + _AT_ONCE]
        begins, end = texts.starts[some], texts.starts[some[-1] + 1]
        numbers = texts.numbers[begins[0] : end]
        summed[some] = np.add.reduceat(vectors[numbers], begins - begins[0])
    lengths = np.linalg.norm(summed, axis=1, keepdims=True)
    summed /= np.where(lengths > 0, lengths, np.float32(1.0))
    return summed


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
    """Return the weights of a multinomial logit: shape (65, classes).

    `counts` says how many of the vectors belong to each class, in order. A class counts for the
    root of its size, so that a long list of off-topic examples does not drown the entries.
    """
    classes = len(counts)
    texts = np.column_stack([vectors * _SHARPNESS, np.ones(len(vectors), np.float32)])
    share = np.repeat(1 / np.sqrt(counts), counts).astype(np.float32)
    share *= len(share) / share.sum()
    shared = texts * share[:, np.newaxis]
    starts = np.cumsum([0, *counts[:-1]])
    own = np.add.reduceat(shared, starts).T
    curvature = texts.T @ shared / 2 + _RIDGE * np.eye(texts.shape[1], dtype=np.float32)
    step = np.linalg.inv(curvature)
    weights = step @ (own - shared.sum(axis=0)[:, np.newaxis] / classes)
    before = np.zeros_like(weights)
    steps = min(_STEPS, _MOST_CHANCES // (len(texts) * classes))
    for number in range(1, steps):
        ahead = weights + number / (number + 3) * (weights - before)
        chances = texts @ ahead
        chances -= chances.max(axis=1, keepdims=True)
        np.exp(chances, out=chances)
        chances /= chances.sum(axis=1, keepdims=True)
        weights, before = ahead + step @ (own - shared.T @ chances - _RIDGE * ahead), weights
    return np.asarray(weights, np.float32)
