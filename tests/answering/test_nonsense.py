"""What means nothing raises nothing, and what is said twice is what was said."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.shipped import shipped_answerer

ANSWERER = shipped_answerer()
LOREM = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor"
PLAIN = [
    "la", "please", "wibble", "banana", "help", "no", "ha", "hello", "test", "blah", "why",
    "yes", "ok", "the", "smp", "red", "dots", "me", "come", "more", "really", "so", "maybe",
    "thanks", "what", "when", "how", "who", "now", "today", "head", "hair", "scalp", "ink",
    "needle", "price", "book", "artist", "skin", "colour", "size", "small", "good", "bad",
    "never", "right", "wrong", "left", "up", "down", "out", "but", "morning", "table", "green",
    "seven",
]  # fmt: skip
DANGERS = {
    "my throat is closing": "emergency",
    "i cannot breathe": "emergency",
    "my chest hurts and my arm is numb": "emergency",
    "he wont wake up": "emergency",
    "i want to kill myself": "crisis",
    "i want to die": "crisis",
    "there is pus coming out and i have a fever": "urgent",
}


def level(text: str) -> str | None:
    alert = ANSWERER.answer(text).alert
    return alert.level if alert else None


@given(st.sampled_from(PLAIN), st.integers(1, 40), st.sampled_from([" ", ", ", ". ", "\n", "! "]))
@example("la", 7, " ")
@example("please", 6, " ")
@example("wibble", 10, " ")
@settings(deadline=None)
def test_a_plain_word_raises_nothing_however_often_it_is_said(
    word: str, times: int, between: str
) -> None:
    assert level(between.join([word] * times)) is None


@pytest.mark.parametrize(
    "text",
    [
        LOREM,
        "lorem ipsum dolor sit amet " * 5,
        "aaaa " * 20,
        "a" * 60,
        "gas and air",
        "asdf jkl; " * 6,
        "qwertyuiop asdfghjkl zxcvbnm",
        "a b c d e f g h i j k",
        "1 2 3 4 5 6 7",
        "!!! ??? ...",
        "lalalala",
        "hahahaha",
        "nanananana",
    ],
)
def test_nonsense_raises_nothing(text: str) -> None:
    assert level(text) is None


def test_mashed_keys_raise_next_to_nothing() -> None:
    dice = random.Random(20)

    def mashed() -> str:
        return "".join(dice.choices(string.ascii_lowercase, k=dice.randint(2, 9)))

    texts = [" ".join(mashed() for _ in range(8)) for _ in range(120)]
    assert len([text for text in texts if level(text)]) <= 3


@given(
    st.sampled_from(sorted(DANGERS)),
    st.sampled_from([2, 3, 10]),
    st.sampled_from([" ", ". ", "! ", "\n"]),
)
@settings(deadline=None)
def test_a_danger_said_again_stays_that_danger(danger: str, times: int, between: str) -> None:
    assert level(between.join([danger] * times)) == DANGERS[danger] == level(danger)
