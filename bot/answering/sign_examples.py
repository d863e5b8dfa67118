"""How much more like a sign of danger than like anything else a message reads.

A multinomial naive Bayes classifier over the words of a message and over pairs of words that
stand close together (skip-grams), learnt from the examples of `red_flags.yaml` when the bot
starts. It weighs signs against two other kinds of message: look-alikes, and ordinary questions.
Naive Bayes: Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008),
chapter 13. Skip-grams: Guthrie et al., A Closer Look at Skip-gram Modelling (2006).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from Stemmer import Stemmer

from bot.answering.message import longhand
from bot.answering.words import fold, tokenise
from bot.faq.models import AlertLevel

Kind = AlertLevel | Literal["none"]
_LEVELS: tuple[AlertLevel, ...] = ("emergency", "crisis", "urgent")
_NONE: tuple[Literal["none"]] = ("none",)
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
_MOST_STEMS = 2**20
_LONGEST = 60
"""The most words of an example that is known again as it stands."""
_PLACE = np.random.default_rng(0).integers(1, 2**40, _LONGEST + 1)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a sign a stretch of words is: logarithms of odds, scaled for its length.

    `over_look_alikes` and `over_others` are above zero when it is more like the examples of signs
    than like look-alikes, or than these and ordinary questions together; `levels` has the former
    for each level alone, in the order emergency, crisis, urgent.
    """

    over_look_alikes: float
    over_others: float
    levels: tuple[float, ...]

    @property
    def level(self) -> AlertLevel:
        """The likeliest level."""
        return _LEVELS[self.levels.index(max(self.levels))]

    @property
    def lead(self) -> float:
        """How much likelier that is than the next."""
        _, second, first = sorted(self.levels)
        return first - second


