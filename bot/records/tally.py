"""Counts in memory, on their way to the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table

from bot.records.tables import upsert

MOST: Final = 10_000
"""Different counts that are kept; a database that is away for long must not fill the memory."""


@dataclass
class Tally:
    """How often each key of each table was counted; `lost` are those that found no room."""

    counts: Counter[tuple[Table, tuple[Any, ...]]] = field(default_factory=Counter)
    lost: int = 0

    def add(self, table: Table, key: tuple[Any, ...], count: int = 1) -> None:
        """Count something; `key` has a value for each column of the table's key but `part`."""
        if len(self.counts) < MOST or (table, key) in self.counts:
            self.counts[table, key] += count
        else:
            self.lost += count

    def take_back(self, other: Tally) -> None:
        """Add what could not be written."""
        for (table, key), count in other.counts.items():
            self.add(table, key, count)

    def write(self, connection: Connection, part: int = 0) -> None:
        """Add every count to the one in the database, in one order in every process."""
        for table in sorted({table for table, _ in self.counts}, key=lambda each: each.name):
            rows = [
                dict(zip(table.c.keys(), (*key, part, count), strict=True))
                for (of, key), count in self.counts.items()
                if of is table
            ]
            rows.sort(key=lambda row: tuple(map(str, row.values())))
            connection.execute(upsert(connection, table), rows)
