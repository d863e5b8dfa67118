"""Sending, with patience: what Telegram or the network does not take is tried again."""

from __future__ import annotations

import asyncio
import copy
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
    TelegramError,
)

from bot.chat.telegram.html import plain_text
from bot.chat.telegram.http import KEY
from bot.chat.telegram.messages import Message
from bot.records.replicas.keys import message_key

_LOG = logging.getLogger(__name__)

Result = TypeVar("Result")

PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try."""
LONGEST_WAIT = 60.0
"""Seconds that a 429 may ask for in all; beyond, the message is given up for this time."""
STALE = 5.0
"""Seconds for which it is tried to answer a tap or an inline query."""
A_MOMENT = 0.7
"""Seconds after which "typing" is shown. Telegram shows it for five."""
_TYPING_AGAIN = 4.5
_A_CROWD = 20
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Undelivered(Exception):
    """A message could not be delivered this time; trying later may help.

    `entry_id` is the entry of the message, for the operator's log.
    """

    entry_id: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a chat, a topic in it, and the message it replies to."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


class Delivery:
    """Delivers to Telegram. A blocked bot is no fault: such a message is dropped quietly.

    A 429 holds back the chat it was meant for, and no other.
    """

    def __init__(self, bot: Bot, pauses: Sequence[float] = PAUSES) -> None:
        self._bot = bot
        self._pauses = tuple(pauses)
        self._answering: list[Address] = []
        self._keys: Iterator[str] = itertools.repeat("")

    def for_update(self, update_id: int) -> Delivery:
        """The same, with a key for each message that it sends: they answer one update."""
        keyed = copy.copy(self)
        numbers = itertools.count()
        keyed._keys = (message_key(self._bot.id, update_id, number) for number in numbers)
        return keyed

    async def send(self, to: Address, messages: Sequence[Message]) -> list[int]:
        """Send messages in order and return their ids; fewer when the person blocked the bot.

        Raises:
            Undelivered: after the last try.
        """
        ids: list[int] = []
        for message in messages:
            try:
                ids.append(await self._send(to, message))
            except Forbidden:
                break
            except Undelivered as fault:
                fault.entry_id = message.entry_id
                raise
        return ids

    async def edit(self, to: Address, message_id: int, message: Message) -> bool:
        """Put a message in the place of an earlier one; false when that cannot be edited."""

        async def attempt(html: bool) -> None:
            await self._bot.edit_message_text(
                message.html if html else plain_text(message.html),
                to.chat_id,
                message_id,
                parse_mode=ParseMode.HTML if html else None,
                link_preview_options=_NO_PREVIEW,
                reply_markup=message.keyboard,
            )

        try:
            await self._marked_up_or_plain(attempt, message)
        except BadRequest as refusal:
            return "not modified" in refusal.message
        except Forbidden:
            pass
        return True

    async def edit_keyboard(
        self, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Change the buttons under a message; one that is gone is left alone."""
        with suppress(BadRequest, Forbidden):
            await self.with_retries(
                lambda: self._bot.edit_message_reply_markup(
                    chat_id, message_id, reply_markup=keyboard
                )
            )

    async def delete(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """Take messages back; those that are gone already are no fault."""
        for message_id in message_ids:
            with suppress(BadRequest, Forbidden):
                await self.with_retries(partial(self._bot.delete_message, chat_id, message_id))

    @asynccontextmanager
    async def typing(self, to: Address) -> AsyncIterator[None]:
        """Show "typing" for as long as what is inside takes longer than a moment.

        In a crowd nothing is shown: it would cost the very messages that people wait for.
        """

        async def show() -> None:
            while len(self._answering) <= _A_CROWD:
                with suppress(TelegramError):
                    await self._bot.send_chat_action(
                        to.chat_id, ChatAction.TYPING, message_thread_id=to.thread_id
                    )
                await asyncio.sleep(_TYPING_AGAIN)

        def begin() -> None:
            shown.append(asyncio.create_task(show()))

        shown: list[asyncio.Task[None]] = []
        moment = asyncio.get_running_loop().call_later(A_MOMENT, begin)
        self._answering.append(to)
        try:
            yield
        finally:
            self._answering.remove(to)
            moment.cancel()
            for task in shown:
                task.cancel()

    async def with_retries(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Make a call, and again after growing pauses while that may help.

        Raises:
            BadRequest, Forbidden, ChatMigrated: at once; trying again cannot help.
            Undelivered: after the last try.
        """
        waited = 0.0
        for pause in (*self._pauses, None):
            try:
                return await call()
            except (BadRequest, Forbidden, ChatMigrated):
                raise
            except RetryAfter as limit:
                # The package sets the library's switch that makes it a timedelta.
                wait = limit.retry_after.total_seconds() + 0.1  # type: ignore[union-attr]
                fault: TelegramError = limit
            except TelegramError as trouble:
                wait, fault = pause or 0.0, trouble
            waited += wait
            if pause is None or waited > LONGEST_WAIT:
                raise Undelivered(type(fault).__name__) from fault
            await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def best_effort(self, call: Callable[[], Awaitable[object]]) -> None:
        """Answer a tap or an inline query. It goes stale in seconds, so there is no later try."""
        with suppress(TelegramError, Undelivered, TimeoutError):
            async with asyncio.timeout(STALE):
                await self.with_retries(call)

    async def _send(self, to: Address, message: Message) -> int:
        try:
            return await self._send_there(to, message)
        except ChatMigrated as moved:
            to = replace(to, chat_id=moved.new_chat_id, reply_to=None)
            return await self._send_there(to, message)

    async def _send_there(self, to: Address, message: Message) -> int:
        key = next(self._keys)

        async def attempt(html: bool) -> int:
            reply = (
                ReplyParameters(to.reply_to, allow_sending_without_reply=True)
                if to.reply_to
                else None
            )
            sent = await self._bot.send_message(
                to.chat_id,
                message.html if html else plain_text(message.html),
                parse_mode=ParseMode.HTML if html else None,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=to.thread_id,
                reply_parameters=reply,
                reply_markup=message.keyboard,
                api_kwargs={KEY: key} if key else None,
            )
            return sent.message_id

        return await self._marked_up_or_plain(attempt, message)

    async def _marked_up_or_plain(
        self, attempt: Callable[[bool], Awaitable[Result]], message: Message
    ) -> Result:
        """Try with markup; where Telegram does not take it, the words matter more."""
        try:
            return await self.with_retries(lambda: attempt(True))
        except BadRequest as refusal:
            if "parse" not in refusal.message:
                raise
            _LOG.error("Telegram refused the markup of entry %s", message.entry_id or "(none)")
            return await self.with_retries(lambda: attempt(False))
