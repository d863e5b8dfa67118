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
SmallInts = NDArray[np.int32]
Singles = NDArray[np.float32]

_GRAM_LENGTH = 4
_WORD = attrgetter("word")
_LEAST_SQUARE = 1e-4
"""Of the length of a centroid: that of a FAQ with one entry is the mean itself, and has none."""
_LARGEST = np.iinfo(np.int32).max
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
    rows: SmallInts
    values: Singles
    size: int

    @classmethod
    def of(
        cls, rows: SmallInts, columns: SmallInts, values: Singles | Floats, size: int, width: int
    ) -> _Inverted:
        """Build from triples that are sorted by column."""
        pointers = np.concatenate(([0], np.cumsum(np.bincount(columns, minlength=width))))
        return cls(pointers, rows, values.astype(np.float32, copy=False), size)

    def scores(self, question: _Vector) -> Floats:
        """Return the dot product of a question with each row: shape (`size`,)."""
        begins = self.pointers[question.features]
        lengths = self.pointers[question.features + 1] - begins
        places = _ranges(begins, lengths)
        weights = self.values[places] * np.repeat(question.values, lengths)
        return np.asarray(np.bincount(self.rows[places], weights, self.size), np.float64)


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
        owners = np.repeat(np.arange(len(entries) + 1), [*counts, len(off_topic)]).astype(np.int32)

        self._terms: dict[str, int] = {}
        self._runs: dict[str, int] = {}
        self._spelt: dict[str, list[int]] = {}
        rows, columns, times = _tallied(self._occurrences(texts), len(texts))
        self._words = len(self._terms) + len(self._pairs)
        self._width = self._words + len(self._runs)
        firsts = _firsts(columns, owners[rows])
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

    def _occurrences(self, texts: Sequence[Sequence[Term]]) -> Ints | SmallInts:
        """Return a number for every occurrence: its feature times the texts, plus its text.

        Numbers the features.
        """
        flat = list(chain.from_iterable(texts))
        written = list(map(_WORD, flat))
        words = dict(zip(written, flat, strict=True))
        places = dict(zip(words, range(len(words)), strict=True))
        at = np.fromiter(map(places.__getitem__, written), np.int32, len(written))
        rows = np.repeat(np.arange(len(texts)), [len(terms) for terms in texts])

        number = self._terms.setdefault
        terms = np.array([number(t.name, len(self._terms)) for t in words.values()])[at]
        near = rows[1:] == rows[:-1]
        self._pairs, pairs = np.unique(
            terms[:-1][near] * len(self._terms) + terms[1:][near], return_inverse=True
        )
        first = len(self._terms) + len(self._pairs)
        number = self._runs.setdefault
        self._spelt = {
            word: [number(run, first + len(self._runs)) for run in _letter_runs(word)]
            for word in words
        }
        size = len(texts)
        fits = (first + len(self._runs)) * size < _LARGEST
        kind = np.int32 if fits else np.int64
        runs = np.fromiter(chain.from_iterable(self._spelt.values()), kind) * size
        counts = np.array([len(each) for each in self._spelt.values()])
        keys = runs[_ranges((np.cumsum(counts) - counts)[at], counts[at])]
        keys = keys + np.repeat(rows.astype(kind), counts[at])
        return np.concatenate(
            (
                (terms * size + rows).astype(kind),
                ((pairs + len(self._terms)) * size + rows[1:][near]).astype(kind),
                keys,
            )
        )

    def _scaled(
        self, rows: SmallInts, columns: SmallInts, times: SmallInts, texts: int
    ) -> Singles:
        """Return the value of every feature of every text."""
        values = (1.0 + np.log(times.astype(np.float32))) * self._rarity[columns].astype(
            np.float32
        )
        group = rows * 2 + (columns < self._words)
        lengths = np.sqrt(np.bincount(group, values**2, minlength=2 * texts))
        return np.asarray(values / (lengths * math.sqrt(2.0)).astype(np.float32)[group])

    def _index_centroids(
        self, owners: SmallInts, columns: SmallInts, values: Singles, counts: Sequence[int]
    ) -> None:
        width, entries = self._width, len(counts)
        firsts = _firsts(columns, owners)
        columns, owners = columns[firsts], owners[firsts]
        means = np.add.reduceat(values, firsts).astype(np.float64) / np.array(counts)[owners]
        self._mean = np.bincount(columns, means, minlength=width) / entries
        squared = np.bincount(
            owners, means**2 - 2 * means * self._mean[columns], minlength=entries
        )
        self._lengths = np.sqrt(np.maximum(squared + self._mean @ self._mean, _LEAST_SQUARE))
        self._centroids = _Inverted.of(owners, columns, means, entries, width)

    def _vector(self, terms: Sequence[Term]) -> _Vector:
        known = [self._terms.get(term.name) for term in terms]
        pairs = self._pairs_of(known)
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

    def _pairs_of(self, terms: Sequence[int | None]) -> list[int | None]:
        """Return the features of neighbouring terms, None for a pair that no phrasing has."""
        keys = np.array(
            [
                -1 if one is None or two is None else one * len(self._terms) + two
                for one, two in pairwise(terms)
            ],
            np.int64,
        )
        if not self._pairs.size:
            return [None] * len(keys)
        places = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
        return [
            place + len(self._terms) if there else None
            for place, there in zip(
                places.tolist(), (self._pairs[places] == keys).tolist(), strict=True
            )
        ]

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


def _ranges(begins: Ints, lengths: Ints) -> Ints | SmallInts:
    """Return the indices of one range after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if ends.size else 0
    shift = begins - ends + lengths
    if total < _LARGEST:
        shift = shift.astype(np.int32)
    return np.repeat(shift, lengths) + np.arange(total, dtype=shift.dtype)


def _firsts(*keys: Ints | SmallInts) -> Ints:
    """Return where each run of places begins at which none of the keys changes."""
    changes = [np.diff(key, prepend=key.dtype.type(-1)) != 0 for key in keys]
    return np.flatnonzero(np.logical_or.reduce(changes))


def _tallied(keys: Ints | SmallInts, texts: int) -> tuple[SmallInts, SmallInts, SmallInts]:
    """Return text and feature of each different occurrence, by feature, and how often it is."""
    keys.sort()
    firsts = _firsts(keys)
    times = np.diff(firsts, append=keys.size).astype(np.int32)
    columns, rows = np.divmod(keys[firsts], keys.dtype.type(texts))
    return rows.astype(np.int32, copy=False), columns.astype(np.int32, copy=False), times


def _rarity(columns: SmallInts, width: int, entries: int) -> Floats:
    """Return 1 + log((1 + entries) / (1 + entries with the feature)) for each feature.

    `columns` has a feature once for each entry that has it; the off-topic examples together
    count as one entry more.
    """
    holding = np.bincount(columns, minlength=width)
    return np.asarray(1.0 + np.log((1.0 + entries) / (1.0 + np.minimum(holding, entries))))
