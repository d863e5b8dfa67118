"""Databases as other versions of the bot left them."""

from __future__ import annotations

from sqlalchemy import Engine, text

from bot.records.database import upgrade
from bot.records.tables import VERSION

_STEPS = (
    (
        "CREATE TABLE questions (day DATE NOT NULL, kind VARCHAR NOT NULL,"
        " alert VARCHAR NOT NULL, part SMALLINT NOT NULL,"
        " count BIGINT NOT NULL, PRIMARY KEY (day, kind, alert, part))",
        "CREATE TABLE entries (day DATE NOT NULL, entry VARCHAR NOT NULL,"
        " kind VARCHAR NOT NULL, part SMALLINT NOT NULL, count BIGINT NOT NULL,"
        " PRIMARY KEY (day, entry, kind, part))",
        "CREATE TABLE feedback (day DATE NOT NULL, entry VARCHAR NOT NULL,"
        " helpful BOOLEAN NOT NULL, part SMALLINT NOT NULL, count BIGINT NOT NULL,"
        " PRIMARY KEY (day, entry, helpful, part))",
        "CREATE TABLE misses (day DATE NOT NULL, text VARCHAR NOT NULL,"
        " nearest VARCHAR NOT NULL, part SMALLINT NOT NULL, count BIGINT NOT NULL,"
        " PRIMARY KEY (day, text, nearest, part))",
    ),
    (
        "CREATE TABLE claims (update_id BIGINT NOT NULL PRIMARY KEY, holder VARCHAR NOT NULL,"
        " settled BOOLEAN NOT NULL, expires DOUBLE PRECISION NOT NULL)",
        "CREATE INDEX claims_expires ON claims (expires)",
    ),
    ("ALTER TABLE claims ADD COLUMN answer VARCHAR",),
    (
        "CREATE TABLE alerts (chat BIGINT NOT NULL, person BIGINT NOT NULL,"
        " causes VARCHAR NOT NULL, told DOUBLE PRECISION NOT NULL, again BOOLEAN NOT NULL,"
        " expires DOUBLE PRECISION NOT NULL, PRIMARY KEY (chat, person))",
        "CREATE INDEX alerts_expires ON alerts (expires)",
    ),
)
"""What each version added to the one before."""
OLDER = range(1, len(_STEPS) + 1)


def make_older(engine: Engine, version: int) -> None:
    """Make the tables of a version."""
    with engine.begin() as connection:
        for step in _STEPS[:version]:
            for statement in step:
                connection.exec_driver_sql(statement)
        connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO schema_version VALUES ({version})")


def make_newer(engine: Engine) -> None:
    """Make the tables of a version that is yet to come."""
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = :new"), {"new": VERSION + 1})
