"""Counts are right, words go when their time is up, and no answer waits for the database."""

from __future__ import annotations

import asyncio
import datetime
import logging
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.faq.models import Entry, Faq, Knowledge
from bot.records import tally as tallying
from bot.records.database import open_database, upgrade
from bot.records.names import FaqWords
from bot.records.recorder import Recorder
from bot.records.redaction import redact
from bot.records.tables import misses, questions
from bot.records.tally import MOST, Tally
from tests.records.conftest import rows, until

SPAWN = multiprocessing.get_context("spawn")
MARKER = "elephant"


@contextmanager
def recorder(url, *, today=None, **options):
    made = Recorder(open_database(url), **options)
    if today:
        noon = datetime.time(12, tzinfo=datetime.UTC)
        made.go_by(lambda: datetime.datetime.combine(today(), noon).timestamp())
    with made as opened:
        yield opened


async def test_counts_add_up_by_kind_entry_and_alert(url):
    with recorder(url) as records:
        await records.question("answer", ["a", "b"], None)
        await records.question("answer", ["a"], "urgent")
        await records.question("answer", ["a"], None)
        await records.question("fallback", [], "crisis")
        await records.feedback("a", True)
        await records.feedback("a", True)
        await records.feedback("a", False)
        await records.feedback(None, False)
    assert rows(url, "questions") == [
        ("answer", "none", 2), ("answer", "urgent", 1), ("fallback", "crisis", 1),
    ]  # fmt: skip
    assert rows(url, "entries") == [("a", "answer", 3), ("b", "answer", 1)]
    assert rows(url, "feedback") == [("", False, 1), ("a", False, 1), ("a", True, 2)]


async def test_what_comes_later_is_added_to_what_is_there(url):
    for _ in range(3):
        with recorder(url) as records:
            await records.question("answer", ["a"], None)
    assert rows(url, "questions") == [("answer", "none", 3)]


async def test_counts_are_written_while_it_runs(url):
    with recorder(url) as records:
        await records.question("answer", ["a"], None)
        until(lambda: _there(url), "the count is written")


def _there(url):
    try:
        return rows(url, "questions")
    except Exception:
        return []  # the tables are not there yet


def _count(url, times):
    async def all_of_them(records):
        for number in range(times):
            await records.question("answer", [f"e{number % 3}"], None)
            if number % 50 == 0:
                await asyncio.sleep(0.01)

    with recorder(url) as records:
        asyncio.run(all_of_them(records))


def test_several_processes_lose_no_count(url):
    with ProcessPoolExecutor(4, mp_context=SPAWN) as pool:
        for done in [pool.submit(_count, url, 300) for _ in range(4)]:
            done.result()
    assert rows(url, "questions") == [("answer", "none", 1200)]
    assert rows(url, "entries") == [(f"e{each}", "answer", 400) for each in range(3)]


# -- the words of missed questions -------------------------------------------------------------


def everything_on_disk(folder):
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


