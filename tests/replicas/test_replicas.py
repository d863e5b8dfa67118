"""Several replicas answer everybody once, whatever becomes of any of them or of the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from tests.replicas.crowd import ONE_IN, Crowd, Stutter, answerable
from tests.replicas.fleet import Fleet
from tests.replicas.proof import go_through
from tests.telegram_api import TelegramServer, faults
from tests.telegram_api.process import BotProcess, free_port

QUESTIONS = 2_000


def test_everybody_is_answered_once_and_counted_once(
    fleet: Fleet, served_answerer: Answerer
) -> None:
    with Stutter(fleet.telegram) as stutter:
        crowd = Crowd(fleet.telegram, stutter, answerable(served_answerer))
        outcome = go_through(fleet, crowd, QUESTIONS)
        assert stutter.count == QUESTIONS / ONE_IN
    assert outcome.lost == set()
    assert outcome.wrong == set()
    assert outcome.twice == set()
    assert outcome.held
    assert outcome.counted == QUESTIONS
    assert fleet.records.counted_entries() == crowd.entries()
    assert all("Traceback" not in replica.bot.log for replica in fleet.replicas)


def test_an_answer_on_its_way_when_its_process_is_killed_comes_once(fleet: Fleet) -> None:
    person = fleet.telegram.person()
    slow = fleet.telegram.fails("sendMessage", faults.slow(2.0), to=person)
    person.says("hello")
    fleet.telegram.wait_until(lambda: slow.hits, "the answer to be on its way")
    [holder] = [each for each in fleet.replicas if fleet.records.held(each.holder)]
    holder.bot.kill()
    fleet.telegram.wait_until_confirmed()
    assert len(person.received) == 1
    holder.bot.start()
    fleet.wait_until_serving()
    fleet.stop()
    assert fleet.records.counted() - fleet.greeted == 1


def test_where_the_database_is_away_questions_are_answered(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    pytest.importorskip("psycopg")
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    with BotProcess(telegram, tmp_path, webhook=True, DATABASE_URL=nowhere) as bot:
        people = [telegram.person() for _ in range(20)]
        for person in people:
            person.says("hello")
        telegram.wait_until_confirmed()
        assert [len(person.received) for person in people] == [1] * 20
        assert bot.terminate() == 0
        assert bot.log.count("The records cannot be written") == 1
