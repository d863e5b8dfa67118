from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.evaluation.robustness import mistyped

_WORD = re.compile(r"[^\W\d_]+")


@given(st.text())
def test_whatever_is_no_word_stays_as_it_is(text: str) -> None:
    assert _WORD.sub("", mistyped(text)) == _WORD.sub("", text)


@given(st.lists(st.from_regex(r"[a-zA-Zé]{1,12}", fullmatch=True), min_size=1))
def test_each_longer_word_gets_one_typo_and_no_other_does(words: list[str]) -> None:
    typed = mistyped(" ".join(words)).split(" ")
    for word, with_typo in zip(words, typed, strict=True):
        assert OSA.distance(word, with_typo) == (len(word) >= 5)
    assert mistyped(" ".join(words)).split(" ") == typed
