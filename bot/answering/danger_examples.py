"""How much more like a sign of danger than like anything else a message reads.

Learnt from the examples of dangers when the bot starts, in two ways. A multinomial naive
Bayes classifier weighs the words of a message, and pairs of words that stand close together
(skip-grams), against two other kinds of message: look-alikes, and ordinary questions. And the
example that is nearest in meaning is looked for, among the signs and among the look-alikes.
Naive Bayes: Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008),
chapter 13. Skip-grams: Guthrie et al., A Closer Look at Skip-gram Modelling (2006).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from Stemmer import Stemmer

from bot.answering.corpus import (
    LARGEST,
    Corpus,
    Floats,
    Ints,
    Singles,
    SmallInts,
    firsts,
    read,
    tallied,
)
from bot.answering.reading import Reading, plain_words
from bot.answering.vectors import text_vectors
from bot.answering.words import fold
from bot.faq.models import ALERT_LEVELS, AlertLevel

Kind = AlertLevel | Literal["harmless"]
_KINDS: tuple[Kind, ...] = (*ALERT_LEVELS, "harmless")
_APART = 2
"""How many words apart, at most, the words of a pair may be."""
_UNSEEN = 0.07
"""Added to each count, so that a feature of one kind alone does not decide (Lidstone)."""
FEWEST = 2
"""The fewest words of which likeness tells something."""
_WINDOW = 40
"""A longer message is compared by stretches of this many words: a sign is told in fewer."""
_END = 0
"""The number of what stands before the first and after the last word of a message."""
_UNKNOWN = -1
_FIGURE = "#"
"""The stem of every number but those of two figures, which may be a temperature."""
_NEARNESS = 12.0
"""How much nearness tells of the level, beside the odds of the words."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a sign a stretch of words is.

    `over_look_alikes` and `over_others` are logarithms of odds, scaled for the length: above zero
    when it is more like the examples of signs than like look-alikes, or than these and ordinary
    questions together; `levels` has the former for each level alone, in the order emergency,
    crisis, urgent. `nearest` is how near in meaning, -1..1, the nearest example of each level is,
    and `nearest_look_alike` the same of look-alikes.
    """

    over_look_alikes: float
    over_others: float
    levels: tuple[float, ...]
    nearest: tuple[float, ...]
    nearest_look_alike: float
    words: int

    @property
    def level(self) -> AlertLevel:
        """The likeliest level."""
        told = self._told
        return ALERT_LEVELS[told.index(max(told))]

    @property
    def lead(self) -> float:
        """How much likelier that is than the next, as a logarithm of odds."""
        _, second, first = sorted(self._told)
        return first - second

    @property
    def _told(self) -> list[float]:
        return [
            odds + _NEARNESS * near for odds, near in zip(self.levels, self.nearest, strict=True)
        ]


class Comparison:
    """The likeness of a message, or of any stretch of it."""

    def __init__(
        self, words: Sequence[str], evidence: Floats, meanings: Sequence[Singles]
    ) -> None:
        """`evidence` has shape (words + 1, 5), summed from the first word on.

        `meanings` are the vectors of the examples of each kind.
        """
        self._words = words
        self._evidence = evidence
        self._meanings = meanings

    def of(self, stretches: Sequence[tuple[int, int]]) -> list[Likeness]:
        """Return the likeness of stretches, each from a first word to before another."""
        if not stretches:
            return []
        texts = Corpus.of([self._words[start:end] for start, end in stretches])
        vectors = text_vectors(texts)
        near = np.stack([_nearest(vectors, each) for each in self._meanings], axis=1).tolist()
        return [
            self._likeness(start, end, nearest)
            for (start, end), nearest in zip(stretches, near, strict=True)
        ]

    def windows(self) -> list[tuple[int, int]]:
        """Return the whole as one stretch, or where it is long, as windows that overlap.

        None for a single word, of which nothing can be told.
        """
        words = len(self._words)
        if words < FEWEST:
            return []
        if words <= _WINDOW * 3 // 2:
            return [(0, words)]
        starts = range(0, words - _WINDOW // 2, _WINDOW // 2)
        return [(start, min(words, start + _WINDOW)) for start in starts]

    def _likeness(self, start: int, end: int, nearest: Sequence[float]) -> Likeness:
        told = (self._evidence[end] - self._evidence[start]) / _scale(end - start)
        look_alikes, others, *levels = told.tolist()
        *signs, look_alike = nearest
        return Likeness(look_alikes, others, tuple(levels), tuple(signs), look_alike, end - start)


def _scale(words: int) -> float:
    """Return the square root of how many features so many words have.

    Neighbouring features tell much the same, so that evidence does not grow with their number.
    """
    return math.sqrt((1 + _APART) * max(1, words))


class DangerExamples:
    """The examples of signs, of look-alikes and of ordinary questions. Immutable once built."""

    def __init__(self, examples: Mapping[Kind, Sequence[str]], ordinary: Iterable[str]) -> None:
        """`examples` are messages, by their level and under `harmless`."""
        self._stemmer = Stemmer("english", 0)
        self._known = {
            plain_words(fold(text)): kind for kind in _KINDS for text in examples.get(kind, ())
        }
        # Ordinary questions are one more kind, which no message is known to be.
        texts = [examples.get(kind, ()) for kind in _KINDS]
        numbers, owners = self._read([*texts, list(ordinary)])
        del texts  # with what is read of them several megabytes
        self._features, counts = _counted(self._begun(numbers), owners, len(_KINDS) + 1)
        del numbers, owners
        self._evidence = _evidence(counts)

    def __bool__(self) -> bool:
        """Say whether there are any examples of signs, without which nothing is compared."""
        return any(map(len, self._meanings[: len(ALERT_LEVELS)]))

    def known(self, reading: Reading) -> Kind | None:
        """Return of which kind the example is that reads just as a message, None without one."""
        return self._known.get(reading.words)

    def compare(self, words: Sequence[str]) -> Comparison:
        """Compare the words of a message with the examples."""
        known = [self._stems.get(stem, _UNKNOWN) for stem in self._stemmed(words)]
        features = np.full((1 + _APART, len(known) + 2), _UNKNOWN, np.int64)
        numbers = np.array([_END, *known, _END], np.int64)
        for row, (begins, begun) in zip(features, self._begun(numbers), strict=True):
            row[begins] = begun
        places = np.minimum(np.searchsorted(self._features, features), len(self._features) - 1)
        found = (self._features[places] == features)[..., np.newaxis]
        told = np.where(found, self._evidence[places], 0.0).sum(axis=0)
        told[1] += told[0]
        summed = np.vstack((np.zeros((1, told.shape[1])), told[1:-1].cumsum(axis=0)))
        return Comparison(words, summed, self._meanings)

    def _stemmed(self, words: Sequence[str]) -> list[str]:
        stems = self._stemmer.stemWords([word.split(".")[0] for word in words])
        return [_FIGURE if stem.isdigit() and len(stem) != 2 else stem for stem in stems]

    def _read(self, messages: Sequence[Sequence[str]]) -> tuple[SmallInts, SmallInts]:
        """Return the numbers of the stems of all messages, and of which kind each of them is.

        `_END` stands before each message, and is of its kind; it also ends the last.
        """
        words = read(chain.from_iterable(messages))
        times = np.bincount(words.numbers, minlength=len(words.vocabulary))
        self.words: Mapping[str, int] = dict(zip(words.vocabulary, times.tolist(), strict=True))
        bounds = np.cumsum([0, *map(len, messages[: len(_KINDS)])])
        learnt = Corpus(words.vocabulary, words.numbers, words.starts[: bounds[-1] + 1])
        vectors = text_vectors(learnt)
        self._meanings = [vectors[start:end] for start, end in pairwise(bounds)]
        stems = words.replaced(zip(self._stemmed(words.vocabulary)))
        self._stems = {stem: number for number, stem in enumerate(stems.vocabulary, _END + 1)}
        numbers = np.insert(stems.numbers + (_END + 1), stems.starts, _END)
        kinds = np.repeat(np.arange(len(messages), dtype=np.int32), list(map(len, messages)))
        lengths = np.diff(stems.starts)
        return numbers, np.repeat(kinds, lengths + 1)

    def _begun(self, numbers: Ints | SmallInts) -> Iterator[tuple[Ints, Ints | SmallInts]]:
        """Yield the places at which a word, or a pair of words, begins, and the features.

        One distance at a time takes less memory, and the features of the next have higher numbers.
        """
        places = np.flatnonzero((numbers != _END) & (numbers != _UNKNOWN))
        yield places, numbers[places]
        stems = len(self._stems) + 1
        fits = (1 + _APART) * stems**2 < LARGEST
        numbers = numbers.astype(np.int32) if fits else numbers.astype(np.int64)
        ends = np.cumsum(numbers == _END, dtype=np.int32)
        for apart in range(1, 1 + _APART):
            first, second = numbers[:-apart], numbers[apart:]
            known = (first != _UNKNOWN) & (second != _UNKNOWN)
            places = np.flatnonzero(known & (ends[apart - 1 : -1] == ends[:-apart]))
            yield places, (apart * stems + first[places]) * stems + second[places]


def _nearest(vectors: Singles, examples: Singles) -> Singles:
    """Return how near the nearest example is to each vector: -1 where there is none."""
    if not len(examples):
        return np.full(len(vectors), -1.0, np.float32)
    return np.asarray((vectors @ examples.T).max(axis=1))


def _counted(
    begun: Iterable[tuple[Ints, Ints | SmallInts]], owners: SmallInts, kinds: int
) -> tuple[Ints | SmallInts, NDArray[np.float32]]:
    """Return the different features, and how often each kind has them: (kinds, features)."""
    met = [tallied(features, owners[places], kinds) for places, features in begun]
    owner, features, times = map(np.concatenate, zip(*met, strict=True))
    begins = firsts(features)
    columns = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(owner)))
    counts = np.zeros((kinds, len(begins)), np.float32)
    counts[owner, columns] = times
    return features[begins], counts


def _evidence(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each feature tells: shape (features, 5).

    The columns are the logarithms of its odds in signs over look-alikes, in signs over these and
    ordinary questions together, and in each level over look-alikes.
    """
    signs, look_alikes = _log_share(counts[:-2].sum(axis=0)), _log_share(counts[-2])
    told = np.empty((counts.shape[1], 2 + len(ALERT_LEVELS)), np.float32)
    told[:, 0] = signs - look_alikes
    told[:, 1] = signs - _log_share(counts[-2:].sum(axis=0))
    for level, times in enumerate(counts[:-2], 2):
        told[:, level] = _log_share(times) - look_alikes
    return told


def _log_share(times: NDArray[np.float32]) -> NDArray[np.float32]:
    smoothed = times + np.float32(_UNSEEN)
    shares: NDArray[np.float32] = np.log(smoothed / smoothed.sum())
    return shares
