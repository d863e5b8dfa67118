"""Whether the database is there, since when it is not, and telling it."""

from __future__ import annotations

import logging
import time
from typing import Final

from bot.records.database import in_words

_LOG = logging.getLogger(__name__)

PAUSES: Final = (0.25, 2.0)
"""Seconds between two tries: within the grace, and after."""
_QUIET = 3600.0
"""Seconds in which an outage is not told again: a full disk comes and goes."""


class Outage:
    """The time for which the database is away; `grace` seconds of it are waited out.

    Several threads may use one: each step is a single assignment.
    """

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._since: float | None = None
        self._told = False
        self._told_at = -_QUIET

    def begin(self, fault: Exception | None = None) -> None:
        """The database did not answer; an outage that has begun goes on.

        The operator is told of a fault, at most hourly; nothing of what was to be written.
        """
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if fault and now - self._told_at >= _QUIET:
            self._told, self._told_at = True, now
            _LOG.error(
                "The records cannot be written: %s. Questions are answered all the same; "
                "counts are kept in memory and written when it works again",
                in_words(fault),
            )

    @property
    def seconds(self) -> float:
        """For how long the database has been away; 0 while it is there."""
        since = self._since
        return time.monotonic() - since if since is not None else 0.0

    @property
    def over_grace(self) -> bool:
        """Whether the database has been away for too long to wait for it."""
        return self._since is not None and self.seconds >= self._grace

    @property
    def pause(self) -> float:
        """Seconds until the next try."""
        return PAUSES[self.over_grace]

    def end(self, lost: int) -> None:
        """The database is there; `lost` counts found no room in memory meanwhile."""
        self._since = None
        if self._told:
            self._told = False
            _LOG.warning("The records are written again; %d counts were lost", lost)
