"""What somebody was told is known to every process for ten minutes, and then to nobody."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from bot.records.database import open_database, upgrade
from bot.records.port import Told
from bot.records.recorder import Recorder
from bot.records.replicas import alerts
from tests.records.conftest import rows, until

ME, OTHER = (-(2**52), 2**52), (7, 7)
TOLD = Told(("bleeding", "thoughts"), 1_700_000_000.0)


def recorder(url):
    return Recorder(open_database(url))


async def test_what_one_process_told_the_others_and_the_next_know(url):
    with recorder(url) as one, recorder(url) as two:
        assert await two.told(ME) == Told()
        await one.tell(ME, TOLD)
        assert await one.told(ME) == TOLD  # what is kept goes before what is asked
        assert await two.told(ME) == TOLD
        assert await two.told(OTHER) == Told()
    with recorder(url) as later:
        assert await later.told(ME) == TOLD
        again = Told(TOLD.causes, TOLD.at + 5, again=True)
        await later.tell(ME, again)
        assert await later.told(ME) == again


async def test_one_that_is_over_is_deleted(url):
    with recorder(url) as records:
        await records.tell(ME, TOLD)
        await records.tell(OTHER, TOLD)
        assert await records.told(ME) == TOLD
        await records.tell(ME, Told())
        assert await records.told(ME) == Told()
        assert [row[:2] for row in rows(url, "alerts")] == [OTHER]


async def test_many_ask_at_once_and_each_is_told(url):
    with recorder(url) as records:
        await records.tell(ME, TOLD)
        found = await asyncio.gather(*(records.told(each) for each in [ME, OTHER] * 20))
    assert found == [TOLD, Told()] * 20


def test_after_ten_minutes_it_counts_for_nothing_and_is_deleted(engine):
    upgrade(engine)
    with engine.begin() as connection:
        alerts.tell(connection, {ME: TOLD}, 1000.0)
        assert alerts.told(connection, [ME], 1599.0) == {ME: TOLD}
        assert alerts.told(connection, [ME], 1600.0) == {ME: Told()}
        alerts.delete_expired(connection, 1600.0)
        assert connection.execute(text("SELECT count(*) FROM alerts")).scalar() == 1
        alerts.delete_expired(connection, 1600.1)
        assert connection.execute(text("SELECT count(*) FROM alerts")).scalar() == 0


async def test_it_is_deleted_while_the_bot_runs(url, monkeypatch):
    monkeypatch.setattr(alerts, "KEPT_SECONDS", 0.5)
    with recorder(url) as records:
        await records.tell(ME, TOLD)
        assert await records.told(ME) == TOLD
        until(lambda: not rows(url, "alerts"), "it is deleted")


async def test_where_the_database_is_held_up_an_alert_waits_no_longer_for_what_was_told(url):
    engine = open_database(url)
    with recorder(url) as records:
        await records.tell(ME, TOLD)
        assert await records.told(ME) == TOLD
        with engine.begin() as other:  # with SQLite that holds the database
            if engine.dialect.name == "postgresql":
                other.execute(text("LOCK TABLE alerts, claims IN ACCESS EXCLUSIVE MODE"))
            ordinary = asyncio.create_task(records.claim(8))
            await asyncio.sleep(0)
            both = records.claim(7, urgent=True), records.told(ME, urgent=True)
            assert await asyncio.gather(*both) == [True, None]
            await records.tell(OTHER, TOLD)  # nothing waits for this either
            assert not ordinary.done()
        await asyncio.gather(ordinary, return_exceptions=True)
        until(lambda: OTHER in [row[:2] for row in rows(url, "alerts")], "it is kept then")
    engine.dispose()
