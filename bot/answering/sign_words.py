"""The words of the signs of danger, and how a person on a phone may spell them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.answering.english import frequencies

_SHORTEST_TO_CORRECT = 4
_LONGEST_TO_SPLIT = 32
_TOO_COMMON = 6.3
"""A word as common as this (Zipf) carries little, and is not what a typo is taken for."""
_VOWELS = str.maketrans("", "", "aeiouy")
_DOUBLED = re.compile(r"(.)\1")
_NOT_FOUND: tuple[int, ...] = ()

_DOUBLING = re.compile(r"[^aeiou][aeiou][bdgmnprt]$")
_ENDINGS_OF_WORDS = (
    "s", "es", "ed", "d", "er", "ers", "est", "ing", "ly", "y", "ish", "en", "ness", "less",
    "able",
)  # fmt: skip
_PREFIXES = ("over", "under", "un", "re", "out", "non", "pre", "mis")
_SHORTEST_STEM = 4
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_ENDINGS = ("ing", "ed", "en", "ly")


def inflections(word: str) -> set[str]:
    """Return a word with its regular English endings: -s, -ly, -ed, -er, -ing, and -in.

    A word that has an ending already gets no second one but -s and -ly.
    """
    forms = {word}
    if not word.isalpha() or len(word) < 3:
        return forms
    forms |= {word + ("es" if _SIBILANT.search(word) else "s"), word + "ly"}
    if len(word) > 4 and word.endswith(_ENDINGS):
        return forms | ({word[:-1]} if word.endswith("ing") else set())
    if word[-1] == "y" and word[-2] not in "aeiou":
        forms |= {word[:-1] + "ies", word[:-1] + "ied"}
    base = word.removesuffix("e")
    if _DOUBLING.search(word) and len(word) <= 5:
        base += word[-1]
    return forms | {base + "ed", base + "er", base + "ing", base + "in"}


class SignWords:
    """The spelling of every word that a sign is made of. Immutable once built.

    `base_words` are the words of the lines; one that begins with `=` has no endings. Each is
    known by its number in the order given.
    """

    def __init__(self, base_words: Collection[str], also_known: Iterable[str]) -> None:
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._by_skeleton: dict[str, list[str]] = {}
        self._common = frequencies()
        numbers = self._numbers
        for number, base in enumerate(base_words):
            exact = base.removeprefix("=")
            alone = (number,)
            for form in inflections(base) if exact == base else (exact,):
                known = numbers.get(form)
                numbers[form] = alone if known is None else (*known, number)
            if len(exact) > _SHORTEST_TO_CORRECT and exact.isalpha():
                self._by_skeleton.setdefault(_skeleton(exact), []).append(exact)
        self._also_known = frozenset(also_known)
        bases = {base.removeprefix("=") for base in base_words}
        self._by_start = sorted(
            form
            for form in numbers
            if len(form) >= _SHORTEST_TO_CORRECT
            and form.isalpha()
            and self._common.get(form, 0.0 if form in bases else _TOO_COMMON) < _TOO_COMMON
        )
        self._by_rest = sorted(self._by_start, key=_rest)

    def numbers(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the base words that a spelling of `spelt` is a form of."""
        if "|" not in word:
            return self._numbers.get(word, _NOT_FOUND)
        return tuple({number for form in word.split("|") for number in self._numbers[form]})

    def knows(self, word: str) -> bool:
        """Say whether a word is one that a sign is made of."""
        return word in self._numbers

    def spelt(self, token: str) -> tuple[str, ...]:
        """Return the word or words that a token was meant for; the token itself when unsure.

        A common word of English is never taken for the typo of another. A token that is as near
        to two words of signs is both: `oozing|losing`.
        """
        if token in self._numbers or token in self._also_known or token in self._common:
            return (token,)
        if len(token) < _SHORTEST_TO_CORRECT or not token.isalpha():
            return (token,)
        corrected = self._corrected(token)
        return (corrected,) if corrected else self._split(token) or (token,)

    def _corrected(self, token: str) -> str:
        squeezed = _DOUBLED.sub(r"\1", token)
        swapped = (
            token[:at] + token[at + 1] + token[at] + token[at + 2 :]
            for at in range(len(token) - 1)
        )
        for other in (squeezed, *swapped):
            if other in self._numbers:
                return other
        stem = self._stem(token)
        if stem in self._numbers or stem == token:
            return stem
        if squeezed in self._common or stem:
            return token
        # One slip in the first two letters leaves all that follows as it was; any other slip
        # leaves the first two letters. So few words need to be compared.
        near = set(_run(self._by_start, token[:2], _start))
        for start in (1, 2, 3):
            near.update(_run(self._by_rest, token[start:], _rest))
        allowed = 2 if len(token) >= 9 else 1
        return _nearest(token, near, allowed) or _nearest(
            token, self._by_skeleton.get(_skeleton(token), ()), 2
        )

    def _stem(self, token: str) -> str:
        """Return the common word that a token is made of; empty when there is none.

        So `receding` and `pushy` are words, and no typos of `reading` and `pussy`, while
        `closeing` is a form of `close`.
        """
        for ending in _ENDINGS_OF_WORDS:
            stem = token.removesuffix(ending)
            if stem != token and len(stem) >= _SHORTEST_STEM:
                undoubled = stem[:-1] if stem[-1] == stem[-2] else stem
                for word in (stem, stem + "e", stem + "y", undoubled):
                    if word in self._common:
                        return word
        for prefix in _PREFIXES:
            if token.startswith(prefix) and token.removeprefix(prefix) in self._common:
                return token
        return ""

    def _split(self, token: str) -> tuple[str, ...] | None:
        """Cut a run-together token into known words, at least one of them a sign's word."""
        if not 6 <= len(token) <= _LONGEST_TO_SPLIT:
            return None
        best: list[tuple[str, ...] | None] = [(), *[None] * len(token)]
        for end in range(1, len(token) + 1):
            for start in range(max(0, end - 14), end):
                before, part = best[start], token[start:end]
                if before is None or not self._is_part(part):
                    continue
                held = best[end]
                if held is None or len(before) + 1 < len(held):
                    best[end] = (*before, part)
        whole = best[len(token)]
        if whole is None or not any(len(part) > 3 and part in self._numbers for part in whole):
            return None
        if any(len(first) + len(second) < 4 for first, second in pairwise(whole)):
            return None
        return whole

    def _is_part(self, part: str) -> bool:
        if len(part) == 1:
            return part in "iau"
        return part in self._numbers or part in self._also_known


def _start(form: str) -> str:
    return form[:2]


def _rest(form: str) -> str:
    return form[2:]


def _run(forms: Sequence[str], wanted: str, key: Callable[[str], str]) -> Sequence[str]:
    """Return those of sorted forms whose key is the one wanted."""
    begin = bisect_left(forms, wanted, key=key)
    return forms[begin : bisect_right(forms, wanted, begin, key=key)]


def _nearest(token: str, forms: Collection[str], allowed: int) -> str:
    """Return the nearest forms, at most `allowed` slips away, parted by `|`; empty if none.

    Of several as near, those first in the alphabet: the same ones in every process.
    """
    found = [
        (distance, form)
        for form, distance, _ in process.extract(
            token, sorted(forms), scorer=OSA.distance, score_cutoff=allowed, limit=8
        )
        if max(len(token), len(form)) > _SHORTEST_TO_CORRECT
    ]
    least = min(found, default=(0, ""))[0]
    return "|".join(form for distance, form in found if distance == least)


def _skeleton(word: str) -> str:
    """Return the consonants of a word, doubles once, and its first letter."""
    return word[0] + _DOUBLED.sub(r"\1", word[1:].translate(_VOWELS))
