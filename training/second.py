"""The weights of a second answer: whether a part of a message asks for an entry of its own.

A logistic regression over messages whose whole is clear and of which a part asks for another
entry, fitted to those that ask for two things and to some that ask for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from bot.answering.confidence import SECOND_FIGURES
from bot.answering.decision import is_clear, likeliest_second, ranked_parts
from bot.answering.encoder import NONE, Encoded
from bot.answering.matching import Matcher
from bot.answering.message import Message
from bot.answering.word_counts import mark
from bot.errors import BotError
from bot.faq.weights import Figure
from training.lines import Line
from training.logit import logistic

ONES = 3000
"""How many messages that ask for one thing are read: their parts take time."""
UNASKED = 0.02
"""The share of messages that ask for one thing which may get a second answer: the threshold."""
RIDGE = 1.0
_HAIR = 0.00005
"""Half of the last digit that is kept: a threshold is never rounded down."""


def to_read(lines: Sequence[Line]) -> list[int]:
    """Return the places of lines that ask for two things, and of `ONES` that ask for one.

    These are told by their texts, so that one that comes or goes changes nothing for others.
    """
    places = [
        at
        for at, line in enumerate(lines)
        if line.entries and NONE not in line.entries and not line.danger
    ]
    places.sort(key=lambda at: (not lines[at].several, mark(lines[at].text)))
    twos = sum(lines[at].several for at in places)
    return sorted(places[: twos + ONES])


def with_whole(message: Message, whole: Message) -> Message:
    """Return a message with its parts, its whole as what was not taught it reads it."""
    own, other = message.encoded, whole.encoded
    entries = np.vstack([other.entries[:1], own.entries[1:]])
    dangers = np.vstack([other.dangers[:1], own.dangers[1:]])
    return replace(message, encoded=Encoded(own.vectors, entries, dangers))


def second(
    matcher: Matcher, read: Iterable[tuple[Message, Line]]
) -> tuple[dict[str, Figure], float, dict[str, float]]:
    """Return the weights of the figures, the threshold, and what is reached."""
    told, asked = [], []
    ones = twos = 0
    for message, line in read:
        whole = matcher.rank(message.words(0), message.encoded)
        if not is_clear(whole, matcher.thresholds) or (
            line.several and whole.candidates[0].entry_id not in line.entries
        ):
            continue
        ones, twos = ones + (not line.several), twos + line.several
        likeliest = likeliest_second(message, whole, ranked_parts(message, matcher, whole))
        if likeliest and (line.several or likeliest[0] not in line.entries):
            told.append(likeliest[1])
            asked.append(line.several and likeliest[0] in line.entries)
    if not any(asked) or all(asked):
        raise BotError(
            "Second answers are fitted to tuned questions that ask two things, "
            "`entry: [one, two]`, and to some of several parts that ask one. None of one of these "
            "kinds is held."
        )
    right = np.array(asked)
    weights, odds = logistic(SECOND_FIGURES, np.array(told), right, np.ones(len(right)), RIDGE)
    unasked = np.sort(odds[~right])[::-1]
    most = min(int(UNASKED * ones), len(unasked) - 1)
    enough = round(float(unasked[most]) + _HAIR, 4)
    reached = {
        "two things answered": float((odds[right] > enough).sum() / twos),
        "second answers unasked": float((unasked > enough).sum() / ones),
    }
    return weights, enough, reached
