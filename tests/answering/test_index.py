"""How like a question is to phrasings, on a toy FAQ of two entries and one off-topic example."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.index import PhrasingIndex
from bot.answering.lexicon import Lexicon

TEXTS = ["my tyre is flat", "a hole in the tube", "brakes squeal", "my knee hurts"]
LEXICON = Lexicon([text.split() for text in TEXTS], ())
INDEX = PhrasingIndex([LEXICON.terms(text.split()) for text in TEXTS], [2, 1])


def test_a_phrasing_to_the_letter_is_wholly_alike() -> None:
    for place, text in enumerate(TEXTS[:3]):
        assert INDEX.likeness(LEXICON.terms(text.split())).phrasings[place] == pytest.approx(1.0)
    assert INDEX.likeness(LEXICON.terms(["my", "knee", "hurts"])).off_topic == pytest.approx(1.0)


def test_an_entry_is_as_alike_as_the_nearest_of_its_phrasings() -> None:
    found = INDEX.likeness(LEXICON.terms(["flat", "tyre"]))
    assert found.phrasings[0] > found.phrasings[2] == 0
    assert found.entries.tolist() == [found.phrasings[0], found.phrasings[2]]


def test_a_word_that_is_in_no_phrasing_makes_a_question_less_alike() -> None:
    alone = INDEX.likeness(LEXICON.terms(["squeal"])).entries[1]
    with_another = INDEX.likeness(LEXICON.terms(["squeal", "zebra"])).entries[1]
    assert 0 < with_another < alone


def test_a_word_with_a_slip_is_known_by_its_letters() -> None:
    assert INDEX.likeness(LEXICON.terms(["squeals"])).entries[1] > 0.3
    assert INDEX.likeness(LEXICON.terms(["squealx"])).entries[1] > 0


def test_a_word_of_every_entry_is_less_rare_than_that_of_one() -> None:
    assert INDEX.rarity("squeal") > 0
    assert INDEX.rarity("my") < INDEX.rarity("squeal") < INDEX.rarity("zebra") == 1.0


@given(
    st.lists(
        st.sampled_from(["my", "tyre", "is", "flat", "brakes", "squeal", "knee", "zebra"]),
        max_size=9,
    )
)
def test_likeness_is_never_more_than_whole(words: list[str]) -> None:
    found = INDEX.likeness(LEXICON.terms(words))
    assert (found.phrasings <= 1.0 + 1e-6).all()
    assert (found.phrasings >= 0.0).all()
