"""For how long a claim holds: as long as its process lives, and a little longer.

Times are by the clock of the database, since those of several machines may differ.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sqlalchemy import Connection

from bot.records.database import clock
from bot.records.replicas import claims
from bot.records.replicas.claims import Verdict

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
    def run_out(self) -> float:
        """The time before which a claim must have ended to count for nothing; 0 while in doubt."""
        return 0.0 if time.monotonic() < self._in_doubt_until else self.now

    def set_clock(self, connection: Connection, ours: Callable[[], float] = time.time) -> None:
        """Read the database's clock; a reading that takes long is worth little."""
        asked = time.monotonic()
        read = clock(connection, ours)
        took = time.monotonic() - asked
        if took < _PROMPT or not self._clock_ahead:
            self._clock_ahead = read - asked - took / 2
        if took > self._seconds / 2:
            self.doubt()

    def doubt(self) -> None:
        """The database does not answer, or was slow to."""
        self._in_doubt_until = time.monotonic() + self._seconds

    def claim(self, connection: Connection, update_ids: Iterable[int]) -> dict[int, Verdict]:
        """Claim updates; those that are ours are to be `held` once the transaction has ended."""
        expires = self.now + self._seconds
        return claims.claim(connection, list(update_ids), self.holder, self.run_out, expires)

    def park(self, connection: Connection, answers: Mapping[int, str]) -> None:
        """Keep answers that wait; their claims are to be `held` once the transaction has ended."""
        claims.park(connection, answers, self.holder, self.now + self._seconds)

    def adopt(self, connection: Connection) -> dict[int, str]:
        """Take over what waits, as with `claim`."""
        return claims.adopt(connection, self.holder, self.run_out, self.now + self._seconds)

    def held(self, *update_ids: int) -> None:
        """Claims are ours from now on."""
        self._since.update(dict.fromkeys(update_ids, time.monotonic()))

    def ended(self, update_ids: Iterable[int]) -> None:
        """Claims were settled or given back."""
        for update_id in update_ids:
            self._since.pop(update_id, None)

    def due(self) -> list[int]:
        """The claims that it is time to renew."""
        now = time.monotonic()
        return [each for each, since in self._since.items() if now - since > self._seconds / 6]

    def renew(self, connection: Connection, update_ids: Iterable[int]) -> None:
        """Let claims hold for another lease."""
        due = list(update_ids)
        claims.renew(connection, due, self.holder, self.now + self._seconds)
        self._since.update(dict.fromkeys(due, time.monotonic()))
