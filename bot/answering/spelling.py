"""Spelling: what a mistyped, stretched or run-together word was meant for."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from bot.answering.english import frequencies, zipf
from bot.faq.packaged import packaged

COMMON = 3.0
"""A token at least this common (Zipf) is a word of its own and is never corrected."""
FAMILIAR = 4.0
"""From this frequency (Zipf) on an English word may be a part of a token that ran together."""
_MEANT = 3.5
"""From this frequency (Zipf) on an English word may be what a typo was meant for."""
_SHORTEST = 4
_SHORTEST_TWICE = 6
"""From this length on a word may hold two typos."""
_SHORTEST_PART = 3
_LONGEST = 32
_SWAPPED, _DOUBLED, _LEFT_OUT, _PUT_IN, _BESIDE, _OTHER = 2.3, 2.8, 2.2, -1.7, 0.4, -1.4
_TWICE, _FIRST = -4.6, -0.8
_BY_ENGLISH, _BY_FAQ = 0.5, 1.0
"""The logarithm of the odds that a word is meant: by what went wrong, by its Zipf frequency, and
by the logarithm of its uses in the FAQ. A multinomial logit, fitted on typos made in the tuned
questions and on 1,900 misspellings of the Birkbeck corpus (Mitton 1985), half of each."""
_DOUBLE = re.compile(r"(.)\1")

_TYPING = packaged("reading.yaml", "bot.answering")
NEIGHBOURS = {letter: frozenset(near) for letter, near in _TYPING["keys"].items()}
"""The letters beside each letter of a keyboard."""
_AMERICAN_WORDS: dict[str, str] = _TYPING["words"]
_AMERICAN = [(re.compile(part), instead) for part, instead in _TYPING["parts"].items()]
_BRITISH = re.compile("|".join(_TYPING["parts"]))


class Speller:
    """Corrects words to those of one FAQ and to common English. Immutable once built."""

    def __init__(self, counts: Mapping[str, int], also_known: Container[str] = ()) -> None:
        """`counts` are the words of the FAQ, folded, and how often each is used.

        `also_known` are never corrected, and nothing is taken for one of them.
        """
        self._also_known = also_known
        self._own = counts
        english = (word for word, common in frequencies().items() if common >= _MEANT)
        self._meant = {word for word in (*counts, *english) if len(word) >= _SHORTEST}
        self._by_initial: dict[tuple[str, int], list[str]] = {}
        for word in self._meant:
            self._by_initial.setdefault((word[0], len(word)), []).append(word)

    def has(self, token: str) -> bool:
        """Whether a token is a word of the FAQ itself."""
        return token in self._own

    def knows(self, token: str) -> bool:
        """Whether a token is a word of its own."""
        if token in self._own or token in self._also_known or not token.isalpha():
            return True
        common = max(zipf(token), zipf(american(token)))
        return common >= COMMON and not (common <= FAMILIAR and _is_stretched(token))

    def spelt(self, token: str) -> tuple[str, ...]:
        """Return the word or the two words that a token was meant for, or itself."""
        if self.knows(token) or len(token) > _LONGEST:
            return (token,)
        for candidate in (_DOUBLE.sub(r"\1", token), token.removesuffix("s")):
            if candidate != token and self._familiarity(candidate) >= FAMILIAR:
                return (candidate,)
        return self._nearest(token) or self._taken_apart(token) or (token,)

    def _nearest(self, token: str) -> tuple[str, ...]:
        """Return the likeliest word that is one edit away, or two where that is likely too."""
        if len(token) < _SHORTEST:
            return ()
        allowed = 1 if len(token) < _SHORTEST_TWICE else 2
        found = {word: 1 for word in _first_mended(token) if word in self._meant}
        for length in range(len(token) - allowed, len(token) + allowed + 1):
            near = process.extract(
                token,
                self._by_initial.get((token[0], length), ()),
                scorer=OSA.distance,
                score_cutoff=allowed,
                limit=None,
            )
            found.update((word, int(distance)) for word, distance, _ in near)
        likely = {
            word: self._odds(token, word, distance)
            for word, distance in sorted(found.items())
            if distance == 1 or word in self._own or len(token) > _SHORTEST_TWICE
        }
        return (max(likely, key=likely.__getitem__),) if likely else ()

    def _odds(self, token: str, word: str, distance: int) -> float:
        """Return the logarithm of the odds, but for a constant, that a word is meant."""
        slip = _slip(token, word) if distance == 1 else _TWICE
        first = _FIRST * (token[0] != word[0])
        use = _BY_ENGLISH * zipf(word) + _BY_FAQ * math.log1p(self._own.get(word, 0))
        return slip + first + use

    def _taken_apart(self, token: str) -> tuple[str, ...]:
        cuts = range(_SHORTEST_PART, len(token) - _SHORTEST_PART + 1)
        pairs = [(token[:cut], token[cut:]) for cut in cuts]
        likely = [p for p in pairs if min(map(self._familiarity, p)) >= FAMILIAR]
        return max(likely, key=lambda pair: min(map(self._familiarity, pair)), default=())

    def _familiarity(self, word: str) -> float:
        """Return the Zipf frequency of a word, and enough more for one of the FAQ."""
        return zipf(word) + 3 * (word in self._own)


def _slip(token: str, word: str) -> float:
    """Return the logarithm of the odds of the one edit that parts a token from a word."""
    place = Prefix.similarity(token, word)
    if len(token) == len(word):
        if token[place + 1 :] != word[place + 1 :]:
            return _SWAPPED
        return _BESIDE if token[place] in NEIGHBOURS.get(word[place], ()) else _OTHER
    longer = max(token, word, key=len)
    if place and longer[place] == longer[place - 1]:
        return _DOUBLED
    return _PUT_IN if longer == token else _LEFT_OUT


def _first_mended(token: str) -> Iterator[str]:
    """Yield what a token may be when one of its first two letters is wrong."""
    rest = token[1:]
    yield rest
    yield token[1] + token[0] + token[2:]
    for letter in NEIGHBOURS:
        yield letter + token
        yield letter + rest


def _is_stretched(token: str) -> bool:
    """Whether a token is a very common word with its last letter held down: "soo"."""
    return token[-2:-1] == token[-1:] and zipf(token[:-1]) > FAMILIAR + 1


def american(token: str) -> str:
    """Return the American spelling of a British one, so that both have one stem."""
    if token in _AMERICAN_WORDS:
        return _AMERICAN_WORDS[token]
    if _BRITISH.search(token):
        for pattern, replacement in _AMERICAN:
            token = pattern.sub(replacement, token)
    return token
