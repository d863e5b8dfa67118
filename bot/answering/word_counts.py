"""How often words were seen with each entry and each danger: what they tell beside the network.

The network weighs a text as a whole; a telling word may be lost in it. So a naive Bayes classifier
of each class against all others, over words and pairs of neighbours, has a say as well. `python -m
training weights` counts them. Manning, Raghavan and Schütze, Introduction to Information Retrieval
(2008), chapter 13.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.answering.encoder import DANGERS, Encoded, Encoder, Singles
from bot.errors import BotError

FILE = "word_counts.npz"
BITS = 24
"""Words and pairs are known by hashes of so many bits (Weinberger et al., 2009)."""
_UNSEEN = 0.002
"""Added to each count (Lidstone, 1920): of a pair that was seen with one class alone it makes
strong evidence. Of 0.0001 to 0.2 the best on held questions."""
_WORD, _FIRST, _SECOND = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64
)
"""Odd numbers that hashes are multiplied by (Knuth, Art of Computer Programming 3, 6.4)."""
_EDGE = "\n"

Marks = NDArray[np.uint32]


@dataclass(frozen=True)
class WordCounts:
    """How often each word or pair, a place in order, was seen with each class.

    The classes of a place are those from its `starts` to the next one, each with its count; they
    are those of `Encoder.classes`, then `DANGERS`. `sizes` is how many were counted of each class.
    `share` says how much their log-chances count beside those of the network. `lines` and
    `synonyms` are the marks of the lines of signs and of the synonyms that there were then.
    """

    places: Marks
    starts: NDArray[np.int32]
    classes: NDArray[np.uint8]
    counts: NDArray[np.uint16]
    sizes: Marks
    share: Singles
    lines: Marks
    synonyms: Marks

    @classmethod
    @cache
    def load(cls) -> WordCounts:
        """Return what the bot brings with it; BotError where it is not as it was made."""
        file = files("bot.answering").joinpath(FILE)
        try:
            with file.open("rb") as opened, np.load(opened) as arrays:
                counts = cls(**{name: arrays[name] for name in arrays.files})
        except (OSError, EOFError, ValueError, TypeError, BadZipFile, zlib.error) as error:
            raise BotError(f"{file} is damaged or missing: install the bot again.") from error
        if len(counts.sizes) != len(Encoder.load().classes) + len(DANGERS):
            raise BotError(
                f"{file} is of another network: make it anew with `python -m training weights`."
            )
        return counts

    def beside(self, encoded: Encoded, texts: Sequence[Sequence[str]]) -> Encoded:
        """Return what the network makes of texts, joined with what the words of each tell."""
        told = self.share * np.array([self.log_chances(words) for words in texts])
        entries, dangers = np.split(told, [-len(DANGERS)], axis=1)
        return replace(
            encoded,
            entries=joined(encoded.entries, entries),
            dangers=joined(encoded.dangers, dangers),
        )

    def log_chances(self, words: Sequence[str]) -> Singles:
        """Return the log-chance of each class against all others of its kind."""
        found, many = self._found(words)
        kinds = [-len(DANGERS)]
        parts = zip(np.split(found, kinds, axis=1), np.split(self.sizes, kinds), strict=True)
        odds = np.concatenate([_odds(part, sizes, len(self.places)) for part, sizes in parts])
        return np.asarray(-np.logaddexp(0, -odds / many), np.float32)

    def _found(self, words: Sequence[str]) -> tuple[NDArray[np.float64], float]:
        """Return how often each class has each known word or pair, and the root of their number.

        By that root evidence is divided: neighbours tell much the same, so that it does not grow
        with their number. What is said again counts once.
        """
        told = features(words)
        at = np.minimum(np.searchsorted(self.places, told), len(self.places) - 1)
        at = at[self.places[at] == told]
        many = self.starts[at + 1] - self.starts[at]
        rows = np.repeat(np.arange(len(at)), many)
        seen = np.repeat(self.starts[at + 1] - np.cumsum(many), many) + np.arange(len(rows))
        found = np.zeros((len(at), len(self.sizes)))
        found[rows, self.classes[seen]] = self.counts[seen]
        return found, math.sqrt(len(told) or 1)


def joined(deep: Singles, told: Singles) -> Singles:
    """Return log-chances joined with what else is told of each class: they add up to 1 again."""
    both = deep + told
    return np.asarray(both - np.logaddexp.reduce(both, axis=-1, keepdims=True), np.float32)


def _odds(
    found: NDArray[np.float64], sizes: NDArray[np.floating | np.integer], many: int
) -> NDArray[np.float64]:
    """Return the log-odds of each class; nothing speaks for one that was never seen."""
    own = found[found.any(axis=1)]
    rest, unseen = own.sum(axis=1, keepdims=True) - own, _UNSEEN * many
    odds = np.log((own + _UNSEEN) / (rest + _UNSEEN)).sum(axis=0)
    odds += len(own) * np.log((sizes.sum() - sizes + unseen) / (sizes + unseen))
    least: NDArray[np.float64] = np.where(sizes > 0, odds, odds.min())
    return least


def mark(line: str) -> int:
    """Return what a line of signs, a synonym or a held question is known by."""
    return zlib.crc32(line.encode())


def features(words: Sequence[str]) -> Marks:
    """Return the hashes of words and of pairs of neighbours, each once; both ends are words."""
    framed = np.array([zlib.crc32(word.encode()) for word in (_EDGE, *words, _EDGE)], np.uint64)
    parts = framed[1:-1] * _WORD, framed[:-1] * _FIRST + framed[1:] * _SECOND
    return np.unique((np.concatenate(parts) >> np.uint64(64 - BITS)).astype(np.uint32))
