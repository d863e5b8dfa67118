"""What leans on the answer before it, on a toy FAQ."""

from __future__ import annotations

import pytest

from bot.answering.follow_ups import FollowUpReader, told_part
from bot.faq.models import Entry
from bot.faq.replies import AskedPart, FollowUps, Picks

HOW_LONG = AskedPart(says=("how long", "how long does it take"), words=("days", "go down"))
SHORT = AskedPart(says=("in short",), shows=("gist", "what_to_do"))
READER = FollowUpReader(
    FollowUps(
        parts=(HOW_LONG, SHORT),
        picks=Picks(agrees=("yes",), declines=("no",), places=(("the first",), ("the second",))),
    )
)
ENTRY = Entry(
    id="flat-tyre",
    kind="guide",
    title="A flat tyre",
    questions=("why is my tyre flat",),
    answer="It has a hole. It goes down in two days. Air goes down a pipe.",
    what_to_do="Mend it.",
)


def test_the_longest_words_that_ask_for_a_part_count() -> None:
    asked = READER.asked(["and", "how", "long", "does", "it", "take", "then"])
    assert asked == (("how", "long", "does", "it", "take"), HOW_LONG)
    assert READER.asked(["flat", "tyre"]) is None


def test_a_part_is_whole_sentences_with_whole_words() -> None:
    assert told_part(ENTRY, HOW_LONG).sentences == ("It goes down in two days.",)
    assert told_part(ENTRY, SHORT).sentences == ("It has a hole.", "Mend it.")


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("2", 2),
        ("9", 3),
        ("9" * 5000, 3),
        ("yes", 3),
        ("no", 0),
        ("the second", 2),
        ("a puncture", None),
    ],
)
def test_a_place_a_yes_or_a_no_picks_from_what_was_offered(
    written: str, place: int | None
) -> None:
    assert READER.picked(tuple(written.split()), 2, asked=True) == place


def test_yes_and_no_pick_nothing_where_it_was_not_asked() -> None:
    assert READER.picked(("yes",), 1, asked=True) == 1
    assert READER.picked(("yes",), 1, asked=False) is None
    assert READER.picked(("no",), 1, asked=False) is None
