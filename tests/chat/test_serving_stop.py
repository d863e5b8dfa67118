"""Stopping the bot, killing it, and asking more of it than it can do at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.faq.models import Entry
from tests.telegram_api import Person, TelegramServer, faults
from tests.telegram_api.process import BotProcess

WAYS = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
STOPS_WITHIN = 10.0
"""Seconds that an operator is promised."""


@pytest.fixture(scope="module")
def asked(served_answerer: Answerer) -> list[Entry]:
    """Entries whose first question is answered, and by no other entry."""
    entries = served_answerer.knowledge.faq.entries
    return [
        entry
        for entry in entries
        if [each.entry for each in served_answerer.answer(entry.questions[0]).answered] == [entry]
    ]


def ask_all(telegram: TelegramServer, count: int, entries: list[Entry]) -> list[Person]:
    """Let so many people ask at once, each about one of the entries in turn."""
    people = [telegram.person() for _ in range(count)]
    for index, person in enumerate(people):
        person.says(entries[index % len(entries)].questions[0])
    return people


def answered(people: list[Person]) -> list[Person]:
    return [person for person in people if person.received]


def in_the_middle(telegram: TelegramServer, people: list[Person]) -> None:
    """Wait until some are answered and some are not."""
    telegram.wait_until(lambda: len(answered(people)) >= 10, "ten answers")
    assert len(answered(people)) < len(people)


def unanswered_but_confirmed(telegram: TelegramServer, people: list[Person]) -> list[str]:
    updates = {
        update.body["chat"]["id"]: update
        for update in telegram.world.updates.all.values()
        if update.kind == "message"
    }
    return [
        person.user.first_name
        for person in people
        if updates[person.user.id].confirmed and not person.received
    ]


@WAYS
def test_sigterm_under_load_answers_what_was_confirmed(telegram, tmp_path, asked, webhook):
    telegram.fails("sendMessage", faults.slow(0.2), times=None)
    with BotProcess(telegram, tmp_path, webhook=webhook) as bot:
        people = ask_all(telegram, 60, asked)
        in_the_middle(telegram, people)
        assert bot.terminate(STOPS_WITHIN) == 0
        assert "Traceback" not in bot.log
        assert not unanswered_but_confirmed(telegram, people)


def test_sigterm_while_telegram_does_not_answer_ends_it_in_time(telegram, tmp_path):
    with BotProcess(telegram, tmp_path, webhook=True) as bot:
        telegram.fails("*", faults.timed_out(), times=None)
        telegram.person().says("hello")
        telegram.wait_until(lambda: telegram.faults.hits("sendmessage"), "an attempt")
        assert bot.terminate(STOPS_WITHIN) == 0


@WAYS
def test_a_crash_in_the_middle_loses_no_question(telegram, tmp_path, asked, webhook):
    slow = telegram.fails("sendMessage", faults.slow(0.2), times=None)
    with BotProcess(telegram, tmp_path, webhook=webhook) as bot:
        people = ask_all(telegram, 40, asked)
        in_the_middle(telegram, people)
        bot.kill()
        assert telegram.world.updates.pending
        slow.stop()
        bot.serve()
        telegram.wait_until_confirmed()
        telegram.wait_until(lambda: len(answered(people)) == 40, "everybody's answer")


@pytest.mark.parametrize(("webhook", "count"), [(True, 1000), (False, 300)])
def test_a_crowd_that_asks_at_once_is_answered(telegram, tmp_path, asked, webhook, count):
    with BotProcess(telegram, tmp_path, webhook=webhook) as bot:
        people = ask_all(telegram, count, asked)
        telegram.wait_until(
            lambda: telegram.count("sendMessage") >= count, f"{count} answers", patience=90
        )
        for index, person in enumerate(people):
            title = asked[index % len(asked)].title
            assert [message.text.splitlines()[0] for message in person.received] == [title]
        assert bot.terminate(STOPS_WITHIN) == 0
        assert "ERROR" not in bot.log


def test_a_second_start_serves_the_same_people_without_a_repeat(telegram, tmp_path: Path):
    person = telegram.person()
    with BotProcess(telegram, tmp_path) as bot:
        person.says("hello")
        person.reads()
        assert bot.terminate() == 0
        bot.serve()
        person.says("thanks")
        person.reads()
        assert bot.terminate() == 0
    assert len(person.received) == 2
    assert "Traceback" not in bot.log
    assert "ERROR" not in bot.log
