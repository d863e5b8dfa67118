"""Many texts read at once are read as each of them alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.corpus import Corpus, read

# What could be joined with, or change, a letter beside it: accents alone, spaces of every kind,
# parts of a Korean syllable, a sigma at the end of a word, letters that fold into several.
AWKWARD = st.text(
    "aE' -\u0301\u0308\u00b4\u00a0\u2028\x1c\x85\u200b\u1100\u1161\u11a8Σßﬁ…３", max_size=12
)


def texts_of(corpus: Corpus[str]) -> list[list[str]]:
    return [
        [corpus.vocabulary[number] for number in corpus.numbers[start:end]]
        for start, end in zip(corpus.starts[:-1], corpus.starts[1:], strict=True)
    ]


def test_a_text_of_two_lines_is_one_text() -> None:
    assert texts_of(read(["red head\nwhat now", "ok"])) == [["red", "head", "what", "now"], ["ok"]]


def test_each_different_word_is_there_once() -> None:
    corpus = read(["Red, red!", "a red head"])
    assert corpus.vocabulary == ("red", "a", "head")
    assert np.array_equal(corpus.rows(), [0, 0, 1, 1, 1])


@given(st.lists(st.lists(st.sampled_from("abc"))))
def test_an_item_is_replaced_by_any_number_of_others_in_every_text(texts: list[list[str]]) -> None:
    by = {"a": [], "b": ["x"], "c": ["x", "y"]}
    corpus = Corpus.of(texts)
    replaced = corpus.replaced([by[item] for item in corpus.vocabulary])
    assert texts_of(replaced) == [[new for item in text for new in by[item]] for text in texts]
