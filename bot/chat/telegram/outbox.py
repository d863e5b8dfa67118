"""The way out: each chat has a sender of its own, so that none waits for another.

What cannot be sent within two seconds, because of a limit or a fault of its chat, is parked:
kept in the records with the claim of its update, by names and without a word of the person. Then
the update can be confirmed to Telegram, and the chat's sender delivers it when it can. What a
process that is gone had parked, another one takes over.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from typing import Final

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.chat.telegram.connection import seconds_of
from bot.chat.telegram.delivery import Address, Delivery
from bot.chat.telegram.logs import GROUP_FULL, Unanswered
from bot.chat.telegram.memory import ShortMemory
from bot.chat.telegram.messages import Message, Said, pack, render, unpack
from bot.chat.telegram.metrics import Metrics
from bot.errors import describe_error
from bot.faq.models import Knowledge
from bot.records.port import Records, Talker, best_effort
from bot.records.replicas.keys import message_key

_LOG = logging.getLogger(__name__)

HOLD: Final = 2.0
"""Seconds that an update is held for its answer to be sent; then the answer is parked."""
LATE: Final = 300.0
"""Seconds after which an answer comes with a word of apology."""
PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each further try, the last one again and again. An alert waits two at most."""
MOST_HELD: Final = 5
"""Answers of one person in one chat that wait at once; alerts are not counted."""
_URGENT_PAUSES = 3
_MORE, _MORE_ALERTS = 1, 2
_MOST_LIMITED, _TOGETHER = 3, 1.0
_ADOPT_SECONDS = 5.0
_DAY = 86_400.0


Sent = tuple[tuple[int, ...], bool]
"""The messages that answered a question, so that an edit can edit them; whether one alerted."""


@dataclass(eq=False)
class Letter:
    """What is said to one update. `number` is its claim, 0 for none; `ids` are the parts sent.

    It is `held` where its update has waited for a moment, and `parked` once it is on the disk.
    `written` is when the person wrote `message_id`, in seconds since 1970 by Telegram's clock.
    """

    to: Address
    said: Said
    number: int = 0
    message_id: int = 0
    written: float = field(default_factory=time.time)
    edited: bool = False
    ids: list[int] = field(default_factory=list)
    held: bool = False
    parked: bool = False
    tries: int = 0
    timeouts: int = 0
    next_try: float = 0.0
    done: asyncio.Future[None] = field(default_factory=asyncio.Future)

    @property
    def talker(self) -> Talker:
        """The chat, and the person in it."""
        return self.to.chat_id, self.to.person_id or self.to.chat_id

    def forget_words(self) -> None:
        """Let Telegram's own quote of the message stand for the words of it."""
        if self.said.reply and self.said.reply.question and self.said.asked:
            reply = replace(self.said.reply, question="")
            self.said = replace(self.said, reply=reply)
            self.to = replace(self.to, reply_to=self.message_id or None)

    def row(self, knowledge: Knowledge) -> str:
        """The letter as it is parked."""
        rest = (self.message_id, self.written, self.edited, self.ids)
        return json.dumps([astuple(self.to), pack(self.said, knowledge), *rest])


def read_letter(number: int, row: str, knowledge: Knowledge) -> Letter:
    """Read a letter that was parked; where the FAQ has changed under it, it says so."""
    to, packed, message_id, written, edited, ids = json.loads(row)
    try:
        said = unpack(packed, knowledge)
    except (LookupError, ValueError):
        said = Said(text="unknown_topic", topics=True)
    return Letter(Address(*to), said, number, message_id, written, edited, ids, parked=True)


