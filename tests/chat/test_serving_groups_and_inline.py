"""Groups and inline mode: the bot as a process, served in both ways.

All tests share one process of each kind; each has people and groups of its own.
"""

from __future__ import annotations

import pytest

from bot.chat.rendering import referral_sentence

EMERGENCY = "my throat is closing and I can't breathe"


def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(person, group, bot, served_entries):
    other = bot.server.person("Rowan")
    question = served_entries["blue-dots"].questions[0]
    other.says(question, group)
    other.says("hello everybody", group)
    other.says("/help", group)
    other.says("/help@some_other_bot", group)
    other.says(f"@some_other_bot {question}", group)
    other.sends("photo", group)
    asked = person.says(f"@scalp_facts_bot {question}", group)
    answer = group.reads_one()
    assert answer.reply_to is asked
    assert answer.title == served_entries["blue-dots"].title
    assert "@scalp_facts_bot" not in answer.text


@pytest.mark.parametrize("command", ["/ask", "/ask@scalp_facts_bot"])
def test_in_a_group_ask_is_answered_to_the_asker(person, group, served_entries, command):
    asked = person.says(f"{command} {served_entries['mri-scan'].questions[0]}", group)
    answer = group.reads_one()
    assert answer.reply_to is asked
    assert answer.title == served_entries["mri-scan"].title


def test_in_a_group_a_reply_to_the_bot_is_answered(person, group, served_entries):
    person.says("/ask hello", group)
    first = group.reads_one()
    asked = person.says(served_entries["infection"].questions[0], group, reply_to=first)
    answer = group.reads_one()
    assert answer.reply_to is asked
    assert answer.title == served_entries["infection"].title


def test_in_a_group_an_alert_comes_first_too(person, group, served_alerts):
    asked = person.says(f"@scalp_facts_bot {EMERGENCY}", group)
    alert = group.reads()[0]
    assert alert.holds(served_alerts["breathing-or-allergy"])
    assert alert.reply_to is asked


def test_in_a_group_buttons_work(person, group, served_entries):
    person.says("/ask hello", group)
    first = group.reads_one()
    person.taps_data(first, "t:redness").toast()
    assert group.reads()[0].title == served_entries["redness"].title


def test_inline_mode_shows_cards_with_the_referral(person, served_entries, served_knowledge):
    answer = person.types_inline("mri scan").answer()
    cards = answer["results"]
    assert 1 <= len(cards) <= 10
    assert cards[0]["title"] == served_entries["mri-scan"].title
    text = cards[0]["input_message_content"]["message_text"]
    referral = served_entries["mri-scan"].referral
    assert referral_sentence(referral, served_knowledge.replies) in text
    assert answer["cache_time"] > 0


def test_inline_mode_shows_something_before_anything_is_typed(person):
    assert 1 <= len(person.types_inline("").answer()["results"]) <= 10


def test_inline_mode_has_a_way_out_when_nothing_matches(person, served_knowledge):
    answer = person.types_inline("qwertyuiop zxcvbnm").answer()
    assert answer["results"] == []
    person.says(f"/start {answer['button']['start_parameter']}")
    assert person.reads_one().holds(served_knowledge.replies.welcome)


def test_inline_mode_does_not_miss_a_danger(person, served_alerts):
    [first, *_] = person.types_inline(EMERGENCY).answer()["results"]
    alert = served_alerts["breathing-or-allergy"].splitlines()[0]
    text = first["input_message_content"]["message_text"]
    assert alert in text.replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize("text", ["<b>", "😀" * 128, "\x00\u202e", "x" * 256])
def test_inline_mode_takes_whatever_is_typed(person, text):
    assert len(person.types_inline(text).answer()["results"]) <= 10
