"""The tables come about by themselves, in order, and whoever starts at the same moment."""

from __future__ import annotations

import multiprocessing
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.errors import UsageError
from bot.records.database import RecordsError, in_words, open_database, upgrade, version
from bot.records.tables import VERSION, metadata, questions
from tests.records.older import OLDER, make_newer, make_older

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
    }


def declared():
    return {
        table.name: (
            {column.name: bool(column.nullable) for column in table.columns},
            [column.name for column in table.primary_key],
        )
        for table in metadata.sorted_tables
    }


def test_tables_are_made_as_they_are_declared(engine):
    assert version(engine) == 0
    upgrade(engine)
    assert version(engine) == VERSION
    assert shape(engine) == declared()


@pytest.mark.parametrize("start", OLDER)
def test_every_version_is_brought_up_to_date_and_keeps_what_was_there(engine, start):
    make_older(engine, start)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO questions VALUES ('2026-01-02', 'answer', 'none', 0, 7)")
        )
    upgrade(engine)
    assert version(engine) == VERSION
    assert shape(engine) == declared()
    indexes = inspect(engine).get_indexes("claims")
    assert "claims_expires" in [each["name"] for each in indexes]
    with engine.connect() as connection:
        assert connection.scalars(select(questions.c.count)).all() == [7]


def test_an_upgrade_that_fails_leaves_nothing_half_done(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE other (expires INTEGER)")
        connection.exec_driver_sql("CREATE INDEX alerts_expires ON other (expires)")
    with pytest.raises(DBAPIError, match="alerts_expires"):
        upgrade(engine)
    assert version(engine) == 0
    assert set(shape(engine)) == {"other"}


def test_a_newer_database_is_left_alone(engine):
    make_newer(engine)
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
        assert list(pool.map(_upgrade, [url] * 8)) == [VERSION] * 8


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
