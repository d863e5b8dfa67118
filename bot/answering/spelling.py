"""Spelling: what a mistyped, stretched or run-together word was meant for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.answering.english import frequencies, zipf
from bot.answering.words import TOKEN

COMMON = 3.0
"""A token at least this common (Zipf) is a word of its own and is never corrected."""
FAMILIAR = 4.0
"""English words at least this common (Zipf) are what a typo may have been meant for."""
MOST_CORRECTED = 40
"""Unknown words of one message that are looked at, so that its length bounds the time."""
_SHORTEST = 4
_SHORTEST_TWICE = 6
"""From this length on a word may hold two typos."""
_SHORTEST_PART = 3
_LONGEST = 32
_SLIP = 0.35
"""What two letters swapped, or one doubled or dropped from a double, cost less than an edit."""
_FIRST = 0.3
_USE = 0.25
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


class Speller:
    """Corrects words to those of one FAQ and to common English. Immutable once built."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """`counts` are the words of the FAQ, folded, and how often each is used."""
        self._own = counts
        self._by_initial: dict[tuple[str, int], list[str]] = {}
        self._own_by_length: dict[int, list[str]] = {}
        familiar = (word for word, common in frequencies().items() if common >= FAMILIAR)
        for word in dict.fromkeys([*sorted(self._own), *familiar]):
            if len(word) >= _SHORTEST:
                self._by_initial.setdefault((word[0], len(word)), []).append(word)
                if word in self._own:
                    self._own_by_length.setdefault(len(word), []).append(word)

    def corrected(self, folded: str) -> str:
        """Return folded text with its unknown words corrected; all else stays as it is."""
        left = MOST_CORRECTED

        def correct(found: re.Match[str]) -> str:
            nonlocal left
            token = found[0]
            if left == 0 or self.knows(token):
                return token
            left -= 1
            return " ".join(self.spelt(token))

        return TOKEN.sub(correct, folded)

    def knows(self, token: str) -> bool:
        """Say whether a token is a word of its own."""
        if token in self._own or not token.isalpha():
            return True
        common = max(zipf(token), zipf(american(token)))
        return common >= COMMON and not (common <= FAMILIAR and _is_stretched(token))

    def spelt(self, token: str) -> tuple[str, ...]:
        """Return the word or the two words that a token was meant for, or itself."""
        if self.knows(token) or len(token) > _LONGEST:
            return (token,)
        for candidate in (_DOUBLE.sub(r"\1", token), token.removesuffix("s")):
            if candidate != token and self._is_familiar(candidate):
                return (candidate,)
        nearest = self._nearest(token)
        if nearest is not None:
            return (nearest,)
        return self._taken_apart(token) or (token,)

    def _nearest(self, token: str) -> str | None:
        if len(token) < _SHORTEST:
            return None
        allowed = 1 if len(token) < _SHORTEST_TWICE else 2
        # A first letter is seldom mistyped: then only words of the FAQ are likely meant.
        found = {
            **self._near(token, 1, lambda length: self._own_by_length.get(length, ())),
            **self._near(
                token, allowed, lambda length: self._by_initial.get((token[0], length), ())
            ),
        }
        likely = {
            word: self._cost(token, word, distance)
            for word, distance in found.items()
            if distance == 1 or word in self._own or len(token) > _SHORTEST_TWICE
        }
        return min(likely, key=lambda word: (likely[word], word), default=None)

    def _near(
        self, token: str, allowed: int, words: Callable[[int], Sequence[str]]
    ) -> dict[str, int]:
        return {
            word: int(distance)
            for length in range(len(token) - allowed, len(token) + allowed + 1)
            for word, distance, _ in process.extract(
                token, words(length), scorer=OSA.distance, score_cutoff=allowed, limit=None
            )
        }

    def _cost(self, token: str, word: str, distance: int) -> float:
        """Return how unlikely a token is to be meant for a word: edits less the word's use."""
        slips = _SLIP * (distance == 1 and _is_slip(token, word))
        first = _FIRST * (token[0] != word[0])
        return distance - slips + first - _USE * self._use(word)

    def _use(self, word: str) -> float:
        """Return the use of a word as log10 over English and the FAQ, which counts for more."""
        return zipf(word) / 3 + math.log10(1 + 10 * self._own.get(word, 0))

    def _taken_apart(self, token: str) -> tuple[str, str] | None:
        cuts = range(_SHORTEST_PART, len(token) - _SHORTEST_PART + 1)
        pairs = [(token[:cut], token[cut:]) for cut in cuts]
        likely = [pair for pair in pairs if all(map(self._is_familiar, pair))]
        return max(likely, key=lambda pair: min(map(self._weight, pair)), default=None)

    def _is_familiar(self, word: str) -> bool:
        return word in self._own or zipf(word) >= FAMILIAR

    def _weight(self, word: str) -> float:
        return zipf(word) + 3 * (word in self._own)


def _is_slip(token: str, word: str) -> bool:
    """Say whether two words differ by two letters swapped, or by one of a double."""
    if len(token) == len(word):
        return sorted(token) == sorted(word)
    return _DOUBLE.sub(r"\1", token) == _DOUBLE.sub(r"\1", word)


def _is_stretched(token: str) -> bool:
    """Say whether a token is a very common word with its last letter held down: "soo"."""
    return token[-2:-1] == token[-1:] and zipf(token[:-1]) > FAMILIAR + 1


def american(token: str) -> str:
    """Return the American spelling of a British one, so that both have one stem."""
    if token in _AMERICAN_WORDS:
        return _AMERICAN_WORDS[token]
    if _BRITISH.search(token):
        for pattern, replacement in _AMERICAN:
            token = pattern.sub(replacement, token)
    return token
