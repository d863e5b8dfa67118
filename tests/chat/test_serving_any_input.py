"""Whatever people can send: the bot as a process, served in both ways.

All tests share one process of each kind; each has people and groups of its own.
"""

from __future__ import annotations

import pytest

from tests.telegram_api import MEDIA


@pytest.mark.parametrize(
    "text",
    [
        "😀😀🙏",
        "   \n ",
        "?!...",
        "\x00\x01\x02\x1b[31m\x7f",
        "\u200b\u200d\ufeff",
        "\u202ethgir ot tfel\u202c \u200f\u061c",
        "a" * 4096,
        "why " * 1024,
        "😀" * 2048,
        "zażółć gęślą jaźń ضوضاء 漢字",
        "\ud83d",
        "<b>", "&lt;&amp;", "</blockquote><script>alert(1)</script>",
        "'; DROP TABLE questions; --",
        "{0} %s ${HOME}",
    ],
    ids=[
        "emoji", "blank", "punctuation", "control", "zero-width", "right-to-left", "4096",
        "1024-words", "4096-units", "scripts", "half-a-pair", "tag", "entities", "html", "sql",
        "format",
    ],
)  # fmt: skip
def test_whatever_is_typed_gets_a_kind_reply(person, served_knowledge, text):
    person.says(text)
    answer = person.reads()[-1]
    assert answer.holds(served_knowledge.replies.referral) or "➡️" in answer.text
    assert "Traceback" not in answer.text


def test_what_was_asked_is_shown_as_it_was_typed_and_never_as_markup(person, served_entries):
    text = f"{served_entries['blue-dots'].questions[0]} <b>&amp;</b> <i>"
    person.says(text)
    answer = person.reads_one()
    assert answer.parse_mode == "HTML"
    assert f"You asked: {text}" in answer.text
    assert "&amp;" not in answer.marked("bold")


def test_right_to_left_marks_do_not_turn_the_answer_round(person, served_entries):
    person.says(f"\u202e{served_entries['blue-dots'].questions[0]}\u200f")
    answer = person.reads_one()
    assert answer.title == served_entries["blue-dots"].title
    assert not {"\u202e", "\u200f"} & set(answer.text)


@pytest.mark.parametrize("kind", MEDIA)
def test_what_cannot_be_read_gets_a_kind_word(person, served_knowledge, kind):
    person.sends(kind)
    replies = served_knowledge.replies
    answer = person.reads_one()
    assert answer.holds(replies.photo if kind == "photo" else replies.media)
    assert answer.holds(replies.referral)


def test_the_words_under_a_photo_are_a_question(person, served_entries, served_knowledge):
    person.sends("photo", caption=served_entries["blue-dots"].questions[0])
    text = "\n".join(message.text for message in person.reads())
    assert served_entries["blue-dots"].title in text
    assert served_knowledge.replies.photo in text
