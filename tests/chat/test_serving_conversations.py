"""Conversations with the bot as a process, by polling and by webhook.

All tests share one process of each kind; each has people and groups of its own.
"""

from __future__ import annotations

import itertools

import pytest

from bot.answering.answerer import Answerer
from bot.answering.words import fold, tokenise
from bot.chat.rendering import referral_sentence
from bot.faq.models import Entry, Knowledge
from tests.telegram_api import MEDIA, Group, Message, Person
from tests.telegram_api.process import BotProcess

TOPICS = ("blue-dots", "mri-scan", "itchy-scalp", "swollen-lymph-nodes", "gap-price")
EMERGENCY = "my throat is closing and I can't breathe"
EMERGENCY_AND_MORE = "my dots have turned blue and now I can't breathe"
CRISIS = "I want to kill myself because of my scalp"


@pytest.fixture
def person(bot: BotProcess) -> Person:
    return bot.server.person("Marigold")


@pytest.fixture
def group(bot: BotProcess) -> Group:
    return bot.server.group()


@pytest.fixture
def entries(served_knowledge: Knowledge) -> dict[str, Entry]:
    return {entry.id: entry for entry in served_knowledge.faq.entries}


def holds(message: Message, text: str) -> bool:
    """Whether every line of a fixed text is in a message."""
    return all(line.strip() in message.text for line in text.splitlines())


def first_line(message: Message) -> str:
    return message.text.splitlines()[0]


def marked(message: Message, kind: str) -> list[str]:
    """The parts of a message with an entity of this kind."""
    units = message.text.encode("utf-16-le")
    return [
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in message.entities
        if e["type"] == kind
    ]


def alert_message(knowledge: Knowledge, level: str) -> str:
    return next(alert.message for alert in knowledge.red_flags.alerts if alert.level == level)


# -- questions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS)
def test_a_question_gets_its_answer_with_a_referral(person, entries, topic):
    entry = entries[topic]
    person.says(entry.questions[0])
    answer = person.reads_one()
    assert first_line(answer) == entry.title
    assert marked(answer, "bold")[0] == entry.title
    assert f"You asked: {entry.questions[0]}" in answer.text
    assert holds(answer, entry.answer)
    for sign in entry.get_help_if:
        assert f"• {sign}" in answer.text
    referral = referral_sentence(entry.referral)
    assert any(referral in bold for bold in marked(answer, "bold"))
    [folded] = marked(answer, "expandable_blockquote")
    assert folded.startswith("Where this comes from")
    assert referral not in folded


def test_an_answer_is_a_message_of_its_own_to_the_right_person(bot, entries):
    people = [bot.server.person() for _ in TOPICS]
    for person, topic in zip(people, TOPICS, strict=True):
        person.says(entries[topic].questions[0])
    for person, topic in zip(people, TOPICS, strict=True):
        assert first_line(person.reads_one()) == entries[topic].title


def test_one_message_about_two_things_gets_both_answers(person, entries):
    person.says("My scalp is itchy. Also my dots have turned blue.")
    titles = {first_line(message) for message in person.reads(2)}
    assert titles == {entries["itchy-scalp"].title, entries["blue-dots"].title}


def test_a_greeting_is_answered_with_a_greeting(person, served_answerer):
    person.says("hello")
    assert holds(person.reads_one(), served_answerer.answer("hello").message)


def test_a_follow_up_is_understood_in_the_light_of_the_answer(
    person, entries, served_answerer: Answerer
):
    alone = served_answerer.answer("how long?").answered
    person.says(entries["redness"].questions[0])
    person.reads()
    person.says("how long?")
    assert first_line(person.reads_one()) == entries["redness"].title
    assert "redness" not in [each.entry.id for each in alone]


def test_a_follow_up_is_not_mixed_up_between_people(bot, entries, served_answerer):
    ada, bob = bot.server.person("Ada"), bot.server.person("Bob")
    ada.says(entries["redness"].questions[0])
    ada.reads()
    bob.says("how long?")
    assert entries["redness"].title not in bob.reads_one().text


def test_an_edited_question_has_its_answer_edited(person, entries):
    question = person.says(entries["blue-dots"].questions[0])
    answer = person.reads_one()
    person.edits(question, entries["mri-scan"].questions[0])
    person.sees_edit(answer)
    assert first_line(answer) == entries["mri-scan"].title
    assert person.received == [answer]


def test_an_edit_that_brings_a_danger_is_sent_anew(person, entries, served_knowledge):
    question = person.says(entries["itchy-scalp"].questions[0])
    person.reads()
    person.edits(question, EMERGENCY)
    assert holds(person.reads()[0], alert_message(served_knowledge, "emergency"))


