"""How much oftener a FAQ, and an entry, use a term than English does: a toy FAQ."""

from __future__ import annotations

from bot.answering.lexicon import Lexicon
from bot.answering.topic import TopicWords

TEXTS = ["the chain slips", "oil the chain", "the brakes squeal"]
LEXICON = Lexicon([text.split() for text in TEXTS], ())
TERMS = [LEXICON.terms(text.split()) for text in TEXTS]
TOPIC = TopicWords(TERMS, [2, 1])
CHAIN, SQUEAL, THE, ZEBRA = LEXICON.terms(["chain", "squeal", "the", "zebra"])


def test_an_entry_owns_the_terms_of_its_own_phrasings() -> None:
    assert TOPIC.owns(0, CHAIN.name)
    assert not TOPIC.owns(1, CHAIN.name)
    assert ZEBRA.name not in TOPIC


def test_a_term_of_one_entry_points_to_it_and_one_of_all_to_none() -> None:
    assert TOPIC.focus(CHAIN.name) == 1.0
    assert TOPIC.focus(THE.name) < 0.7
    assert TOPIC.focus(ZEBRA.name) == 1.0


def test_a_word_of_the_subject_is_more_familiar_than_one_of_english() -> None:
    assert TOPIC.familiarity(CHAIN) > TOPIC.familiarity(THE)
    assert TOPIC.familiarity(SQUEAL) > TOPIC.familiarity(ZEBRA)


def test_an_entry_is_spoken_for_by_its_own_words() -> None:
    assert TOPIC.ownership(0, CHAIN) > TOPIC.ownership(1, CHAIN)
    assert TOPIC.ownership(1, SQUEAL) > TOPIC.ownership(0, SQUEAL)
