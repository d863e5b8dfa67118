"""How much likelier the words of a message are in one that tells of a danger.

A naive Bayes classifier over words and over pairs of words, next to each other or with one between
(skip-grams), learnt from the examples of dangers, of what only sounds like one, and of ordinary
questions. Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), chapter 13;
Guthrie et al., A Closer Look at Skip-gram Modelling (2006).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

_UNSEEN = 0.07
"""Added to each count, so that a word of one kind alone does not decide (Lidstone)."""
_FEATURES_A_WORD = 3
_EDGE = ""


class DangerWords:
    """The words of dangers and of all else. Immutable once built."""

    def __init__(
        self,
        dangers: Iterable[Sequence[str]],
        harmless: Iterable[Sequence[str]],
        ordinary: Iterable[Sequence[str]],
    ) -> None:
        """Each message is its words."""
        self._dangers = _counted(dangers)
        self._harmless = _counted(harmless)
        self._rest = self._harmless + _counted(ordinary)
        counts = (self._dangers, self._harmless, self._rest)
        self._many = _UNSEEN * len(self._dangers.keys() | self._rest.keys())
        self._totals = [
            math.log(sum(each.values()) + self._many) if each else 0.0 for each in counts
        ]

    def odds(self, words: Sequence[str]) -> tuple[float, float]:
        """Return the log-odds of a danger against what sounds like one, and against all else.

        Divided by the root of the number of features: neighbouring ones tell much the same, so
        that evidence does not grow with their number.
        """
        dangers, harmless, rest = self._totals
        against_harmless = against_rest = 0.0
        for feature in _features(words):
            told, other = self._dangers[feature], self._rest[feature]
            if told or other:
                danger = math.log(told + _UNSEEN) - dangers
                against_harmless += danger - math.log(self._harmless[feature] + _UNSEEN) + harmless
                against_rest += danger - math.log(other + _UNSEEN) + rest
        scale = math.sqrt(_FEATURES_A_WORD * max(1, len(words)))
        return against_harmless / scale, against_rest / scale


def _features(words: Sequence[str]) -> list[Hashable]:
    framed = (_EDGE, *words, _EDGE)
    pairs = pairwise(framed)
    skipped = ((a, b, None) for a, b in zip(framed[:-2], framed[2:], strict=True))
    return [*words, *pairs, *skipped]


def _counted(messages: Iterable[Sequence[str]]) -> Counter[Hashable]:
    counts: Counter[Hashable] = Counter()
    for words in messages:
        counts.update(_features(words))
    return counts
