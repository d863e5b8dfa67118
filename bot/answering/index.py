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

_LEAST_SQUARE = 1e-4
"""Of the length of a centroid: that of a FAQ with one entry is the mean itself, and has none."""
_NO_SHARE = np.zeros(0, np.float32)
_PRIOR = 100.0
"""Words of all texts that an entry is assumed to hold beside its own (Dirichlet smoothing)."""
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
        self._words = _WordChances(entries, outside)
        self.starts = np.cumsum([0, *map(len, entries)])
        self._rows: dict[Feature, list[int]] = {}
        self._values: dict[Feature, list[float]] = {}
        texts = [*chain.from_iterable(counted), *outside]
        self._size = len(texts)
        sums: list[dict[Feature, float]] = [{} for _ in entries]
        owners = [entry for entry, each in enumerate(counted) for _ in each]
        for row, counts in enumerate(texts):
            for feature, value in self._scaled(counts, 0.0).items():
                self._rows.setdefault(feature, []).append(row)
                self._values.setdefault(feature, []).append(value)
                if row < len(owners):
                    summed = sums[owners[row]]
                    summed[feature] = summed.get(feature, 0.0) + value
        self._centre(sums, list(map(len, entries)))

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

    def centroids(self, terms: Sequence[Term]) -> Singles:
        """Return how like a question is to what sets each entry apart: shape (entries,), -1..1."""
        question = self._scaled(_counted(terms), 0.0)
        found = np.zeros(len(self._owned), np.float32)
        for feature, value in question.items():
            found[self._holders.get(feature, [])] += value * self._shares.get(feature, _NO_SHARE)
            found -= value * self._mean.get(feature, 0.0)
        return np.asarray(found / self._lengths, np.float32)

    def own_words(self, terms: Sequence[Term]) -> tuple[Singles, float]:
        """Return how much likelier the words are in each entry, and in all, than elsewhere.

        Logarithms of odds, a word's share: shape (entries,), and a number.
        """
        return self._words.of([term.name for term in terms])

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

    def _centre(self, sums: Sequence[dict[Feature, float]], sizes: Sequence[int]) -> None:
        """Prepare the centroids of entries, as they differ from the mean (Rocchio's method)."""
        entries = len(sums)
        shares: dict[Feature, list[tuple[int, float]]] = {}
        for entry, (summed, size) in enumerate(zip(sums, sizes, strict=True)):
            for feature, value in summed.items():
                shares.setdefault(feature, []).append((entry, value / size))
        self._mean = {f: sum(v for _, v in held) / entries for f, held in shares.items()}
        squares = np.full(entries, sum(mean * mean for mean in self._mean.values()))
        for feature, held in shares.items():
            mean = self._mean[feature]
            for entry, value in held:
                squares[entry] += value * value - 2 * value * mean
        self._lengths = np.sqrt(np.maximum(squares, _LEAST_SQUARE))
        self._holders = {f: [entry for entry, _ in held] for f, held in shares.items()}
        self._shares = {
            f: np.array([v for _, v in held], np.float32) for f, held in shares.items()
        }

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


class _WordChances:
    """How likely each word is in each entry: a language model with Dirichlet smoothing.

    Zhai and Lafferty, A Study of Smoothing Methods for Language Models (2004).
    """

    def __init__(
        self, entries: Sequence[Sequence[Sequence[Term]]], outside: Sequence[Counter[Feature]]
    ) -> None:
        self._sizes = np.zeros(len(entries), np.float32)
        self._counts: dict[str, Counter[int]] = {}
        for entry, phrasings in enumerate(entries):
            for term in chain.from_iterable(phrasings):
                self._sizes[entry] += 1
                self._counts.setdefault(term.name, Counter())[entry] += 1
        off: Counter[str] = Counter()
        for counts in outside:
            off.update({name: times for name, times in counts.items() if isinstance(name, str)})
        self._off = off
        self._inside = float(self._sizes.sum()) or 1.0
        self._outside = float(sum(off.values())) or 1.0
        self._rest = np.log(_PRIOR / (self._sizes + _PRIOR))

    def of(self, names: Sequence[str]) -> tuple[Singles, float]:
        """Return the mean log-odds of words in each entry, and in all, against the rest."""
        entries = np.zeros(len(self._sizes), np.float32)
        everywhere = 0.0
        for name in names:
            counts = self._counts.get(name, Counter())
            times = sum(counts.values())
            share = (times + self._off[name] + 0.5) / (self._inside + self._outside)
            entries += self._rest
            for entry, own in counts.items():
                entries[entry] += math.log1p(own / (_PRIOR * share))
            inside = (times + 0.5) / self._inside
            everywhere += math.log(inside / ((self._off[name] + 0.5) / self._outside))
        many = max(1, len(names))
        return (entries / many).astype(np.float32), everywhere / many
