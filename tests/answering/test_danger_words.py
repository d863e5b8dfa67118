"""The words of dangers beside those of all else, counted from a few messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.danger_words import DangerWords, features, mark
from bot.faq.loading import load_knowledge
from training.danger_words import counted

WORDS = counted(
    [("my", "throat", "is", "closing"), ("i", "cant", "breathe")],
    [("my", "throat", "is", "fine"), ("is", "the", "clinic", "closing")],
)


def test_words_of_a_danger_speak_for_one_and_others_against_it() -> None:
    assert WORDS.odds(("i", "cant", "breathe")) > 1
    assert WORDS.odds(("the", "clinic")) < -1


def test_the_order_of_words_counts() -> None:
    assert WORDS.odds(("throat", "is", "closing")) > WORDS.odds(("closing", "is", "throat"))


@pytest.mark.parametrize("words", [(), ("zebra",), ("zebra", "crossing")])
def test_what_was_never_counted_tells_nothing(words: tuple[str, ...]) -> None:
    assert WORDS.odds(words) == 0.0


def test_what_is_said_again_is_no_more_danger() -> None:
    said = ("i", "cant", "breathe")
    assert WORDS.odds(said * 50) == pytest.approx(WORDS.odds(said * 2))
    assert WORDS.odds(("the", "clinic") * 50) == pytest.approx(WORDS.odds(("the", "clinic") * 2))


def test_a_pair_of_neighbours_is_not_one_with_a_word_between() -> None:
    near, far = set(features(("a", "b")).tolist()), set(features(("a", "x", "b")).tolist())
    assert len(near) == len(features(("a", "b"))) == 7
    assert len(near & far) == 4  # each word alone, and at its end of the message


def test_what_ships_was_counted_from_the_lines_there_are() -> None:
    shipped = DangerWords.load()
    assert (
        shipped.odds(("i", "cant", "breathe")) > 1 > shipped.odds(("what", "does", "it", "cost"))
    )
    assert (shipped.features[1:] > shipped.features[:-1]).all()


def test_lines_of_signs_and_synonyms_are_known_apart() -> None:
    """A new line of signs counts at once, though it is a word that was a synonym before."""
    known = load_knowledge(Path(__file__).parents[2] / "faq")
    shipped = DangerWords.load()
    lines = {mark(line) for sign in known.signs.signs for line in sign.said}
    synonyms = {mark(word) for group in known.vocabulary.synonyms for word in group}
    assert shipped.synonyms.size
    assert not set(shipped.lines.tolist()) & (synonyms - lines)
