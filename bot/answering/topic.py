"""Which entries of a FAQ have a word in their phrasings, and how much it points to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, islice

from bot.answering.lexicon import Term


class TopicWords:
    """Counts of the terms of a FAQ."""

    def __init__(self, texts: Sequence[Sequence[Term]], counts: Sequence[int]) -> None:
        """`texts` are the phrasings of each entry in turn; `counts` says how many each has."""
        left = iter(texts)
        own = [chain.from_iterable(islice(left, many)) for many in counts]
        self._entries = [Counter(term.name for term in terms) for terms in own]
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
