"""The lines of `signs.yaml`, and where a message holds them.

A line is words that stand close together, in any order: `throat/windpipe close/tighten`. A slash
parts words that serve alike, a hyphen joins words that follow one another (`passed-out`), a word
in CAPITALS stands for the list of that name, ` + ` parts groups that may stand far apart in the
message, and `=fit` is that spelling alone, without the usual endings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, product

from bot.answering.english import zipf
from bot.answering.reading import COMMA, END, Reading, joined, plain_words
from bot.answering.words import fold

_REACH = 50
"""How far apart two neighbouring words of a sign may be, in the steps below."""
_LIGHT = 5.9
"""A word as common as this (Zipf) carries little: it takes others apart less than most do."""
_LIGHT_STEP, _WORD_STEP, _COMMA_STEP, _SENTENCE_STEP = 4, 10, 6, 22
_MOST_FILLERS = 2
"""Light words that may stand between two words that a hyphen joins."""
_SHORTEST = 3
"""The letters of a word, without its ending, that may have one."""

Place = tuple[int, int]
"""The indices of the first and of the last word of a stretch of a message."""
Phrase = tuple[str, ...]
Filled = Mapping[str, Sequence[Place]]
"""For each slot, which is a part of a line between spaces, where a message fills it, in order."""


class SignLines:
    """Every line of the signs. Immutable once built.

    `word in lines` says whether signs are made of a word or one that it is a form of.
    """

    def __init__(self, lines: Iterable[str], lists: Mapping[str, str]) -> None:
        """`lines` are known by their numbers in the order given.

        `lists` are the lists that CAPITALS stand for.
        """
        self._lists = lists
        self._lines = [
            [group.split() for group in line.replace(" / ", "/").split(" + ")] for line in lines
        ]
        self._slots = [frozenset(chain.from_iterable(line)) for line in self._lines]
        self._starting: dict[str, dict[Phrase, list[str]]] = {}
        """By the first word of a phrase: the phrase, and the slots that it fills."""
        for slot in sorted({slot for line in self._lines for group in line for slot in group}):
            for phrase in dict.fromkeys(self._phrases(slot)):
                self._starting.setdefault(phrase[0], {}).setdefault(phrase, []).append(slot)
        self._words = frozenset(chain.from_iterable(chain.from_iterable(self._starting.values())))
        self.words = frozenset(word.removeprefix("=") for word in self._words)
        """Every word that a sign is made of."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and bool(self._bases(word))

    def found(self, reading: Reading) -> Iterator[tuple[int, Place]]:
        """Yield the number of each line that a message holds, and the stretch that holds it."""
        filled = self._filled(reading)
        steps = _steps(reading)
        for number, (groups, slots) in enumerate(zip(self._lines, self._slots, strict=True)):
            if slots <= filled.keys():
                places = [place for group in groups if (place := _place(group, filled, steps))]
                if len(places) == len(groups):
                    words = list(chain.from_iterable(places))
                    yield number, (min(words), max(words))

    def _phrases(self, slot: str) -> list[Phrase]:
        """Return the phrases that fill a slot, or that one of its alternatives stands for."""
        if "/" in slot:
            return [phrase for each in slot.split("/") for phrase in self._phrases(each.strip())]
        if slot in self._lists:
            return self._phrases(self._lists[slot])
        if "-" in slot:
            parts = map(self._phrases, slot.split("-"))
            return [joined(tuple(chain(*chosen))) for chosen in product(*parts)]
        exact = "=" if slot.startswith("=") else ""
        words = tuple(exact + word for word in plain_words(fold(slot)))
        return [words] if words else []

    def _filled(self, reading: Reading) -> Filled:
        bases = [self._bases(word) for word in reading.words]
        filled: dict[str, list[Place]] = {}
        for start, here in enumerate(bases):
            for word in here:
                for phrase, slots in self._starting.get(word, {}).items():
                    end = _end(phrase, start, bases, reading)
                    if end is not None:
                        for slot in slots:
                            filled.setdefault(slot, []).append((start, end))
        return filled

    def _bases(self, word: str) -> list[str]:
        """Return the words of signs that a word of a message is, or is a form of."""
        forms = (form for form in _without_endings(word) if len(form) >= _SHORTEST)
        return [base for base in dict.fromkeys((word, f"={word}", *forms)) if base in self._words]


def _without_endings(word: str) -> Iterator[str]:
    """Yield what a word may be a form of: `closin` of `close`, `stopped` of `stop`."""
    if word.endswith("in") and len(word) > _SHORTEST:
        yield word + "g"
        yield from _without_endings(word + "g")
    for ending in ("s", "es", "ly", "ed", "er", "ing"):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            yield stem
            if stem.endswith("i"):
                yield stem[:-1] + "y"
            if ending in ("ed", "er", "ing"):
                yield stem + "e"
                if stem[-1:] == stem[-2:-1]:
                    yield stem[:-1]


def _end(
    phrase: Phrase, start: int, bases: Sequence[Sequence[str]], reading: Reading
) -> int | None:
    """Return where a phrase ends that starts at `start`; None where it does not stand there."""
    for wanted in phrase[1:]:
        following = (at for at in _next(start, reading) if wanted in bases[at])
        start = next(following, -1)
        if start < 0:
            return None
    return start


def _next(at: int, reading: Reading) -> Iterator[int]:
    """Yield where a phrase may go on after `at`, light words between left out."""
    for following in range(at + 1, min(at + 2 + _MOST_FILLERS, len(reading.words))):
        if reading.breaks[following] >= END:
            return
        yield following
        if zipf(reading.words[following]) < _LIGHT:
            return


def _steps(reading: Reading) -> list[int]:
    """Return how far on each word stands: light words count little, ends of sentences much."""
    before = {0: 0, COMMA: _COMMA_STEP}
    return list(
        accumulate(
            (_LIGHT_STEP if zipf(word) >= _LIGHT else _WORD_STEP)
            + before.get(mark, _SENTENCE_STEP)
            for word, mark in zip(reading.words, reading.breaks, strict=True)
        )
    )


def _place(group: Sequence[str], filled: Filled, steps: Sequence[int]) -> Place | None:
    """Return the first stretch in which the slots of a group are filled close together."""
    rarest, *others = sorted(group, key=lambda slot: len(filled[slot]))
    wider = (_widened(place, others, filled, steps) for place in filled[rarest])
    return next(chain.from_iterable(wider), None)


def _widened(
    place: Place, others: list[str], filled: Filled, steps: Sequence[int]
) -> Iterator[Place]:
    """Yield the stretches around a place in which `others` are filled too, nearest first."""
    if not others:
        yield place
    first, last = place
    near = [
        (apart, slot, start, end)
        for slot in others
        for start, end in filled[slot]
        if end < first or last < start
        if (apart := max(steps[start] - steps[last], steps[first] - steps[end])) <= _REACH
    ]
    for _, slot, start, end in sorted(near):
        rest = others.copy()
        rest.remove(slot)
        yield from _widened((min(first, start), max(last, end)), rest, filled, steps)