class Outbox:
    """Sends letters: those of one chat in order, alerts before the rest, no chat behind another.

    A 429 is obeyed by the chat that it was meant for; once three chats get one within a second, by
    all but alerts. `second` is how long a second of waiting lasts, for tests.
    """

    def __init__(
        self,
        delivery: Delivery,
        knowledge: Callable[[], Knowledge],
        records: Records,
        metrics: Metrics,
        *,
        clock: Callable[[], float] = time.time,
        second: float = 1.0,
        hold: float = HOLD,
    ) -> None:
        self._delivery = delivery
        self._knowledge = knowledge
        self._records = records
        self._metrics = metrics
        self.clock = clock
        self._second = second
        self._hold = hold
        self._lanes: dict[tuple[int, bool], deque[Letter]] = {}
        self._senders: dict[tuple[int, bool], asyncio.Task[None]] = {}
        self._bans: dict[int, float] = {}
        self._ban_of_all = 0.0
        self._told: set[int] = set()
        self._limited: deque[tuple[float, int]] = deque(maxlen=_MOST_LIMITED)
        self.unanswered = Unanswered()
        self.sent: ShortMemory[tuple[int, int], Sent] = ShortMemory(2_000, 2 * _DAY)
        """By chat and message. Telegram lets people edit for two days."""

    @property
    def now(self) -> float:
        """Seconds by the clock that waiting goes by."""
        return time.monotonic() / self._second

    def put(self, letter: Letter) -> None:
        """Send a letter as soon as its chat can take it.

        A group at its limit gets one notice, then only alerts; no alert waits twice for a person.
        """
        chat, alert = letter.to.chat_id, letter.said.alert
        alerts = self._lanes.get((chat, True), ())
        if letter.parked:
            pass
        elif chat < 0 and not alert and self._bans.get(chat, 0.0) > self.now:
            letter.done.set_result(None)
            self.unanswered.add(GROUP_FULL)
            if chat in self._told:
                return
            self._told.add(chat)
            letter = Letter(letter.to, Said(text="group_limit"))
        elif any((each.talker, each.said.alert) == (letter.talker, alert) for each in alerts):
            letter.done.set_result(None)
            return
        lane = chat, alert is not None
        self._lanes.setdefault(lane, deque()).append(letter)
        if lane not in self._senders:
            self._senders[lane] = asyncio.create_task(self._send_all(*lane))

    def waiting(self) -> list[float]:
        """When each message was written whose answer is not sent yet."""
        return [letter.written for lane in self._lanes.values() for letter in lane]

    def held(self, talker: Talker) -> int:
        """How many answers to a person in a chat wait for more than a moment, without alerts."""
        letters = self._lanes.get((talker[0], False), ())
        return sum(letter.held and letter.talker == talker for letter in letters)

    async def sent_soon(self, letter: Letter) -> bool:
        """Wait for a moment; true once the letter is sent."""
        patience = 0.0 if self._wait(letter) > self._hold else self._hold
        await asyncio.wait({letter.done}, timeout=patience * self._second)
        return letter.done.done()

    async def sent_if_not_parked(self, letter: Letter) -> bool:
        """Park a letter on the disk; where that cannot be, wait until it is sent, and be true."""
        letter.held = True
        letter.forget_words()
        letter.parked = await self._park(letter, self._knowledge())
        if not letter.parked:
            await asyncio.wait({letter.done})
        return letter.done.done()

    async def _park(self, letter: Letter, knowledge: Knowledge) -> bool:
        row = letter.row(knowledge)  # before: a fault in it is none of the records
        return await best_effort(lambda: self._records.park(letter.number, row), False)

    async def adopt(self) -> None:
        """Take over, again and again, what processes that are gone had parked."""
        while True:
            found = await best_effort(self._records.adopt, dict[int, str]())
            letters = [read_letter(*each, self._knowledge()) for each in found.items()]
            for letter in sorted(letters, key=lambda each: each.written):
                self.put(letter)
            await asyncio.sleep(_ADOPT_SECONDS * self._second)

    async def close(self) -> None:
        """Stop all senders; what is parked stays for whoever comes after."""
        senders = list(self._senders.values())
        for sender in senders:
            sender.cancel()
        await asyncio.gather(*senders, return_exceptions=True)

    def _wait(self, letter: Letter) -> float:
        of_all = 0.0 if letter.said.alert else self._ban_of_all
        return max(self._bans.get(letter.to.chat_id, 0.0), letter.next_try, of_all) - self.now

    async def _send_all(self, chat: int, urgent: bool) -> None:
        letters = self._lanes[chat, urgent]
        while letters:
            if not urgent and (alerts := self._senders.get((chat, True))):
                await asyncio.wait({alerts})
            elif (wait := self._wait(letters[0])) > 0:
                await asyncio.sleep(wait * self._second)
            elif await self._try(letters[0]):
                sent = letters.popleft()
                sent.done.set_result(None)
                if sent.parked:
                    await best_effort(partial(self._records.settle, sent.number), None)
        del self._lanes[chat, urgent], self._senders[chat, urgent]
        if self._bans.get(chat, 0.0) <= self.now:
            self._bans.pop(chat, None)
            self._told.discard(chat)

    async def _try(self, letter: Letter) -> bool:
        """Send a letter; false when that is to be tried again."""
        try:
            await self._send(letter)
        except RetryAfter as limit:
            self._limit(letter.to.chat_id, seconds_of(limit))
            return False
        except (BadRequest, Forbidden, ChatMigrated) as refusal:
            # Sent again it would be refused again: the chat is gone, or closed to the bot.
            if not isinstance(refusal, Forbidden):
                kind = type(refusal).__name__
                self._metrics.failure(kind)
                # Telegram's words are fixed ones, but for the number of a group that has moved.
                words = refusal.message if isinstance(refusal, BadRequest) else kind
                _LOG.warning("Telegram refused an answer: %s", words)
        except TelegramError as trouble:
            return self._put_off(letter, type(trouble).__name__)
        except Exception as fault:
            self._metrics.failure(type(fault).__name__)
            _LOG.error("An answer could not be written: %s", describe_error(fault))
        return True

    async def _send(self, letter: Letter) -> None:
        said, knowledge = letter.said, self._knowledge()
        if said.reply and not said.text and self.clock() - letter.written > LATE:
            said = replace(said, prefaces=(*said.prefaces, "late"), quiet=True)
        messages = render(said, knowledge)
        place = (letter.to.chat_id, letter.message_id)
        old, alerted = (self.sent.get(place) if letter.edited else None) or ((), False)
        if said.alert and not alerted:
            old = ()  # an edit makes no sound on the phone
        for index in range(len(letter.ids), len(messages)):
            letter.ids.append(await self._part(letter, messages[index], index, old[index:]))
            letter.tries = letter.timeouts = 0
            if letter.parked and index + 1 < len(messages):
                await self._park(letter, knowledge)
        await self._delivery.delete(letter.to.chat_id, old[len(messages) :])
        if letter.message_id:
            self.sent.put(place, (tuple(letter.ids), said.alert is not None))

    async def _part(self, letter: Letter, message: Message, index: int, old: Sequence[int]) -> int:
        if old and await self._delivery.edit(letter.to, old[0], message):
            return old[0]
        key = message_key(letter.number, index) if letter.number else ""
        try:
            return await self._delivery.send(letter.to, message, key)
        except TimedOut:
            # It may well have come. Sent for ever it would come again and again.
            letter.timeouts += 1
            if letter.timeouts <= (_MORE_ALERTS if message.alert else _MORE):
                raise
            _LOG.warning("Telegram does not say whether it took a message; it counts as sent")
            return 0

    def _limit(self, chat: int, seconds: float) -> None:
        """Obey a 429; where three chats are told to wait at once, it is meant for the bot."""
        self._bans[chat] = self.now + seconds
        self._limited.append((self.now, chat))
        limited = {each for at, each in self._limited if self.now - at <= _TOGETHER}
        if len(limited) == _MOST_LIMITED:
            self._ban_of_all = max(self._ban_of_all, self._bans[chat])

    def _put_off(self, letter: Letter, trouble: str) -> bool:
        """Try again later, with growing pauses; true when the day is over."""
        pauses = PAUSES[:_URGENT_PAUSES] if letter.said.alert else PAUSES
        letter.next_try = self.now + pauses[min(letter.tries, len(pauses) - 1)]
        letter.tries += 1
        over = self.clock() - letter.written > _DAY
        if letter.tries == 1 or over:
            self._metrics.failure(trouble)
            then = "it is given up" if over else "it waits"
            _LOG.warning("An answer could not be sent (%s); %s", trouble, then)
        return over
