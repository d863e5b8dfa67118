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
from dataclasses import dataclass
from itertools import chain, product

from bot.answering.message import END, Message, joined, longhand, word_set
from bot.answering.words import fold, tokenise

_FILLERS = word_set(
    """really even just properly actually fully literally so very quite kinda like totally
    completely the a my her his their your all fucking bloody proper ever to"""
)
_MOST_FILLERS = 2
_PLAIN = re.compile("[a-z0-9]+")
_SHORT_FOR = {"have": ("ive",), "am": ("im",), "is": ("its", "hes", "shes")}
"""`I have an infection` is read as `ive an infection`, so a line with `have` fits both."""
_NEAREST = 2

Occurrence = tuple[int, ...]
"""The indices of the words of one alternative in a message."""


@dataclass(frozen=True, slots=True)
class Match:
    """A group of a line found in a message.

    `parts` are the indices of the words that fill each of its slots; `words` all of them,
    lowest first.
    """

    parts: tuple[Occurrence, ...]
    words: tuple[int, ...]

    @property
    def start(self) -> int:
        """The index of its first word."""
        return self.words[0]

    @property
    def end(self) -> int:
        """The index of its last word."""
        return self.words[-1]

    def first_after(self, at: int) -> int:
        """Return the index of its first word after `at`, which must come before its last."""
        return next(index for index in self.words if index > at)


Phrase = tuple[str, ...]
Group = tuple[int, ...]
"""The slots of words that must stand close together."""
Line = tuple[Group, ...]


class Patterns:
    """Every line of one file, compiled. Immutable once built.

    `lines` are numbered in the order given; `lists` are the lists that CAPITALS stand for.
    """

    def __init__(self, lines: Iterable[str], lists: Mapping[str, str]) -> None:
        self._lists = lists
        self.base_words: dict[str, int] = {}
        self._slots: dict[str, int] = {}
        self._read: dict[str, tuple[Phrase, ...]] = {}
        self._alone: dict[int, list[int]] = {}
        self._starting: dict[tuple[int, int], list[tuple[tuple[int, ...], int]]] = {}
        self.lines: tuple[Line, ...] = tuple(self._compiled(line) for line in lines)
        self._read.clear()  # a cache of the compiling, several megabytes
        self._slots.clear()
        uses: dict[int, int] = {}
        for line in self.lines:
            for slot in set(line[0]):
                uses[slot] = uses.get(slot, 0) + 1
        self._by_slot: dict[int, list[int]] = {}
        for number, line in enumerate(self.lines):
            rarest = min(line[0], key=lambda slot: uses[slot])
            self._by_slot.setdefault(rarest, []).append(number)

    def _compiled(self, line: str) -> Line:
        return tuple(
            tuple(self._slot(alternatives) for alternatives in group.split())
            for group in line.replace(" / ", "/").split(" + ")
        )

    def _slot(self, alternatives: str) -> int:
        slot = self._slots.get(alternatives)
        if slot is None:
            slot = self._slots[alternatives] = len(self._slots)
            number = self._number
            for first, *rest in {
                phrase for each in alternatives.split("/") for phrase in self._phrases(each)
            }:
                if rest:
                    second, *others = map(number, rest)
                    starting = self._starting.setdefault((number(first), second), [])
                    starting.append((tuple(others), slot))
                else:
                    self._alone.setdefault(number(first), []).append(slot)
        return slot

    def _number(self, word: str) -> int:
        return self.base_words.setdefault(word, len(self.base_words))

    def _phrases(self, alternative: str) -> tuple[Phrase, ...]:
        """Return the phrases that an alternative, or the name of a list, stands for."""
        known = self._read.get(alternative)
        if known is None:
            if _PLAIN.fullmatch(alternative):  # most are, and need no folding
                known = (longhand(alternative),)
            elif alternative in self._lists:
                listed = self._lists[alternative].replace(" / ", "/").split("/")
                known = tuple(phrase for each in listed for phrase in self._phrases(each))
            elif "-" in alternative:
                parts = [self._phrases(part) for part in alternative.split("-")]
                known = tuple([joined(tuple(chain(*chosen))) for chosen in product(*parts)])
                known += tuple(
                    [
                        (opening, *phrase[1:])
                        for phrase in known
                        if phrase[0] in _SHORT_FOR
                        for opening in _SHORT_FOR[phrase[0]]
                    ]
                )
            else:
                exact = "=" if alternative.startswith("=") else ""
                tokens = tokenise(fold(alternative))
                words = tuple([exact + word for token in tokens for word in longhand(token)])
                known = (words,) if words else ()
            self._read[alternative] = known
        return known

    def occurrences(
        self, message: Message, numbers: Sequence[tuple[int, ...]]
    ) -> dict[int, list[Occurrence]]:
        """Return where each slot is filled; `numbers` are those of the words at each index."""
        found: dict[int, list[Occurrence]] = {}
        for index, here in enumerate(numbers):
            if not here:
                continue
            for number in here:
                for slot in self._alone.get(number, ()):
                    found.setdefault(slot, []).append((index,))
            for at in _next(message, index):
                for pair in product(here, numbers[at]):
                    for rest, slot in self._starting.get(pair, ()):
                        occurrence = _followed(message, numbers, (index, at), rest)
                        if occurrence is not None:
                            found.setdefault(slot, []).append(occurrence)
        return found

    def candidates(self, occurrences: Mapping[int, list[Occurrence]]) -> list[int]:
        """Return the numbers of the lines whose every slot is filled somewhere, in order."""
        return sorted(
            number
            for slot in occurrences
            for number in self._by_slot.get(slot, ())
            if all(each in occurrences for group in self.lines[number] for each in group)
        )


