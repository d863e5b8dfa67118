"""One call to Telegram each: sending, editing and deleting, and what to do where it refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.chat.telegram.connection import KEY, seconds_of
from bot.chat.telegram.html import plain_text
from bot.chat.telegram.messages import Message

_LOG = logging.getLogger(__name__)

STALE: Final = 5.0
"""Seconds for which it is tried to answer a tap or an inline query."""
A_MOMENT = 0.7
"""Seconds after which "typing" is shown. Telegram shows it for five."""
_TYPING_AGAIN = 4.5
_A_CROWD = 20
_PAUSE = 0.5
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a chat, a topic in it, the message it replies to, and to whom."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    person_id: int | None = None


class Delivery:
    """Calls Telegram once; raises what the library raises: the outbox knows what to try again."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._answering = 0

    async def send(self, to: Address, message: Message, key: str = "") -> int:
        """Send a message, and return its number in the chat that it went to.

        Where the topic is gone an alert goes to the person in private, if they let the bot, and
        all else to the chat without its topic.
        """
        try:
            return await self._send(to, message, key)
        except ChatMigrated as moved:
            there = replace(to, chat_id=moved.new_chat_id, reply_to=None)
            return await self._send(there, message, key)
        except BadRequest as refusal:
            words = refusal.message.lower()
            if to.thread_id is None or not any(each in words for each in _NO_TOPIC):
                raise
        if message.alert and to.person_id not in (None, to.chat_id):
            with suppress(BadRequest, Forbidden):
                return await self._send(Address(to.person_id or 0), message, key)
        return await self._send(replace(to, thread_id=None), message, key)

    async def edit(self, to: Address, message_id: int, message: Message) -> bool:
        """Put a message in the place of an earlier one; false when that cannot be edited."""
        call = partial(self._bot.edit_message_text, chat_id=to.chat_id, message_id=message_id)
        try:
            await _marked_up_or_plain(call, message)
        except BadRequest as refusal:
            return "not modified" in refusal.message
        except Forbidden:
            pass
        return True

    async def edit_keyboard(
        self, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Change the buttons under a message, if that can be done soon."""
        await self.best_effort(
            lambda: self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard)
        )

    async def delete(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """Take messages back; those that are gone already are no fault."""
        for message_id in message_ids:
            with suppress(BadRequest, Forbidden):
                await self._bot.delete_message(chat_id, message_id)

    @asynccontextmanager
    async def typing(self, to: Address) -> AsyncIterator[None]:
        """Show "typing" for as long as what is inside takes longer than a moment.

        In a crowd nothing is shown: it would cost the very messages that people wait for.
        """

        self._answering += 1
        shown = asyncio.create_task(self._show_typing(to))
        try:
            yield
        finally:
            self._answering -= 1
            shown.cancel()

    async def _show_typing(self, to: Address) -> None:
        await asyncio.sleep(A_MOMENT)
        while self._answering <= _A_CROWD:
            with suppress(TelegramError):
                await self._bot.send_chat_action(
                    to.chat_id, ChatAction.TYPING, message_thread_id=to.thread_id
                )
            await asyncio.sleep(_TYPING_AGAIN)

    async def best_effort(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that goes stale in seconds: try for so long, and then let it be."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STALE):
                while True:
                    try:
                        await call()
                    except (BadRequest, Forbidden, ChatMigrated):
                        return
                    except RetryAfter as limit:
                        await asyncio.sleep(seconds_of(limit))
                    except TelegramError:
                        await asyncio.sleep(_PAUSE)
                    else:
                        return

    async def _send(self, to: Address, message: Message, key: str) -> int:
        call = partial(
            self._bot.send_message,
            to.chat_id,
            message_thread_id=to.thread_id,
            reply_to_message_id=to.reply_to,
            allow_sending_without_reply=True,
            disable_notification=message.silent or None,
            api_kwargs={KEY: key} if key else None,
        )
        return int((await _marked_up_or_plain(call, message)).message_id)


async def _marked_up_or_plain(call: Callable[..., Awaitable[Any]], message: Message) -> Any:
    """Try with markup; where Telegram does not take it, the words matter more."""
    form = {"reply_markup": message.keyboard, "disable_web_page_preview": True}
    try:
        return await call(text=message.html, parse_mode=ParseMode.HTML, **form)
    except BadRequest as refusal:
        if "parse" not in refusal.message:
            raise
        _LOG.error("Telegram refused the markup of entry %s", message.entry_id or "(none)")
        return await call(text=plain_text(message.html), **form)