# -- danger ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("emergency", EMERGENCY_AND_MORE),
        ("urgent", "there is pus coming out of my scalp and the redness is spreading"),
    ],
)
def test_an_alert_is_the_first_message_and_alone_in_it(person, served_knowledge, level, text):
    person.says(text)
    alert, *rest = person.reads(2)
    expected = alert_message(served_knowledge, level)
    assert alert.text.split() == expected.split()
    assert rest
    assert not any(holds(message, expected) for message in rest)


def test_in_a_crisis_nothing_else_is_said(person, served_knowledge):
    person.says(CRISIS)
    [crisis] = person.reads()
    assert crisis.text.split() == alert_message(served_knowledge, "crisis").split()
    person.says("thanks")
    person.reads()
    assert len(person.received) == 2


# -- finding the way ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("/start", "welcome"),
        ("/help", "help"),
        ("/sources", "sources"),
        ("/privacy", "privacy"),
        ("/about", "about"),
        ("/Help", "help"),
        ("/help@scalp_facts_bot", "help"),
        ("/frobnicate", "unknown_command"),
    ],
)
def test_a_command_is_answered(person, served_knowledge, command, reply):
    person.says(command)
    first, *_ = person.reads_until(served_knowledge.replies.referral)
    assert holds(first, getattr(served_knowledge.replies, reply))


def test_sources_names_every_document_and_reference(person, served_knowledge):
    person.says("/sources")
    said = person.reads_until(served_knowledge.replies.referral)
    text = "\n".join(message.text for message in said)
    for source in (*served_knowledge.sources.documents, *served_knowledge.sources.references):
        assert source.title in text


def test_about_tells_the_version_and_the_number_of_entries(person, served_knowledge):
    from bot import __version__

    person.says("/about")
    answer = person.reads_one()
    assert __version__ in answer.text
    assert f"{len(served_knowledge.faq.entries)} topics" in answer.text


def test_a_deep_link_opens_its_entry(person, entries):
    person.says("/start mri-scan")
    answer = person.reads_one()
    assert first_line(answer) == entries["mri-scan"].title
    assert "You asked" not in answer.text


@pytest.mark.parametrize("payload", ["gone-entry", "../../etc/passwd", "<b>", "x" * 200])
def test_a_deep_link_to_nothing_offers_the_topics(person, served_knowledge, payload):
    person.says(f"/start {payload}")
    answer = person.reads_one()
    assert holds(answer, served_knowledge.replies.unknown_topic)
    assert answer.buttons


def test_every_entry_is_at_most_two_taps_away(bot, entries):
    person = bot.server.person()
    person.says("/topics")
    topics = person.reads_one()
    seen = {button.data for button in topics.buttons}
    tabs = [button for button in topics.buttons if button.data.startswith("p:")]
    for tab in tabs:
        before = topics.markup
        person.taps_data(topics, tab.data).toast()
        if not tab.text.startswith("•"):
            bot.server.wait_until(lambda before=before: topics.markup != before, "another page")
        seen |= {button.data for button in topics.buttons}
    assert {f"t:{entry_id}" for entry_id in entries} <= seen
    assert len(person.received) == 1


def test_every_topic_button_opens_its_topic(bot, entries):
    people = {entry_id: bot.server.person() for entry_id in entries}
    for person in people.values():
        person.says("/topics")
    for entry_id, person in people.items():
        person.taps_data(person.reads_one(), f"t:{entry_id}")
    for entry_id, person in people.items():
        assert first_line(person.reads()[0]) == entries[entry_id].title


def test_the_buttons_under_an_answer_lead_on(person, entries):
    person.says(entries["blue-dots"].questions[0])
    answer = person.reads_one()
    related = [b for b in answer.buttons if b.data.startswith("t:")]
    assert {b.data for b in related} <= {f"t:{each}" for each in entries["blue-dots"].related}
    for button in related:
        assert person.taps(answer, button.text).toast() == ""
        assert first_line(person.reads()[0]) == entries[button.data[2:]].title
    person.taps(answer, "All topics").toast()
    assert len(person.reads_one().buttons) >= 10