async def test_by_default_no_word_is_kept_anywhere(sqlite_url, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with recorder(sqlite_url) as records:
        await records.missed(f"is {MARKER} bad", ["a"])
        await records.question("fallback", [], None)
    assert b"fallback" in everything_on_disk(tmp_path)
    assert MARKER.encode() not in everything_on_disk(tmp_path)
    assert MARKER not in caplog.text


async def test_missed_words_are_kept_redacted_and_without_a_time(url):
    with recorder(url, keep_misses=True) as records:
        await records.missed(f"I'm John Smith, is {MARKER} bad? me@x.org 07911 123456", ["a", "b"])
        await records.missed("me@x.org", ["a"])
        await records.missed(f"is {MARKER} bad", ["a"])
        await records.missed(f"is {MARKER} bad", ["a"])
    assert rows(url, "misses") == [
        (f"I'm [name], is {MARKER} bad? [e-mail] [number]", "a b", 1),
        ("[e-mail]", "a", 1),
        (f"is {MARKER} bad", "a", 2),
    ]


def test_whatever_people_write_can_be_kept(engine):
    upgrade(engine)

    @given(st.text(max_size=400), st.integers(1, 3))
    @example("\x00 nul \ud800 half a pair", 1)
    def written(text, times):
        tally = Tally()
        kept = redact(text)
        tally.add(misses, (datetime.date(2026, 1, 1), kept, ""), times)
        with engine.connect() as connection:
            tally.write(connection)
            assert (kept, times) in connection.execute(select(misses.c.text, misses.c.count)).all()

    written()


async def test_words_are_deleted_for_good_when_their_days_are_over(sqlite_url, tmp_path):
    day = datetime.date(2026, 3, 1)
    with recorder(sqlite_url, keep_misses=True, today=lambda: day) as records:
        await records.missed(f"is {MARKER} bad", ["a"])
        await records.question("fallback", [], None)
    for passed, kept in [(29, True), (30, False)]:
        later = day + datetime.timedelta(days=passed)
        with recorder(sqlite_url, miss_days=30, today=lambda later=later: later) as records:
            await records.question("answer", ["a"], None)
        assert (MARKER.encode() in everything_on_disk(tmp_path)) is kept, passed
    # Counts stay: there is no word in them.
    assert rows(sqlite_url, "questions") == [("answer", "none", 2), ("fallback", "none", 1)]


async def test_deleted_words_are_in_no_file_though_it_runs_on(sqlite_url, tmp_path):
    day = [datetime.date(2026, 3, 1)]
    options = {"keep_misses": True, "miss_days": 1, "today": lambda: day[0]}
    with recorder(sqlite_url, **options) as records:
        await records.missed(f"is {MARKER} bad", ["a"])
        until(lambda: MARKER.encode() in everything_on_disk(tmp_path), "the words are kept")
        day[0] += datetime.timedelta(days=1)
        until(lambda: MARKER.encode() not in everything_on_disk(tmp_path), "the words are gone")


async def test_words_are_deleted_while_it_runs_when_the_day_changes(url):
    day = [datetime.date(2026, 3, 1)]
    with recorder(url, keep_misses=True, miss_days=1, today=lambda: day[0]) as records:
        await records.missed(f"is {MARKER} bad", ["a"])
        until(lambda: _there(url) is not None and _misses(url), "the words are kept")
        day[0] += datetime.timedelta(days=1)
        until(lambda: not _misses(url), "the words are deleted")


async def test_a_clock_that_jumped_deletes_nothing_where_another_is_known(sqlite_url, monkeypatch):
    real, known = time.time(), [time.time]
    honest = known[0]
    with recorder(sqlite_url, keep_misses=True) as records:
        records.go_by(lambda: known[0]() if known[0] else None)
        await records.missed(f"is {MARKER} bad", ["a"])
        await records.claim(7)
        await records.settle(7)
        monkeypatch.setattr(time, "time", lambda: honest() + 400 * 86_400)
        for now in (None, lambda: real + 60.0):  # before Telegram has told the time, and after
            known[0] = now
            for number in range(3):
                await records.question("answer", [f"entry{now}{number}"], None)
                entry = f"entry{now}{number}"
                until(lambda entry=entry: entry in _entries(sqlite_url), "a round is over")
        assert len(rows(sqlite_url, "misses")) == 1
        assert len(rows(sqlite_url, "claims")) == 1
        known[0] = time.time  # the 400 days are over
        until(lambda: not _misses(sqlite_url), "the words are deleted")
        until(lambda: not rows(sqlite_url, "claims"), "the claim is deleted")


def _entries(url):
    return [entry for entry, *_ in rows(url, "entries")]


def _misses(url):
    try:
        return rows(url, "misses")
    except Exception:
        return []


# -- a database that is full, locked, read-only, missing ------------------------------------------


async def served(records, seconds=0.0):
    """Do what serving does for a while; return how long the slowest of it took."""
    slowest, end = 0.0, time.monotonic() + seconds
    number = 0
    while number < 20 or time.monotonic() < end:
        begun = time.monotonic()
        number += 1
        await records.question("answer", ["a"], None)
        await records.missed(f"is {MARKER} bad", ["a"])
        await records.feedback("a", True)
        slowest = max(slowest, time.monotonic() - begun)
        await asyncio.sleep(0.01)
    return number


def told(caplog):
    return [each.getMessage() for each in caplog.records if each.name.startswith("bot.records")]


async def test_a_locked_database_is_waited_for_and_loses_nothing(sqlite_url, tmp_path, caplog):
    with recorder(sqlite_url, keep_misses=True) as records:
        await records.question("answer", ["a"], None)
        until(lambda: _there(sqlite_url), "the count is written")
        other = sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        count = await served(records)
        until(lambda: told(caplog), "the operator is told")
        assert records.away() > 0.0
        count += await served(records, 1.0)
        other.execute("ROLLBACK")
        other.close()
        until(lambda: len(told(caplog)) == 2, "the operator is told that it works again")
        assert records.away() == 0.0
    assert rows(sqlite_url, "questions") == [("answer", "none", count + 1)]
    assert caplog.records[0].levelname == "ERROR"
    assert "another program holds the database" in told(caplog)[0]
    assert "written again" in told(caplog)[1]
    assert MARKER not in caplog.text


async def test_a_database_that_comes_and_goes_is_told_but_once(sqlite_url, tmp_path, caplog):
    with recorder(sqlite_url) as records:
        for _ in range(2):
            await records.question("answer", ["a"], None)
            count = sum(row[-1] for row in _there(sqlite_url))
            until(lambda count=count: _there(sqlite_url) != [], "the count is written")
            with sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None) as other:
                other.execute("BEGIN EXCLUSIVE")
                await served(records, 2.0)
                other.execute("ROLLBACK")
            other.close()
            written = count + 1
            until(
                lambda written=written: sum(row[-1] for row in _there(sqlite_url)) > written,
                "the counts are written",
            )
    assert len(told(caplog)) == 2


