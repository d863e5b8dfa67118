"""The tables come about by themselves, in order, and whoever starts at the same moment."""

from __future__ import annotations

import multiprocessing
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.errors import UsageError
from bot.records.database import RecordsError, in_words, open_database, upgrade, version
from bot.records.tables import STEPS, metadata

SPAWN = multiprocessing.get_context("spawn")


def shape(engine):
    """Each table with its columns, whether they may be empty, and its key."""
    found = inspect(engine)
    return {
        table: (
            {each["name"]: each["nullable"] for each in found.get_columns(table)},
            found.get_pk_constraint(table)["constrained_columns"],
        )
        for table in found.get_table_names()
        if table != "schema_version"
    }


@pytest.mark.parametrize("start", range(len(STEPS) + 1))
def test_every_version_is_brought_up_to_date(engine, start):
    upgrade(engine, STEPS[:start])
    assert version(engine) == start
    upgrade(engine)
    assert version(engine) == len(STEPS)
    declared = {
        table.name: (
            {column.name: bool(column.nullable) for column in table.columns},
            [column.name for column in table.primary_key],
        )
        for table in metadata.sorted_tables
    }
    assert shape(engine) == declared


def test_a_step_keeps_what_was_there(engine):
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO questions VALUES ('2026-01-02', 'answer', 'none', 0, 7)")
        )
    upgrade(engine, (*STEPS, ("ALTER TABLE questions ADD COLUMN place VARCHAR",)))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count, place FROM questions")).all() == [(7, None)]


def test_a_step_that_fails_leaves_the_version_before_it(engine):
    upgrade(engine)
    faulty = (*STEPS, ("CREATE TABLE half (a INTEGER)", "CREATE TABLE nonsense ("))
    with pytest.raises(Exception, match=r"syntax|incomplete"):
        upgrade(engine, faulty)
    assert version(engine) == len(STEPS)
    assert not inspect(engine).has_table("half")


def test_a_newer_database_is_left_alone(engine):
    upgrade(engine, (*STEPS, ("CREATE TABLE newer (a INTEGER)",)))
    with pytest.raises(RecordsError, match="newer smp-bot"):
        upgrade(engine)


def _upgrade(url):
    engine = open_database(url)
    upgrade(engine)
    found = version(engine)
    engine.dispose()
    return found


def test_processes_that_start_at_once_do_not_get_in_each_others_way(url):
    with ProcessPoolExecutor(4, mp_context=SPAWN) as pool:
        assert list(pool.map(_upgrade, [url] * 8)) == [len(STEPS)] * 8


def test_the_file_is_for_its_owner_alone(sqlite_url, tmp_path):
    (tmp_path / make_url(sqlite_url).database).touch(0o644)  # as a backup may be that is put back
    engine = open_database(sqlite_url)
    upgrade(engine)
    files = list(tmp_path.iterdir())
    assert files
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://host/db",
        "",
        "redis://x",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgresql://user:pass@word@host:port/db",
        "postgresql://[::1/db",
    ],
)
def test_an_address_that_cannot_be_used_is_named_with_an_example(url):
    with pytest.raises(UsageError, match=r"DATABASE_URL.*sqlite:///") as fault:
        open_database(url)
    assert fault.value.exit_code == 2


@pytest.mark.parametrize(
    "given", ["postgres://h/d", "postgresql://h/d", "postgresql+asyncpg://h/d"]
)
def test_each_way_to_write_an_address_of_postgresql_will_do(given):
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra `postgres`")
    assert open_database(given).url.drivername == "postgresql+psycopg"


def test_a_password_shows_in_no_fault(caplog):
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra `postgres`")
    engine = open_database("postgresql://someone:sesame@127.0.0.1:1/d")
    assert "sesame" not in repr(engine)


@pytest.mark.parametrize(
    ("user", "database", "words"),
    [
        ("weak", "theirs", "may not make tables or write there"),
        ("weak", "nowhere", "is not there"),
        ("nobody", "theirs", "refuses the user"),
    ],
)
def test_what_postgresql_refuses_is_told_in_words(postgres, user, database, words):
    theirs = open_database(postgres.new_database())
    postgres.execute("DROP ROLE IF EXISTS weak")
    postgres.execute("CREATE ROLE weak LOGIN")
    place = theirs.url.set(username=user)
    engine = open_database(
        (place if database == "theirs" else place.set(database=database)).render_as_string()
    )
    with pytest.raises(DBAPIError) as fault:
        upgrade(engine)
    assert words in in_words(fault.value)
    engine.dispose()


def test_nothing_is_opened_before_it_is_needed(sqlite_url, tmp_path: Path):
    open_database(sqlite_url)
    assert list(tmp_path.iterdir()) == []