class Comparison:
    """The likeness of a message, or of any stretch of it."""

    def __init__(self, evidence: Floats) -> None:
        """`evidence` has shape (words + 1, 5), summed from the first word on."""
        self._evidence = evidence

    def of(self, start: int, end: int) -> Likeness:
        """Return the likeness of the words from `start` to before `end`."""
        told = (self._evidence[end] - self._evidence[start]) / _scale(end - start)
        signs, ordinary, *levels = told.tolist()
        return Likeness(signs, ordinary, tuple(levels))

    def whole(self) -> list[Likeness]:
        """Return the likeness of a short message, and of a long one window by window.

        Of a single word nothing can be told.
        """
        words = len(self._evidence) - 1
        if words < FEWEST:
            return []
        if words <= _WINDOW * 3 // 2:
            return [self.of(0, words)]
        starts = range(0, words - _WINDOW // 2, _WINDOW // 2)
        return [self.of(start, min(words, start + _WINDOW)) for start in starts]


def _scale(words: int) -> float:
    """Return the square root of how many features so many words have.

    Neighbouring features tell much the same, so that evidence does not grow with their number.
    """
    return math.sqrt((1 + _APART) * max(1, words))


class SignExamples:
    """The examples of signs, of look-alikes and of ordinary questions. Immutable once built."""

    def __init__(self, examples: Mapping[Kind, str], ordinary: Iterable[str]) -> None:
        """`examples` holds, by level and under `none`, one message on each line."""
        self._stemmer = Stemmer("english", 0)
        self._stems = {"\n": _END}
        met: dict[str, tuple[int, ...]] = {"\n": (_END,)}
        kinds = []
        self._marks: dict[Kind, frozenset[int]] = {}
        for kind in (*_LEVELS, *_NONE, None):
            text = examples.get(kind, "") if kind else "\n".join(ordinary)
            numbers = self._numbered(f"\n{text}\n", met)
            if kind:
                self._marks[kind] = frozenset(_line_marks(numbers).tolist())
            # One distance at a time takes less memory, and they come in order.
            met_by_distance = [
                np.unique(row[row != _UNKNOWN], return_counts=True) for row in _features(numbers)
            ]
            kinds.append([np.concatenate(each) for each in zip(*met_by_distance, strict=True)])
        # Asking for the counts too makes NumPy sort, which is quicker here than its hashing.
        self._features = np.unique(
            np.concatenate([present for present, _ in kinds]), return_counts=True
        )[0]
        counts = np.zeros((len(kinds), len(self._features)), np.float32)
        for row, (present, times) in zip(counts, kinds, strict=True):
            row[np.searchsorted(self._features, present)] = times
        self._evidence = _evidence(counts)

    def known(self, text: str) -> Kind | None:
        """Return of which kind the example is that reads just as `text`, None without one.

        A message with a figure in it is never known so: 37 is no fever and 39 is.
        """
        words = [word for token in tokenise(fold(text)) for word in longhand(token)]
        if not 0 < len(words) <= _LONGEST:
            return None
        stems = self._stemmed(words)
        numbers = [self._stems.get(stem, _UNKNOWN) for stem in stems]
        if _UNKNOWN in numbers or any(map(str.isdigit, words)):
            return None
        (mark,) = _line_marks(np.array([_END, *numbers, _END], np.int64))
        kinds = [kind for kind, marks in self._marks.items() if mark in marks]
        return kinds[0] if len(kinds) == 1 else None

    def compare(self, words: Sequence[str]) -> Comparison:
        """Compare the words of a message with the examples."""
        known = [self._stems.get(stem, _UNKNOWN) for stem in self._stemmed(words)]
        features = np.stack(list(_features(np.array([_END, *known, _END], np.int64))))
        places = np.minimum(np.searchsorted(self._features, features), len(self._features) - 1)
        found = (self._features[places] == features)[..., np.newaxis]
        told = np.where(found, self._evidence[places], 0.0).sum(axis=0)
        told[1] += told[0]
        return Comparison(np.vstack((np.zeros((1, told.shape[1])), told[1:-1].cumsum(axis=0))))

    def _stemmed(self, words: Sequence[str]) -> list[str]:
        stems = self._stemmer.stemWords(words)
        return [_FIGURE if stem.isdigit() and len(stem) != 2 else stem for stem in stems]

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


def _features(numbers: Ints) -> Iterator[Ints]:
    """Yield the features that begin at each word: words, then pairs, the nearest first.

    Each is of the shape (words,), `_UNKNOWN` where there is none.
    """
    yield np.where(numbers == _END, _UNKNOWN, numbers)
    ends = np.cumsum(numbers == _END)
    for apart in range(1, 1 + _APART):
        features = np.full(len(numbers), _UNKNOWN)
        first, second = numbers[:-apart], numbers[apart:]
        if len(first):
            within = (
                (first != _UNKNOWN)
                & (second != _UNKNOWN)
                & (ends[apart - 1 : -1] == ends[:-apart])
            )
            pair = (apart * _MOST_STEMS + first) * _MOST_STEMS + second
            features[:-apart] = np.where(within, pair, _UNKNOWN)
        yield features


def _line_marks(numbers: Ints) -> Ints:
    """Return a number for each line that has words, which hardly any other line shares."""
    ends = np.flatnonzero(numbers == _END)
    lengths = np.diff(ends, append=len(numbers))
    within = np.minimum(np.arange(len(numbers)) - np.repeat(ends, lengths), _LONGEST)
    return np.add.reduceat((numbers + 1) * _PLACE[within], ends)[lengths > 1]


def _evidence(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each feature tells: shape (features, 5).

    The columns are the logarithms of its odds in signs over look-alikes, in signs over these and
    ordinary questions together, and in each level over look-alikes.
    """
    signs = _log_share(counts[:-2].sum(axis=0))
    *levels, look_alikes = map(_log_share, counts[:-1])
    others = _log_share(counts[-2:].sum(axis=0))
    over = [level - look_alikes for level in levels]
    return np.stack((signs - look_alikes, signs - others, *over), axis=1)


def _log_share(times: NDArray[np.float32]) -> NDArray[np.float32]:
    smoothed = times + np.float32(_UNSEEN)
    shares: NDArray[np.float32] = np.log(smoothed / smoothed.sum())
    return shares
