"""How like a question is to phrasings in its words."""

from __future__ import annotations

import pytest

from bot.answering.index import PhrasingIndex
from bot.answering.lexicon import Term

ENTRIES = (("blue dots", "the dots are blue"), ("red scalp", "itchy scalp"), ("the price",))


def terms(text: str) -> list[Term]:
    return [Term(word, word, word, 4.0) for word in text.split()]


INDEX = PhrasingIndex([[terms(t) for t in each] for each in ENTRIES], [terms("blue sky")])


def test_a_phrasing_to_the_letter_is_like_itself_alone() -> None:
    inside, off_topic = INDEX.likeness(terms("red scalp"))
    assert inside.tolist() == pytest.approx([0, 0, 1, inside[3], 0], abs=1e-6)
    assert inside[3] < 0.5
    assert off_topic == 0.0
    assert INDEX.best(inside).tolist() == pytest.approx([0, 1, 0], abs=1e-6)


def test_what_is_unknown_weighs_against_every_match() -> None:
    known, _ = INDEX.likeness(terms("blue dots"))
    less, _ = INDEX.likeness(terms("blue dots gearbox"))
    assert less[0] < 0.85 * known[0]


def test_off_topic_examples_are_compared_too() -> None:
    _, off_topic = INDEX.likeness(terms("blue sky"))
    assert off_topic == pytest.approx(1.0)


def test_a_term_of_every_entry_is_not_rare_and_an_unknown_one_is() -> None:
    assert INDEX.rarity("gearbox") == 1.0
    assert INDEX.rarity("the") < INDEX.rarity("price")
    assert INDEX.owns(1, "itchy")
    assert not INDEX.owns(0, "itchy")
    assert not INDEX.knows("sky")


def test_words_that_are_in_no_phrasing_are_like_nothing() -> None:
    inside, off_topic = INDEX.likeness(terms("gearbox"))
    assert not inside.any()
    assert off_topic == 0.0
