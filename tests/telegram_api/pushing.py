"""Pushing updates to a webhook, as the Bot API server does.

The updates of one chat go one after another, those of different chats side by side on at most
`max_connections` connections. What is not answered with a 2xx is sent again: once at once, then
with pauses that double; the pauses are shorter than Telegram's, so that tests need not wait.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Hashable

import httpx

from tests.telegram_api.updates import Update
from tests.telegram_api.world import Webhook, World

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds; Telegram starts with 2 and ends between 60 and 120."""
PATIENCE = 60.0
"""Seconds in which the webhook must have answered."""


class Pusher:
    """Pushes whatever is pending while a webhook is set; lives in the server's event loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._active: dict[Hashable, asyncio.Task[None]] = {}
        self._slots: tuple[Webhook, asyncio.Semaphore] | None = None
        self._client: httpx.AsyncClient | None = None

    def wake(self) -> None:
        """Start on every queue that has a pending update and is not being pushed."""
        with self._world.changed:
            if not self._world.webhook.url:
                return
            for queue in self._world.updates.queues:
                if queue not in self._active:
                    self._active[queue] = asyncio.create_task(self._drain(queue))

    async def close(self) -> None:
        """Stop pushing; what is pending stays pending."""
        tasks = list(self._active.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._active.clear()
        if self._client is not None:
            await self._client.aclose()

    async def _drain(self, queue: Hashable) -> None:
        while True:
            async with self._slot():
                with self._world.changed:
                    update = self._world.updates.first_of(queue)
                    webhook = self._world.webhook
                    if update is None or not webhook.url:
                        del self._active[queue]
                        return
                pause = await self._push(webhook, update)
            if pause:
                await asyncio.sleep(pause)

    def _slot(self) -> asyncio.Semaphore:
        webhook = self._world.webhook
        if self._slots is None or self._slots[0] is not webhook:
            self._slots = webhook, asyncio.Semaphore(webhook.max_connections)
        return self._slots[1]

    async def _push(self, webhook: Webhook, update: Update) -> float:
        """Push once; return the seconds to wait before the queue's next push."""
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        body = json.dumps(update.json())
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=PATIENCE, trust_env=False, limits=httpx.Limits(max_connections=None)
            )
        error, retry_after = "", 0.0
        try:
            response = await self._client.post(webhook.url, content=body, headers=headers)
        except httpx.HTTPError as fault:
            error = f"{type(fault).__name__}: {fault}"
        else:
            if not response.is_success:
                error = f"Wrong response from the webhook: {response.status_code}"
                retry_after = float(response.headers.get("Retry-After", 0))
        with self._world.changed:
            if error:
                webhook.last_error, webhook.last_error_date = error, int(time.time())
                update.failures += 1
            elif update.id in self._world.updates.pending:
                self._world.updates.confirm(update.id)
            self._world.changed.notify_all()
        if not error or update.failures == 1:
            return retry_after
        return retry_after or min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (update.failures - 2))
