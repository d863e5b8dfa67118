"""The phrasings of a FAQ as sparse vectors, and how like them a question is.

Every text is a vector of word features (terms and pairs of neighbouring terms) and one of
character features (runs of four letters within a word, its ends marked). Both are weighted by
rarity over the entries and scaled to length one, so that likeness is the mean of two cosines.
A feature that no phrasing has counts in the length of the question alone: what is unknown
weighs against every match.

A question is compared in two ways. The nearest phrasings find a wording that is there; the
centroid of an entry, taken relative to the mean of all centroids (Rocchio's method), weighs
what sets the entry apart from the others.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from bot.answering.lexicon import Term

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GRAM_LENGTH = 4
_WORD = attrgetter("word")
_UNKNOWN_PAIR = 0.3
"""A pair of terms that is in no phrasing counts this share of an unknown term."""


@dataclass(frozen=True, slots=True)
class _Vector:
    """Indices of known features and their values; the whole has length one or less."""

    features: Ints
    values: Floats


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question is to a FAQ; all figures 0..1 but `centroids`, which is -1..1.

    `phrasings` has a figure for each phrasing, `entries` the best one of each entry,
    `centroids` that of each entry's centroid; `off_topic` is the likeness to the nearest
    example of what is out of scope.
    """

    phrasings: Floats
    entries: Floats
    centroids: Floats
    off_topic: float


@dataclass(frozen=True, slots=True)
class _Inverted:
    """The rows that have each feature, and their values: `pointers` says where each begins."""

    pointers: Ints
    rows: NDArray[np.int32]
    values: NDArray[np.float32]
    size: int

    @classmethod
    def of(cls, rows: Ints, columns: Ints, values: Floats, size: int, width: int) -> _Inverted:
        """Build from triples that are sorted by column."""
        pointers = np.searchsorted(columns, np.arange(width + 1)).astype(np.int64)
        return cls(pointers, rows.astype(np.int32), values.astype(np.float32), size)

    def scores(self, question: _Vector) -> Floats:
        """Return the dot product of a question with each row: shape (`size`,)."""
        begins = self.pointers[question.features]
        lengths = self.pointers[question.features + 1] - begins
        places = _ranges(begins, lengths)
        weights = self.values[places] * np.repeat(question.values, lengths)
        return np.bincount(self.rows[places], weights, minlength=self.size).astype(np.float64)


