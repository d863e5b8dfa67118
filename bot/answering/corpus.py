"""Many texts read at once: each different word of them a single time, and the rest is numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.answering.reading import plain_words
from bot.answering.words import fold

Ints = NDArray[np.int64]
SmallInts = NDArray[np.int32]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

Item = TypeVar("Item", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)

LARGEST = np.iinfo(np.int32).max
"""The largest number of `SmallInts`."""


class Tally(NamedTuple):
    """Row and column of different pairs, and how often each is met."""

    rows: SmallInts
    columns: Ints | SmallInts
    times: SmallInts


@dataclass(frozen=True, slots=True)
class Corpus(Generic[Item]):
    """Texts as the numbers of their items, which are words or what is made of words.

    `vocabulary` has each different item once; `numbers` are the places in it of the items of all
    texts, one text after another. `starts`, one more than there are texts, says where each begins.
    """

    vocabulary: tuple[Item, ...]
    numbers: SmallInts
    starts: SmallInts

    @classmethod
    def of(cls, texts: Iterable[Sequence[Item]]) -> Corpus[Item]:
        """Number the items of texts in the order in which they are first met."""
        known: defaultdict[Item, int] = defaultdict(count().__next__)
        lengths = [0]

        def measured() -> Iterator[Sequence[Item]]:
            for text in texts:
                lengths.append(len(text))
                yield text

        flat = chain.from_iterable(measured())
        numbers = np.fromiter(map(known.__getitem__, flat), np.int32)
        return Corpus(tuple(known), numbers, np.cumsum(lengths, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def rows(self) -> SmallInts:
        """Return the place of the text that each number is of."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def tally(self) -> Tally:
        """Count how often each text has each item: the rows are texts, the columns items."""
        return tallied(self.numbers, self.rows(), len(self))

    def replaced(self, by: Iterable[Sequence[Other]]) -> Corpus[Other]:
        """Return the texts with each item of the vocabulary, in order, replaced by others."""
        others = Corpus.of(by)
        lengths = np.diff(others.starts)
        if np.all(lengths == 1):
            return Corpus(others.vocabulary, others.numbers[self.numbers], self.starts)
        lengths = lengths[self.numbers]
        ends = np.cumsum(np.append(np.int32(0), lengths), dtype=np.int32)
        places = ranges(others.starts[self.numbers], lengths)
        return Corpus(others.vocabulary, others.numbers[places], ends[self.starts])


def read(texts: Iterable[str]) -> Corpus[str]:
    """Return the words of texts that are spelt as they are meant."""
    return Corpus.of(plain_words(fold(text)) for text in texts)


def ranges(begins: Ints | SmallInts, lengths: Ints | SmallInts) -> Ints | SmallInts:
    """Return the indices of one range after another."""
    shift = begins - np.cumsum(lengths, dtype=begins.dtype) + lengths
    indices = np.repeat(shift, lengths)
    indices += np.arange(indices.size, dtype=begins.dtype)
    return indices


def firsts(*keys: Ints | SmallInts) -> Ints:
    """Return where each run of places begins at which none of the keys changes."""
    new = np.ones(keys[0].size, np.bool_)
    new[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.flatnonzero(new)


def tallied(columns: Ints | SmallInts, rows: Ints | SmallInts, size: int) -> Tally:
    """Count the different pairs of a row and a column, in order of the column, then of the row.

    `size` is the number of rows; columns are 0 or more.
    """
    fits = (int(columns.max(initial=0)) + 1) * size < LARGEST
    keys = columns.astype(np.int32) if fits else columns.astype(np.int64)
    keys *= size
    keys += rows
    keys.sort()
    begins = firsts(keys).astype(np.int32)
    times = np.diff(begins, append=np.int32(keys.size))
    keys = keys[begins]
    of = keys // size
    keys -= of * size
    return Tally(keys.astype(np.int32, copy=False), of, times)
