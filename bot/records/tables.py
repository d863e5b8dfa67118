"""The tables, and the numbered steps that build them in any database from version 0 upwards."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    MetaData,
    SmallInteger,
    String,
    Table,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def _counts(name: str, *key: tuple[str, type[TypeEngine[Any]]]) -> Table:
    """A table of counts, by day and more: all columns but `count` are its key, and counts add up.

    `part` says nothing: each process adds to rows of its own part, so that they need not wait for
    each other. What is read is the sum over the parts.
    """
    columns = (("day", Date), *key, ("part", SmallInteger))
    return Table(
        name,
        metadata,
        *(Column(each, kind, primary_key=True) for each, kind in columns),
        Column("count", BigInteger, nullable=False),
    )


questions = _counts("questions", ("kind", String), ("alert", String))
"""Replies by day, kind and level of alert (`none` without one)."""

entries = _counts("entries", ("entry", String), ("kind", String))
"""Entries shown, by day and the kind of the reply. One reply may show two."""

feedback = _counts("feedback", ("entry", String), ("helpful", Boolean))
"""Answers to "Was this helpful?" by day and entry; the entry is empty for a miss."""

misses = _counts("misses", ("text", String), ("nearest", String))
"""Redacted questions that were missed, with the ids of the nearest entries, spaces between."""

claims = Table(
    "claims",
    metadata,
    Column("update_id", BigInteger, primary_key=True),
    Column("holder", String, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("expires", Double, nullable=False),
    Column("answer", String),
)
"""Updates that a process is answering, or has answered (`settled`).

`expires` is in seconds since 1970; a claim past it counts for nothing, and is deleted. `answer`
is what waits to be sent, as `bot.chat.telegram.messages` writes it: names of the FAQ and no words
of a person. Its holder sends it, or once the claim has run out whoever takes it over; then it is
gone.
"""

alerts = Table(
    "alerts",
    metadata,
    Column("chat", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("causes", String, nullable=False),
    Column("told", Double, nullable=False),
    Column("again", Boolean, nullable=False),
    Column("expires", Double, nullable=False),
)
"""The last alert of each person in each chat, for ten minutes: the names of its causes.

`told` is when, by Telegram's clock, `again` whether it was only said again in a line. Times are in
seconds since 1970; past `expires`, by the database's clock, a row counts for nothing.
"""

PARTS: Final = 16

STEPS: Final[tuple[tuple[str, ...], ...]] = (
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
"""What each version adds to the one before. A step is never changed once it is released."""
