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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.lexicon import Term

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GRAM_LENGTH = 4
_GRAM = "\t"
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
        ends = np.cumsum(lengths)
        if not ends.size or ends[-1] == 0:
            return np.zeros(self.size)
        places = np.repeat(begins - ends + lengths, lengths) + np.arange(ends[-1])
        weights = self.values[places] * np.repeat(question.values, lengths)
        return np.bincount(self.rows[places], weights, minlength=self.size).astype(np.float64)


class PhrasingIndex:
    """An inverted index of all phrasings. Immutable once built.

    Built in one pass over the phrasings; a question costs time in proportion to the phrasings
    that share a feature with it.
    """

    def __init__(
        self, entries: Sequence[Sequence[Sequence[Term]]], off_topic: Sequence[Sequence[Term]]
    ) -> None:
        """`entries` holds the terms of each phrasing of each entry; none may be empty."""
        self._names: dict[str, int] = {}
        self._grams: dict[str, list[int]] = {}
        texts = [phrasing for phrasings in entries for phrasing in phrasings] + list(off_topic)
        counts = [len(phrasings) for phrasings in entries]
        self.starts: Ints = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        size = int(self.starts[-1])
        owners = np.repeat(np.arange(len(entries) + 1), [*counts, len(off_topic)])

        rows, columns = self._occurrences(texts)
        width = len(self._names)
        self._is_word = np.array([not name.startswith(_GRAM) for name in self._names], np.int64)
        self._rarity = _rarity(owners[rows], columns, width, len(entries))
        self._unknown = 1.0 + math.log(1.0 + len(entries))
        rows, columns, values = self._scaled(rows, columns, len(texts))
        self._phrasings = _Inverted.of(rows, columns, values, len(texts), width)
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
        feature = self._names.get(name)
        if feature is None:
            return 1.0
        return float((self._rarity[feature] - 1.0) / (self._unknown - 1.0))

    def _occurrences(self, texts: Iterable[Sequence[Term]]) -> tuple[Ints, Ints]:
        """Return the text and the feature of every occurrence; names each new feature."""
        columns: list[int] = []
        ends: list[int] = []
        name = self._names.setdefault
        for terms in texts:
            for feature in _word_features(terms):
                columns.append(name(feature, len(self._names)))
            for term in terms:
                grams = self._grams.get(term.word)
                if grams is None:
                    grams = [name(gram, len(self._names)) for gram in _char_features(term.word)]
                    self._grams[term.word] = grams
                columns += grams
            ends.append(len(columns))
        lengths = np.diff(ends, prepend=0)
        return np.repeat(np.arange(len(ends)), lengths), np.array(columns, dtype=np.int64)

    def _scaled(self, rows: Ints, columns: Ints, texts: int) -> tuple[Ints, Ints, Floats]:
        """Return the text, the feature and the value of every feature of every text."""
        keys, times = np.unique(columns * texts + rows, return_counts=True)
        rows, columns = keys % texts, keys // texts
        values = (1.0 + np.log(times)) * self._rarity[columns]
        group = rows * 2 + self._is_word[columns]
        lengths = np.sqrt(np.bincount(group, values**2, minlength=2 * texts))
        return rows, columns, values / (lengths[group] * math.sqrt(2.0))

    def _index_centroids(
        self, owners: Ints, columns: Ints, values: Floats, counts: Sequence[int]
    ) -> None:
        width, entries = len(self._names), len(counts)
        keys, where = np.unique(columns * entries + owners, return_inverse=True)
        columns, owners = keys // entries, keys % entries
        means = np.bincount(where, values) / np.array(counts)[owners]
        self._mean = np.bincount(columns, means, minlength=width) / entries
        squared = np.bincount(
            owners, means**2 - 2 * means * self._mean[columns], minlength=entries
        )
        self._lengths = np.sqrt(np.maximum(squared + self._mean @ self._mean, 1e-12))
        self._centroids = _Inverted.of(owners, columns, means, entries, width)

    def _vector(self, terms: Sequence[Term]) -> _Vector:
        words, unknown_words = self._counted(_word_features(terms))
        chars: dict[int, int] = {}
        unknown_chars = 0
        for term in terms:
            grams = self._grams.get(term.word)
            if grams is None:
                found = [self._names.get(gram) for gram in _char_features(term.word)]
                unknown_chars += found.count(None)
                grams = [gram for gram in found if gram is not None]
            for gram in grams:
                chars[gram] = chars.get(gram, 0) + 1
        features = np.array([*words, *chars], dtype=np.int64)
        times = np.array([*words.values(), *chars.values()], dtype=np.float64)
        values = (1.0 + np.log(times)) * self._rarity[features] if features.size else times
        square = values**2
        split = len(words)
        lengths = np.sqrt(
            [
                square[:split].sum() + unknown_words * self._unknown**2,
                square[split:].sum() + unknown_chars * self._unknown**2,
            ]
        )
        lengths[lengths == 0] = 1.0
        values[:split] /= lengths[0] * math.sqrt(2.0)
        values[split:] /= lengths[1] * math.sqrt(2.0)
        return _Vector(features, values)

    def _counted(self, names: Iterable[str]) -> tuple[dict[int, int], float]:
        known: dict[int, int] = {}
        unknown = 0.0
        for name in names:
            feature = self._names.get(name)
            if feature is None:
                unknown += _UNKNOWN_PAIR if "\n" in name else 1.0
            else:
                known[feature] = known.get(feature, 0) + 1
        return known, unknown


def _word_features(terms: Sequence[Term]) -> list[str]:
    names = [term.name for term in terms]
    return names + [f"{one}\n{two}" for one, two in zip(names, names[1:], strict=False)]


def _char_features(word: str) -> list[str]:
    """Return the letter runs of a word, marked as no term is."""
    framed = f" {word} "
    return [
        _GRAM + framed[start : start + _GRAM_LENGTH]
        for start in range(len(framed) - _GRAM_LENGTH + 1)
    ]


def _rarity(owners: Ints, columns: Ints, width: int, entries: int) -> Floats:
    """Return 1 + log((1 + entries) / (1 + entries with the feature)) for each feature.

    The off-topic examples together count as one entry more.
    """
    pairs = np.unique(columns * (entries + 1) + owners)
    holding = np.bincount(pairs // (entries + 1), minlength=width)
    return np.asarray(1.0 + np.log((1.0 + entries) / (1.0 + np.minimum(holding, entries))))
