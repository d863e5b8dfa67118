"""The weights of a second answer, found from what asks for two things and what asks for one."""

from __future__ import annotations

import pytest

from bot.answering.confidence import SECOND_FIGURES
from bot.answering.message import Message, read
from bot.answering.reading import Reader
from bot.answering.spelling import Speller
from bot.errors import BotError
from bot.faq.models import Knowledge
from tests.answering.test_matching import ENCODER, FAQ, matcher_of
from training.lines import Line
from training.second import UNASKED, second, with_whole

MATCHER = matcher_of(Knowledge(faq=FAQ))
READER = Reader(Speller(MATCHER.words))
ASKED = {
    "puncture": ("how do I mend a puncture", "my tyre is flat again", "the inner tube has a hole"),
    "brakes": ("why do my brakes squeal", "the brake pads are worn", "adjust the brake cable"),
    "gears": ("the chain slips when I pedal", "how do I adjust the gears", "I cannot change gear"),
}


def lines() -> list[tuple[Message, Line]]:
    """Each two entries asked one after the other; and one, after a word on what another is."""
    found = []
    for first in ASKED:
        for other in ASKED.keys() - {first}:
            for one, two in zip(ASKED[first], ASKED[other], strict=True):
                both = dict.fromkeys((first, other), 0.5)
                found.append(Line(f"{one}? and {two}?", both, several=True))
                found.append(Line(f"the {other} are fine, so tell me, {one}?", {first: 1.0}))
    found.sort(key=lambda line: line.text)
    return [(read(line.text, READER, ENCODER), line) for line in found]


def test_most_pairs_are_answered_and_hardly_one_that_was_not_asked() -> None:
    weights, enough, reached = second(MATCHER, lines())
    assert weights.keys() == SECOND_FIGURES.keys()
    assert weights["asked_of_part"].weight > 0
    assert reached["two things answered"] > 0.5
    assert reached["second answers unasked"] <= UNASKED
    assert enough == round(enough, 4)


def test_without_a_message_that_asks_two_things_it_is_said_what_is_missing() -> None:
    ones = [(message, line) for message, line in lines() if not line.several]
    with pytest.raises(BotError, match="two things"):
        second(MATCHER, ones)


def test_the_whole_is_told_by_what_was_not_taught_it_and_its_parts_by_the_network() -> None:
    message, _ = lines()[0]
    other = read("my tyre is flat", READER, ENCODER)
    mixed = with_whole(message, other).encoded
    assert (mixed.entries[0] == other.encoded.entries[0]).all()
    assert (mixed.dangers[0] == other.encoded.dangers[0]).all()
    assert (mixed.entries[1:] == message.encoded.entries[1:]).all()
