"""Commands, topics, buttons, "did you mean": the bot as a process, served in both ways.

All tests share one process of each kind; each has people and groups of its own.
"""

from __future__ import annotations

import itertools

import pytest

from bot import __version__
from bot.answering.answerer import Answerer
from bot.answering.words import fold, tokenise
from bot.faq.models import Knowledge
from tests.telegram_api.messages import Message

WAYS_ON = [
    "Check what I see",
    "Healing now",
    "A worrying sign",
    "Before booking",
    "Health, medicine",
]


def labels(message: Message) -> list[str]:
    return [button.text for button in message.buttons]


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
    assert first.holds(getattr(served_knowledge.replies, reply))


def test_sources_names_every_document_and_reference(person, served_knowledge):
    person.says("/sources")
    said = person.reads_until(served_knowledge.replies.referral)
    text = "\n".join(message.text for message in said)
    for source in (*served_knowledge.sources.documents, *served_knowledge.sources.references):
        assert source.title in text


def test_about_tells_the_version_and_the_number_of_entries(person, served_knowledge):
    person.says("/about")
    answer = person.reads_one()
    assert __version__ in answer.text
    assert f"{len(served_knowledge.faq.entries)} topics" in answer.text


def test_a_deep_link_opens_its_entry(person, served_entries):
    person.says("/start mri-scan")
    answer = person.reads_one()
    assert answer.title == served_entries["mri-scan"].title
    assert "You asked" not in answer.text


@pytest.mark.parametrize("payload", ["gone-entry", "../../etc/passwd", "<b>", "x" * 200])
def test_a_deep_link_to_nothing_offers_the_topics(person, served_knowledge, payload):
    person.says(f"/start {payload}")
    answer = person.reads_one()
    assert answer.holds(served_knowledge.replies.unknown_topic)
    assert answer.buttons


def test_every_entry_is_at_most_two_taps_away(bot, served_entries):
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
    assert {f"t:{entry.id}" for entry in served_entries.values()} <= seen
    assert len(person.received) == 1


def test_every_topic_button_opens_its_topic(bot, served_entries):
    people = {entry_id: bot.server.person() for entry_id in served_entries}
    for person in people.values():
        person.says("/topics")
    for entry_id, person in people.items():
        person.taps_data(person.reads_one(), f"t:{entry_id}")
    for entry_id, person in people.items():
        assert person.reads()[0].title == served_entries[entry_id].title


def test_the_buttons_under_an_answer_lead_on(person, served_entries):
    person.says(served_entries["blue-dots"].questions[0])
    answer = person.reads_one()
    related = [b for b in answer.buttons if b.data.startswith("t:")]
    assert {b.data for b in related} <= {
        f"t:{served_entries[each].id}" for each in served_entries["blue-dots"].related
    }
    for button in related:
        assert person.taps(answer, button.text).toast() == ""
        assert person.reads()[0].title == served_entries[button.data[2:]].title
    person.taps(answer, "All topics").toast()
    assert len(person.reads_one().buttons) == 4


@pytest.mark.parametrize(("vote", "said"), [("👍 Yes", "helpful_thanks"), ("👎 No", "unhappy")])
def test_feedback_is_heard_and_its_buttons_go(
    person, served_entries, served_knowledge, vote, said
):
    person.says(served_entries["blue-dots"].questions[0])
    answer = person.reads_one()
    assert served_knowledge.replies.helpful_question in answer.text
    data = answer.button(vote).data
    assert person.taps(answer, vote).toast() == getattr(served_knowledge.replies, said)[:200]
    person.server.wait_until(
        lambda: data not in [button.data for button in answer.buttons], "the vote to go"
    )
    assert answer.button("All topics")
    assert person.taps_data(answer, data).toast()


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
    assert question.holds(served_answerer.knowledge.replies.suggest)
    assert [button.text for button in question.buttons][: len(suggested)] == [
        entry.title for entry in suggested
    ]
    person.taps(question, suggested[1].title)
    assert person.reads()[0].title == suggested[1].title


def test_none_of_these_ends_in_the_ways_on_and_a_referral(
    person, ambiguous, served_knowledge: Knowledge
):
    person.says(ambiguous)
    person.taps(person.reads_one(), served_knowledge.replies.none_of_these)
    end = person.reads_one()
    assert end.holds(served_knowledge.replies.second_miss)
    assert end.holds(served_knowledge.replies.referral)
    assert labels(end) == WAYS_ON


def test_a_second_miss_never_loops(person, served_knowledge):
    said = []
    for text in ("qwertyuiop zxcvbnm", "flurbl wibble"):
        person.says(text)
        said.append(person.reads_one())
    assert said[0].holds(served_knowledge.replies.fallback)
    assert said[1].holds(served_knowledge.replies.second_miss)
    for message in said:
        assert message.holds(served_knowledge.replies.referral)
        assert labels(message) == WAYS_ON


def test_start_offers_the_check_what_people_ask_most_and_the_groups(person, served_entries):
    person.says("/start")
    welcome = person.reads_one()
    first = served_entries["healing-timeline"].title
    assert [labels(welcome)[0], *labels(welcome)[-4:]] == WAYS_ON
    assert labels(welcome)[1] == first
    before, *_ = welcome.text.split("\n\n")[1:]
    assert "call your local emergency number now" in before


def test_the_check_ends_at_an_alert_that_stands_alone_and_can_be_said_not_to_fit(
    person, served_alerts, served_knowledge
):
    person.says("flurbl wibble")
    person.taps(person.reads_one(), "check what i see")
    question = person.reads_one()
    person.taps(question, "no")
    person.sees_edit(question)
    person.taps(question, "confused")
    alert = person.reads_one()
    assert alert.text.split() == served_alerts["very-ill"].split()
    assert labels(alert) == ["It is something else"]
    person.taps(alert, "something else")
    kind = person.reads_one()
    assert kind.holds(served_knowledge.replies.something_else)
    assert labels(kind) == WAYS_ON


def test_a_tap_of_the_check_needs_nothing_remembered(person, served_entries, served_knowledge):
    person.says("hello")
    greeting = person.reads_one()
    person.taps_data(greeting, "c:days")
    person.sees_edit(greeting)
    person.taps(greeting, "longer ago")
    end = person.reads_one()
    assert end.holds(served_knowledge.replies.check_end)
    assert served_entries["when-to-see-a-doctor"].title in end.text
