"""Entries told apart by what texts mean."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answering.corpus import Corpus
from bot.answering.meaning import Meaning
from bot.answering.vectors import text_vectors

SWELLING = ["my head is swollen", "there is a lump on my neck", "swelling behind the ear"]
MONEY = ["what does it cost", "is it expensive", "the price of a session"]
OFF_TOPIC = ["who won the football match", "what is the weather like in the mountains"]


def tokens(*texts: str) -> Corpus[str]:
    return Corpus.of(text.split() for text in texts)


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    texts = tokens(*SWELLING, *MONEY, *OFF_TOPIC)
    return Meaning(texts, [len(SWELLING), len(MONEY)])


def test_a_question_none_of_whose_words_is_in_the_faq_finds_its_entry(meaning: Meaning) -> None:
    puffy, pounds = text_vectors(tokens("puffy bump", "how many pounds will i pay"))
    assert np.argmax(meaning.chances(puffy)[0]) == 0
    assert np.argmax(meaning.chances(pounds)[0]) == 1
    assert meaning.nearest(puffy, 0) > meaning.nearest(puffy, 1)


def test_what_is_off_topic_is_a_class_of_its_own(meaning: Meaning) -> None:
    rugby, swollen = text_vectors(tokens("rugby scores", "swollen"))
    entries, none = meaning.chances(rugby)
    assert none > entries.max()
    entries, none = meaning.chances(swollen)
    assert none < entries.max()


def test_without_off_topic_examples_nothing_is_said_of_them() -> None:
    meaning = Meaning(tokens(*SWELLING, *MONEY), [len(SWELLING), len(MONEY)])
    entries, none = meaning.chances(text_vectors(tokens("puffy"))[0])
    assert none == 0.0
    assert len(entries) == 2


def test_many_entries_are_still_told_apart_without_refining() -> None:
    # So many that all chances of all texts are more than are ever computed.
    texts = tokens(*(f"word {number}" for number in range(2400)), "my head is swollen")
    meaning = Meaning(texts, [1] * len(texts))
    entries, _ = meaning.chances(text_vectors(tokens("puffy head"))[0])
    assert np.argmax(entries) == len(texts) - 1
