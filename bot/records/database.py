"""Opening the database, and bringing its tables up to date: SQLite by default, or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sql
from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import BotError, UsageError
from bot.records.tables import VERSION, metadata, schema_version
from bot.settings import Settings

DEFAULT_URL: Final = "sqlite:///smp-bot.sqlite3"
"""A file in the working folder."""
_BUSY_SECONDS = 1.0  # for which SQLite waits for another process that writes
_CONNECT_SECONDS = 2
_MILLISECONDS = 5_000  # for which a statement, or an idle transaction, may last
_LOCK = 0x736D70  # any number will do, as long as it is this one in every process
_EXAMPLES = f"{DEFAULT_URL} or postgresql+psycopg://user:password@host/database"
_SQLITE_FAULTS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk cannot be written or read",
    "SQLITE_READONLY": "the database is read-only",
    "SQLITE_CANTOPEN": "the file cannot be opened; its folder must be there, and may be written",
    "SQLITE_BUSY": "another program holds the database",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_NOTADB": "the file is no database",
}
_NEWER = (
    "The database was made by a newer smp-bot: this one could not count in it, nor know what was "
    "answered. Install the newer one, or put back the backup from before it."
)


class RecordsError(BotError):
    """The records cannot be read."""


def database_url(settings: Settings) -> str:
    """The database that the settings name, or the default."""
    given = settings.database_url
    return given.get_secret_value() if given else DEFAULT_URL


def open_database(url: str, *, read_only: bool = False) -> Engine:
    """An engine for `url`, and nothing opened yet; `UsageError` where it cannot be used."""
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError(f"DATABASE_URL is no database address, such as {_EXAMPLES}") from None
    kind = place.drivername.partition("+")[0]
    if kind in ("postgres", "postgresql"):
        return _postgresql(place.set(drivername="postgresql+psycopg"))  # the driver that is tested
    if kind != "sqlite":
        raise UsageError(f"DATABASE_URL must be for SQLite or PostgreSQL, such as {_EXAMPLES}")
    if place.database in (None, "", ":memory:"):
        raise UsageError(f"DATABASE_URL names no file to keep anything in; one is {_EXAMPLES}")
    return _sqlite(place.set(drivername="sqlite+pysqlite"), read_only)


def make_private(file: Path) -> None:
    """Make a file, if it is not there, and let its owner alone read it: it may hold questions."""
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    file.chmod(0o600)


def file_identity(engine: Engine) -> tuple[int, int] | None:
    """What tells one SQLite file from another of the same name; None for no file."""
    with suppress(OSError):
        if file := _sqlite_file(engine):
            status = file.stat()
            return status.st_dev, status.st_ino
    return None


def version(engine: Engine) -> int:
    """The version of the tables, 0 when there are none; `RecordsError` where it is too new.

    A file that is not there is not made.
    """
    if _sqlite_file(engine) and not file_identity(engine):
        return 0
    with engine.connect() as connection:
        return _version(connection)


def upgrade(engine: Engine) -> None:
    """Add the tables and columns that are not there; fails as `version` does.

    Any number of processes may do this at once.
    """
    if file := _sqlite_file(engine):
        with suppress(OSError):
            make_private(file)
    if version(engine) == VERSION:
        return
    with durable(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_LOCK)))
        _version(connection)
        metadata.create_all(connection)
        for table in metadata.sorted_tables:
            there = {each["name"] for each in inspect(connection).get_columns(table.name)}
            for column in [each for each in table.c if each.name not in there]:
                added = f"{column.name} {column.type.compile(engine.dialect)}"
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {added}")
        connection.execute(sql.delete(schema_version))
        connection.execute(sql.insert(schema_version).values(version=VERSION))


def refuse_newer(engine: Engine) -> None:
    """Raise `UsageError` for the tables of a newer bot; what is away is waited for later."""
    try:
        version(engine)
    except DBAPIError:
        pass
    except RecordsError as newer:
        raise UsageError(f"DATABASE_URL: {newer}") from None
    finally:
        engine.dispose()


def durable(engine: Engine) -> Engine:
    """The same engine, whose transactions end only when the disk has them."""
    return engine.execution_options(durable=True)


def in_words(fault: BaseException) -> str:
    """Say what is wrong with the database, with no part of a statement or of its values."""
    if isinstance(fault, RecordsError):
        return str(fault)
    cause = fault.orig if isinstance(fault, DBAPIError) and fault.orig else fault
    name = getattr(cause, "sqlite_errorname", "")
    for known, words in _SQLITE_FAULTS.items():
        if name.startswith(known):
            return words
    state = getattr(cause, "sqlstate", None)
    if isinstance(fault, DBAPIError) and fault.connection_invalidated:
        return "the connection to the database was lost"
    if type(cause).__name__ == "OperationalError" and not (name or state):
        return "the database cannot be reached, is not there, or refuses the user or password"
    if state == "42501":  # insufficient_privilege
        return "its user may not make tables or write there: make it the owner of the database"
    return " ".join(filter(None, [type(cause).__name__, name, state]))


def _sqlite_file(engine: Engine) -> Path | None:
    name = engine.url.database
    return Path(name) if name and engine.dialect.name == "sqlite" else None


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(schema_version.name):
        return 0
    found = connection.scalar(sql.select(schema_version.c.version)) or 0
    if found > VERSION:
        raise RecordsError(_NEWER)
    return found


def _postgresql(place: URL) -> Engine:
    arguments = {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _CONNECT_SECONDS * 1000,
        "application_name": "smp-bot",
    }
    given = {name: value for name, value in arguments.items() if name not in place.query}
    try:
        engine = sql.create_engine(place, hide_parameters=True, connect_args=given)
    except ImportError:
        raise UsageError(
            "DATABASE_URL is for PostgreSQL, whose driver is not installed. "
            "Install it with: pip install 'smp-risk-bot[postgres]'"
        ) from None

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # A claim need not be on the disk before an answer (see `durable` for what does), and
        # nobody is to wait for ever, not on the locks of a process that hangs either.
        connection.execute(
            f"SET synchronous_commit TO off; SET statement_timeout TO {_MILLISECONDS};"
            f"SET idle_in_transaction_session_timeout TO {_MILLISECONDS}"
        )
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("durable"):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO on")

    return engine


def _sqlite(place: URL, read_only: bool) -> Engine:
    engine = sql.create_engine(
        place, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: Any) -> None:
        # Transactions begin where the engine says, and not where the driver guesses.
        connection.isolation_level = None
        connection.execute("PRAGMA secure_delete = ON")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            with suppress(sqlite3.OperationalError):  # another process does it, or none may
                connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        durable = connection.get_execution_options().get("durable")
        connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        # A writer that begins as a reader can fail half-way, however long it would wait.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
