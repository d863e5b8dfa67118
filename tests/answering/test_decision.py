"""Two entries are answered where a part of a message asks for one of its own: on a toy FAQ."""

from __future__ import annotations

import pytest

from bot.answering.confidence import SECOND_FIGURES
from bot.answering.decision import decide, likeliest_second, ranked_parts
from bot.answering.message import Message, read
from bot.answering.reading import Reader
from bot.answering.spelling import Speller
from bot.faq.models import Knowledge
from tests.answering.test_matching import ENCODER, FAQ, matcher_of

MATCHER = matcher_of(Knowledge(faq=FAQ))
FLAT, SQUEAL = "my tyre is flat and needs a patch", "why do the brakes squeal so much"


def message(text: str) -> Message:
    return read(text, Reader(Speller(MATCHER.words)), ENCODER)


def likeliest(text: str) -> tuple[str, dict[str, float]] | None:
    asked = message(text)
    whole = MATCHER.rank(asked.words(0), asked.encoded)
    found = likeliest_second(asked, whole, ranked_parts(asked, MATCHER, whole))
    return found and (found[0], dict(zip(SECOND_FIGURES, found[1].tolist(), strict=True)))


def test_each_of_two_questions_is_answered() -> None:
    asked = message("how do I mend a puncture and why do my brakes squeal?")
    assert decide(asked, MATCHER).answered == ("puncture", "brakes")


@pytest.mark.parametrize("text", [FLAT, f"{FLAT}, how do I mend a puncture"])
def test_what_asks_for_one_entry_in_all_its_parts_has_no_second(text: str) -> None:
    assert likeliest(text) is None
    assert decide(message(text), MATCHER).answered == ("puncture",)


def test_what_speaks_for_a_second_answer_is_told_of_its_part() -> None:
    found = likeliest(f"{FLAT}. {SQUEAL}?")
    assert found is not None
    entry_id, figures = found
    opens = entry_id == "puncture"
    assert figures["opening"] == opens
    assert figures["question_mark"] == (not opens)
    assert figures["asked_of_part"] > figures["asked_of_whole"]
    assert 0 < figures["words_of_part"] < figures["words_of_whole"]


def test_a_question_mark_speaks_for_its_part_and_a_long_story_against() -> None:
    figures = dict(zip(SECOND_FIGURES, [3.0, -1.0, 3.0, 0.0, 0.0, 2.0, 3.0, 1.0], strict=True))

    def odds(**changed: float) -> float:
        return float(MATCHER.second_sum.of([*(figures | changed).values()]))

    assert odds(question_mark=1.0) > odds()
    assert odds(opening=1.0) < odds()
    assert odds(words_of_whole=4.5) < odds()
    assert odds(asked_of_part=-3.0) < odds() < odds(asked_of_whole=1.0)
