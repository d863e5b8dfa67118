"""What a face may ask of the records."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.errors import describe_error

_LOG = logging.getLogger(__name__)
_Result = TypeVar("_Result")

SECONDS: Final = 2.0
"""How long an answer waits for the records at most."""
Talker = tuple[int, int]
"""A chat and the person in it: in a group each person has a conversation of their own."""
Clock = Callable[[], float | None]
"""Seconds since 1970; None while that is not known for sure."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that somebody was told: the names of its causes, none if there is no alert.

    `at` is when (seconds since 1970), `again` says that it was only said again in a line.
    """

    causes: tuple[str, ...] = ()
    at: float = 0.0
    again: bool = False


class BeingAnswered(Exception):
    """Another process has claimed an update, and it is not known yet whether it answers it."""


class Records:
    """Counts, feedback, misses, which updates were answered, and for ten minutes who was alerted.

    This one keeps nothing, and every update is ours: the bot serves just as well.

    An update is claimed before it is answered, and then settled, or released when it could not
    be answered, or its answer is parked. A claim that is neither lapses after a while, so that
    what a crash interrupts is answered by another process.
    """

    def go_by(self, clock: Clock) -> None:
        """Go by this clock in place of the machine's, and delete nothing while it is not known."""

    async def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        """Count a question: the kind of the reply, the entries, the level of the alert."""

    async def feedback(self, entry_id: str | None, helpful: bool) -> None:
        """Count a yes or no to "Was this helpful?"; None stands for a miss."""

    async def missed(self, text: str, nearest: Sequence[str]) -> None:
        """Keep a question that was not answered, if the settings ask for it."""

    async def claim(self, update_id: int, *, urgent: bool = False) -> bool:
        """Say whether an update is ours to answer; false when it was answered already.

        What is `urgent` waits less for the database, and is ours when that is slow: an alert
        twice is better than one that is late. `BeingAnswered` is raised where another process
        has claimed it, and not settled.
        """
        return True

    async def settle(self, update_id: int) -> None:
        """Keep that a claimed update was answered."""

    async def release(self, update_id: int) -> None:
        """Give a claimed update back."""

    async def park(self, update_id: int, answer: str) -> bool:
        """Keep an answer that waits to be sent, until it is settled; false when it is not kept."""
        return False

    def away(self) -> float:
        """Seconds for which the records have been away; 0 while they can be written."""
        return 0.0

    async def adopt(self) -> dict[int, str]:
        """Take over the answers that wait and whose process is gone, by their claims."""
        return {}

    async def tell(self, talker: Talker, told: Told) -> None:
        """Keep for ten minutes what somebody was told, or that it is over; waits for nothing."""

    async def told(self, talker: Talker, *, urgent: bool = False) -> Told | None:
        """Say what somebody was told last; None where that is not known, or not known in time."""
        return None


async def best_effort(call: Callable[[], Awaitable[_Result]], otherwise: _Result) -> _Result:
    """Ask something of the records; a fault or a delay there never stops an answer.

    `call` is made as this begins: a stop before its first step leaves nothing half made.
    """
    try:
        async with asyncio.timeout(SECONDS):
            return await call()
    except BeingAnswered:
        raise
    except Exception as fault:  # whatever the database does, the person is answered
        _LOG.warning("The records could not be written or read: %s", describe_error(fault))
        return otherwise
