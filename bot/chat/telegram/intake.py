"""Taking updates in: each once, in the order of its conversation, and never a crash."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time

from telegram import Update
from telegram.error import BadRequest, TelegramError

from bot.chat.telegram.delivery import Address, Undelivered
from bot.chat.telegram.logs import describe_error
from bot.chat.telegram.memory import ShortMemory
from bot.chat.telegram.messages import notice
from bot.chat.telegram.routing import route, talker_key
from bot.chat.telegram.serving import Service, best_effort
from bot.records.port import BeingAnswered
from bot.records.replicas.keys import claim_number

_LOG = logging.getLogger(__name__)
_REMEMBERED = 4_096
_DAY = 86_400.0


class Intake:
    """Takes updates from polling or a webhook.

    `shared` says that other processes may be given the same updates: then each is claimed in
    the records first.
    """

    def __init__(self, service: Service, *, shared: bool = False) -> None:
        self._service = service
        self._shared = shared
        self._open: dict[int, asyncio.Task[bool]] = {}
        self._last: dict[tuple[int, int], asyncio.Task[bool]] = {}
        # Telegram gives an update up after a day.
        self._done: ShortMemory[int, bool] = ShortMemory(_REMEMBERED, _DAY)

    async def take(self, update: Update) -> bool:
        """Answer an update; false when that failed and it should be sent again.

        The same update again is answered once: while the first is under way, both wait for it.
        """
        if self._done.get(update.update_id):
            return True
        task = self._open.get(update.update_id)
        if task is None:
            key = talker_key(update)
            task = asyncio.create_task(self._in_order(update, self._last.get(key)))
            self._open[update.update_id] = self._last[key] = task
            task.add_done_callback(lambda done: self._forget(update.update_id, key, done))
        # A connection that breaks off must not stop an answer half-way.
        return await asyncio.shield(task)

    async def close(self, seconds: float) -> int:
        """Wait so long for what is under way, then stop the rest; return how many those were."""
        if not self._open:
            return 0
        _, late = await asyncio.wait(self._open.values(), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _forget(self, update_id: int, key: tuple[int, int], task: asyncio.Task[bool]) -> None:
        self._open.pop(update_id, None)
        if self._last.get(key) is task:
            del self._last[key]
        if not task.cancelled() and task.result():
            self._done.put(update_id, True)

    async def _in_order(self, update: Update, before: asyncio.Task[bool] | None) -> bool:
        if before:
            await asyncio.wait([before])
        if not self._shared:
            return await self._answer(update)
        records = self._service.records
        claimed = number(update, self._service.bot.id)
        try:
            ours = await best_effort(records.claim(claimed), True)
        except BeingAnswered:
            # It may yet fail there, so Telegram is to ask again.
            return False
        if not ours:
            return True
        answered = False
        try:
            answered = await self._answer(update)
        finally:
            after = records.settle if answered else records.release
            await best_effort(after(claimed), None)
        return answered

    async def _answer(self, update: Update) -> bool:
        begun = time.monotonic()
        try:
            await route(self._service.for_update(update.update_id), update)
        except Undelivered as fault:
            self._service.metrics.failure(str(fault))
            entry = fault.entry_id or "(none)"
            _LOG.warning("[%s] Not delivered, entry %s: %s", _reference(), entry, fault)
            return False
        except TelegramError as refusal:
            # Sent again it would be refused again: the chat is gone, or closed to the bot.
            # Telegram's own words are fixed ones, but for the number of a group that has moved.
            self._service.metrics.failure(type(refusal).__name__)
            told = refusal.message if isinstance(refusal, BadRequest) else type(refusal).__name__
            _LOG.warning("[%s] Telegram refused an answer: %s", _reference(), told)
        except Exception as fault:
            self._service.metrics.failure(type(fault).__name__)
            _LOG.error(
                "[%s] An update could not be answered: %s", _reference(), describe_error(fault)
            )
            return await self._apologise(update)
        self._service.metrics.answered(time.monotonic() - begun)
        return True

    async def _apologise(self, update: Update) -> bool:
        """Whatever went wrong, the person is told that they got no answer, and whom to ask."""
        chat = update.effective_chat
        if chat is None or update.inline_query:
            return True
        knowledge = self._service.knowledge
        try:
            await self._service.delivery.send(
                Address(chat.id), notice(knowledge.replies.fallback, knowledge, topics=True)
            )
        except Undelivered:
            return False
        except TelegramError:
            return True
        return True


def number(update: Update, bot_id: int) -> int:
    """The number under which an update is claimed."""
    message = update.effective_message
    query = update.callback_query or update.inline_query
    when = query.id if query else message.date.timestamp() if message else 0
    return claim_number(bot_id, update.update_id, when)


def _reference() -> str:
    """A short name for what went wrong, by which operator and log can speak of it."""
    return secrets.token_hex(4)
