from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.spelling import NEIGHBOURS, Speller, american

SPELLER = Speller({"pigment": 5, "scalp": 9, "itch": 4, "scab": 6, "needle": 3}, {"keloid"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pigmnet", "pigment"),  # two letters swapped
        ("pigmeent", "pigment"),  # one doubled
        ("pgment", "pigment"),  # one left out
        ("pigmemt", "pigment"),  # the key beside it
        ("oigment", "pigment"),  # the first letter is wrong
        ("pigmnts", "pigment"),  # two typos in a longer word
        ("yestreday", "yesterday"),  # a word of English and not of the FAQ
        ("scalpp", "scalp"),  # held down
    ],
)
def test_a_typo_is_read_as_the_word_that_was_meant(typed: str, meant: str) -> None:
    assert SPELLER.spelt(typed) == (meant,)


def test_words_that_ran_together_are_taken_apart() -> None:
    assert SPELLER.spelt("redscalp") == ("red", "scalp")


@pytest.mark.parametrize("word", ["scalp", "table", "keloid", "2024", "x", "colour"])
def test_a_word_of_its_own_is_left_alone(word: str) -> None:
    assert SPELLER.knows(word)
    assert SPELLER.spelt(word) == (word,)


def test_nothing_is_taken_for_a_word_that_is_only_known() -> None:
    assert SPELLER.spelt("keloyd") != ("keloid",)


def test_a_word_of_the_faq_is_likelier_than_a_rarer_one_of_english() -> None:
    assert SPELLER.spelt("scalb") == ("scalp",)


@pytest.mark.parametrize("token", ["qzxvbn", "zzzzqqqq", "a" * 200])
def test_what_is_like_no_word_stays(token: str) -> None:
    assert SPELLER.spelt(token) == (token,)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=40))
def test_any_token_is_one_word_or_two_that_are_known(token: str) -> None:
    meant = SPELLER.spelt(token)
    assert meant == (token,) or (1 <= len(meant) <= 2 and all(map(SPELLER.knows, meant)))


@pytest.mark.parametrize(
    ("british", "spelling"),
    [
        ("colour", "color"),
        ("colouring", "coloring"),
        ("anaesthetic", "anesthetic"),
        ("oedema", "edema"),
        ("realise", "realize"),
        ("centre", "center"),
        ("grey", "gray"),
        ("hour", "hour"),
        ("rise", "rize"),
        ("needle", "needle"),
    ],
)
def test_british_and_american_spellings_are_one(british: str, spelling: str) -> None:
    assert american(british) == american(spelling) == spelling


def test_keys_beside_each_other_are_so_both_ways() -> None:
    assert NEIGHBOURS["g"] >= {"f", "h", "t", "y", "b", "v"}
    assert all(
        letter in NEIGHBOURS[other] for letter in NEIGHBOURS for other in NEIGHBOURS[letter]
    )
