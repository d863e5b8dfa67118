"""Pieces of one message are one: what is unclear alone waits a moment for the next of its person.

Meanwhile it is neither confirmed nor kept anywhere but in memory. The next takes it over, and what
is said to that one answers both; without a next it is answered alone.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.answering.reply import Reply
from bot.chat.telegram.html import units
from bot.records.port import Talker

if TYPE_CHECKING:
    from bot.chat.telegram.serving import Turn

SECONDS: Final = 1.5
_TOGETHER = 2.0
"""Seconds between two pieces at most, by Telegram's clock, which has whole seconds only."""
_CUT = 2_048
"""Units from which a text may be one that a client has cut: at 4,096, or at a gap in the half
before."""


class Pieces:
    """The turns that wait for the next message of their person, for `seconds` each."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._waiting: dict[Talker, tuple[Turn, asyncio.Future[Turn | None]]] = {}

    async def taken(self, turn: Turn) -> bool:
        """Wait for the next message; true when that one takes this turn over."""
        following: asyncio.Future[Turn | None] = asyncio.get_running_loop().create_future()
        waits = self._waiting[turn.talker] = turn, following
        turn.computed.set()
        try:
            await asyncio.wait({following}, timeout=self._seconds)
        finally:
            if self._waiting.get(turn.talker) is waits:
                del self._waiting[turn.talker]
        turn.taken_by = following.result() if following.done() else None
        return turn.taken_by is not None

    async def join(self, turn: Turn) -> bool:
        """Put the words that waited for this turn before its own; true when there are any.

        The signs of the whole are read too. Those of its own words hold in any case, and an
        emergency in them waits for nothing.
        """
        before, following = self._waiting.pop(turn.talker, (None, None))
        if before is None or following is None:
            return False
        together = abs(turn.written - before.written) <= _TOGETHER
        following.set_result(turn if together else None)
        own, words = turn.read, turn.words
        if not together or (own and own.alert and own.alert.alone):
            return False
        turn.words = (" " if is_cut(before) else "\n").join((before.words, words))
        await turn.notice_signs()
        if own and own.alert and not turn.urgent:
            turn.read, turn.words = own, words
        return True


def is_cut(turn: Turn) -> bool:
    """Whether a client may have cut the text of a message, so that more of it follows."""
    message = turn.update.effective_message
    return message is not None and units(message.text or "") >= _CUT


def is_clear(reply: Reply) -> bool:
    """Whether a reply answers its message, and is no miss and no guess."""
    missed = reply.kind in ("suggest", "fallback")
    return reply.alert is not None or reply.language is not None or not missed
