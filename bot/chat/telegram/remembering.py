"""The part of the records that serving needs, and what stands in when nothing is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Protocol, TypeVar

from bot.chat.telegram.logs import where

_LOG = logging.getLogger(__name__)
_SECONDS = 5.0

Result = TypeVar("Result")


class Records(Protocol):
    """Counts, feedback, misses, and which updates were answered. No person in any of them.

    `claim` says whether an update is this process's to answer (false: it was answered already);
    `release` gives it back when it could not be answered, so that it can be claimed again.
    """

    async def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        """Count a question: the kind of the reply, the entries, the level of the alert."""

    async def feedback(self, entry_id: str | None, helpful: bool) -> None:
        """Count a yes or no to "Was this helpful?"; None stands for a miss."""

    async def missed(self, text: str, nearest: Sequence[str]) -> None:
        """Keep a question that was not answered, if the settings ask for it."""

    async def claim(self, update_id: int) -> bool:
        """Say whether an update is ours to answer."""

    async def release(self, update_id: int) -> None:
        """Give a claimed update back."""


class NoRecords:
    """Keeps nothing: the bot serves just as well without."""

    async def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        """Count nothing."""

    async def feedback(self, entry_id: str | None, helpful: bool) -> None:
        """Count nothing."""

    async def missed(self, text: str, nearest: Sequence[str]) -> None:
        """Keep nothing."""

    async def claim(self, update_id: int) -> bool:
        """Every update is ours."""
        return True

    async def release(self, update_id: int) -> None:
        """There is nothing to give back."""


async def tried(recording: Awaitable[Result], otherwise: Result) -> Result:
    """Await something of the records; a fault or a delay there never stops an answer."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await recording
    except Exception as fault:  # whatever the database does, the person is answered
        _LOG.warning("The records could not be written or read: %s", where(fault))
        return otherwise
