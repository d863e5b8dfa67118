"""The proof: a crowd is answered while replicas and the database come and go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.replicas.crowd import Asked, Crowd
from tests.replicas.fleet import Fleet, wait_until_serving


@dataclass(frozen=True)
class Outcome:
    """What became of the crowd.

    `held` are the updates that the killed replica was working at, `counted` the questions in
    the database.
    """

    lost: list[Asked]
    wrong: list[Asked]
    twice: list[Asked]
    held: set[int]
    counted: int


def go_through(fleet: Fleet, crowd: Crowd, count: int) -> Outcome:
    """Let so many people ask; kill a replica, restart PostgreSQL, and stop another, under load.

    The replicas are stopped at the end: all that they counted is written then.
    """
    killed, stopped, *_ = fleet.replicas
    crowd.asks_until(count // 4)
    killed.bot.kill()
    held = fleet.records.held(killed.holder)
    killed.start()

    crowd.asks_until(count // 2)
    with ThreadPoolExecutor(1) as operator:
        restart = operator.submit(fleet.restart_database)
        crowd.asks_until(count * 3 // 4)
        restart.result()

    assert stopped.bot.terminate() == 0, stopped.bot.log
    stopped.start()
    crowd.asks_until(count)
    crowd.wait_until_answered()
    crowd.stutters_on()
    wait_until_serving([killed, stopped])
    for replica in fleet.replicas:
        assert replica.bot.terminate() == 0, replica.bot.log
    return Outcome(
        crowd.lost(), crowd.wrong(), crowd.answered_twice(), held, fleet.records.counted()
    )
