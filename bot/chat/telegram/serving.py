"""What all handlers share while the bot serves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from telegram import Bot

from bot.answering.answerer import Answerer
from bot.answering.context import Context
from bot.answering.reply import Reply
from bot.chat.telegram.delivery import Delivery
from bot.chat.telegram.limits import TAPS, PersonLimits
from bot.chat.telegram.logs import describe_error
from bot.chat.telegram.memory import Conversations, ShortMemory
from bot.chat.telegram.metrics import Metrics, NoMetrics
from bot.faq.models import Knowledge
from bot.records.port import BeingAnswered, NoRecords, Records

_LOG = logging.getLogger(__name__)

Result = TypeVar("Result")

_DAY = 86_400.0
_RECORDS_SECONDS = 2.0
_NEAREST = 3
_MOST_MESSAGES = 2_000
_LONG = 500
"""Characters: up to here the loop waits a few milliseconds, which is less than a thread costs."""


class Serving(Protocol):
    """Holds the answerer that serves now; a new FAQ swaps it in one step."""

    @property
    def answerer(self) -> Answerer:
        """The answerer, to be taken once for each update."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a question was answered with, so that an edit of it can edit the answer.

    `before` is what the conversation was about when the question came.
    """

    message_ids: tuple[int, ...]
    alerted: bool
    before: Context


@dataclass(frozen=True)
class Service:
    """The bot, the FAQ, and the little that is remembered: in memory, for minutes, bounded."""

    bot: Bot
    serving: Serving
    delivery: Delivery
    records: Records = field(default_factory=NoRecords)
    metrics: Metrics = field(default_factory=NoMetrics)
    limits: PersonLimits = field(default_factory=PersonLimits)
    taps: PersonLimits = field(default_factory=lambda: PersonLimits(TAPS))
    conversations: Conversations = field(default_factory=Conversations)
    answers: ShortMemory[tuple[int, int], Answered] = field(
        default_factory=lambda: ShortMemory(_MOST_MESSAGES, 2 * _DAY)
    )
    """By chat and message. Telegram lets people edit for two days."""
    voted: ShortMemory[tuple[int, int], bool] = field(
        default_factory=lambda: ShortMemory(_MOST_MESSAGES, _DAY)
    )
    """Messages whose "Was this helpful?" has had its tap."""
    albums: ShortMemory[str, bool] = field(default_factory=lambda: ShortMemory(1_000, 600.0))
    """Photos sent together come one by one, and get one reply."""

    def for_update(self, update_id: int) -> Service:
        """The same for one update: the messages of its answer have keys of their own."""
        return replace(self, delivery=self.delivery.for_update(update_id))

    @property
    def knowledge(self) -> Knowledge:
        """The FAQ that serves now."""
        return self.serving.answerer.knowledge

    async def answer(self, answerer: Answerer, text: str, context: Context) -> Reply:
        """Answer a question; a long one in a thread, so that nobody else waits for it."""
        if len(text) <= _LONG:
            return answerer.answer(text, context)
        return await asyncio.to_thread(answerer.answer, text, context)

    async def note(self, kind: str, reply: Reply, text: str = "") -> None:
        """Count a reply, and hand a missed question to the records; nothing here can fail."""
        ids = tuple(each.entry.id for each in reply.answered)
        level = reply.alert.level if reply.alert else None
        self.metrics.question(kind, ids, level)
        await best_effort(self.records.question(kind, ids, level), None)
        if text and reply.scores and reply.kind in ("suggest", "fallback") and not reply.alert:
            await best_effort(self.records.missed(text, tuple(reply.scores)[:_NEAREST]), None)


async def best_effort(recording: Awaitable[Result], otherwise: Result) -> Result:
    """Await something of the records; a fault or a delay there never stops an answer."""
    try:
        async with asyncio.timeout(_RECORDS_SECONDS):
            return await recording
    except BeingAnswered:
        raise
    except Exception as fault:  # whatever the database does, the person is answered
        _LOG.warning("The records could not be written or read: %s", describe_error(fault))
        return otherwise