@pytest.mark.parametrize("place", ["no/such/folder/x.sqlite3", ".", "a_file/x.sqlite3"])
async def test_a_database_that_cannot_be_opened_is_told_once(tmp_path, caplog, place):
    (tmp_path / "a_file").write_text("")
    with recorder(f"sqlite:///{tmp_path / place}", keep_misses=True) as records:
        await served(records)
        until(lambda: told(caplog), "the operator is told")
        await served(records, 1.0)  # for several tries
        assert await asyncio.wait_for(records.claim(1), 0.5)
        await asyncio.wait_for(records.settle(1), 0.5)
    written = [each for each in told(caplog) if "cannot be written" in each]
    assert len(written) == 1
    assert "cannot be opened" in written[0]
    assert MARKER not in caplog.text


async def test_a_folder_that_comes_later_gets_all_counts(tmp_path, caplog):
    url = f"sqlite:///{tmp_path / 'later' / 'x.sqlite3'}"
    with recorder(url) as records:
        count = await served(records)
        until(lambda: told(caplog), "the operator is told")
        (tmp_path / "later").mkdir()
        until(lambda: len(told(caplog)) == 2, "the operator is told that it works again")
    assert rows(url, "questions") == [("answer", "none", count)]


async def test_a_file_that_is_removed_or_replaced_is_made_anew(sqlite_url, tmp_path):
    with recorder(sqlite_url) as records:
        await records.question("answer", ["a"], None)
        until(lambda: _there(sqlite_url), "the count is written")
        for file in tmp_path.iterdir():
            file.unlink()
        await records.question("suggest", [], None)
        until(lambda: _there(sqlite_url), "the count is written to a new file")
    assert rows(sqlite_url, "questions") == [("suggest", "none", 1)]


async def test_a_damaged_file_is_left_as_it_is(sqlite_url, tmp_path, caplog):
    damaged = b"this is no database " * 300
    (tmp_path / "records.sqlite3").write_bytes(damaged)
    with recorder(sqlite_url) as records:
        await served(records)
        until(lambda: told(caplog), "the operator is told")
    assert "no database" in told(caplog)[0]
    assert (tmp_path / "records.sqlite3").read_bytes() == damaged


_READ_ONLY = """
import asyncio, logging, sys
from bot.records.database import open_database
from bot.records.recorder import Recorder

logging.basicConfig(format="%(message)s")

async def main(records):
    await records.question("answer", ["a"], None)
    assert await records.claim(1)
    await asyncio.sleep(1.5)

with Recorder(open_database(sys.argv[1])) as records:
    asyncio.run(main(records))
"""