@pytest.mark.parametrize("vote", ["👍 Yes", "👎 No"])
def test_feedback_is_thanked_for_and_its_buttons_go(person, entries, served_knowledge, vote):
    person.says(entries["blue-dots"].questions[0])
    answer = person.reads_one()
    assert served_knowledge.replies.helpful_question in answer.text
    data = answer.button(vote).data
    assert person.taps(answer, vote).toast() == served_knowledge.replies.helpful_thanks[:200]
    person.server.wait_until(
        lambda: data not in [button.data for button in answer.buttons], "the vote to go"
    )
    assert answer.button("All topics")
    assert person.taps_data(answer, data).toast()


# -- not understood ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ambiguous(served_answerer: Answerer) -> str:
    """A question that is near to several entries and clear of none."""
    tokens = {
        token
        for entry in served_answerer.knowledge.faq.entries
        for question in entry.questions
        for token in tokenise(fold(question))
    }
    for text in sorted(tokens) + [" ".join(two) for two in itertools.pairwise(sorted(tokens))]:
        reply = served_answerer.answer(text)
        if reply.kind == "suggest" and reply.alert is None and len(reply.suggested) > 1:
            return text
    raise AssertionError("nothing is ambiguous")


def test_did_you_mean_offers_buttons_that_work(person, ambiguous, served_answerer):
    suggested = served_answerer.answer(ambiguous).suggested
    person.says(ambiguous)
    question = person.reads_one()
    assert holds(question, served_answerer.knowledge.replies.suggest)
    assert [button.text for button in question.buttons][: len(suggested)] == [
        entry.title for entry in suggested
    ]
    person.taps(question, suggested[1].title)
    assert first_line(person.reads()[0]) == suggested[1].title


def test_none_of_these_ends_in_the_topics_and_a_referral(
    person, ambiguous, served_knowledge: Knowledge
):
    person.says(ambiguous)
    person.taps(person.reads_one(), served_knowledge.replies.none_of_these)
    end = person.reads_one()
    assert holds(end, served_knowledge.replies.second_miss)
    assert holds(end, served_knowledge.replies.referral)
    assert [button for button in end.buttons if button.data.startswith("t:")]


def test_a_second_miss_never_loops(person, served_knowledge):
    said = []
    for text in ("qwertyuiop zxcvbnm", "flurbl wibble"):
        person.says(text)
        said.append(person.reads_one())
    assert holds(said[0], served_knowledge.replies.fallback)
    assert holds(said[1], served_knowledge.replies.second_miss)
    for message in said:
        assert holds(message, served_knowledge.replies.referral)
        assert [button for button in message.buttons if button.data.startswith("t:")]
    vote = person.taps(said[0], "👎 No").toast()
    assert vote == served_knowledge.replies.helpful_thanks[:200]


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
    assert holds(answer, served_knowledge.replies.referral) or "➡️" in answer.text
    assert "Traceback" not in answer.text


def test_what_was_asked_is_shown_as_it_was_typed_and_never_as_markup(person, entries):
    text = f"{entries['blue-dots'].questions[0]} <b>&amp;</b> <i>"
    person.says(text)
    answer = person.reads_one()
    assert answer.parse_mode == "HTML"
    assert f"You asked: {text}" in answer.text
    assert "&amp;" not in marked(answer, "bold")


def test_right_to_left_marks_do_not_turn_the_answer_round(person, entries):
    person.says(f"\u202e{entries['blue-dots'].questions[0]}\u200f")
    answer = person.reads_one()
    assert first_line(answer) == entries["blue-dots"].title
    assert not {"\u202e", "\u200f"} & set(answer.text)


@pytest.mark.parametrize("kind", MEDIA)
def test_what_cannot_be_read_gets_a_kind_word(person, served_knowledge, kind):
    person.sends(kind)
    replies = served_knowledge.replies
    answer = person.reads_one()
    assert holds(answer, replies.photo if kind == "photo" else replies.media)
    assert holds(answer, replies.referral)


def test_the_words_under_a_photo_are_a_question(person, entries, served_knowledge):
    person.sends("photo", caption=entries["blue-dots"].questions[0])
    text = "\n".join(message.text for message in person.reads())
    assert entries["blue-dots"].title in text
    assert served_knowledge.replies.photo in text


# -- late, and too much ------------------------------------------------------------------------


def test_an_old_question_is_answered_with_an_apology_and_an_older_one_left(
    person, entries, served_knowledge
):
    person.says(entries["infection"].questions[0], minutes_ago=7 * 60)
    person.says(entries["blue-dots"].questions[0], minutes_ago=5 * 60)
    late = person.reads_one()
    assert first_line(late) == served_knowledge.replies.late
    assert entries["blue-dots"].title in late.text
    person.says(entries["mri-scan"].questions[0])
    assert first_line(person.reads_one()) == entries["mri-scan"].title
    assert len(person.received) == 2


