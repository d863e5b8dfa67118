"""Vectors of texts: near where the meaning is, whatever the letters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.corpus import Corpus
from bot.answering.vectors import text_vectors


def likeness(one: str, other: str) -> float:
    first, second = text_vectors(Corpus.of([one.split(), other.split()]))
    return float(first @ second)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("puffy", "swollen", "mortgage"),
        ("cash", "money", "lymph"),
        ("shampoo", "wash", "invoice"),
        ("expecting a baby", "pregnant", "football"),
        ("can i wash my hair", "when is shampoo allowed", "can i see my doctor"),
    ],
)
def test_what_shares_no_letters_but_a_meaning_is_near(text: str, near: str, far: str) -> None:
    assert likeness(text, near) > likeness(text, far) + 0.1


def test_a_word_is_read_with_its_neighbours() -> None:
    assert likeness("it is not a hot day", "it is a hot not day") < 0.999


@given(st.lists(st.lists(st.text(max_size=30), max_size=5), min_size=1, max_size=5))
def test_any_words_give_a_vector_of_length_one_or_zero(texts: list[list[str]]) -> None:
    lengths = np.linalg.norm(text_vectors(Corpus.of(texts)), axis=1)
    assert np.all(np.isclose(lengths, 1.0, atol=1e-5) | (lengths == 0.0))
    assert all(length == 0.0 for length, text in zip(lengths, texts, strict=True) if not text)


words = st.sampled_from(
    ["my", "head", "is", "itchy", "swollen", "and", "a", "doctor", "zzqx", "7"]
)


@given(st.lists(st.lists(words, max_size=6), min_size=1, max_size=9))
def test_a_text_has_the_same_vector_alone_as_among_others(texts: list[list[str]]) -> None:
    alone = np.concatenate([text_vectors(Corpus.of([text])) for text in texts])
    assert np.allclose(text_vectors(Corpus.of(texts)), alone, atol=1e-5)
