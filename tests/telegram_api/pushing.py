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
from urllib.parse import urlsplit

import h11

from tests.telegram_api.updates import Update
from tests.telegram_api.world import Webhook, World

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds; Telegram starts with 2 and ends between 60 and 120."""
PATIENCE = 60.0
"""Seconds in which the webhook must have answered."""
_READ = 1 << 16


class _Line:
    """A connection to the webhook that is kept open between updates."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._http = h11.Connection(h11.CLIENT)
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, body: bytes, secret: str) -> tuple[int, float]:
        """Post an update; return the status, and the seconds of `Retry-After`."""
        if self._writer is None:
            host, port = self._url.hostname, self._url.port or 80
            self._reader, self._writer = await asyncio.open_connection(host, port)
        headers = [
            ("Host", self._url.netloc),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
        ]
        if secret:
            headers.append(("X-Telegram-Bot-Api-Secret-Token", secret))
        request = h11.Request(method="POST", target=self._url.path or "/", headers=headers)
        for part in (request, h11.Data(data=body), h11.EndOfMessage()):
            self._writer.write(self._http.send(part) or b"")
        status, retry_after = 0, 0.0
        while not isinstance(event := await self._next(), h11.EndOfMessage):
            if isinstance(event, h11.Response):
                status = event.status_code
                retry_after = float(dict(event.headers).get(b"retry-after", 0))
        self._http.start_next_cycle()
        return status, retry_after

    async def _next(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_READ))
        if isinstance(event, h11.ConnectionClosed):
            raise ConnectionResetError("Webhook connection closed")
        return event

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class Pusher:
    """Pushes whatever is pending while a webhook is set; lives in the server's event loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._active: dict[Hashable, asyncio.Task[None]] = {}
        self._slots: tuple[Webhook, asyncio.Semaphore] | None = None
        self._idle: list[_Line] = []

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
        await self._hang_up()

    async def _hang_up(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    async def _drain(self, queue: Hashable) -> None:
        while True:
            async with await self._slot():
                with self._world.changed:
                    update = self._world.updates.first_of(queue)
                    webhook = self._world.webhook
                    if update is None or not webhook.url:
                        del self._active[queue]
                        return
                pause = await self._push(webhook, update)
            if pause:
                await asyncio.sleep(pause)

    async def _slot(self) -> asyncio.Semaphore:
        webhook = self._world.webhook
        if self._slots is None or self._slots[0] is not webhook:
            self._slots = webhook, asyncio.Semaphore(webhook.max_connections)
            await self._hang_up()
        return self._slots[1]

    async def _push(self, webhook: Webhook, update: Update) -> float:
        """Push once; return the seconds to wait before the queue's next push."""
        error, retry_after = "", 0.0
        line = self._idle.pop() if self._idle else _Line(webhook.url)
        body = json.dumps(update.json()).encode()
        update.pushed = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                status, retry_after = await line.post(body, webhook.secret)
        except (OSError, TimeoutError, h11.RemoteProtocolError, h11.LocalProtocolError) as fault:
            error = f"{type(fault).__name__}: {fault}"
            await line.close()
            # Where one connection was closed for idling, the others were too.
            await self._hang_up()
        except asyncio.CancelledError:
            await line.close()
            raise
        else:
            if not 200 <= status <= 299:
                error = f"Wrong response from the webhook: {status}"
            self._idle.append(line)
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