def test_an_old_cry_for_help_is_answered_however_old(person, served_knowledge):
    person.says(EMERGENCY, minutes_ago=20 * 60)
    assert holds(person.reads()[0], alert_message(served_knowledge, "emergency"))


def test_ten_messages_are_answered_then_one_notice_and_always_an_alert(person, served_knowledge):
    for _ in range(14):
        person.says("hello")
    person.says(EMERGENCY)
    said = person.reads(12)
    too_many = served_knowledge.replies.too_many
    assert [holds(message, too_many) for message in said[:11]] == [False] * 10 + [True]
    assert holds(said[11], alert_message(served_knowledge, "emergency"))
    assert not any(holds(message, too_many) for message in person.received[11:])


def test_one_persons_limit_is_nobody_elses(bot, served_knowledge):
    ada, bob = bot.server.person("Ada"), bot.server.person("Bob")
    for _ in range(12):
        ada.says("hello")
    bob.says("hello")
    assert not holds(bob.reads_one(), served_knowledge.replies.too_many)
    ada.reads(11)


# -- groups ------------------------------------------------------------------------------------


def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(person, group, bot, entries):
    other = bot.server.person("Rowan")
    question = entries["blue-dots"].questions[0]
    other.says(question, group)
    other.says("hello everybody", group)
    other.says("/help", group)
    other.says("/help@some_other_bot", group)
    other.says(f"@some_other_bot {question}", group)
    other.sends("photo", group)
    asked = person.says(f"@scalp_facts_bot {question}", group)
    answer = group.reads_one()
    assert answer.reply_to is asked
    assert first_line(answer) == entries["blue-dots"].title
    assert "@scalp_facts_bot" not in answer.text


@pytest.mark.parametrize("command", ["/ask", "/ask@scalp_facts_bot"])
def test_in_a_group_ask_is_answered_to_the_asker(person, group, entries, command):
    asked = person.says(f"{command} {entries['mri-scan'].questions[0]}", group)
    answer = group.reads_one()
    assert answer.reply_to is asked
    assert first_line(answer) == entries["mri-scan"].title


def test_in_a_group_a_reply_to_the_bot_is_answered(person, group, entries):
    person.says("/ask hello", group)
    first = group.reads_one()
    asked = person.says(entries["infection"].questions[0], group, reply_to=first)
    answer = group.reads_one()
    assert answer.reply_to is asked
    assert first_line(answer) == entries["infection"].title


def test_in_a_group_an_alert_comes_first_too(person, group, served_knowledge):
    asked = person.says(f"@scalp_facts_bot {EMERGENCY}", group)
    alert = group.reads()[0]
    assert holds(alert, alert_message(served_knowledge, "emergency"))
    assert alert.reply_to is asked


def test_in_a_group_buttons_work(person, group, entries):
    person.says("/ask hello", group)
    first = group.reads_one()
    person.taps_data(first, "t:redness").toast()
    assert first_line(group.reads()[0]) == entries["redness"].title


# -- inline ------------------------------------------------------------------------------------


def test_inline_mode_shows_cards_with_the_referral(person, entries):
    answer = person.types_inline("mri scan").answer()
    cards = answer["results"]
    assert 1 <= len(cards) <= 10
    assert cards[0]["title"] == entries["mri-scan"].title
    text = cards[0]["input_message_content"]["message_text"]
    assert referral_sentence(entries["mri-scan"].referral) in text
    assert answer["cache_time"] > 0


def test_inline_mode_shows_something_before_anything_is_typed(person):
    assert 1 <= len(person.types_inline("").answer()["results"]) <= 10


def test_inline_mode_has_a_way_out_when_nothing_matches(person, served_knowledge):
    answer = person.types_inline("qwertyuiop zxcvbnm").answer()
    assert answer["results"] == []
    person.says(f"/start {answer['button']['start_parameter']}")
    assert holds(person.reads_one(), served_knowledge.replies.welcome)


def test_inline_mode_does_not_miss_a_danger(person, served_knowledge):
    [first, *_] = person.types_inline(EMERGENCY).answer()["results"]
    alert = alert_message(served_knowledge, "emergency").splitlines()[0]
    assert alert in first["input_message_content"]["message_text"]


@pytest.mark.parametrize("text", ["<b>", "😀" * 128, "\x00\u202e", "x" * 256])
def test_inline_mode_takes_whatever_is_typed(person, text):
    assert len(person.types_inline(text).answer()["results"]) <= 10
