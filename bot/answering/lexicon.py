"""From tokens to terms: spelling, run-together words, American spelling, stems, synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA
from Stemmer import Stemmer

from bot.answering.english import frequencies, zipf
from bot.answering.words import fold, tokenise

COMMON = 3.0
"""A token at least this common (Zipf) is a word of its own and is never corrected."""
NUMBER = "#"
"""The term of every number: which one it is seldom tells one entry from another."""
_FAMILIAR = 4.0
"""English words at least this common (Zipf) are what a typo may have been meant for."""
_SHORTEST_TO_CORRECT = 4
_SHORTEST_TO_CORRECT_TWICE = 6
_SHORTEST_PART = 3
_DOUBLE = re.compile(r"(.)\1")

_AMERICAN = (
    (re.compile(r"(?<=[a-z]{2})ou(?=r(s|ed|ing|ful|less|ist|able)?$)"), "o"),
    (re.compile(r"is(?=(e|es|ed|ing|ation|ations|er|ers)$)"), "iz"),
    (re.compile(r"ys(?=(e|es|ed|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{3})tre(?=s?$)"), "ter"),
    (re.compile(r"^(an|h|f|p|gyn|leuk)ae"), r"\1e"),
    (re.compile(r"^(o)e(?=dem|soph|strog)"), "e"),
)
_BRITISH = re.compile(r"our|is[aei]|ys[ei]|tre|ae|^oe")
_AMERICAN_WORDS = {
    "grey": "gray",
    "greyish": "grayish",
    "licence": "license",
    "licenced": "licensed",
    "mum": "mom",
    "practise": "practice",
    "defence": "defense",
    "cheque": "check",
    "tyre": "tire",
    "diarrhoea": "diarrhea",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word as the engine compares it.

    `name` is its stem, or the name of its group of synonyms; `word` the spelling after
    correction; `token` the text as written; `zipf` its frequency. A synonym of several words
    is one term; `words` is how many.
    """

    name: str
    stem: str
    word: str
    token: str
    zipf: float
    words: int = 1


