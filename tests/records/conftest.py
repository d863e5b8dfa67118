from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.faq.loading import load_knowledge
from bot.faq.models import Knowledge
from bot.records import recorder
from bot.records.database import open_database
from bot.records.replicas import outage
from bot.records.tables import metadata
from tests.records.postgres import PostgresServer, server

SMALL_FAQ = Path(__file__).parent.parent / "small_faq"
PATIENCE = 60.0


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with server() as running:
        yield running


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'records.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind that is supported."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    running: PostgresServer = request.getfixturevalue("postgres")
    return running.new_database()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_database(url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge(SMALL_FAQ)


def rows(url: str, name: str) -> list[tuple[object, ...]]:
    """All rows of a table; of one of counts, the sums over its days and parts."""
    table = metadata.tables[name]
    if "part" in table.c:
        key = [each for each in table.primary_key if each.name not in ("day", "part")]
        wanted = select(*key, func.sum(table.c.count)).group_by(*key)
    else:
        wanted = select(table)
    reading = open_database(url)
    try:
        with reading.connect() as connection:
            return sorted(tuple(row) for row in connection.execute(wanted))
    finally:
        reading.dispose()


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"this did not come about: {what}"
        time.sleep(0.02)


@pytest.fixture
def own_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The server, which a test may stop: no other test runs beside it in this process."""
    yield postgres
    postgres.have_it_run()


@pytest.fixture(autouse=True)
def busy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a recorder in this process write, clean up and try again more often.

    Where the server stays up, it may be slow: the machine has other tests to do.
    """
    if "own_postgres" not in request.fixturenames:
        monkeypatch.setattr(recorder, "PATIENCE", PATIENCE)
    monkeypatch.setattr(recorder, "TICK", 0.1)
    monkeypatch.setattr(recorder, "CLEANING", 0.2)
    monkeypatch.setattr(outage, "PAUSES", (0.1, 0.2))
