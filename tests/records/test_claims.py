"""An update that reaches several processes is answered by one, whatever becomes of the others."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import pytest
from sqlalchemy import insert, select, text

from bot.records import recorder as recording
from bot.records.database import open_database, upgrade
from bot.records.port import BeingAnswered
from bot.records.recorder import Recorder
from bot.records.replicas import claims as claim_steps
from bot.records.tables import claims
from tests.records.conftest import PATIENCE, rows, until

SPAWN = multiprocessing.get_context("spawn")


def recorder(url, **options):
    return Recorder(open_database(url), **options)


async def outcome(records, update_id):
    try:
        return "ours" if await records.claim(update_id) else "answered"
    except BeingAnswered:
        return "taken"


async def ours_at_last(records):
    """Claim update 1, however long the first look at the database takes."""
    deadline = time.monotonic() + PATIENCE
    while await outcome(records, 1) != "ours":
        assert time.monotonic() < deadline


async def test_the_first_to_claim_an_update_has_it(url):
    with recorder(url) as one, recorder(url) as other:
        assert await outcome(one, 7) == "ours"
        assert await outcome(other, 7) == "taken"
        assert await outcome(other, 8) == "ours"


async def test_a_settled_update_is_answered_for_everybody_and_after_a_restart(url):
    with recorder(url) as one:
        assert await outcome(one, 7) == "ours"
        await one.settle(7)
    with recorder(url) as one, recorder(url) as other:
        assert await outcome(one, 7) == "answered"
        assert await outcome(other, 7) == "answered"


async def test_a_released_update_is_free(url):
    with recorder(url) as one, recorder(url) as other:
        assert await outcome(one, 7) == "ours"
        await one.release(7)
        assert await outcome(other, 7) == "ours"
        await one.release(7)  # too late: it is the other's now
        assert await outcome(one, 7) == "taken"


async def test_who_could_not_answer_may_try_again(url):
    with recorder(url) as one:
        assert await outcome(one, 7) == "ours"
        assert await outcome(one, 7) == "ours"


async def test_a_claim_holds_for_as_long_as_its_process_works_at_it(url):
    with recorder(url, lease=2.0) as one, recorder(url, lease=2.0) as other:
        assert await outcome(one, 7) == "ours"
        end = time.monotonic() + 3.0
        while time.monotonic() < end:
            assert await outcome(other, 7) == "taken"
            await asyncio.sleep(0.2)


_DIES = """
import asyncio, sys, time
from bot.records.database import open_database
from bot.records.recorder import Recorder

async def main(records):
    assert await records.claim(7)
    print("claimed", flush=True)
    await asyncio.sleep(60)

with Recorder(open_database(sys.argv[1]), lease=3.0) as records:
    asyncio.run(main(records))
"""


async def test_the_claim_of_a_process_that_was_killed_is_taken_over(url):
    with recorder(url) as other:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _DIES, url, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"claimed\n"
        process.kill()
        await process.wait()
        assert await outcome(other, 7) == "taken"
        deadline = time.monotonic() + PATIENCE
        while await outcome(other, 7) != "ours":
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)


_AN_HOUR_AHEAD = """
import asyncio, sys, time

honest = time.time
time.time = lambda: honest() + 3600

from bot.records.port import BeingAnswered
from bot.records.database import open_database
from bot.records.recorder import Recorder

async def main(records):
    try:
        print("ours" if await records.claim(7) else "answered")
    except BeingAnswered:
        print("taken")
    await asyncio.sleep(2.5)  # it cleans up meanwhile

with Recorder(open_database(sys.argv[1])) as records:
    asyncio.run(main(records))
"""


async def test_a_machine_whose_clock_is_wrong_takes_no_claim_and_deletes_none(postgres):
    url = postgres.new_database()
    with recorder(url) as one, recorder(url) as other:
        assert await outcome(one, 7) == "ours"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _AN_HOUR_AHEAD, url, stdout=subprocess.PIPE
        )
        said, _ = await process.communicate()
        assert said == b"taken\n"
        assert await outcome(other, 7) == "taken"


def _claim_all(url, update_ids):
    async def main(records):
        won = []

        async def one(update_id):
            while True:
                verdict = await outcome(records, update_id)
                if verdict == "ours":
                    won.append(update_id)
                    await records.question("answer", ["a"], None)
                    await records.settle(update_id)
                if verdict != "taken":
                    return
                await asyncio.sleep(0.05)

        for begin in range(0, len(update_ids), 40):
            await asyncio.gather(*(one(each) for each in update_ids[begin : begin + 40]))
        return won

    with recorder(url) as records:
        return asyncio.run(main(records))


def test_of_processes_that_get_the_same_updates_one_answers_each(url):
    updates = list(range(400))
    orders = (updates, updates[::-1], updates)
    with ProcessPoolExecutor(3, mp_context=SPAWN) as pool:
        running = [pool.submit(_claim_all, url, order) for order in orders]
        won = [each for done in running for each in done.result()]
    assert sorted(won) == updates
    assert rows(url, "questions") == [("answer", "none", 400)]


_CRASHES = """
import asyncio, os, sys, signal
from bot.records.database import open_database
from bot.records.recorder import Recorder

