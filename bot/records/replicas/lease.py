"""For how long a claim holds: as long as its process lives, and a little longer.

Times are by the clock of the database, since those of several machines may differ.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, text

LEASE: Final = 5.0
"""Seconds for which a claim holds unless it is renewed, which the process does while it lives.

Who asked a process that was killed waits for so long.
"""
_PROMPT = 0.2
"""Seconds that a reading of the clock may take: it is off by half of them at most."""


class Lease:
    """The claims of one process, which is their `holder`; `seconds` is for how long each holds.

    While the database was away or hung, nobody could renew. A claim that ran out meanwhile may be
    of a process that lives, so for one lease after such a time no claim counts as run out.
    """

    def __init__(self, seconds: float) -> None:
        self.holder: Final = secrets.token_hex(8)
        self._seconds = seconds
        self._since: dict[int, float] = {}
        self._clock_ahead = 0.0
        self._in_doubt_until = 0.0

    @property
    def now(self) -> float:
        """The time by the database's clock, in seconds since 1970, once `set_clock` was called."""
        return time.monotonic() + self._clock_ahead

    @property
    def expires(self) -> float:
        """The time until which what is claimed now holds."""
        return self.now + self._seconds

    @property
    def run_out(self) -> float:
        """The time before which a claim must have ended to count for nothing; 0 while in doubt."""
        return 0.0 if time.monotonic() < self._in_doubt_until else self.now

    def set_clock(self, connection: Connection, ours: Callable[[], float]) -> None:
        """Read the database's clock; SQLite has none but `ours`. A slow reading says little."""
        asked = time.monotonic()
        if connection.dialect.name == "postgresql":
            told = connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
            read = float(told or 0)
        else:
            read = ours()
        took = time.monotonic() - asked
        if took < _PROMPT or not self._clock_ahead:
            self._clock_ahead = read - asked - took / 2
        if took > self._seconds / 2:
            self.doubt()

    def doubt(self) -> None:
        """The database does not answer, or was slow to."""
        self._in_doubt_until = time.monotonic() + self._seconds

    def held(self, *update_ids: int) -> None:
        """Claims are ours, or renewed, from now on: their transaction has ended."""
        self._since.update(dict.fromkeys(update_ids, time.monotonic()))

    def ended(self, *update_ids: int) -> None:
        """Claims were settled or given back."""
        for update_id in update_ids:
            self._since.pop(update_id, None)

    def due(self) -> list[int]:
        """The claims that it is time to renew."""
        now = time.monotonic()
        return [each for each, since in self._since.items() if now - since > self._seconds / 6]
