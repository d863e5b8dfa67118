"""One call to Telegram each: sending, editing and deleting, and what to do where it refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.chat.telegram.html import plain_text
from bot.chat.telegram.http import KEY
from bot.chat.telegram.messages import Message

_LOG = logging.getLogger(__name__)

Result = TypeVar("Result")

STALE: Final = 5.0
"""Seconds for which it is tried to answer a tap or an inline query."""
A_MOMENT = 0.7
"""Seconds after which "typing" is shown. Telegram shows it for five."""
_TYPING_AGAIN = 4.5
_A_CROWD = 20
_PAUSE = 0.5
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a chat, a topic in it, the message it replies to, and to whom."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    person_id: int | None = None


def seconds_of(limit: RetryAfter) -> float:
    """Seconds that Telegram asks to wait. The package sets the switch that makes it a delta."""
    return float(limit.retry_after.total_seconds())  # type: ignore[union-attr]


class Delivery:
    """Calls Telegram once, unless it says that the same call in another form would do.

    Raises what the library raises: the outbox knows what to try again.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._answering = 0

    async def send(self, to: Address, message: Message, key: str = "") -> int:
        """Send a message, and return its number in the chat that it went to.

        Where the topic is closed or gone it goes beside it: an alert to the person in private, if
        they let the bot, and else to the chat without its topic.
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

        async def attempt(text: str, mode: str | None) -> None:
            await self._bot.edit_message_text(
                text,
                to.chat_id,
                message_id,
                parse_mode=mode,
                link_preview_options=_NO_PREVIEW,
                reply_markup=message.keyboard,
            )

        try:
            await _marked_up_or_plain(attempt, message)
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

        async def show() -> None:
            while self._answering <= _A_CROWD:
                with suppress(TelegramError):
                    await self._bot.send_chat_action(
                        to.chat_id, ChatAction.TYPING, message_thread_id=to.thread_id
                    )
                await asyncio.sleep(_TYPING_AGAIN)

        shown: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        moment = loop.call_later(A_MOMENT, lambda: shown.append(loop.create_task(show())))
        self._answering += 1
        try:
            yield
        finally:
            self._answering -= 1
            moment.cancel()
            for task in shown:
                task.cancel()

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
        async def attempt(text: str, mode: str | None) -> int:
            reply = ReplyParameters(to.reply_to or 0, allow_sending_without_reply=True)
            sent = await self._bot.send_message(
                to.chat_id,
                text,
                parse_mode=mode,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=to.thread_id,
                reply_parameters=reply if to.reply_to else None,
                reply_markup=message.keyboard,
                disable_notification=message.silent or None,
                api_kwargs={KEY: key} if key else None,
            )
            return sent.message_id

        return await _marked_up_or_plain(attempt, message)


async def _marked_up_or_plain(
    attempt: Callable[[str, str | None], Awaitable[Result]], message: Message
) -> Result:
    """Try with markup; where Telegram does not take it, the words matter more."""
    try:
        return await attempt(message.html, ParseMode.HTML)
    except BadRequest as refusal:
        if "parse" not in refusal.message:
            raise
        _LOG.error("Telegram refused the markup of entry %s", message.entry_id or "(none)")
        return await attempt(plain_text(message.html), None)
