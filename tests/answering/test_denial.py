"""When a sign that was found is plainly denied."""

import pytest

from bot.answering.denial import denied
from bot.answering.reading import Reader
from bot.answering.spelling import Speller

READER = Reader(Speller({}))


def is_denied(text: str, *sign: str) -> bool:
    reading = READER.read(text)
    return denied(reading, tuple(sorted(reading.words.index(word) for word in sign)))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("no fever here", "fever"),
        ("I don't think I have a fever", "fever"),
        ("no chills, pus or fever so far", "fever"),
        ("fever: none", "fever"),
        ("it is fever free", "fever"),
        ("I can't see any pus", "pus"),
    ],
)
def test_a_sign_is_denied(text: str, sign: str) -> None:
    assert is_denied(text, sign)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("no idea why I have a fever", "fever"),
        ("not bad, but a fever since noon", "fever"),
        ("no I have a fever", "fever"),
        ("I have never had a fever like this", "fever"),
        ("no pus. I have a fever", "fever"),
        ("no one said fever but now I do", "fever"),
    ],
)
def test_what_only_sounds_denied_stays_a_sign(text: str, sign: str) -> None:
    assert not is_denied(text, sign)
