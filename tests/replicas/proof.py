"""The proof: a crowd is answered while replicas, Telegram and the database come and go."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.replicas.crowd import Crowd
from tests.replicas.fleet import Fleet, Replica
from tests.telegram_api import PATIENCE, faults


@dataclass(frozen=True)
class Outcome:
    """What became of the crowd: updates by their ids, and how many questions were counted."""

    lost: set[int]
    wrong: set[int]
    twice: set[int]
    held: int
    """So many updates the two killed replicas had claimed and not settled."""
    on_the_way: int
    """So many of these were answered already, or were just being answered."""
    counted: int
    """The hellos that the replicas were greeted with are left out."""


def go_through(fleet: Fleet, crowd: Crowd, count: int) -> Outcome:
    """Let so many people ask, and interfere with each of three replicas and with PostgreSQL.

    Under load, in this order: a replica is killed at any moment; another is killed while none of
    its answers is on the way; PostgreSQL is restarted; the third replica is stopped as an
    operator does. Each replica is started again at once. At the end all are stopped, and what
    they counted is in the database.
    """
    first, second, third = fleet.replicas
    crowd.asks_until(count // 10)
    first.bot.kill()
    held = fleet.records.held(first.holder)
    on_the_way = held & crowd.answered()
    first.bot.start()

    crowd.asks_until(count * 2 // 10)
    unsent = _kill_between_answers(fleet, crowd, second)
    second.bot.start()

    crowd.asks_until(count * 4 // 10)
    with ThreadPoolExecutor(1) as operator:
        restart = operator.submit(fleet.restart_database)
        crowd.asks_until(count * 6 // 10)
        restart.result()

    crowd.asks_until(count * 8 // 10)
    assert third.bot.terminate() == 0, third.bot.log
    third.bot.start()

    crowd.asks_until(count)
    crowd.wait_until_answered()
    crowd.stutters_on()
    fleet.wait_until_serving()
    fleet.stop()
    return Outcome(
        crowd.lost(),
        crowd.wrong(),
        crowd.answered_twice(),
        len(held | unsent),
        len(on_the_way),
        fleet.records.counted() - fleet.greeted,
    )


def _kill_between_answers(fleet: Fleet, crowd: Crowd, replica: Replica) -> set[int]:
    """Kill a replica in the middle of its work; return what it had claimed and not sent."""
    refusals = fleet.telegram.fails("sendMessage", faults.server_error(), times=None)
    deadline = time.monotonic() + PATIENCE
    while not (held := fleet.records.held(replica.holder)) or held & crowd.answered():
        assert time.monotonic() < deadline, "answers stay on the way"
    replica.bot.kill()
    refusals.stop()
    return held
