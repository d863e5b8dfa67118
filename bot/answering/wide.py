"""What the word pieces of a text tell of it, beside what the network makes of the whole.

The network weighs a text as a whole; a single telling word may be lost in it. So linear
classifiers, of each entry against all others and of each danger, have a say as well, over pieces
and pairs of them: the wide part of Cheng et al., Wide & Deep Learning (2016). `python -m training
encoder` teaches them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.answering.danger_words import features

BITS = 15
"""Pieces and pairs share 2**BITS places, by their hash (Weinberger et al., 2009)."""
PREFIX = "wide_"
"""What the names of its arrays in `encoder.npz` begin with."""


@dataclass(frozen=True)
class Wide:
    """The log-odds of each class, a column: whole numbers of `table` times `scales`, and `bias`.

    The columns are the entries' classes, then the dangers. `shares` says of each column how much
    its log-chances count beside those of the network.
    """

    table: NDArray[np.int8]
    scales: NDArray[np.float32]
    bias: NDArray[np.float32]
    shares: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return what stands in `encoder.npz`."""
        return cls(**{each.name: arrays[PREFIX + each.name] for each in fields(cls)})

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as it stands in `encoder.npz`."""
        return {PREFIX + name: each for name, each in vars(self).items()}

    def log_chances(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Return what pieces, by their numbers, tell of each class, times its share: 0 or less."""
        told = places(numbers)
        sums = self.table[told].sum(axis=0, dtype=np.int32) / math.sqrt(len(told))
        odds = sums * self.scales + self.bias
        return np.asarray(-self.shares * np.logaddexp(0, -odds), np.float32)


def joined(deep: NDArray[np.float32], told: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log-chances joined with what else is told of each class: they add up to 1 again."""
    both = deep + told
    return np.asarray(both - np.logaddexp.reduce(both, axis=-1, keepdims=True), np.float32)


def places(numbers: Sequence[int]) -> NDArray[np.uint32]:
    """Return where pieces and pairs of them stand in the table, each place once."""
    return np.unique(features(list(map(str, numbers))) >> np.uint32(32 - BITS))
