"""How much likelier the words of a message are in one that tells of a danger.

A naive Bayes classifier over words and over pairs of words, next to each other or with one between
(skip-grams), learnt from the examples of dangers, beside all other examples and questions.
Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), chapter 13; Guthrie et
al., A Closer Look at Skip-gram Modelling (2006).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.corpus import Corpus

_UNSEEN = 0.07
"""Added to each count, so that a word of one kind alone does not decide (Lidstone)."""
_FEATURES_A_WORD = 3
_NEXT, _SKIPPED = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Odd numbers that the hash of the first word of a pair is multiplied by (Knuth, vol. 3, 6.4)."""

Hashes = NDArray[np.uint64]


class DangerWords:
    """The words of dangers beside those of all else. Immutable once built."""

    def __init__(self, dangers: Corpus[str], others: Sequence[Corpus[str]]) -> None:
        told, told_times = np.unique(_of(dangers), return_counts=True)
        rest, rest_times = np.unique(np.concatenate(list(map(_of, others))), return_counts=True)
        self._known = np.union1d(told, rest)
        self._odds = np.zeros(len(self._known))
        for sign, keys, times in ((1, told, told_times), (-1, rest, rest_times)):
            counts = np.full(len(self._known), _UNSEEN)
            counts[np.searchsorted(self._known, keys)] += times
            self._odds += sign * np.log(counts / max(1.0, counts.sum()))

    def odds(self, words: Sequence[str]) -> float:
        """Return the log-odds of a danger against all else.

        Divided by the root of the number of features: neighbouring ones tell much the same, so
        that evidence does not grow with their number.
        """
        features = _of(Corpus.of([words]))
        places = np.minimum(np.searchsorted(self._known, features), len(self._known) - 1)
        known = places[self._known[places] == features] if len(self._known) else []
        return float(self._odds[known].sum()) / math.sqrt(_FEATURES_A_WORD * max(1, len(words)))


def _of(texts: Corpus[str]) -> Hashes:
    """Return the hashes of the features of texts: of their words, and of pairs of them."""
    hashes = np.array([0, *(zlib.crc32(word.encode()) for word in texts.vocabulary)], np.uint64)
    edges = np.repeat(texts.starts, 2)[1:-1]
    words = hashes[np.insert(texts.numbers + 1, edges, 0)]
    texts_of = np.insert(texts.rows(), edges, np.repeat(np.arange(len(texts), dtype=np.int32), 2))
    near = texts_of[1:] == texts_of[:-1]
    far = texts_of[2:] == texts_of[:-2]
    return np.concatenate(
        [
            hashes[texts.numbers + 1],
            (words[:-1] * _NEXT + words[1:])[near],
            (words[:-2] * _SKIPPED + words[2:])[far],
        ]
    )