def _next(message: Message, index: int) -> Iterator[int]:
    """Yield where a phrase may go on after `index`, small words between left out."""
    for following in range(index + 1, min(index + 2 + _MOST_FILLERS, len(message.words))):
        if message.breaks[following] >= END:
            return
        yield following
        if message.words[following] not in _FILLERS:
            return


def _followed(
    message: Message,
    numbers: Sequence[tuple[int, ...]],
    found: Occurrence,
    rest: tuple[int, ...],
) -> Occurrence | None:
    """Return the indices of a phrase of which `found` is the beginning and `rest` to come."""
    for wanted in rest:
        at = next((at for at in _next(message, found[-1]) if wanted in numbers[at]), None)
        if at is None:
            return None
        found = (*found, at)
    return found


def matches(
    group: Group,
    occurrences: Mapping[int, list[Occurrence]],
    places: Sequence[int],
    reach: int,
) -> Iterator[Match]:
    """Yield the ways in which a group's slots are filled close together, nearest first."""
    anchor = min(group, key=lambda slot: len(occurrences[slot]))
    others = list(group)
    others.remove(anchor)
    for occurrence in occurrences[anchor]:
        yield from _joined_by((occurrence,), others, occurrences, places, reach)


def _joined_by(
    parts: tuple[Occurrence, ...],
    others: list[int],
    occurrences: Mapping[int, list[Occurrence]],
    places: Sequence[int],
    reach: int,
) -> Iterator[Match]:
    taken = {index for part in parts for index in part}
    if not others:
        yield Match(parts, tuple(sorted(taken)))
        return
    first, last = min(taken), max(taken)
    near: list[tuple[int, int, Occurrence]] = []
    for position, slot in enumerate(others):
        filled = occurrences[slot]
        at = bisect_left(filled, (first,))
        until = bisect_left(filled, (last,), at)
        for candidate in filled[max(0, at - _NEAREST) : until + _NEAREST + 1]:
            if taken.isdisjoint(candidate):
                start, end = candidate[0], candidate[-1]
                apart = max(places[start] - places[last], places[first] - places[end], 0)
                if apart <= reach:
                    near.append((apart, position, candidate))
    near.sort()
    for _, position, candidate in near:
        rest = others[:position] + others[position + 1 :]
        yield from _joined_by((*parts, candidate), rest, occurrences, places, reach)
