"""From words to terms: stems, with American spelling and synonyms made one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from Stemmer import Stemmer

from bot.answering.english import zipf
from bot.answering.spelling import american
from bot.answering.words import fold, tokenise

NUMBER = "#"
"""The term of every number: which one it is seldom tells one entry from another."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word as the engine compares it.

    `name` is its `stem`, or the name of its group of synonyms; `zipf` its frequency. A synonym
    of several words is one term; `words` is how many.
    """

    name: str
    stem: str
    word: str
    zipf: float
    words: int = 1


class Lexicon:
    """The words of one FAQ and their synonyms. Immutable once built."""

    def __init__(self, phrasings: Iterable[str], synonyms: Sequence[Sequence[str]]) -> None:
        """`phrasings` are folded; each line of `synonyms` holds words or phrases that are one."""
        self._stemmer = Stemmer("english", 0)
        self._groups: dict[tuple[str, ...], str] = {}
        words: Counter[str] = Counter()
        for phrasing in phrasings:
            words.update(tokenise(phrasing))
        for group in synonyms:
            variants = [tokenise(fold(variant)) for variant in group]
            for variant in variants:
                stems = tuple(self.stem(word) for word in variant)
                self._groups[stems] = f"={'-'.join(variants[0])}"
                words.update(variant)
        self.words: Mapping[str, int] = words
        self._openers = frozenset(stems[0] for stems in self._groups if len(stems) > 1)
        self._longest = max((len(stems) for stems in self._groups), default=1)
        self._terms = {word: self._term(word) for word in words}

    def stem(self, word: str) -> str:
        """Return the stem of a folded word, British and American spelling made one."""
        return NUMBER if word.isdigit() else str(self._stemmer.stemWord(american(word)))

    def terms(self, corrected: str) -> tuple[Term, ...]:
        """Return the terms of folded and corrected text, in order, synonyms joined."""
        single = [self._terms.get(word) or self._term(word) for word in tokenise(corrected)]
        if not any(term.stem in self._openers for term in single):
            return tuple(single)
        joined: list[Term] = []
        position = 0
        while position < len(single):
            term = single[position]
            joined.append(self._joined(single, position) if term.stem in self._openers else term)
            position += joined[-1].words
        return tuple(joined)

    def _term(self, word: str) -> Term:
        stem = self.stem(word)
        return Term(self._groups.get((stem,), stem), stem, word, zipf(word))

    def _joined(self, single: Sequence[Term], position: int) -> Term:
        """Return the longest synonym of several words that starts here, or the term itself."""
        for length in range(min(self._longest, len(single) - position), 1, -1):
            run = single[position : position + length]
            name = self._groups.get(tuple(term.stem for term in run))
            if name is not None:
                words = " ".join(term.word for term in run)
                return Term(name, name, words, min(term.zipf for term in run), length)
        return single[position]
