"""How a line of signs.yaml is found in a message."""

import pytest

from bot.answering.reading import Reader
from bot.answering.sign_lines import SignLines
from bot.answering.spelling import Speller

LISTS = {"FACE": "lip / tongue / back of the throat"}


def found(line: str, text: str) -> bool:
    lines = SignLines([line], LISTS)
    return any(lines.found(Reader(Speller({}, lines), lines).read(text)))


@pytest.mark.parametrize(
    ("line", "held", "not_held"),
    [
        ("throat close/tighten", "It is closing, my throat", "my throat"),
        ("throat close/tighten", "my throat tightens", "my throat is open"),
        ("passed-out", "he passed out", "out he passed"),
        ("passed-out", "he passed right out", "he passed. Out we went"),
        ("FACE swell", "her tongue swells", "her hand swells"),
        ("FACE swell", "swelling at the back of the throat", "swelling at the back"),
        ("having-=fits", "he is having fits", "he is having fitted sheets"),
        ("dizzy + hives", "Hives. " + "It itches a lot today. " * 9 + "Dizzy", "I am dizzy"),
        ("i-am/is hot", "im hot", "was hot"),
        ("cannot breathe", "i can not breathe", "i can breathe"),
    ],
)
def test_a_line_is_found_where_its_words_stand(line: str, held: str, not_held: str) -> None:
    assert found(line, held)
    assert not found(line, not_held)


def test_words_far_apart_are_not_one_sign() -> None:
    far = "My throat microphone from the concert last year broke, shops close early"
    assert not found("throat close", far)


def test_where_it_was_found_is_told() -> None:
    lines = SignLines(["tight throat", "blue lips"], {})
    reading = Reader(Speller({}, lines), lines).read("my throat feels so tight")
    assert list(lines.found(reading)) == [(0, (1, 4))]


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("close", "closing"),
        ("swell", "swelled"),
        ("stop", "stopped"),
        ("worry", "worries"),
        ("gasping", "gaspin"),
        ("heavy", "heavily"),
    ],
)
def test_a_word_has_its_usual_endings(word: str, form: str) -> None:
    lines = SignLines([word], {})
    assert form in lines
    assert list(lines.found(Reader(None).read(form))) == [(0, (0, 0))]


@pytest.mark.parametrize(
    ("word", "other"), [("gasping", "gasp"), ("hats", "hates"), ("ming", "min"), ("it", "its")]
)
def test_another_word_is_not_one(word: str, other: str) -> None:
    assert other not in SignLines([word], {})
