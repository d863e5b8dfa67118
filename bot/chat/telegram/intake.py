"""Taking updates in: each once, danger first, in the order of its conversation, never a crash."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import Final

from telegram import Bot, Update

from bot.chat.telegram.addressing import address
from bot.chat.telegram.delivery import Address
from bot.chat.telegram.memory import ShortMemory
from bot.chat.telegram.messages import Said
from bot.chat.telegram.routing import asks, route, whose, words
from bot.chat.telegram.serving import Service, Turn
from bot.errors import describe_error
from bot.records.port import BeingAnswered, Talker, best_effort
from bot.records.replicas.keys import claim_number

_LOG = logging.getLogger(__name__)
PATIENCE: Final = 10.0
"""Seconds after which an update that can be neither answered nor parked is to come again."""
_REMEMBERED = 4_096
_DAY = 86_400.0
_MINUTE = 60.0
_NEEDED = frozenset({"update_id", "message_id", "date", "chat", "from", "id", "chat_instance"})
"""Without these there is nobody to answer."""


class Intake:
    """Takes updates from polling or a webhook; other processes may be given the same ones."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._open: dict[int, asyncio.Task[bool]] = {}
        self._written: dict[int, float] = {}
        self._last: dict[Talker, asyncio.Event] = {}
        # Telegram gives an update up after a day.
        self._done: ShortMemory[int, bool] = ShortMemory(_REMEMBERED, _DAY)

    async def take(self, update: Update) -> bool:
        """Answer an update, once; false when it cannot be confirmed yet and should come again."""
        number = update.update_id
        if self._done.get(number):
            return True
        if number not in self._open:
            task = self._open[number] = asyncio.create_task(self._handle(update))
            task.add_done_callback(lambda done: self._forget(number, done))
        # A connection that breaks off does not stop an answer half-way.
        await asyncio.wait({self._open[number]}, timeout=PATIENCE)
        return self._done.get(number) is not None

    def oldest(self) -> float:
        """Seconds since the oldest message was written whose answer is not sent; 0 for none."""
        outbox = self._service.outbox
        waiting = [*self._written.values(), *outbox.waiting()]
        return max(0.0, outbox.clock() - min(waiting)) if waiting else 0.0

    async def close(self, seconds: float) -> int:
        """Wait so long for what is under way, then stop the rest; return how many those were."""
        late: set[asyncio.Task[bool]] = set()
        if self._open:
            _, late = await asyncio.wait(self._open.values(), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._service.outbox.close()
        return len(late)

    def number(self, update: Update) -> int:
        """The number under which an update is claimed."""
        message = update.effective_message
        query = update.callback_query or update.inline_query
        when = query.id if query else message.date.timestamp() if message else 0
        return claim_number(self._service.bot.id, update.update_id, when)

    def _forget(self, update_id: int, task: asyncio.Task[bool]) -> None:
        self._open.pop(update_id, None)
        self._written.pop(update_id, None)
        if task.cancelled():
            return
        if fault := task.exception():
            # It would fail the next time too, and so is not asked for again.
            self._service.metrics.failure(type(fault).__name__)
            _LOG.error("An update makes no sense: %s", describe_error(fault))
        if fault or task.result():
            self._done.put(update_id, True)

    def _turn(self, update: Update) -> Turn:
        service = self._service
        # As messages are dated, in whole seconds: what is written next is never before a tap.
        talker, written = whose(update, float(int(service.outbox.clock())))
        turn = Turn(
            service, update, service.serving.answerer, self.number(update), talker, written
        )
        message = update.message or update.edited_message
        asked = asks(message, service.bot) if message else None
        if asked is not None:
            turn.words = words(asked)
            turn.verdict = service.limits.verdict(talker[1], written)
        return turn

    async def _handle(self, update: Update) -> bool:
        begun, turn = time.monotonic(), self._turn(update)
        turn.task = self._open[update.update_id]
        self._written[update.update_id] = turn.written
        tapped = update.callback_query is not None
        before, computed = self._last.get(turn.talker), turn.computed
        if update.effective_message and not tapped:
            self._last[turn.talker] = computed
        records = self._service.records

        try:
            if turn.words:
                with suppress(Exception):  # it comes up again, and is told, where it is answered
                    await turn.notice_signs()
            try:
                ours, _ = await asyncio.gather(
                    best_effort(lambda: records.claim(turn.number, urgent=turn.urgent), True),
                    self._service.recall(turn),
                )
            except BeingAnswered:
                # It may yet fail there, so Telegram is to ask again.
                return False
            if not ours:
                return True
            try:
                if before and not turn.urgent and not tapped:
                    await before.wait()
                if not self._was_told(turn):
                    await self._answer(turn)
                computed.set()
                sent = await self._sent_or_parked(turn)
            except BaseException:
                await best_effort(lambda: records.release(turn.number), None)
                raise
            if sent:
                await best_effort(lambda: records.settle(turn.number), None)
        finally:
            computed.set()
            if self._last.get(turn.talker) is computed:
                del self._last[turn.talker]
        self._service.metrics.answered(time.monotonic() - begun)
        return True

    async def _sent_or_parked(self, turn: Turn) -> bool:
        """Wait until the update can be confirmed; true when its claim is to be settled.

        It is counted just before, so that a crash loses both, or neither.
        """
        if turn.taken_by and turn.taken_by.task:
            return await asyncio.shield(turn.taken_by.task)
        outbox, letter = self._service.outbox, turn.letter
        soon = letter is None or await outbox.sent_soon(letter)
        if turn.counts:
            await self._service.note(*turn.counts)
        return soon or letter is None or await outbox.sent_if_not_parked(letter)

    def _was_told(self, turn: Turn) -> bool:
        """Whether more than a person's share would say again the alert that was said just now."""
        said = self._service.conversations.recall(turn.talker, turn.written)
        alert = turn.read.alert if turn.read else None
        if turn.verdict == "answer" or alert is None:
            return False
        told = alert.after(said.alert)
        return told.again and 0 <= turn.written - said.alerted_at < _MINUTE

    async def _answer(self, turn: Turn) -> None:
        """Whatever goes wrong, the person is told that they got no answer, and whom to ask."""
        try:
            await route(turn)
        except Exception as fault:
            self._service.metrics.failure(type(fault).__name__)
            _LOG.error("An update could not be answered: %s", describe_error(fault))
            chat, message = turn.update.effective_chat, turn.update.message
            if chat and not turn.letter:
                to = address(message) if message else Address(chat.id)
                turn.say(to, Said(text="fallback", topics=True))


def read_update(data: object, bot: Bot | None) -> Update | None:
    """Read an update without the parts that cannot be read; None when it makes no sense."""
    if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
        _LOG.warning("Something came that is no update")
        return None
    try:
        return Update.de_json(data, bot)
    except Exception as fault:  # the library trusts what it reads, and fails in many ways
        _LOG.warning("An update makes no sense: %s", describe_error(fault))
    kind, body = next((each for each in data.items() if each[0] != "update_id"), ("", None))
    if not isinstance(body, dict):
        return None
    rest = {name: part for name, part in body.items() if name in _NEEDED}
    for name, part in body.items():
        with suppress(Exception):
            Update.de_json({"update_id": 0, kind: {**rest, name: part}}, bot)
            rest[name] = part
    with suppress(Exception):
        return Update.de_json({"update_id": data["update_id"], kind: rest}, bot)
    return None
