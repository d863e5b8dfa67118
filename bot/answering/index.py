"""The phrasings of a FAQ as sparse vectors, and how like them a question is.

Every text is a vector of word features (terms and pairs of neighbouring terms) and one of
character features (runs of four letters within a word, its ends marked). Both are weighted by
rarity over the entries and scaled to length one, so that likeness is the mean of two cosines.
A feature that no phrasing has counts in the length of the question alone: what is unknown
weighs against every match.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.answering.corpus import (
    Corpus,
    Floats,
    Ints,
    Singles,
    SmallInts,
    Tally,
    firsts,
    ranges,
    tallied,
)
from bot.answering.lexicon import Term

_GRAM_LENGTH = 4
_UNKNOWN_PAIR = 0.3
"""A pair of terms that is in no phrasing counts this share of an unknown term."""


@dataclass(frozen=True, slots=True)
class _Vector:
    """Indices of known features and their values; the whole has length one or less."""

    features: Ints
    values: Floats


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question is to a FAQ, 0..1.

    `phrasings` has a figure for each phrasing, `entries` the best one of each entry; `off_topic`
    is the likeness to the nearest example of what is out of scope.
    """

    phrasings: Floats
    entries: Floats
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
        places = ranges(begins, lengths)
        weights = self.values[places] * np.repeat(question.values, lengths)
        return np.asarray(np.bincount(self.rows[places], weights, self.size), np.float64)


class PhrasingIndex:
    """An inverted index of all phrasings. Immutable once built.

    Built in one pass over the phrasings; a question costs time in proportion to the phrasings
    that share a feature with it. Features are numbered: terms first, then pairs, then letter runs.
    """

    def __init__(self, texts: Corpus[Term], counts: Sequence[int]) -> None:
        """`texts` are the phrasings of each entry in turn, then off-topic examples.

        `counts` says how many phrasings each entry has, one or more; none of them may be empty.
        """
        entries, size = len(counts), len(texts)
        self.starts: Ints = np.cumsum([0, *counts])
        owners = np.repeat(np.arange(entries + 1, dtype=np.int32), [*counts, size - sum(counts)])
        rows, columns, times = map(np.concatenate, zip(*self._numbered(texts), strict=True))
        owner = owners[rows]
        begins = firsts(columns, owner)
        self._rarity = _rarity(columns[begins], self._width, entries)
        self._unknown = 1.0 + math.log(1.0 + entries)
        values = self._scaled(rows, columns, times, size)
        self._phrasings = _Inverted.of(rows, columns, values, size, self._width)

    def likeness(self, terms: Sequence[Term]) -> Likeness:
        """Compare a question's terms with every phrasing and off-topic example."""
        question = self._vector(terms)
        phrasings = self._phrasings.scores(question)
        inside, off_topic = np.split(phrasings, self.starts[-1:])
        return Likeness(
            inside,
            np.maximum.reduceat(inside, self.starts[:-1]),
            float(off_topic.max()) if off_topic.size else 0.0,
        )

    def rarity(self, name: str) -> float:
        """Return how rare a term is over the entries: 0 (in all) .. 1 (in none)."""
        feature = self._terms.get(name)
        if feature is None:
            return 1.0
        return float((self._rarity[feature] - 1.0) / (self._unknown - 1.0))

    def _numbered(self, texts: Corpus[Term]) -> Iterator[Tally]:
        """Number the features, and count how often each text has each, the first ones first."""
        names = texts.replaced((term.name,) for term in texts.vocabulary)
        self._terms = {name: number for number, name in enumerate(names.vocabulary)}
        yield names.tally()
        rows = names.rows()
        near = np.flatnonzero(rows[1:] == rows[:-1])
        keys = names.numbers[near].astype(np.int64) * len(self._terms)
        pairs = tallied(keys + names.numbers[near + 1], rows[near], len(texts))
        begins = firsts(pairs.columns)
        self._pairs = pairs.columns[begins]
        numbers = np.arange(len(self._terms), len(self._terms) + begins.size, dtype=np.int32)
        columns = np.repeat(numbers, np.diff(begins, append=pairs.rows.size))
        yield pairs._replace(columns=columns)
        self._words = len(self._terms) + len(self._pairs)
        runs = texts.replaced(_letter_runs(term.word) for term in texts.vocabulary)
        self._runs = {run: number for number, run in enumerate(runs.vocabulary, self._words)}
        self._width = self._words + len(self._runs)
        of_runs = runs.tally()
        yield of_runs._replace(columns=of_runs.columns + self._words)

    def _scaled(
        self, rows: SmallInts, columns: SmallInts, times: SmallInts, texts: int
    ) -> Singles:
        """Return the value of every feature of every text."""
        values: Singles = np.log(times, dtype=np.float32)
        values += 1.0
        values *= self._rarity.astype(np.float32)[columns]
        split = np.searchsorted(columns, self._words)
        for part in (slice(split), slice(split, None)):
            lengths = np.zeros(texts, np.float32)
            np.add.at(lengths, rows[part], values[part] ** 2)
            values[part] /= np.sqrt(lengths * 2.0)[rows[part]]
        return values

    def _vector(self, terms: Sequence[Term]) -> _Vector:
        known = [self._terms.get(term.name) for term in terms]
        pairs = self._pairs_of(known)
        runs = [self._runs.get(run) for term in terms for run in _letter_runs(term.word)]
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


def _counted(features: Iterable[int | None]) -> tuple[list[int], list[int]]:
    """Return each known feature once, and how many times it occurs."""
    counts = Counter(feature for feature in features if feature is not None)
    return list(counts), list(counts.values())


def _letter_runs(word: str) -> list[str]:
    framed = f" {word} "
    return [
        framed[start : start + _GRAM_LENGTH] for start in range(len(framed) - _GRAM_LENGTH + 1)
    ]


def _rarity(columns: SmallInts, width: int, entries: int) -> Floats:
    """Return 1 + log((1 + entries) / (1 + entries with the feature)) for each feature.

    `columns` has a feature once for each entry that has it; the off-topic examples together
    count as one entry more.
    """
    holding = np.bincount(columns, minlength=width)
    return np.asarray(1.0 + np.log((1.0 + entries) / (1.0 + np.minimum(holding, entries))))
