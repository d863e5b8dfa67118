"""Typos and splices: what people's messages have and written examples lack."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from string import ascii_lowercase

from bot.answering.encoder import DANGERS, NONE
from bot.answering.message import written
from bot.answering.reading import QUESTION, Reader
from bot.answering.spelling import NEIGHBOURS
from training.lines import Line

_WORD = re.compile(r"[A-Za-z]{4,}")
_ASKS = re.compile(
    r"\?|^(what|why|how|when|who|which|where|is|are|can|could|do|does|did|will|would|should|am)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"[.,;:!?'’\"]")
_UNMARKED = 0.15
"""How often a mistyped text has no punctuation either."""
_JOINTS = (". ", ". ", ". ", ", ", "\n", " and ", " - ", "... ", "! ", " ")
_SHARES = (0.0, 0.0, 0.0, 0.15, 0.3, 0.6, 1.0)
"""Shares of a line's longer words that are mistyped; one is drawn for each line."""


def typed(text: str, draw: random.Random) -> str:
    """Return a text as somebody may have typed it."""
    share = draw.choice(_SHARES)
    if share:
        text = _WORD.sub(
            lambda word: _slip(word[0], draw) if draw.random() < share else word[0], text
        )
    return _MARK.sub("", text) if draw.random() < _UNMARKED else text


class _AsWritten:
    """A speller that corrects nothing."""

    def has(self, token: str) -> bool:
        return True

    def knows(self, token: str) -> bool:
        return True

    def spelt(self, token: str) -> tuple[str, ...]:
        return (token,)


_READER = Reader(_AsWritten())  # type: ignore[arg-type]


def as_read(text: str, *, marks: bool) -> str:
    """Return a text as the bot hands it to the network: its words, and how it ends.

    With `marks`, commas and ends of sentences within it are kept too.
    """
    reading = _READER.read(text)
    if marks:
        return written(reading, (0, len(reading.words)), {})
    return " ".join(reading.words) + (" ?" if reading.last == QUESTION else "")


def _slip(word: str, draw: random.Random) -> str:
    place = draw.randrange(len(word) - 1) if draw.random() < 0.1 else draw.randrange(1, len(word))
    way = draw.random()
    before, letter, after = word[:place], word[place], word[place + 1 :]
    if way < 0.3 and place > 1:
        return before[:-1] + letter + before[-1] + after
    if way < 0.55:
        return before + after
    if way < 0.7:
        return before + letter + letter + after
    near = sorted(NEIGHBOURS.get(letter.lower(), ascii_lowercase))
    if way < 0.9:
        return before + draw.choice(near) + after
    return before + draw.choice(near) + letter + after


def asks(text: str) -> bool:
    """Say whether a text reads as a question."""
    return _ASKS.search(text) is not None


def spliced(line: Line, other: Line, draw: random.Random) -> Line:
    """Return two lines as one message: what it asks tells more than what it only tells of."""
    share = 0.5 + 0.3 * (asks(line.text) - asks(other.text))
    if (NONE in line.entries) != (NONE in other.entries):
        share = 0.15 if NONE in line.entries else 0.85
    first, second = (line, other) if draw.random() < 0.5 else (other, line)
    joint = draw.choice(_JOINTS)
    begun = first.text.rstrip(" .!") if joint[0] in ".,! " else first.text
    entries = _mixed(line.entries, other.entries, share)
    return Line(f"{begun}{joint}{second.text}", entries, _gravest(line, other), "splice")


def _mixed(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    if not one or not other:
        return {}
    mixed = {name: share * each for name, each in one.items()}
    for name, each in other.items():
        mixed[name] = mixed.get(name, 0.0) + (1 - share) * each
    return mixed


def _gravest(line: Line, other: Line) -> dict[str, float]:
    """Return the danger of two lines: that of the graver, where both are known."""
    if not line.dangers or not other.dangers:
        return {}
    graver = min(line, other, key=lambda each: min(map(DANGERS.index, each.dangers)))
    return dict(graver.dangers)