class Lexicon:
    """The words of one FAQ beside the common words of English. Immutable once built."""

    def __init__(self, phrasings: Iterable[str], synonyms: Sequence[Sequence[str]]) -> None:
        """`phrasings` are folded; each line of `synonyms` holds words or phrases that are one."""
        self._stemmer = Stemmer("english", 0)
        self._groups: dict[tuple[str, ...], str] = {}
        self._words: set[str] = set()
        for phrasing in phrasings:
            self._words.update(tokenise(phrasing))
        for group in synonyms:
            variants = [tokenise(fold(variant)) for variant in group]
            for variant in variants:
                stems = tuple(self.stem(token) for token in variant)
                self._groups[stems] = f"={'-'.join(variants[0])}"
                self._words.update(variant)
        self._openers = frozenset(stems[0] for stems in self._groups if len(stems) > 1)
        self._longest = max((len(stems) for stems in self._groups), default=1)
        self._terms = {word: self._term(word, word) for word in self._words}
        self._targets: dict[int, list[str]] = {}
        familiar = (word for word, common in frequencies().items() if common >= _FAMILIAR)
        for word in dict.fromkeys([*sorted(self._words), *familiar]):
            if len(word) >= _SHORTEST_TO_CORRECT:
                self._targets.setdefault(len(word), []).append(word)

    def stem(self, token: str) -> str:
        """Return the stem of a folded token, British and American spelling made one."""
        return NUMBER if token.isdigit() else str(self._stemmer.stemWord(american(token)))

    def terms(self, folded: str) -> tuple[Term, ...]:
        """Return the terms of folded text, in order, typos corrected and synonyms joined."""
        single: list[Term] = []
        for token in tokenise(folded):
            term = self._terms.get(token)
            if term is not None:
                single.append(term)
            elif self._known(token):
                single.append(self._term(token, token))
            else:
                single.extend(self._term(word, token) for word in self._spelt(token))
        if not any(term.stem in self._openers for term in single):
            return tuple(single)
        joined: list[Term] = []
        while len(joined) < len(single):
            joined.append(self._joined(single, len(joined)))
            del single[len(joined) : len(joined) - 1 + joined[-1].words]
        return tuple(joined)

    def _term(self, word: str, token: str) -> Term:
        stem = self.stem(word)
        return Term(self._groups.get((stem,), stem), stem, word, token, zipf(word))

    def _joined(self, single: Sequence[Term], position: int) -> Term:
        """Return the longest synonym of several words that starts here, or the term itself."""
        if single[position].stem in self._openers:
            for length in range(min(self._longest, len(single) - position), 1, -1):
                run = single[position : position + length]
                name = self._groups.get(tuple(term.stem for term in run))
                if name is not None:
                    return Term(
                        name,
                        name,
                        " ".join(term.word for term in run),
                        " ".join(dict.fromkeys(term.token for term in run)),
                        min(term.zipf for term in run),
                        length,
                    )
        return single[position]

    def _known(self, token: str) -> bool:
        if token in self._words or not token.isalpha():
            return True
        common = max(zipf(token), zipf(american(token)))
        return common >= COMMON and not (common <= _FAMILIAR and _is_stretched(token))

    def _group_at(self, stems: Sequence[str], position: int) -> tuple[int, str | None]:
        for length in range(min(self._longest, len(stems) - position), 0, -1):
            name = self._groups.get(tuple(stems[position : position + length]))
            if name is not None:
                return length, name
        return 1, None

    def _spelt(self, token: str) -> tuple[str, ...]:
        """Return the word or the two words that an unknown token was meant for, or itself."""
        squeezed = _DOUBLE.sub(r"\1", token)
        for candidate in (squeezed, token.removesuffix("s")):
            if candidate != token and self._known(candidate):
                return (candidate,)
        corrected = self._corrected(token)
        if corrected is not None:
            return (corrected,)
        return self._split(token) or (token,)

    def _corrected(self, token: str) -> str | None:
        if len(token) < _SHORTEST_TO_CORRECT:
            return None
        allowed = 1 if len(token) < _SHORTEST_TO_CORRECT_TWICE else 2
        best: tuple[float, str] | None = None
        for length in range(len(token) - allowed, len(token) + allowed + 1):
            found = process.extract(
                token,
                self._targets.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=allowed,
                limit=8,
            )
            for word, distance, _ in found:
                if distance > 1 and (
                    word[0] != token[0]
                    or (word not in self._words and len(token) <= _SHORTEST_TO_CORRECT_TWICE)
                ):
                    continue
                # A word of the FAQ is likelier meant than another one just as near; a first
                # letter is seldom mistyped.
                cost = (
                    distance
                    - 0.6 * (word in self._words)
                    + 0.3 * (word[0] != token[0])
                    - 0.05 * zipf(word)
                )
                if best is None or cost < best[0]:
                    best = (cost, word)
        return None if best is None else best[1]

    def _split(self, token: str) -> tuple[str, ...] | None:
        best: tuple[float, tuple[str, str]] | None = None
        for cut in range(_SHORTEST_PART, len(token) - _SHORTEST_PART + 1):
            parts = (token[:cut], token[cut:])
            if all(self._familiar(part) for part in parts):
                likely = min(self._weight(part) for part in parts)
                if best is None or likely > best[0]:
                    best = (likely, parts)
        return None if best is None else best[1]

    def _familiar(self, word: str) -> bool:
        return word in self._words or zipf(word) >= _FAMILIAR

    def _weight(self, word: str) -> float:
        return zipf(word) + 3 * (word in self._words)


def _is_stretched(token: str) -> bool:
    """Say whether a token is a very common word with its last letter held down: "soo"."""
    return token[-2:-1] == token[-1:] and zipf(token[:-1]) > _FAMILIAR + 1


def american(token: str) -> str:
    """Return the American spelling of a British one, so that both have one stem."""
    if token in _AMERICAN_WORDS:
        return _AMERICAN_WORDS[token]
    if _BRITISH.search(token):
        for pattern, replacement in _AMERICAN:
            token = pattern.sub(replacement, token)
    return token
