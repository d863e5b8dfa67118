"""What all handlers share while the bot serves, and the turn in which one update is answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from telegram import Bot, Update

from bot.answering.answerer import Answerer, Read
from bot.answering.context import START, Context
from bot.answering.reply import Reply, first_sentence
from bot.chat.reloading import Serving
from bot.chat.telegram.delivery import Address, Delivery
from bot.chat.telegram.html import units
from bot.chat.telegram.memory import (
    INLINE,
    TAPS,
    Conversations,
    PersonLimits,
    ShortMemory,
    Verdict,
)
from bot.chat.telegram.messages import Said
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.outbox import Letter, Outbox
from bot.chat.telegram.worker import ALERT, ANSWER, READING, Worker
from bot.faq.models import Knowledge
from bot.records.port import Records, Talker, Told, best_effort

_DAY = 86_400.0
_NEAREST = 3
_SECONDS = 1.5
_TOGETHER = 2.0
"""Seconds between two pieces at most, by Telegram's clock, which has whole seconds only."""
_CUT = 2_048
"""Units from which a text may be one that a client has cut: at 4,096, or at a gap in the half
before."""


class Pieces:
    """The turns that wait for the next message of their person: pieces of one message are one.

    Meanwhile a turn is neither confirmed nor kept anywhere but in memory. The next takes it over,
    and its answer is for both; without a next it is answered alone.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
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

        Signs in its own words hold in any case, and an emergency in them waits for nothing.
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


def _memory(most: int, seconds: float) -> Any:
    return field(default_factory=lambda: ShortMemory(most, seconds))


@dataclass(frozen=True)
class Service:
    """The bot, the FAQ, and the little that is remembered: in memory, for minutes, bounded."""

    bot: Bot
    serving: Serving
    delivery: Delivery
    outbox: Outbox
    records: Records = field(default_factory=Records)
    metrics: Metrics = field(default_factory=Metrics)
    worker: Worker = field(default_factory=Worker)
    limits: PersonLimits = field(default_factory=PersonLimits)
    taps: PersonLimits = field(default_factory=lambda: PersonLimits(TAPS))
    inline: PersonLimits = field(default_factory=lambda: PersonLimits(INLINE))
    conversations: Conversations = field(default_factory=Conversations)
    pieces: Pieces = field(default_factory=Pieces)
    asked: ShortMemory[tuple[int, int], Context] = _memory(2_000, 2 * _DAY)
    """What was said before each message, by chat and message: an edit is read in its light."""
    voted: ShortMemory[tuple[int, int], bool] = _memory(2_000, _DAY)
    """Messages whose "Was this helpful?" has had its tap."""
    albums: ShortMemory[str, bool] = _memory(1_000, 600.0)
    """Photos sent together come one by one, and get one reply."""
    away: ShortMemory[Talker, bool] = _memory(10_000, 600.0)
    """Who was told that the bot was away."""
    crowded: ShortMemory[Talker, bool] = _memory(10_000, 30.0)
    """Who was told that too many of their questions wait."""

    @property
    def knowledge(self) -> Knowledge:
        """The FAQ that serves now."""
        return self.serving.answerer.knowledge

    async def remember(self, talker: Talker, reply: Reply, written: float) -> None:
        """Remember the reply to a message that was written then; an alert in every process."""
        self.conversations.note(talker, reply, written)
        if reply.alert and (alert := self.conversations.recall(talker, written).alert):
            told = Told(alert.causes, written, alert.again)
            await best_effort(lambda: self.records.tell(talker, told), None)

    async def recall(self, turn: Turn) -> None:
        """Learn what alert the person was told last, here or elsewhere."""
        known = self.conversations.recall(turn.talker, turn.written).alert
        told = await best_effort(lambda: self.records.told(turn.talker, urgent=turn.urgent), None)
        # What was told here meanwhile is newer.
        if told and self.conversations.recall(turn.talker, turn.written).alert is known:
            alert = turn.answerer.alert(told.causes)
            again = replace(alert, again=told.again) if alert else None
            self.conversations.heed(turn.talker, again, told.at)

    async def calm(self, talker: Talker) -> None:
        """End the alert in every process: the person has said that it is something else."""
        self.conversations.heed(talker, None, 0.0)
        await best_effort(lambda: self.records.tell(talker, Told()), None)

    async def note(self, kind: str, reply: Reply, text: str = "") -> None:
        """Count a reply, and hand a missed question to the records; nothing here can fail."""
        ids = tuple(each.entry.id for each in reply.answered)
        level = reply.alert.level if reply.alert else None
        self.metrics.question(kind, ids, level)
        await best_effort(lambda: self.records.question(kind, ids, level), None)
        if text and reply.scores and reply.kind in ("suggest", "fallback") and not reply.alert:
            await best_effort(
                lambda: self.records.missed(text, tuple(reply.scores)[:_NEAREST]), None
            )


@dataclass(eq=False)
class Turn:
    """An update while it is answered.

    `words` may hold a question or a sign, `read` is what they say, `verdict` what the person's
    limit allows. `number` is the claim, `letter` the answer, `counts` the kind, reply and words to
    be counted. Once it is `computed` the next goes on; the answer to `taken_by` is for this too.
    """

    service: Service
    update: Update
    answerer: Answerer
    number: int
    talker: Talker
    written: float
    words: str = ""
    read: Read | None = None
    verdict: Verdict = "answer"
    letter: Letter | None = None
    counts: tuple[str, Reply, str] | None = None
    computed: asyncio.Event = field(default_factory=asyncio.Event)
    taken_by: Turn | None = None
    task: asyncio.Task[bool] | None = None

    @property
    def urgent(self) -> bool:
        """Whether the words raise an alert."""
        return self.read is not None and self.read.alert is not None

    async def notice_signs(self) -> None:
        """Read the words, before anybody is answered."""
        person = self.update.effective_user
        code = person.language_code if person else None
        read = partial(self.answerer.read, self.words, code)
        self.read = await self.service.worker.run(READING, self.talker, self.written, read)

    async def reply(self, context: Context = START) -> Reply:
        """Answer the words: an alert before what was asked earlier."""
        answer = partial(self.answerer.answer, self.read or self.words, context)
        urgency = ALERT if self.urgent else ANSWER
        return await self.service.worker.run(urgency, self.talker, self.written, answer)

    def say(self, to: Address, said: Said, message_id: int = 0, *, edited: bool = False) -> None:
        """Send the answer, without waiting; no fixed text refers to less than the last alert."""
        floor = self.service.conversations.recall(self.talker, self.written).floor
        if said.reply is None and floor:
            said = replace(said, referral=first_sentence(floor.message))
        letter = Letter(to, said, self.number, message_id, self.written, edited)
        self.service.outbox.put(letter)
        self.letter = letter
