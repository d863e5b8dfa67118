"""The tables, their version, and how rows are put into them."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sql
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, SmallInteger, String, Table
from sqlalchemy.dialects import postgresql, sqlite

metadata = sql.MetaData()


def _counts(name: str, *key: tuple[str, type[sql.types.TypeEngine[Any]]]) -> Table:
    """A table of counts by day and more, of which all columns but `count` are the key.

    Each process adds to rows of its own `part`, so that none waits for another; the sum is read.
    """
    columns = (("day", Date), *key, ("part", SmallInteger))
    keys: list[Column[Any]] = [Column(each, kind, primary_key=True) for each, kind in columns]
    return Table(name, metadata, *keys, Column("count", BigInteger, nullable=False))


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
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("holder", String, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("expires", Double, nullable=False),
    Column("answer", String),
    sql.Index("claims_expires", "expires"),
)
"""Updates that a process is answering, or has answered (`settled`).

`expires` is in seconds since 1970; a claim past it counts for nothing, and is deleted. `answer`
is what its holder is to send, or who takes it over, as `bot.chat.telegram.messages` writes it:
names of the FAQ and no words of a person.
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
    sql.Index("alerts_expires", "expires"),
)
"""The last alert of each person in each chat, for ten minutes: the names of its causes.

`told` is when, by Telegram's clock, `expires` by the database's, both in seconds since 1970;
`again` says that it was only said again in a line.
"""

PARTS: Final = 16

schema_version = Table("schema_version", metadata, Column("version", sql.Integer, nullable=False))
VERSION: Final = 4
"""It rises with each table or column that is added above."""


def upsert(
    connection: sql.Connection, table: Table, where: sql.ColumnElement[bool] | None = None
) -> Any:
    """The statement that puts rows in place of those with the same key, or adds their counts.

    `where` says which may be replaced. The rows are to be in one order in every process: two that
    lock the same ones in different orders would wait for each other.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    new: dict[str, Any] = {each.name: insert.excluded[each.name] for each in table.c}
    if "count" in table.c:
        new = {"count": table.c.count + insert.excluded.count}
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=new, where=where
    )