class PhrasingIndex:
    """An inverted index of all phrasings. Immutable once built.

    Built in one pass over the phrasings; a question costs time in proportion to the phrasings
    that share a feature with it. Features are numbered: terms first, then pairs, then letter runs.
    """

    def __init__(
        self, entries: Sequence[Sequence[Sequence[Term]]], off_topic: Sequence[Sequence[Term]]
    ) -> None:
        """`entries` holds the terms of each phrasing of each entry; none may be empty."""
        texts = [phrasing for phrasings in entries for phrasing in phrasings] + list(off_topic)
        counts = [len(phrasings) for phrasings in entries]
        self.starts: Ints = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        size = int(self.starts[-1])
        owners = np.repeat(np.arange(len(entries) + 1), [*counts, len(off_topic)])

        self._terms: dict[str, int] = {}
        self._pairs: dict[int, int] = {}
        self._runs: dict[str, int] = {}
        self._spelt: dict[str, list[int]] = {}
        rows, columns = self._occurrences(texts)
        self._words = len(self._terms) + len(self._pairs)
        self._width = self._words + len(self._runs)
        rows, columns, times = _tallied(rows, columns, len(texts))
        firsts = _firsts(columns * (len(entries) + 1) + owners[rows])
        self._rarity = _rarity(columns[firsts], self._width, len(entries))
        self._unknown = 1.0 + math.log(1.0 + len(entries))
        values = self._scaled(rows, columns, times, len(texts))
        self._phrasings = _Inverted.of(rows, columns, values, len(texts), self._width)
        inside = rows < size
        self._index_centroids(owners[rows[inside]], columns[inside], values[inside], counts)

    def likeness(self, terms: Sequence[Term]) -> Likeness:
        """Compare a question's terms with every phrasing, centroid and off-topic example."""
        question = self._vector(terms)
        phrasings = self._phrasings.scores(question)
        inside, off_topic = np.split(phrasings, self.starts[-1:])
        mean = float(self._mean[question.features] @ question.values)
        return Likeness(
            inside,
            np.maximum.reduceat(inside, self.starts[:-1]),
            (self._centroids.scores(question) - mean) / self._lengths,
            float(off_topic.max()) if off_topic.size else 0.0,
        )

    def rarity(self, name: str) -> float:
        """Return how rare a term is over the entries: 0 (in all) .. 1 (in none)."""
        feature = self._terms.get(name)
        if feature is None:
            return 1.0
        return float((self._rarity[feature] - 1.0) / (self._unknown - 1.0))

    def _occurrences(self, texts: Sequence[Sequence[Term]]) -> tuple[Ints, Ints]:
        """Return the text and the feature of every occurrence; numbers the features."""
        flat = list(chain.from_iterable(texts))
        written = list(map(_WORD, flat))
        words = dict(zip(written, flat, strict=True))
        places = dict(zip(words, range(len(words)), strict=True))
        at = np.array(list(map(places.__getitem__, written)), dtype=np.int64)
        rows = np.repeat(np.arange(len(texts)), [len(terms) for terms in texts])

        number = self._terms.setdefault
        terms = np.array([number(t.name, len(self._terms)) for t in words.values()])[at]
        near = rows[1:] == rows[:-1]
        keys, pairs = np.unique(
            terms[:-1][near] * len(self._terms) + terms[1:][near], return_inverse=True
        )
        first = len(self._terms)
        self._pairs = dict(zip(keys.tolist(), range(first, first + keys.size), strict=True))

        first += keys.size
        number = self._runs.setdefault
        self._spelt = {
            word: [number(run, first + len(self._runs)) for run in _letter_runs(word)]
            for word in words
        }
        runs = np.array(list(chain.from_iterable(self._spelt.values())))
        counts = np.array([len(each) for each in self._spelt.values()])
        spelt = runs[_ranges((np.cumsum(counts) - counts)[at], counts[at])]
        return (
            np.concatenate((rows, rows[1:][near], np.repeat(rows, counts[at]))),
            np.concatenate((terms, pairs + len(self._terms), spelt)),
        )

    def _scaled(self, rows: Ints, columns: Ints, times: Ints, texts: int) -> Floats:
        """Return the value of every feature of every text."""
        values = (1.0 + np.log(times)) * self._rarity[columns]
        group = rows * 2 + (columns < self._words)
        lengths = np.sqrt(np.bincount(group, values**2, minlength=2 * texts))
        return np.asarray(values / (lengths[group] * math.sqrt(2.0)))

    def _index_centroids(
        self, owners: Ints, columns: Ints, values: Floats, counts: Sequence[int]
    ) -> None:
        width, entries = self._width, len(counts)
        firsts = _firsts(columns * entries + owners)
        columns, owners = columns[firsts], owners[firsts]
        means = np.add.reduceat(values, firsts) / np.array(counts)[owners]
        self._mean = np.bincount(columns, means, minlength=width) / entries
        squared = np.bincount(
            owners, means**2 - 2 * means * self._mean[columns], minlength=entries
        )
        self._lengths = np.sqrt(np.maximum(squared + self._mean @ self._mean, 1e-12))
        self._centroids = _Inverted.of(owners, columns, means, entries, width)

    def _vector(self, terms: Sequence[Term]) -> _Vector:
        known = [self._terms.get(term.name) for term in terms]
        pairs = [
            None if one is None or two is None else self._pairs.get(one * len(self._terms) + two)
            for one, two in pairwise(known)
        ]
        runs = [run for term in terms for run in self._runs_of(term.word)]
        words, word_times = _counted([*known, *pairs])
        grams, gram_times = _counted(runs)
        features = np.array([*words, *grams], dtype=np.int64)
        times = np.array([*word_times, *gram_times], dtype=np.float64)
        values = (1.0 + np.log(times)) * self._rarity[features] if features.size else times
        square = values**2
        split = len(words)
        unknown_words = known.count(None) + _UNKNOWN_PAIR * pairs.count(None)
        lengths = np.sqrt(
            [
                square[:split].sum() + unknown_words * self._unknown**2,
                square[split:].sum() + runs.count(None) * self._unknown**2,
            ]
        )
        lengths[lengths == 0] = 1.0
        values[:split] /= lengths[0] * math.sqrt(2.0)
        values[split:] /= lengths[1] * math.sqrt(2.0)
        return _Vector(features, values)

    def _runs_of(self, word: str) -> Sequence[int | None]:
        spelt = self._spelt.get(word)
        return spelt if spelt is not None else [self._runs.get(run) for run in _letter_runs(word)]


def _counted(features: Iterable[int | None]) -> tuple[list[int], list[int]]:
    """Return each known feature once, and how many times it occurs."""
    counts = Counter(feature for feature in features if feature is not None)
    return list(counts), list(counts.values())


def _letter_runs(word: str) -> list[str]:
    framed = f" {word} "
    return [
        framed[start : start + _GRAM_LENGTH] for start in range(len(framed) - _GRAM_LENGTH + 1)
    ]


def _ranges(begins: Ints, lengths: Ints) -> Ints:
    """Return the indices of one range after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if ends.size else 0
    return np.repeat(begins - ends + lengths, lengths) + np.arange(total)


def _firsts(keys: Ints) -> Ints:
    """Return where each run of equal keys begins."""
    return np.flatnonzero(np.diff(keys, prepend=-1))


def _tallied(rows: Ints, columns: Ints, texts: int) -> tuple[Ints, Ints, Ints]:
    """Return each pair of a column and a row once, in that order, and how often it occurs."""
    keys = np.sort(columns * texts + rows)
    firsts = _firsts(keys)
    columns, rows = np.divmod(keys[firsts], texts)
    return rows, columns, np.diff(firsts, append=keys.size)


def _rarity(columns: Ints, width: int, entries: int) -> Floats:
    """Return 1 + log((1 + entries) / (1 + entries with the feature)) for each feature.

    `columns` has a feature once for each entry that has it; the off-topic examples together
    count as one entry more.
    """
    holding = np.bincount(columns, minlength=width)
    return np.asarray(1.0 + np.log((1.0 + entries) / (1.0 + np.minimum(holding, entries))))
