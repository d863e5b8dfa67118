"""Whether a question's words are those of the FAQ, of an entry, or of something else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter

from bot.answering.lexicon import Term

_UNSEEN = 0.3
"""The count assumed for a term that no phrasing has."""
_RARE_SHARE = 0.002
"""The share of phrasings assumed to have a term beside those that do."""
_ENTRY_FLOOR = 0.02
_SHARED = 0.25
"""An entry is assumed to use the words of the whole FAQ for this share of its own."""

_NAME = attrgetter("name")

Phrasings = Sequence[Sequence[Term]]


class TopicWords:
    """Counts of the terms of a FAQ, beside English and beside off-topic examples."""

    def __init__(self, entries: Sequence[Phrasings], off_topic: Phrasings) -> None:
        named = [[list(map(_NAME, phrasing)) for phrasing in own] for own in entries]
        self._entries = [Counter(chain.from_iterable(own)) for own in named]
        self._all: Counter[str] = Counter()
        self._most: dict[str, int] = {}
        for counts in self._entries:
            self._all.update(counts)
            for name, count in counts.items():
                self._most[name] = max(count, self._most.get(name, 0))
        self._sizes = [counts.total() for counts in self._entries]
        self._size = self._all.total()
        self._inside = Counter(chain.from_iterable(map(set, chain.from_iterable(named))))
        self._outside = Counter(chain.from_iterable({t.name for t in each} for each in off_topic))
        self._phrasings = sum(len(own) for own in entries)
        self._examples = len(off_topic)

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
        count = max(self._all[term.name], _UNSEEN)
        return math.log10(count / self._size) - _english(term)

    def ownership(self, entry: int, term: Term) -> float:
        """Return log10 of how much oftener an entry uses a term than English does."""
        size = self._sizes[entry]
        shared = _SHARED * size * self._all[term.name] / self._size
        count = self._entries[entry][term.name] + shared + _ENTRY_FLOOR
        return math.log10(count / (size + 1)) - _english(term)

    def against_off_topic(self, term: Term) -> float:
        """Return the log-odds of a term in phrasings against off-topic examples; 0 if none."""
        if not self._examples:
            return 0.0
        inside = self._inside[term.name] / self._phrasings + _RARE_SHARE
        return math.log(inside / (self._outside[term.name] / self._examples + _RARE_SHARE))


def _english(term: Term) -> float:
    """Return log10 of a term's share of English; its Zipf frequency is that times 10**9."""
    return term.zipf - 9.0
