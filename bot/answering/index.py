"""The phrasings of a FAQ as sparse vectors, and how like them a question is.

Every text is a vector of its terms and of its pairs of neighbouring terms, weighted by rarity over
the entries and scaled to length one; likeness is the cosine. A feature that no phrasing has counts
in the length of the question alone: what is unknown weighs against every match. Manning, Raghavan
and Schütze, Introduction to Information Retrieval (2008), chapter 6.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from bot.answering.lexicon import Term

Singles = NDArray[np.float32]
Feature = Hashable

_UNKNOWN_PAIR = 0.3
"""A pair of terms that is in no phrasing counts this share of an unknown term."""


class PhrasingIndex:
    """An inverted index of all phrasings and off-topic examples. Immutable once built.

    A question costs time in proportion to the phrasings that share a term with it.
    """

    def __init__(
        self, entries: Sequence[Sequence[Sequence[Term]]], off_topic: Iterable[Sequence[Term]]
    ) -> None:
        """`entries` has the terms of each phrasing of each, `off_topic` those of examples."""
        counted = [[_counted(terms) for terms in phrasings] for phrasings in entries]
        outside = [_counted(terms) for terms in off_topic]
        self._owned = [frozenset(chain.from_iterable(each)) for each in counted]
        holders = Counter(chain.from_iterable(self._owned))
        holders.update(frozenset(chain.from_iterable(outside)))
        most = len(entries) + 1
        self._rarity = {
            feature: 1.0 + math.log(most / min(times, most)) for feature, times in holders.items()
        }
        self._unknown = 1.0 + math.log(most)
        self._known = frozenset(chain.from_iterable(self._owned))
        self.starts = np.cumsum([0, *map(len, entries)])
        self._rows: dict[Feature, list[int]] = {}
        self._values: dict[Feature, list[float]] = {}
        texts = [*chain.from_iterable(counted), *outside]
        self._size = len(texts)
        for row, counts in enumerate(texts):
            for feature, value in self._scaled(counts, 0.0).items():
                self._rows.setdefault(feature, []).append(row)
                self._values.setdefault(feature, []).append(value)

    def likeness(self, terms: Sequence[Term]) -> tuple[Singles, float]:
        """Return how like a question is to each phrasing, and to the nearest off-topic example.

        Both 0..1: shape (phrasings,), and a number.
        """
        counts = _counted(terms)
        unknown = sum(
            times * (_UNKNOWN_PAIR if isinstance(feature, tuple) else 1.0)
            for feature, times in counts.items()
            if feature not in self._rarity
        )
        found = np.zeros(self._size, np.float32)
        for feature, value in self._scaled(counts, unknown).items():
            found[self._rows[feature]] += value * np.array(self._values[feature], np.float32)
        inside, outside = np.split(found, self.starts[-1:])
        return inside, float(outside.max(initial=0.0))

    def best(self, inside: Singles) -> Singles:
        """Return the likeness of the nearest phrasing of each entry: shape (entries,)."""
        best: Singles = np.maximum.reduceat(inside, self.starts[:-1])
        return best

    def rarity(self, name: str) -> float:
        """Return how rare a term is over the entries: 0 (in all) .. 1 (in none)."""
        return (self._rarity.get(name, self._unknown) - 1.0) / (self._unknown - 1.0)

    def owns(self, entry: int, name: str) -> bool:
        """Whether a phrasing of the entry at this place has the term."""
        return name in self._owned[entry]

    def knows(self, name: str) -> bool:
        """Whether a phrasing of any entry has the term."""
        return name in self._known

    def _scaled(self, counts: Counter[Feature], unknown: float) -> dict[Feature, float]:
        """Return the values of the features that are known, of a vector of length one."""
        values = {
            feature: (1.0 + math.log(times)) * self._rarity[feature]
            for feature, times in counts.items()
            if feature in self._rarity
        }
        square = sum(value * value for value in values.values()) + unknown * self._unknown**2
        length = math.sqrt(square) or 1.0
        return {feature: value / length for feature, value in values.items()}


def _counted(terms: Sequence[Term]) -> Counter[Feature]:
    names = [term.name for term in terms]
    return Counter([*names, *pairwise(names)])
