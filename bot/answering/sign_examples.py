"""How much more like a sign of danger than like anything else a message reads.

A multinomial naive Bayes classifier over the words of a message and over pairs of words that
stand close together (skip-grams), learnt from the examples of `red_flags.yaml` when the bot
starts. It weighs signs against two other kinds of message: look-alikes, and ordinary questions.
Naive Bayes: Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008),
chapter 13. Skip-grams: Guthrie et al., A Closer Look at Skip-gram Modelling (2006).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from Stemmer import Stemmer

from bot.answering.message import longhand
from bot.answering.words import fold, tokenise
from bot.faq.models import AlertLevel

_LEVELS: tuple[AlertLevel, ...] = ("emergency", "crisis", "urgent")
_APART = 2
"""How many words apart, at most, the words of a pair may be."""
_UNSEEN = 0.07
"""Added to each count, so that a feature of one kind alone does not decide (Lidstone)."""
_WINDOW = 40
"""A longer message is compared by stretches of this many words: a sign is told in fewer."""
_END = 0
"""The number of what stands before the first and after the last word of a message."""
_UNKNOWN = -1
_MOST_STEMS = 2**20

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a sign a stretch of words is: the logarithm of odds, scaled for its length.

    `over_look_alikes` and `over_ordinary` are above zero when it is more like the examples of
    signs than like look-alikes, or than ordinary questions. `level` is the likeliest level, and
    `lead` how much likelier it is than the next.
    """

    over_look_alikes: float
    over_ordinary: float
    level: AlertLevel
    lead: float


class Comparison:
    """The likeness of a message, or of any stretch of it."""

    def __init__(self, evidence: Floats) -> None:
        """`evidence` has shape (words + 1, 5), summed from the first word on."""
        self._evidence = evidence

    def of(self, start: int, end: int) -> Likeness:
        """Return the likeness of the words from `start` to before `end`."""
        length = (1 + _APART) * max(1, end - start)
        told = (self._evidence[end] - self._evidence[start]) / math.sqrt(length)
        signs, ordinary, *levels = map(float, told)
        (best, level), (second, _), *_ = sorted(zip(levels, _LEVELS, strict=True), reverse=True)
        return Likeness(signs, ordinary, level, best - second)

    def stretches(self) -> list[Likeness]:
        """Return the likeness of a short message whole, of a long one window by window."""
        words = len(self._evidence) - 1
        starts = range(0, max(1, words - _WINDOW // 2), _WINDOW // 2)
        if words <= _WINDOW * 3 // 2:
            return [self.of(0, words)]
        return [self.of(start, min(words, start + _WINDOW)) for start in starts]


class SignExamples:
    """The examples of signs, of look-alikes and of ordinary questions. Immutable once built."""

    def __init__(
        self, examples: Mapping[AlertLevel | Literal["none"], str], ordinary: Iterable[str]
    ) -> None:
        """`examples` holds, by level and under `none`, one message on each line."""
        self._stemmer = Stemmer("english", 0)
        self._stems = {"\n": _END}
        met: dict[str, tuple[int, ...]] = {"\n": (_END,)}
        signs = [examples.get(level, "") for level in _LEVELS]
        kinds = []
        for text in (*signs, examples.get("none", ""), "\n".join(ordinary)):
            features = _features(self._numbered(f"\n{text}\n", met))
            kinds.append(np.unique(features[features != _UNKNOWN], return_counts=True))
        # Asking for the counts too makes NumPy sort, which is quicker here than its hashing.
        self._features = np.unique(
            np.concatenate([present for present, _ in kinds]), return_counts=True
        )[0]
        counts = np.zeros((len(kinds), len(self._features)), np.float32)
        for row, (present, times) in zip(counts, kinds, strict=True):
            row[np.searchsorted(self._features, present)] = times
        self._evidence = _evidence(counts)

    def compare(self, words: Sequence[str]) -> Comparison:
        """Compare the words of a message with the examples."""
        known = [self._stems.get(stem, _UNKNOWN) for stem in self._stemmed(words)]
        features = _features(np.array([_END, *known, _END], np.int64))
        places = np.minimum(np.searchsorted(self._features, features), len(self._features) - 1)
        found = (self._features[places] == features)[..., np.newaxis]
        told = np.where(found, self._evidence[places], 0.0).sum(axis=0)
        told[1] += told[0]
        return Comparison(np.vstack((np.zeros((1, told.shape[1])), told[1:-1].cumsum(axis=0))))

    def _stemmed(self, words: Sequence[str]) -> list[str]:
        stems = self._stemmer.stemWords(words)
        return ["#" if stem.isdigit() else stem for stem in stems]

    def _numbered(self, text: str, met: dict[str, tuple[int, ...]]) -> Ints:
        """Return the numbers of the stems of a text, `_END` for the end of a line.

        The text is cut at its spaces first, so that each piece is read only once: `met` holds
        those that were read.
        """
        pieces = text.replace("\n", " \n ").split(" ")
        new = [piece for piece in dict.fromkeys(pieces) if piece not in met]
        for piece, folded in zip(new, fold("\n".join(new)).split("\n"), strict=bool(new)):
            words = [word for token in tokenise(folded) for word in longhand(token)]
            stems = self._stemmed(words)
            met[piece] = tuple([self._stems.setdefault(each, len(self._stems)) for each in stems])
        return np.fromiter(chain.from_iterable(map(met.__getitem__, pieces)), np.int64)


def _features(numbers: Ints) -> Ints:
    """Return the features that begin at each word, `_UNKNOWN` for none: (1 + _APART, words)."""
    features = np.full((1 + _APART, len(numbers)), _UNKNOWN)
    features[0] = np.where(numbers == _END, _UNKNOWN, numbers)
    ends = np.cumsum(numbers == _END)
    for apart in range(1, min(1 + _APART, len(numbers))):
        first, second = numbers[:-apart], numbers[apart:]
        within = (
            (first != _UNKNOWN) & (second != _UNKNOWN) & (ends[apart - 1 : -1] == ends[:-apart])
        )
        pair = (apart * _MOST_STEMS + first) * _MOST_STEMS + second
        features[apart, :-apart] = np.where(within, pair, _UNKNOWN)
    return features


def _evidence(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each feature tells: shape (features, 5).

    The columns are the logarithms of its odds in signs over look-alikes, in signs over ordinary
    questions, and in each level over look-alikes.
    """
    signs = _log_share(counts[:-2].sum(axis=0))
    *levels, look_alikes, ordinary = map(_log_share, counts)
    over = [level - look_alikes for level in levels]
    return np.stack((signs - look_alikes, signs - ordinary, *over), axis=1)


def _log_share(times: NDArray[np.float32]) -> NDArray[np.float32]:
    smoothed = times + np.float32(_UNSEEN)
    return np.log(smoothed / smoothed.sum())
