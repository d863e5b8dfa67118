"""What is made of a message before anything is done with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.reading import QUESTION, Reader
from bot.answering.spelling import Speller

READER = Reader(Speller({"throat": 60, "swelling": 20, "cant": 1}), {"suicide", "swelling"})


def words(text: str) -> str:
    return " ".join(READER.read(text).words)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("My THROAT hurts", "my throat hurts"),
        ("i can not, can't / wont breathe", "i cant or wont breathe"),
        ("u r wanna go 2nite", "you are want to go tonight"),
        ("my throte is sweling", "my throat is swelling"),
        ("su1cide", "suicide"),
        ("s.u.i.c.i.d.e", "suicide"),
        ("su**icide", "suicide"),
        ("day3, 38.5 degrees and 2-3 hrs", "day 3 38.5 degrees and 2 3 hours"),
        ("red & sore", "red and sore"),
        ("breathe w/o help", "breathe without help"),
    ],
)
def test_each_word_is_read_as_it_was_meant(written: str, meant: str) -> None:
    assert words(written) == meant


def test_what_was_typed_is_kept_beside_what_was_meant() -> None:
    reading = READER.read("My  throte\u200b\nhurts!")
    assert reading.shown == "My throte hurts!"
    assert reading.written == ("my", "throte", "hurts")


def test_sentences_and_clauses_are_told_apart() -> None:
    reading = READER.read("It is red, and it hurts. Is that ok? Thanks")
    parts = [" ".join(reading.words[a:b]) for a, b in reading.sentences()]
    assert parts == ["its red and it hurts", "is that ok", "thanks"]
    first, second, _ = reading.sentences()
    assert [reading.words[a:b] for a, b in reading.clauses(*first)] == [
        ("its", "red"),
        ("it", "hurts"),
    ]
    assert not reading.is_question(first[1])
    assert reading.is_question(second[1])
    assert READER.read("is it?").is_question(2)


def test_the_end_of_the_longest_message_is_not_read() -> None:
    assert "throat" not in READER.read("a " * 17_000 + "throat").words


def test_only_so_many_unknown_words_are_corrected() -> None:
    strange = " ".join(f"qx{letter}{other}zzv" for letter in "bcdfghjk" for other in "lmnpqrst")
    assert READER.read(f"{strange} throte").words[-1] == "throte"


@given(st.text())
def test_any_text_is_read_in_order(text: str) -> None:
    reading = READER.read(text)
    assert len(reading.words) == len(reading.breaks)
    spans = reading.sentences()
    assert [a for a, _ in spans[1:]] == [b for _, b in spans[:-1]]
    assert reading.last <= QUESTION


@pytest.mark.parametrize(
    ("said", "once"),
    [
        ("no no no", "no"),
        ("help me help me help me please", "help me please"),
        ("la la la la la", "la"),
        ("my throat. My throat!", "my throat"),
    ],
)
def test_what_is_said_again_and_again_is_said_once(said: str, once: str) -> None:
    assert words(said) == once


def test_what_is_no_word_is_known_as_such() -> None:
    assert READER.read("zzqxv throte").unknown == {"zzqxv"}