def test_a_read_only_database_is_told(sqlite_url, tmp_path):
    _count(sqlite_url, 1)
    # Permissions mean nothing to root, unless it gives that power away.
    powerless = (
        ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override", "--")
        if os.getuid() == 0
        else ()
    )
    (tmp_path / "records.sqlite3").chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        done = subprocess.run(
            [*powerless, sys.executable, "-c", _READ_ONLY, sqlite_url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        tmp_path.chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("The records cannot be written") == 1
    assert "read-only" in done.stderr


_FULL = """
import asyncio, logging, resource, signal, sys
from bot.records.database import open_database
from bot.records.recorder import Recorder

logging.basicConfig(format="%(message)s")
LIMIT = int(sys.argv[2])
told = []
outage = logging.getLogger("bot.records.replicas.outage")
outage.addFilter(lambda each: told.append(each.msg) or True)

async def main(records):
    for number in range(3000):
        await records.missed(f"is thing {number} bad " + "word " * 40, ["a"])
        await records.question("answer", ["a"], None)
        if number % 100 == 0:
            await asyncio.sleep(0.1)
    if LIMIT:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        while not any("written again" in each for each in told):
            await asyncio.sleep(0.1)

if LIMIT:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
with Recorder(open_database(sys.argv[1]), keep_misses=True) as records:
    asyncio.run(main(records))
"""


def test_a_disk_that_is_full_loses_nothing_when_there_is_room_again(sqlite_url):
    done = subprocess.run(
        [sys.executable, "-c", _FULL, sqlite_url, "200000"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr.count("The records cannot be written") == 1, done.stderr
    assert "the disk" in done.stderr
    assert "written again" in done.stderr
    assert "thing" not in done.stderr
    assert rows(sqlite_url, "questions") == [("answer", "none", 3000)]
    assert sum(count for _, _, count in rows(sqlite_url, "misses")) == 3000


def test_a_file_system_that_is_full_is_survived(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a small file system can be mounted by root alone")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _FULL, f"sqlite:///{place / 'x.sqlite3'}", "0"],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    finally:
        subprocess.run(["umount", str(place)], check=True)
    assert "the disk is full" in done.stderr
    assert "thing" not in done.stderr


def test_counts_in_memory_have_a_bound():
    tally = Tally()
    for number in range(MOST + 500):
        tally.add(questions, (datetime.date(2026, 1, 1), f"kind{number}", "none"))
    tally.add(questions, (datetime.date(2026, 1, 1), "kind0", "none"))
    assert len(tally.counts) == MOST
    assert tally.lost == 500


async def test_counts_that_found_no_room_are_told_when_it_works_again(
    sqlite_url, tmp_path, caplog, monkeypatch
):
    monkeypatch.setattr(tallying, "MOST", 10)
    with recorder(sqlite_url) as records:
        await records.question("answer", [], None)
        until(lambda: _there(sqlite_url), "the count is written")
        with sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            for number in range(50):
                await records.question(f"kind{number}", [], None)
            until(lambda: told(caplog), "the operator is told")
            other.execute("ROLLBACK")
        other.close()
        until(lambda: len(told(caplog)) == 2, "the operator is told that it works again")
    kept = len(rows(sqlite_url, "questions")) - 1
    assert f"written again; {50 - kept} counts were lost" in told(caplog)[1]


async def test_it_ends_in_time_though_the_database_is_away(postgres):
    with recorder("postgresql://tests@127.0.0.1:1/none") as records:
        await served(records)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5


async def test_words_of_the_faq_are_kept_and_a_name_in_it_is_not(sqlite_url):
    faq = Faq(
        title="A FAQ",
        entries=(Entry(id="fue", title="Fue", questions=("fue with Dave",), answer="No."),),
    )
    known = FaqWords(lambda: Knowledge(faq=faq))
    with recorder(sqlite_url, keep_misses=True, known=known) as records:
        await records.missed("fue or dhi, asks dave", ["a"])
    assert rows(sqlite_url, "misses") == [("fue or [name], asks [name]", "a", 1)]


@pytest.mark.parametrize("steps", range(6))
async def test_a_stop_is_not_lost_where_the_outcome_comes_in_that_moment(
    sqlite_url, monkeypatch, steps
):
    """Who asks again and again, as for what waits, would else go on for ever."""
    outcome = Future()
    outcome.set_result({})
    records = Recorder(open_database(sqlite_url))
    monkeypatch.setattr(records, "_submit", lambda *_: outcome)
    asking = asyncio.create_task(records.adopt())
    for _ in range(steps):
        await asyncio.sleep(0)
    if not asking.done():
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
