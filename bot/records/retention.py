"""Deleting what has been kept for long enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import Engine, delete

from bot.records.replicas import alerts, claims
from bot.records.tables import misses

_PAUSE = 10.0


class Retention:
    """Deletes claims and alerts that have run out, and each day the words of `miss_days` ago."""

    def __init__(
        self,
        engine: Engine,
        miss_days: int,
        today: Callable[[], date],
        run_out: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._miss_days = miss_days
        self._today = today
        self._run_out = run_out
        self._next = 0.0
        self._last_day: date | None = None

    def clean(self) -> None:
        """Delete what is due; when nothing is, this costs nothing."""
        if time.monotonic() >= self._next:
            with self._engine.begin() as connection:
                more = claims.delete_expired(connection, self._run_out())
                alerts.delete_expired(connection, self._run_out())
            self._next = time.monotonic() + (0.0 if more else _PAUSE)
        today = self._today()
        if self._last_day != today:
            forget_misses(self._engine, today - timedelta(days=self._miss_days))
            self._last_day = today


def forget_misses(engine: Engine, last: date) -> None:
    """Delete the words of missed questions up to and including a day, for good."""
    with engine.begin() as connection:
        gone = connection.execute(delete(misses).where(misses.c.day <= last))
    if gone.rowcount and engine.dialect.name == "sqlite":
        # Until then they are in the write-ahead log.
        of_the_driver = engine.raw_connection()
        try:
            of_the_driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            of_the_driver.close()
