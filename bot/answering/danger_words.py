"""How much likelier the words of a message are in one that tells of a danger.

A naive Bayes classifier over words and over pairs of words, next to each other or with one between
(skip-grams). `python -m training weights` counts them in the examples of dangers, and in all else.
Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), chapter 13; Guthrie et
al., A Closer Look at Skip-gram Modelling (2006).
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

FILE = "danger_words.npz"
_WORD, _NEXT, _SKIPPED = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64
)
"""Odd numbers that hashes are multiplied by (Knuth, Art of Computer Programming 3, 6.4)."""

_EDGE = "\n"

Hashes = NDArray[np.uint32]


@dataclass(frozen=True)
class DangerWords:
    """The log-odds of a danger for each feature that was counted: `features` are in order.

    `lines` and `synonyms` are the marks of the lines of signs and of the synonyms that there were
    then.
    """

    features: Hashes
    log_odds: NDArray[np.float16]
    lines: Hashes
    synonyms: Hashes

    @classmethod
    @cache
    def load(cls) -> DangerWords:
        """Return what the bot brings with it."""
        with np.load(io.BytesIO(files("bot.answering").joinpath(FILE).read_bytes())) as arrays:
            return cls(**{name: arrays[name] for name in arrays.files})

    def odds(self, words: Sequence[str]) -> float:
        """Return the log-odds of a danger against all else.

        Divided by the root of the number of features: neighbouring ones tell much the same, so
        that evidence does not grow with their number. What is said again counts once.
        """
        told = np.unique(features(words))
        places = np.minimum(np.searchsorted(self.features, told), len(self.features) - 1)
        known = places[self.features[places] == told]
        total = float(self.log_odds[known].sum(dtype=np.float64))
        return total / math.sqrt(len(told) or 1)


def mark(line: str) -> int:
    """Return what a line of signs, a synonym or a held question is known by."""
    return zlib.crc32(line.encode())


def features(words: Sequence[str]) -> Hashes:
    """Return the hashes of words, and of pairs of them; the ends of a message count as words."""
    framed = np.array([zlib.crc32(word.encode()) for word in (_EDGE, *words, _EDGE)], np.uint64)
    parts = (
        framed[1:-1] * _WORD,
        framed[:-1] * _NEXT + framed[1:] * _SKIPPED,
        framed[:-2] * _SKIPPED + framed[2:] * _WORD,
    )
    return (np.concatenate(parts) >> np.uint64(32)).astype(np.uint32)
