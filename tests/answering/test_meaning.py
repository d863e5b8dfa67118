"""Word vectors, and entries told apart by them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.corpus import Corpus
from bot.answering.meaning import Meaning, text_vectors

SWELLING = ["my head is swollen", "there is a lump on my neck", "swelling behind the ear"]
MONEY = ["what does it cost", "is it expensive", "the price of a session"]
OFF_TOPIC = ["who won the football match", "what is the weather like in the mountains"]


def tokens(*texts: str) -> Corpus[str]:
    return Corpus.of(text.split() for text in texts)


def likeness(one: str, other: str) -> float:
    first, second = text_vectors(tokens(one, other))
    return float(first @ second)


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    texts = tokens(*SWELLING, *MONEY, *OFF_TOPIC)
    return Meaning(texts, [len(SWELLING), len(MONEY)])


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("puffy", "swollen", "mortgage"),
        ("cash", "money", "lymph"),
        ("shampoo", "wash", "invoice"),
        ("expecting", "pregnant", "football"),
    ],
)
def test_words_that_share_no_letters_but_a_meaning_are_near(
    word: str, near: str, far: str
) -> None:
    assert likeness(word, near) > likeness(word, far) + 0.1


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


@given(st.lists(st.lists(st.text(max_size=30), max_size=5), min_size=1, max_size=5))
def test_any_words_give_a_vector_of_length_one_or_zero(texts: list[list[str]]) -> None:
    lengths = np.linalg.norm(text_vectors(Corpus.of(texts)), axis=1)
    assert np.all(np.isclose(lengths, 1.0, atol=1e-5) | (lengths == 0.0))
    assert all(length == 0.0 for length, text in zip(lengths, texts, strict=True) if not text)
