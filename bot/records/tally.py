"""Counts in memory, on their way to the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

MOST: Final = 10_000
"""Different counts that are kept; a database that is away for long must not fill the memory."""

Key = tuple[Any, ...]


@dataclass
class Tally:
    """How often each key of each table was counted; `lost` are those that found no room."""

    counts: Counter[tuple[Table, Key]] = field(default_factory=Counter)
    lost: int = 0

    def add(self, table: Table, key: Key, count: int = 1) -> None:
        """Count something; `key` has a value for each column of the table's key but `part`."""
        if len(self.counts) < MOST or (table, key) in self.counts:
            self.counts[table, key] += count
        else:
            self.lost += count

    def take_back(self, other: Tally) -> None:
        """Add what could not be written."""
        for (table, key), count in other.counts.items():
            self.add(table, key, count)
        self.lost += other.lost

    def write(self, connection: Connection, part: int = 0) -> None:
        """Add every count to the one in the database, in one order in every process.

        Two processes that lock the same rows in different orders would wait for each other.
        """
        by_table: dict[Table, list[dict[str, Any]]] = {}
        for (table, key), count in self.counts.items():
            names = [column.name for column in table.primary_key]
            row = dict(zip(names, (*key, part), strict=True))
            by_table.setdefault(table, []).append({**row, "count": count})
        for table in sorted(by_table, key=lambda each: each.name):
            rows = sorted(by_table[table], key=lambda row: tuple(map(str, row.values())))
            _add(connection, table, rows)


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    statement = insert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={"count": table.c.count + insert.excluded.count},
    )
    connection.execute(statement, rows)
