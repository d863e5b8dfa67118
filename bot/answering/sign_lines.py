"""The lines of `signs.yaml` made into patterns, and found in a message.

A line is words that stand close together, in any order: `throat/windpipe close/tighten`. A slash
parts words that serve alike, a hyphen joins words that follow one another (`passed-out`), a word
in CAPITALS stands for the list of that name, ` + ` parts groups that may stand far apart in the
message, and `=fit` is that spelling alone, without the usual endings.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, product

from bot.answering.english import zipf
from bot.answering.reading import COMMA, END, Reading, joined, longhand
from bot.answering.words import fold, tokenise

_REACH = 50
"""How far apart two neighbouring words of a sign may be, in the steps of `_places`."""
_LIGHT = 5.9
"""A word as common as this (Zipf) carries little: it takes others apart less than most do."""
_LIGHT_STEP, _WORD_STEP, _COMMA_STEP, _SENTENCE_STEP = 4, 10, 6, 22
_MOST_FILLERS = 2
_NEAREST = 2
_PLAIN = re.compile("[a-z0-9]+")
_SHORT_FOR = {"have": ("ive",), "am": ("im",), "is": ("its", "hes", "shes")}
"""`I have an infection` is read as `ive an infection`, so a line with `have` fits both."""

_DOUBLING = re.compile(r"[^aeiou][aeiou][bdgmnprt]$")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_ENDINGS = ("ing", "ed", "en", "ly")

Match = tuple[int, ...]
"""The indices of the words of a message that fill a group of a line, lowest first."""
Phrase = tuple[str, ...]
Group = tuple[int, ...]
"""The slots of words that must stand close together."""


class SignLines:
    """Every line of the signs, compiled. Immutable once built."""

    def __init__(self, lines: Iterable[str], lists: Mapping[str, str]) -> None:
        """`lines` are known by their numbers in the order given.

        `lists` are the lists that CAPITALS stand for.
        """
        self._lists = lists
        self._slots: dict[str, int] = {}
        self._phrases: dict[str, tuple[Phrase, ...]] = {}
        self._alone: dict[str, list[int]] = {}
        self._starting: dict[tuple[str, str], list[tuple[Phrase, int]]] = {}
        self._lines = tuple(
            tuple(
                tuple(self._slot(alternatives) for alternatives in group.split())
                for group in line.replace(" / ", "/").split(" + ")
            )
            for line in lines
        )
        self._bases = _by_form(
            word for phrases in self._phrases.values() for phrase in phrases for word in phrase
        )
        uses: dict[int, int] = {}
        for line in self._lines:
            for slot in set(line[0]):
                uses[slot] = uses.get(slot, 0) + 1
        self._by_slot: dict[int, list[int]] = {}
        for number, line in enumerate(self._lines):
            rarest = min(line[0], key=lambda slot: uses[slot])
            self._by_slot.setdefault(rarest, []).append(number)

    @property
    def words(self) -> Iterable[str]:
        """Every word that a sign is made of, with its endings."""
        return self._bases

    def found(self, reading: Reading) -> Iterator[tuple[int, list[list[Match]]]]:
        """Yield the number of each line that a message holds, and where.

        For each group of the line, the ways in which it is filled, nearest first.
        """
        filled = self._filled(reading)
        places = _places(reading)
        candidates = sorted(
            number
            for slot in filled
            for number in self._by_slot.get(slot, ())
            if all(each in filled for group in self._lines[number] for each in group)
        )
        for number in candidates:
            groups = [list(_matches(group, filled, places)) for group in self._lines[number]]
            if all(groups):
                yield number, groups

    def _slot(self, alternatives: str) -> int:
        slot = self._slots.get(alternatives)
        if slot is None:
            slot = self._slots[alternatives] = len(self._slots)
            phrases = {p for each in alternatives.split("/") for p in self._read(each)}
            for first, *rest in sorted(phrases):
                if rest:
                    starting = self._starting.setdefault((first, rest[0]), [])
                    starting.append((tuple(rest[1:]), slot))
                else:
                    self._alone.setdefault(first, []).append(slot)
        return slot

    def _read(self, alternative: str) -> tuple[Phrase, ...]:
        """Return the phrases that an alternative, or the name of a list, stands for."""
        known = self._phrases.get(alternative)
        if known is None:
            if _PLAIN.fullmatch(alternative):
                known = (longhand(alternative) or (alternative,),)
            elif alternative in self._lists:
                listed = self._lists[alternative].replace(" / ", "/").split("/")
                known = tuple(phrase for each in listed for phrase in self._read(each))
            elif "-" in alternative:
                parts = [self._read(part) for part in alternative.split("-")]
                known = tuple(joined(tuple(chain(*chosen))) for chosen in product(*parts))
                known += tuple(
                    (opening, *phrase[1:])
                    for phrase in known
                    for opening in _SHORT_FOR.get(phrase[0], ())
                )
            else:
                exact = "=" if alternative.startswith("=") else ""
                tokens = tokenise(fold(alternative))
                words = [exact + word for token in tokens for word in longhand(token) or (token,)]
                known = (tuple(words),) if words else ()
            self._phrases[alternative] = known
        return known

    def _filled(self, reading: Reading) -> dict[int, list[Match]]:
        """Return where each slot is filled."""
        bases = [self._bases.get(word, ()) for word in reading.words]
        found: dict[int, list[Match]] = {}
        for index, here in enumerate(bases):
            for base in here:
                for slot in self._alone.get(base, ()):
                    found.setdefault(slot, []).append((index,))
            for at in _next(reading, index) if here else ():
                for pair in product(here, bases[at]):
                    for rest, slot in self._starting.get(pair, ()):
                        followed = _followed(reading, bases, (index, at), rest)
                        if followed is not None:
                            found.setdefault(slot, []).append(followed)
        return found


def _next(reading: Reading, index: int) -> Iterator[int]:
    """Yield where a phrase may go on after `index`, light words between left out."""
    for following in range(index + 1, min(index + 2 + _MOST_FILLERS, len(reading.words))):
        if reading.breaks[following] >= END:
            return
        yield following
        if zipf(reading.words[following]) < _LIGHT:
            return


def _followed(
    reading: Reading, bases: Sequence[tuple[str, ...]], found: Match, rest: Phrase
) -> Match | None:
    """Return the indices of a phrase of which `found` is the beginning and `rest` to come."""
    for wanted in rest:
        at = next((at for at in _next(reading, found[-1]) if wanted in bases[at]), None)
        if at is None:
            return None
        found = (*found, at)
    return found


def _places(reading: Reading) -> list[int]:
    """Return how far on each word stands: light words count little, ends of sentences much."""
    steps = {0: 0, COMMA: _COMMA_STEP}
    return list(
        accumulate(
            (_LIGHT_STEP if zipf(word) >= _LIGHT else _WORD_STEP)
            + steps.get(before, _SENTENCE_STEP)
            for word, before in zip(reading.words, reading.breaks, strict=True)
        )
    )


def _matches(
    group: Group, filled: Mapping[int, list[Match]], places: Sequence[int]
) -> Iterator[Match]:
    """Yield the ways in which a group's slots are filled close together, nearest first."""
    anchor = min(group, key=lambda slot: len(filled[slot]))
    others = list(group)
    others.remove(anchor)
    for match in filled[anchor]:
        yield from _completed(match, others, filled, places)


def _completed(
    match: Match, others: list[int], filled: Mapping[int, list[Match]], places: Sequence[int]
) -> Iterator[Match]:
    if not others:
        yield match
        return
    first, last = match[0], match[-1]
    near: list[tuple[int, int, Match]] = []
    for position, slot in enumerate(others):
        at = bisect_left(filled[slot], (first,))
        until = bisect_left(filled[slot], (last,), at)
        for candidate in filled[slot][max(0, at - _NEAREST) : until + _NEAREST + 1]:
            if set(match).isdisjoint(candidate):
                start, end = candidate[0], candidate[-1]
                apart = max(places[start] - places[last], places[first] - places[end], 0)
                if apart <= _REACH:
                    near.append((apart, position, candidate))
    for _, position, candidate in sorted(near):
        rest = others[:position] + others[position + 1 :]
        yield from _completed(tuple(sorted((*match, *candidate))), rest, filled, places)


def _by_form(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return each form of the words of signs, and the words that it may be a form of."""
    forms: dict[str, tuple[str, ...]] = {}
    for base in dict.fromkeys(words):
        exact = base.removeprefix("=")
        for form in inflections(base) if exact == base else (exact,):
            forms[form] = (*forms.get(form, ()), base)
    return forms


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
