"""Polling: asking Telegram for updates, and confirming none before it is answered.

Telegram drops an update once `getUpdates` is called with a higher offset. So the offset stays
at the oldest update that is not answered yet: what a crash or a stop interrupts is given again
at the next start. What is stuck is parked, and so confirmed. Only where nothing can be parked,
and a window full of answered updates waits behind one that is stuck, does the offset go past it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.telegram.connection import SECONDS, Line, seconds_of
from bot.chat.telegram.intake import Intake, read_update
from bot.chat.telegram.routing import ALLOWED_UPDATES
from bot.errors import UsageError

_LOG = logging.getLogger(__name__)

LONG_POLL_SECONDS = 30
_KINDS = {"allowed_updates": json.dumps(ALLOWED_UPDATES)}
_WINDOW = 100
"""The most updates that Telegram gives at once."""
_GLANCE = 0.25
"""Seconds between looks for new updates while some are being answered."""
_AGAIN = 1.0
"""Seconds until an update that could not be confirmed is tried again."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_HOUR = 3600.0
_LAST_CALL_SECONDS = 2.0
_TWO_PROCESSES = (
    "Another process serves this bot with the same token. Stop the other one; if there is none, "
    "revoke the token with @BotFather. Trying on."
)
_WEBHOOK_SET = (
    "Somebody has set a webhook for this bot, so it gets no updates by polling. It is left as it "
    "is: start the bot again to take it away, or revoke the token with @BotFather. Trying on."
)


class Poller:
    """Fetches updates and hands them to the intake."""

    def __init__(self, bot: Bot, line: Line, intake: Intake) -> None:
        self._bot = bot
        self._line = line
        self._intake = intake
        self._taken: dict[int, asyncio.Task[None]] = {}
        self._offset = 0
        self._pause = 0.0
        self._away = False
        self._conflict_told = float("-inf")

    async def run(self) -> None:
        """Poll until cancelled; raises `UsageError` once Telegram no longer takes the token."""
        while True:
            try:
                await self._round()
            except InvalidToken:
                raise UsageError(
                    "TELEGRAM_BOT_TOKEN is no longer accepted by Telegram. "
                    "Get the new one from @BotFather in Telegram (/token) and set it in .env."
                ) from None
            except RetryAfter as limit:
                await asyncio.sleep(seconds_of(limit))
            except TelegramError as trouble:
                self._tell(trouble)
                self._pause = min(max(_FIRST_PAUSE, self._pause * 1.5), _LONGEST_PAUSE)
                await asyncio.sleep(self._pause)

    async def close(self, seconds: float) -> None:
        """Wait so long for what was taken, and confirm what was answered."""
        left = [task for task in self._taken.values() if not task.done()]
        if left:
            await asyncio.wait(left, timeout=seconds)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._advance()
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(_LAST_CALL_SECONDS):
                await self._fetch(0, limit=1)

    async def _round(self) -> None:
        self._advance()
        ahead = [task for each, task in self._taken.items() if each >= self._offset]
        if len(ahead) < _WINDOW:
            waiting = any(not task.done() for task in ahead)
            for data in await self._fetch(0 if waiting else LONG_POLL_SECONDS):
                number = data.get("update_id")
                if isinstance(number, int) and number not in self._taken:
                    self._taken[number] = asyncio.create_task(self._answer(data))
        open_tasks = [task for task in self._taken.values() if not task.done()]
        if open_tasks:
            await asyncio.wait(open_tasks, timeout=_GLANCE)

    async def _fetch(self, wait: int, limit: int = _WINDOW) -> list[dict[str, Any]]:
        asked = {"offset": self._offset, "limit": limit, "timeout": wait, **_KINDS}
        # The library's own `get_updates` fails as a whole at one update that it cannot read.
        found = await self._line.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=wait + SECONDS
        )
        if not isinstance(found, list):
            raise TelegramError("Invalid server response")
        self._pause = 0.0
        if self._away:
            self._away = False
            _LOG.warning("Polling works again")
        return [each for each in found if isinstance(each, dict)]

    async def _answer(self, data: dict[str, Any]) -> None:
        update = read_update(data, self._bot)
        if update is None:
            return
        while not await self._intake.take(update):  # noqa: ASYNC110, each time is a try
            await asyncio.sleep(_AGAIN)

    def _advance(self) -> None:
        """Move the offset to the oldest update without an answer, and forget those before it."""
        taken = self._taken
        ahead = sorted(each for each in taken if each >= self._offset)
        unanswered = [n for n in ahead if not taken[n].done() or taken[n].cancelled()]
        if unanswered and len(ahead) >= _WINDOW and len(unanswered) < _WINDOW // 2:
            del unanswered[0]
        if ahead:
            self._offset = unanswered[0] if unanswered else ahead[-1] + 1
        left = {n: task for n, task in taken.items() if n >= self._offset or not task.done()}
        self._taken = left

    def _tell(self, trouble: TelegramError) -> None:
        """Log the first of a row of failures; a conflict with its remedy, and again each hour."""
        if isinstance(trouble, Conflict):
            if time.monotonic() - self._conflict_told >= _HOUR:
                self._conflict_told = time.monotonic()
                _LOG.error(_WEBHOOK_SET if "webhook" in trouble.message else _TWO_PROCESSES)
        elif not self._away:
            self._away = True
            _LOG.warning("Polling failed (%s); trying on", type(trouble).__name__)
