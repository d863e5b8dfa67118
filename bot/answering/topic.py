"""Whether a question's words are those of the FAQ, of an entry, or of something else."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from bot.answering.corpus import Corpus, tallied
from bot.answering.lexicon import Term

_UNSEEN = 0.3
"""The count assumed for a term that no phrasing has."""
_ENTRY_FLOOR = 0.02
_SHARED = 0.25
"""An entry is assumed to use the words of the whole FAQ for this share of its own."""


class TopicWords:
    """Counts of the terms of a FAQ, beside English."""

    def __init__(self, texts: Corpus[Term], counts: Sequence[int]) -> None:
        """`texts` are the phrasings of each entry in turn, then off-topic examples.

        `counts` says how many phrasings each entry has.
        """
        named = texts.replaced((term.name,) for term in texts.vocabulary)
        names, rows, entries = named.vocabulary, named.rows(), len(counts)
        owners = np.repeat(np.arange(entries + 1), [*counts, len(texts) - sum(counts)])[rows]
        used, users, uses = tallied(owners, named.numbers, len(names))
        ends = np.searchsorted(users, np.arange(entries), "right")
        self._entries = [
            dict(zip(map(names.__getitem__, own.tolist()), times.tolist(), strict=True))
            for own, times in zip(np.split(used, ends), np.split(uses, ends), strict=True)
        ][:-1]
        used, uses = used[: ends[-1]], uses[: ends[-1]]
        most = np.zeros(len(names), np.int32)
        np.maximum.at(most, used, uses)
        self._most = dict(zip(names, most.tolist(), strict=True))
        all_ = np.bincount(used, uses, len(names))
        self._all = {n: c for n, c in zip(names, all_.tolist(), strict=True) if c}
        self._sizes = [sum(own.values()) for own in self._entries]
        self._size = sum(self._sizes)

    def __contains__(self, name: str) -> bool:
        return name in self._all

    def owns(self, entry: int, name: str) -> bool:
        """Say whether a phrasing of the entry has the term."""
        return name in self._entries[entry]

    def focus(self, name: str) -> float:
        """Return the share of a term's uses that are in the entry which has it most, 0..1."""
        return self._most[name] / self._all[name] if name in self._all else 1.0

    def familiarity(self, term: Term) -> float:
        """Return log10 of how much oftener the FAQ uses a term than English does."""
        count = max(self._all.get(term.name, 0), _UNSEEN)
        return math.log10(count / self._size) - _english(term)

    def ownership(self, entry: int, term: Term) -> float:
        """Return log10 of how much oftener an entry uses a term than English does."""
        size = self._sizes[entry]
        shared = _SHARED * size * self._all.get(term.name, 0) / self._size
        count = self._entries[entry].get(term.name, 0) + shared + _ENTRY_FLOOR
        return math.log10(count / (size + 1)) - _english(term)


def _english(term: Term) -> float:
    """Return log10 of a term's share of English; its Zipf frequency is that times 10**9."""
    return term.zipf - 9.0
