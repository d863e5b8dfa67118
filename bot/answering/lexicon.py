"""From words to terms: stems, with American spelling and synonyms made one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from Stemmer import Stemmer

from bot.answering.english import zipf
from bot.answering.reading import plain_words
from bot.answering.spelling import american
from bot.answering.words import fold

NUMBER = "#"
"""The term of every number: which one it is seldom tells one entry from another."""


class Term(NamedTuple):
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

    def __init__(self, texts: Iterable[Sequence[str]], synonyms: Sequence[Sequence[str]]) -> None:
        """`texts` are the words of those of the FAQ; `synonyms` holds lines of phrases alike."""
        self._stemmer = Stemmer("english", 0)
        self._groups: dict[str, str] = {}
        self._phrases: dict[tuple[str, ...], str] = {}
        said = Counter(chain.from_iterable(texts))
        words = said.copy()
        self.instead: dict[str, str] = {}
        """For a word that is a synonym and in no text, one that is."""
        for group in synonyms:
            variants = [plain_words(fold(variant)) for variant in group]
            single = [variant[0] for variant in variants if len(variant) == 1]
            if known := next((word for word in single if said[word]), None):
                self.instead |= {word: known for word in single if not said[word]}
            name = f"={'-'.join(variants[0])}"
            for variant in variants:
                words.update(variant)
                stems = tuple(map(self.stem, variant))
                if len(stems) > 1:
                    self._phrases.setdefault(stems, name)
                else:
                    self._groups[stems[0]] = name
        self._opening = {stems[0] for stems in self._phrases}
        self._most = max(map(len, self._phrases), default=1)
        self.words: Mapping[str, int] = words
        self._terms = {word: self._term(word) for word in words}

    def stem(self, word: str) -> str:
        """Return the stem of a folded word, British and American spelling made one."""
        if word[0].isdigit() and not word[-1].isalpha():
            return NUMBER
        return str(self._stemmer.stemWord(american(word)))

    def terms(self, words: Sequence[str]) -> tuple[Term, ...]:
        """Return the terms of words as they are meant, in order, synonyms joined."""
        single = [self._terms.get(word) or self._term(word) for word in words]
        stems = tuple(term.stem for term in single)
        if self._opening.isdisjoint(stems):
            return tuple(single)
        joined: list[Term] = []
        position = 0
        while position < len(single):
            joined.append(self._longest(single, stems, position))
            position += joined[-1].words
        return tuple(joined)

    def _term(self, word: str) -> Term:
        stem = self.stem(word)
        return Term(self._groups.get(stem, stem), stem, word, zipf(word))

    def _longest(self, single: Sequence[Term], stems: tuple[str, ...], position: int) -> Term:
        """Return the longest synonym of several words that starts here, or the term itself."""
        for end in range(min(position + self._most, len(stems)), position + 1, -1):
            if name := self._phrases.get(stems[position:end]):
                run = single[position:end]
                words = " ".join(term.word for term in run)
                return Term(name, name, words, min(term.zipf for term in run), len(run))
        return single[position]
