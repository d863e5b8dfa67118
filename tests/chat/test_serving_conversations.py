"""Questions, follow-ups, dangers and limits: the bot as a process, served in both ways.

All tests share one process of each kind; each has people and groups of its own.
"""

from __future__ import annotations

import pytest

from bot.answering.answerer import Answerer
from bot.chat.rendering import referral_sentence

TOPICS = ("blue-dots", "mri-scan", "itchy-scalp", "swollen-lymph-nodes", "gap-price")
EMERGENCY = "my throat is closing and I can't breathe"
EMERGENCY_AND_MORE = "my dots have turned blue and now I can't breathe"
CRISIS = "I want to kill myself because of my scalp"


@pytest.mark.parametrize("topic", TOPICS)
def test_a_question_gets_its_answer_with_a_referral(
    person, served_entries, served_knowledge, topic
):
    entry = served_entries[topic]
    person.says(entry.questions[0])
    answer = person.reads_one()
    assert answer.title == entry.title
    assert answer.marked("bold")[0] == entry.title
    assert f"You asked: {entry.questions[0]}" in answer.text
    assert answer.holds(entry.answer)
    for sign in entry.get_help_if:
        assert f"• {sign}" in answer.text
    referral = referral_sentence(entry.referral, served_knowledge.replies)
    assert any(referral in bold for bold in answer.marked("bold"))
    folded = answer.marked("expandable_blockquote")
    assert len(folded) == (entry.kind != "gap")  # nothing is known of a gap
    assert all(each.startswith("Where this comes from") for each in folded)
    assert not any(referral in each for each in folded)


def test_an_answer_is_a_message_of_its_own_to_the_right_person(bot, served_entries):
    people = [bot.server.person() for _ in TOPICS]
    for person, topic in zip(people, TOPICS, strict=True):
        person.says(served_entries[topic].questions[0])
    for person, topic in zip(people, TOPICS, strict=True):
        assert person.reads_one().title == served_entries[topic].title


def test_one_message_about_two_things_gets_both_answers(person, served_entries):
    person.says("Why is my scalp so itchy? And why have my dots turned blue?")
    titles = {message.title for message in person.reads(2)}
    assert titles == {served_entries["itchy-scalp"].title, served_entries["blue-dots"].title}


def test_a_greeting_is_answered_with_a_greeting(person, served_answerer):
    person.says("hello")
    assert person.reads_one().holds(served_answerer.answer("hello").message)


def test_a_follow_up_is_understood_in_the_light_of_the_answer(
    person, served_entries, served_answerer: Answerer
):
    alone = served_answerer.answer("how long?").answered
    person.says(served_entries["redness"].questions[0])
    person.reads()
    person.says("how long?")
    answer = person.reads_one()
    assert answer.title == f"From: {served_entries['redness'].title}"
    assert answer.holds(served_entries["redness"].usually.text)
    assert answer.button("The whole answer").data == "t:redness"
    assert "redness" not in [each.entry.id for each in alone]


@pytest.mark.parametrize("code", ["hi", "ur"])
def test_the_language_of_the_telephone_decides_between_two_that_are_alike(
    bot, served_answerer: Answerer, code
):
    languages = {each.code: each for each in served_answerer.knowledge.languages.languages}
    person = bot.server.person(language_code=code)
    person.says("dam ghut raha hai")
    assert person.reads_one().text == languages[code].emergency


def test_a_follow_up_is_not_mixed_up_between_people(bot, served_entries):
    ada, bob = bot.server.person("Ada"), bot.server.person("Bob")
    ada.says(served_entries["redness"].questions[0])
    ada.reads()
    bob.says("how long?")
    assert served_entries["redness"].title not in bob.reads_one().text


def test_an_edited_question_has_its_answer_edited(person, served_entries):
    question = person.says(served_entries["blue-dots"].questions[0])
    answer = person.reads_one()
    person.edits(question, served_entries["mri-scan"].questions[0])
    person.sees_edit(answer)
    assert answer.title == served_entries["mri-scan"].title
    assert person.received == [answer]


def test_an_edit_that_brings_a_danger_is_sent_anew(person, served_entries, served_alerts):
    question = person.says(served_entries["itchy-scalp"].questions[0])
    person.reads()
    person.edits(question, EMERGENCY)
    assert person.reads()[0].holds(served_alerts["breathing-or-allergy"])


def test_an_emergency_stands_alone(person, served_alerts):
    person.says(EMERGENCY_AND_MORE)
    [alert] = person.reads()
    assert alert.text.split() == served_alerts["breathing-or-allergy"].split()


def test_an_urgent_alert_is_the_first_message_and_alone_in_it(person, served_alerts):
    person.says("there is pus coming out of my scalp and the redness is spreading")
    alert, *rest = person.reads(2)
    expected = served_alerts["infection-signs"]
    assert alert.text.split() == expected.split()
    assert rest
    assert not any(message.holds(expected) for message in rest)


def test_in_a_crisis_nothing_else_is_said(person, served_alerts):
    person.says(CRISIS)
    [crisis] = person.reads()
    assert crisis.text.split() == served_alerts["crisis"].split()
    person.says("thanks")
    person.reads()
    assert len(person.received) == 2


def test_an_old_question_is_answered_with_an_apology_and_an_older_one_with_a_button(
    person, served_entries, served_knowledge
):
    person.says(served_entries["infection"].questions[0], minutes_ago=7 * 60)
    away = person.reads_one()
    assert away.text == served_knowledge.replies.away
    assert away.button(served_entries["infection"].title[:20])
    person.says(served_entries["blue-dots"].questions[0], minutes_ago=5 * 60)
    late = person.reads_one()
    assert late.title == served_knowledge.replies.late
    assert served_entries["blue-dots"].title in late.text
    person.says(served_entries["mri-scan"].questions[0])
    assert person.reads_one().title == served_entries["mri-scan"].title
    assert len(person.received) == 3


def test_an_old_cry_for_help_is_answered_however_old(person, served_alerts):
    person.says(EMERGENCY, minutes_ago=20 * 60)
    assert person.reads()[0].holds(served_alerts["breathing-or-allergy"])


def test_ten_messages_are_answered_then_one_notice_and_always_an_alert(
    person, served_knowledge, served_alerts
):
    for _ in range(14):
        person.says("hello")
    person.says(EMERGENCY)
    said = person.reads(12)
    too_many = served_knowledge.replies.too_many
    alert = next(
        message for message in said if message.holds(served_alerts["breathing-or-allergy"])
    )
    said.remove(alert)  # it may come before what was asked earlier
    assert [message.holds(too_many) for message in said[:11]] == [False] * 10 + [True]
    assert not any(message.holds(too_many) for message in person.received[12:])


def test_one_persons_limit_is_nobody_elses(bot, served_knowledge):
    ada, bob = bot.server.person("Ada"), bot.server.person("Bob")
    for _ in range(12):
        ada.says("hello")
    bob.says("hello")
    assert not bob.reads_one().holds(served_knowledge.replies.too_many)
    ada.reads(11)
