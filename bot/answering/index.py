"""The phrasings of a FAQ as sparse vectors, and how like them a question is.

Every text is a vector of word features (terms and pairs of neighbouring terms) and one of
character features (runs of four letters within a word, its ends marked). Both are weighted by
rarity over the entries and scaled to length one, so that likeness is the mean of two cosines.
A feature that no phrasing has counts in the length of the question alone: what is unknown
weighs against every match.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, count, pairwise

import numpy as np
from numpy.typing import NDArray

from bot.answering.lexicon import Term

Floats = NDArray[np.float64]
Feature = str | tuple[str, str]
"""A run of letters with a space before or after it or none, `=` and a term, or two terms."""

_GRAM_LENGTH = 4
_UNKNOWN_PAIR = 0.3
"""A pair of terms that is in no phrasing counts this share of an unknown term."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question is to a FAQ, 0..1.

    `phrasings` has a figure for each phrasing, `entries` the best one of each entry; `off_topic`
    is the likeness to the nearest example of what is out of scope.
    """

    phrasings: Floats
    entries: Floats
    off_topic: float


class PhrasingIndex:
    """An inverted index of all phrasings. Immutable once built.

    A question costs time in proportion to the phrasings that share a feature with it.
    """

    def __init__(self, texts: Sequence[Sequence[Term]], counts: Sequence[int]) -> None:
        """`texts` are the phrasings of each entry in turn, then off-topic examples.

        `counts` says how many phrasings each entry has, one or more; none of them may be empty.
        """
        self.starts = [0, *accumulate(counts)]
        self._size, entries = len(texts), len(counts)
        self._unknown = 1.0 + math.log(1.0 + entries)
        known: defaultdict[Feature, int] = defaultdict(count().__next__)
        found, many = array("i"), array("i")
        ends = [0]
        for features in (kind for terms in texts for kind in _kinds(terms)):
            found.extend(map(known.__getitem__, features))
            many.extend(features.values())
            ends.append(len(found))
        self._numbers = dict(known)
        order = np.argsort(found, kind="stable")
        numbers, times = np.array(found)[order], np.array(many)[order]
        owned = np.repeat(np.arange(len(ends) - 1), np.diff(ends))[order]
        rows = owned // 2
        self._pointers = np.searchsorted(numbers, np.arange(len(self._numbers) + 1))
        owners = np.repeat(np.arange(entries + 1), [*counts, len(texts) - sum(counts)])[rows]
        holders = np.bincount(np.unique(numbers * (entries + 1) + owners) // (entries + 1))
        # The off-topic examples together count as one entry more.
        self._rarity = 1.0 + np.log((1.0 + entries) / (1.0 + np.minimum(holders, entries)))
        values = (1.0 + np.log(times)) * self._rarity[numbers]
        values /= np.sqrt(2.0 * np.bincount(owned, values**2))[owned]
        self._rows, self._values = rows.astype(np.int32), values.astype(np.float32)

    def likeness(self, terms: Sequence[Term]) -> Likeness:
        """Compare a question's terms with every phrasing and off-topic example."""
        scores = np.zeros(self._size)
        for number, value in self._vector(terms):
            own = slice(*self._pointers[number : number + 2])
            scores[self._rows[own]] += value * self._values[own]
        inside, off_topic = scores[: self.starts[-1]], scores[self.starts[-1] :]
        return Likeness(
            inside,
            np.maximum.reduceat(inside, self.starts[:-1]),
            float(off_topic.max(initial=0.0)),
        )

    def rarity(self, name: str) -> float:
        """Return how rare a term is over the entries: 0 (in all) .. 1 (in none)."""
        number = self._numbers.get(f"={name}")
        return 1.0 if number is None else (self._rarity[number] - 1.0) / (self._unknown - 1.0)

    def _vector(self, terms: Sequence[Term]) -> Iterator[tuple[int, float]]:
        """Yield known features and their values: of each kind, of length 1/sqrt(2) or less."""
        for features in _kinds(terms):
            own: dict[int, float] = {}
            square = 0.0
            for feature, times in features.items():
                number = self._numbers.get(feature)
                if number is None:
                    share = 1.0 if isinstance(feature, str) else _UNKNOWN_PAIR
                    square += times * share * self._unknown**2
                else:
                    own[number] = (1.0 + math.log(times)) * self._rarity[number]
                    square += own[number] ** 2
            length = math.sqrt(2.0 * square)
            yield from ((number, value / length) for number, value in own.items())


def _kinds(terms: Sequence[Term]) -> tuple[Counter[Feature], Counter[Feature]]:
    """Return the features of a text: of its words, and of their letters."""
    names = [term.name for term in terms]
    words: Counter[Feature] = Counter(f"={name}" for name in names)
    words.update(pairwise(names))
    return words, Counter(chain.from_iterable(_letter_runs(term.word) for term in terms))


@lru_cache(4096)
def _letter_runs(word: str) -> tuple[str, ...]:
    framed = f" {word} "
    return tuple(
        framed[start : start + _GRAM_LENGTH] for start in range(len(framed) - _GRAM_LENGTH + 1)
    )
