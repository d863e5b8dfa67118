"""Whether a question's words are those of the FAQ, of an entry, or of something else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain, islice

from bot.answering.lexicon import Term

_UNSEEN = 0.3
"""The count assumed for a term that no phrasing has."""
_ENTRY_FLOOR = 0.02
_SHARED = 0.25
"""An entry is assumed to use the words of the whole FAQ for this share of its own."""


class TopicWords:
    """Counts of the terms of a FAQ, beside English."""

    def __init__(self, texts: Sequence[Sequence[Term]], counts: Sequence[int]) -> None:
        """`texts` are the phrasings of each entry in turn; `counts` says how many each has."""
        left = iter(texts)
        own = [chain.from_iterable(islice(left, many)) for many in counts]
        self._entries = [Counter(term.name for term in terms) for terms in own]
        self._sizes = [counted.total() for counted in self._entries]
        self._size = sum(self._sizes)
        self._all: Counter[str] = Counter()
        self._most: dict[str, int] = {}
        for counted in self._entries:
            self._all.update(counted)
            self._most |= {n: max(c, self._most.get(n, 0)) for n, c in counted.items()}

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