async def main(records):
    for number in range(10_000):
        assert await records.claim(number)
        await records.question("answer", ["a"], None)
        await records.settle(number)
        print(number, flush=True)

with Recorder(open_database(sys.argv[1])) as records:
    asyncio.run(main(records))
"""


def test_a_process_that_is_killed_loses_no_count_of_what_it_settled(url):
    with subprocess.Popen(
        [sys.executable, "-c", _CRASHES, url], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 50:
                os.kill(process.pid, signal.SIGKILL)
                break
    settled = sum(bool(row[2]) for row in rows(url, "claims"))
    assert settled > 50
    assert rows(url, "questions") == [("answer", "none", settled)]


def test_what_has_run_out_is_deleted_and_nothing_else(engine):
    upgrade(engine)
    with engine.begin() as connection:
        for update_id, expires in [(1, 50.0), (2, 150.0)]:
            connection.execute(
                insert(claims).values(
                    update_id=update_id, holder="h", settled=True, expires=expires
                )
            )
        assert not claim_steps.delete_expired(connection, 100.0)
    with engine.connect() as connection:
        assert connection.scalars(select(claims.c.update_id)).all() == [2]


def test_two_processes_delete_at_once_without_waiting(postgres):
    engine = open_database(postgres.new_database())
    upgrade(engine)
    with engine.begin() as connection:
        claim_steps.settle(connection, range(10), "h", -10 * claim_steps.KEPT_SECONDS)
    with engine.connect() as one, engine.connect() as other:
        claim_steps.delete_expired(one, 0.0)
        claim_steps.delete_expired(other, 0.0)  # would end in a fault after seconds of waiting
        other.commit()
        one.commit()
    engine.dispose()
    assert rows(engine.url.render_as_string(hide_password=False), "claims") == []


def test_an_answered_update_is_known_for_longer_than_telegram_sends_it_again(engine):
    upgrade(engine)
    day = 24 * 3600.0
    with engine.begin() as connection:
        assert claim_steps.claim(connection, [7], "one", 0.0, 15.0) == {7: "ours"}
        claim_steps.settle(connection, [7], "one", 1.0)
        assert claim_steps.claim(connection, [7], "other", day + 1, day + 16) == {7: "answered"}


@pytest.mark.parametrize("update_id", [0, 1, 2**31, 2**53])
async def test_any_update_id_will_do(url, update_id):
    with recorder(url) as records:
        assert await outcome(records, update_id) == "ours"


# -- the database away, and back -----------------------------------------------------------------


async def test_a_restart_of_the_database_is_waited_for(own_postgres, monkeypatch):
    monkeypatch.setattr(recording, "GRACE", 60.0)  # on a slow disk it takes long to stop
    url = own_postgres.new_database()
    with recorder(url) as one, recorder(url) as other:
        await ours_at_last(one)
        await asyncio.to_thread(own_postgres.stop)
        # Right after it went, nobody answers what both may get: Telegram sends it again.
        assert await outcome(one, 2) == "taken"
        assert await outcome(other, 2) == "taken"
        await one.question("answer", ["a"], None)
        await other.question("suggest", [], None)
        await one.settle(1)  # answered while it was away: kept in memory
        await asyncio.to_thread(own_postgres.start)
        until(lambda: len(rows(url, "questions")) == 2, "both have written their counts")
        until(lambda: one.away() == other.away() == 0.0, "both have found it again")
        assert await outcome(other, 1) == "answered"
        assert sorted([await outcome(one, 2), await outcome(other, 2)]) == ["ours", "taken"]
    assert rows(url, "questions") == [("answer", "none", 1), ("suggest", "none", 1)]


def claim_until(url, update_id, expires):
    engine = open_database(url)
    with engine.begin() as connection:
        claim_steps.claim(connection, [update_id], "one", 0.0, expires)
    engine.dispose()


async def test_a_claim_that_could_not_be_renewed_meanwhile_holds_on(own_postgres, monkeypatch):
    monkeypatch.setattr(recording, "CLEANING", 5.0)
    url = own_postgres.new_database()
    with recorder(url, lease=3.0) as other:
        await ours_at_last(other)
        claim_until(url, 8, time.time() - 1.0)
        until(lambda: 8 not in {each for each, *_ in rows(url, "claims")}, "it has cleaned up")
        # Of a process that lives, and is the last to find the database again.
        claim_until(url, 7, time.time() + 0.2)
        await asyncio.to_thread(own_postgres.stop)
        await asyncio.to_thread(own_postgres.start)
        back = time.monotonic()
        while await outcome(other, 7) != "ours":
            assert time.monotonic() < back + PATIENCE
            await asyncio.sleep(0.1)
        assert time.monotonic() - back > 2.0


async def test_a_database_that_stays_away_stops_no_answer(own_postgres, caplog):
    url = own_postgres.new_database()
    with recorder(url) as records:
        await ours_at_last(records)
        await asyncio.to_thread(own_postgres.stop, "immediate")
        deadline = time.monotonic() + PATIENCE
        while await outcome(records, 2) != "ours":
            assert time.monotonic() < deadline
        # From now on nobody waits for it at all.
        await asyncio.wait_for(_answer(records, range(3, 203)), 5.0)
        await asyncio.to_thread(own_postgres.start)
        until(lambda: rows(url, "questions"), "the counts are written")
    assert rows(url, "questions") == [("answer", "none", 200)]
    settled = {row[0] for row in rows(url, "claims") if row[2]}
    assert settled == set(range(3, 203))
    told = [each.getMessage() for each in caplog.records if each.name.startswith("bot.records")]
    assert len(told) == 2
    assert "cannot be written" in told[0]
    assert "written again" in told[1]


async def _answer(records, update_ids):
    for update_id in update_ids:
        assert await records.claim(update_id)
        await records.question("answer", ["a"], None)
        await records.settle(update_id)


async def test_a_database_that_hangs_is_not_waited_for(own_postgres):
    url = own_postgres.new_database()
    with recorder(url) as records:
        await ours_at_last(records)
        own_postgres.hang()
        try:
            begun = time.monotonic()
            assert await outcome(records, 2) == "taken"
            assert time.monotonic() - begun < 2.0  # what a caller waits at most
        finally:
            own_postgres.go_on()
        deadline = time.monotonic() + PATIENCE
        while await outcome(records, 2) != "ours":
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("away", ["hangs", "is stopped"])
async def test_an_emergency_is_answered_within_a_second_when_postgresql(own_postgres, away):
    with recorder(own_postgres.new_database()) as records:
        await ours_at_last(records)
        gone = own_postgres.hang if away == "hangs" else own_postgres.stop
        await asyncio.to_thread(gone)
        try:
            for update_id in range(2, 7):
                assert await asyncio.wait_for(records.claim(update_id, urgent=True), 1.0)
        finally:
            await asyncio.to_thread(own_postgres.go_on if away == "hangs" else own_postgres.start)


async def test_an_answer_that_waits_is_done_for_everybody_until_its_process_is_gone(url):
    with recorder(url) as other, recorder(url) as one:
        assert await one.claim(7)
        assert await one.park(7, "what to send")
        assert await outcome(other, 7) == "answered"
        assert await other.adopt() == {}  # its process lives
    with recorder(url, lease=0.3) as gone:
        await gone.park(7, "what to send")
    with recorder(url, lease=0.3) as later:
        found = {}
        while not found:
            found = await later.adopt()
        assert found == {7: "what to send"}
        await later.settle(7)
    with recorder(url, lease=0.3) as last:
        assert await outcome(last, 7) == "answered"
        assert await last.adopt() == {}
    [row] = rows(url, "claims")
    assert row[-1] is None


async def test_an_answer_of_which_a_part_is_sent_is_parked_anew(url):
    with recorder(url) as records:
        assert await records.park(7, "both parts")
        assert await records.park(7, "the second part")
    [row] = rows(url, "claims")
    assert row[-1] == "the second part"


def test_answers_that_wait_are_deleted_after_a_day_and_no_sooner(url):
    engine = open_database(url)
    upgrade(engine)
    day = claim_steps.KEPT_SECONDS
    with engine.begin() as connection:
        claim_steps.park(connection, {1: "old", 2: "new"}, "gone", 100.0)
        assert not claim_steps.delete_expired(connection, 100.0 + day)
        assert len(connection.execute(select(claims)).all()) == 2
        claim_steps.delete_expired(connection, 101.0 + day)
        assert not connection.execute(select(claims)).all()
    engine.dispose()


async def test_an_alert_does_not_wait_for_a_database_that_is_held_up(url):
    engine = open_database(url)
    with recorder(url) as records:
        assert await records.claim(1)
        with engine.begin() as other:  # with SQLite that holds the database
            if engine.dialect.name == "postgresql":
                other.execute(text("LOCK TABLE claims IN ACCESS EXCLUSIVE MODE"))
            ordinary = asyncio.create_task(outcome(records, 8))
            assert await records.claim(7, urgent=True)
            assert not ordinary.done()
        await ordinary
    engine.dispose()
