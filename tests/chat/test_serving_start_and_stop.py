"""The bot as a process: how it starts, how it stops, and what a crash loses (nothing)."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.faq.models import Entry
from tests.telegram_api import Person, TelegramServer, faults, new_token
from tests.telegram_api.process import UNLIMITED, BotProcess

WAYS = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
STOPS_WITHIN = 10.0
"""Seconds that an operator is promised."""


def ends(bot: BotProcess) -> tuple[int, str]:
    """Start a bot that cannot serve; return its exit code and what it printed."""
    bot.start()
    try:
        return bot.exit_code(), bot.log
    finally:
        bot.kill()


# -- unusable settings -------------------------------------------------------------------------


@WAYS
def test_a_wrong_token_ends_it_with_one_line(telegram, tmp_path, webhook):
    token = new_token()
    code, printed = ends(BotProcess(telegram, tmp_path, webhook=webhook, token=token))
    assert code == 2
    [line] = printed.strip().splitlines()
    assert line.startswith("TELEGRAM_BOT_TOKEN")
    assert "@BotFather" in line
    assert token.partition(":")[2] not in printed


@pytest.mark.parametrize("token", ["", "987654321:nonsense"])
def test_a_missing_or_malformed_token_ends_it_before_any_call(telegram, tmp_path, token):
    code, printed = ends(BotProcess(telegram, tmp_path, token=token))
    assert code == 2
    [line] = printed.strip().splitlines()
    assert line.startswith("TELEGRAM_BOT_TOKEN")
    assert "@BotFather" in line
    assert not telegram.world.calls
    assert not token or token not in printed


def test_all_unusable_settings_are_named_at_once(telegram, tmp_path):
    wrong = {
        "WEBHOOK_PORT": "eighty",
        "WEBHOOK_URL": "example.org/hook",
        "TELEGRAM_API_URL": "ftp://127.0.0.1",
        "LOG_LEVEL": "LOUD",
    }
    code, printed = ends(BotProcess(telegram, tmp_path, **wrong))
    assert code == 2
    assert all(name in printed for name in wrong)
    assert "Traceback" not in printed
    assert telegram.token not in printed


def test_a_webhook_without_a_secret_is_not_served(telegram, tmp_path):
    bot = BotProcess(telegram, tmp_path, webhook=True, WEBHOOK_SECRET="too short")
    code, printed = ends(bot)
    assert code == 2
    assert printed.startswith("WEBHOOK_SECRET")
    assert "too short" not in printed


def test_a_port_that_is_taken_is_named(telegram, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, printed = ends(BotProcess(telegram, tmp_path, webhook=True, WEBHOOK_PORT=port))
    assert code == 2
    assert f"WEBHOOK_PORT {port}" in printed
    assert "Traceback" not in printed


def test_a_broken_faq_is_never_served(telegram, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "faq.yaml").write_text("title: T\nentries:\n  - id: a\n    titel: typo\n")
    code, printed = ends(BotProcess(telegram, tmp_path, FAQ_DIR=str(folder)))
    assert code == 1
    assert "faq.yaml:4" in printed
    assert "Traceback" not in printed
    assert not telegram.world.calls


def test_a_token_that_is_revoked_while_it_polls_ends_it(telegram, tmp_path):
    with BotProcess(telegram, tmp_path) as bot:
        telegram.fails("getUpdates", faults.unauthorised(), times=None)
        telegram.person().says("hello")
        assert bot.exit_code() == 2
        assert "TELEGRAM_BOT_TOKEN" in bot.log
        assert "Traceback" not in bot.log


# -- a network that comes and goes -------------------------------------------------------------


@WAYS
def test_a_network_that_is_down_at_start_is_waited_out(tmp_path, webhook):
    telegram = TelegramServer()
    bot = BotProcess(telegram, tmp_path, webhook=webhook).start()
    try:
        bot.waits_for_log("cannot be reached")
        with telegram:
            person = telegram.person()
            person.says("hello")
            assert person.reads()
            assert bot.terminate() == 0
    finally:
        bot.kill()
    assert bot.log.count("cannot be reached") == 1


def test_a_network_that_goes_away_and_comes_back_loses_nothing(tmp_path):
    telegram = TelegramServer().start()
    person = telegram.person()
    with BotProcess(telegram, tmp_path) as bot:
        telegram.stop()
        person.says("hello")
        bot.waits_for_log("Polling failed")
        with telegram:
            assert person.reads()
            assert bot.terminate() == 0


# -- stopping ----------------------------------------------------------------------------------


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
        bot.serve()
        telegram.wait_until_confirmed()
        telegram.wait_until(lambda: len(answered(people)) == 60, "everybody's answer")


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


# -- a crowd -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("webhook", "count"), [(True, 1000), (False, 300)])
def test_a_crowd_that_asks_at_once_is_answered(telegram, tmp_path, asked, webhook, count):
    with BotProcess(telegram, tmp_path, webhook=webhook, command=UNLIMITED) as bot:
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
