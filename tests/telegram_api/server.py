"""The server: HTTP on loopback in a thread of its own, and the controls that tests use."""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import json
import logging
import secrets
import socket
import string
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.telegram_api.faults import Fault, Faults, Planned
from tests.telegram_api.messages import Chat, User
from tests.telegram_api.methods import METHODS
from tests.telegram_api.parameters import Parameters, read_parameters
from tests.telegram_api.people import Group, Person, Waits
from tests.telegram_api.pushing import Pusher
from tests.telegram_api.refusal import Refusal
from tests.telegram_api.updates import Update
from tests.telegram_api.world import Call, World

PATIENCE = 60.0
"""Seconds that a test waits for something that should come at once."""
LONGEST_POLL = 50
_LOG = logging.getLogger(__name__)
_TOKEN_CHARACTERS = string.ascii_letters + string.digits


def new_token() -> str:
    """Return a token of the right form that no one has."""
    return "123456789:AA" + "".join(secrets.choice(_TOKEN_CHARACTERS) for _ in range(33))


class _Connection(H11Protocol):
    """A connection that the application can drop: its transport is in the state of the scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {"transport": transport}


async def _turns(count: int) -> None:
    """Let the event loop do so many times what is ready to be done."""
    for _ in range(count):
        await asyncio.sleep(0)


class _Uvicorn(uvicorn.Server):
    """Ends at once when it is told to: the original looks ten times a second, and waits."""

    async def main_loop(self) -> None:
        self.end = asyncio.Event()
        if not self.should_exit:
            await self.end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What was just accepted is a task, then a transport, then a connection; a server that is
        # closed meanwhile leaves its socket open.
        for each in sockets or []:
            asyncio.get_running_loop().remove_reader(each)
        await _turns(3)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await _turns(1)  # which closes their sockets

    def stop(self) -> None:
        """End; to be called in the event loop."""
        self.should_exit = True
        if hasattr(self, "end"):
            self.end.set()


class TelegramServer(Waits):
    """A Bot API server for one bot.

    The port is taken when the object is made, but nothing listens before `start`: until then
    the network is down.
    """

    def __init__(self, token: str = "", port: int = 0) -> None:
        self.world = World(token or new_token(), self._wake_up)
        self.faults = Faults()
        self._people = 0
        self._port = port
        self._socket = self._bind()
        self._port = self._socket.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._uvicorn: _Uvicorn | None = None
        self._ready = threading.Event()

    def _bind(self) -> socket.socket:
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", self._port))
        return bound

    # -- the server itself ---------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The value for `TELEGRAM_API_URL`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """Where it listens on loopback."""
        return self._port

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    def start(self) -> Self:
        """Listen. After `stop` it can be started again, on the same port, knowing all it knew."""
        if self._socket.fileno() == -1:
            self._socket = self._bind()
        self._socket.listen(2048)
        self._ready.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self) -> None:
        """Close every connection and the port."""
        if self._thread is not None and self._uvicorn is not None:
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._uvicorn.stop)
            self._wake_up()
            self._thread.join()
        self._thread = self._loop = None
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    async def _serve(self) -> None:
        self._wake = asyncio.Event()
        self._poller = 0
        self._pusher = Pusher(self.world)
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                self._application,
                interface="asgi3",
                http=_Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                timeout_keep_alive=60,
            )
        )
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        self._woken()
        await self._uvicorn.serve(sockets=[self._socket])
        await self._pusher.close()

    def _wake_up(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._woken)

    def _woken(self) -> None:
        self._wake.set()
        self._wake = asyncio.Event()
        self._pusher.wake()

    async def _application(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
        headers = dict(scope["headers"])
        status, answer, drop = await self._answer(
            scope["path"],
            scope["query_string"].decode(),
            headers.get(b"content-type", b"").decode(),
            body,
            headers.get(b"idempotency-key", b"").decode(),
        )
        if drop in ("before", "after"):
            scope["state"]["transport"].abort()
            return
        length = len(answer) * (2 if drop else 1)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", str(length).encode()),
                    (b"date", email.utils.formatdate(usegmt=True).encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": answer, "more_body": bool(drop)})
        if drop:
            scope["state"]["transport"].close()

    async def _answer(
        self, path: str, query: str, content_type: str, body: bytes, key: str
    ) -> tuple[int, bytes, Literal["before", "midway", "after"] | None]:
        """Return the status and body of a call, and how to drop its connection, if at all."""
        given: dict[str, str] = {}
        method, fault, status = "", Fault(), 200
        try:
            method = self._method(path)
            given = read_parameters(query, content_type, body)
            with self.world.changed:
                if planned := self.faults.take(method, given):
                    fault = planned
                    self.world.changed.notify_all()
            await asyncio.sleep(fault.delay)
            result = await self._call(method, Parameters(given), fault)
            answer = json.dumps({"ok": True, "result": result}).encode()
            if fault.garbage is not None:
                answer = fault.garbage
        except Refusal as refusal:
            status, answer = refusal.code, json.dumps(refusal.body()).encode()
        except Exception:
            _LOG.exception("The server itself failed at %s %s", method, given)
            status, answer = 500, b"the server for the tests failed: see its log"
        with self.world.changed:
            self.world.calls.append(Call(method, given, 0 if fault.drop else status, key=key))
            self.world.counts[method] += 1
            self.world.changed.notify_all()
        return status, answer, fault.drop

    def _method(self, path: str) -> str:
        head, _, method = path.removeprefix("/bot").partition("/")
        number, colon, secret = head.partition(":")
        if not (path.startswith("/bot") and number.isdigit() and colon and len(secret) >= 30):
            raise Refusal(404, "Not Found")
        if head != self.world.token:
            raise Refusal(401, "Unauthorized")
        if method.lower() not in {*METHODS, "getupdates"}:
            raise Refusal(404, "Not Found: method not found")
        return method.lower()

    async def _call(self, method: str, given: Parameters, fault: Fault) -> Any:
        if fault.refusal is not None:
            raise fault.refusal
        if fault.drop == "before" or fault.garbage is not None:
            return None
        if method == "getupdates":
            return await self._get_updates(given)
        with self.world.changed:
            result = METHODS[method](self.world, given)
        if method == "setwebhook":
            self._woken()
        return result

    async def _get_updates(self, given: Parameters) -> list[dict[str, Any]]:
        updates = self.world.updates
        offset = given.integer("offset")
        limit = min(max(given.integer("limit", 100), 1), 100)
        timeout = min(max(given.integer("timeout"), 0), LONGEST_POLL)
        with self.world.changed:
            if self.world.webhook.url:
                raise Refusal(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use "
                    "deleteWebhook to delete the webhook first",
                )
            updates.allow(given.json("allowed_updates", list))
            updates.confirm_below(offset)
            self.world.polls += 1
            self.world.changed.notify_all()
        assert self._uvicorn is not None
        loop = asyncio.get_running_loop()
        deadline, mine = loop.time() + timeout, 0
        while True:
            with self.world.changed:
                if found := updates.waiting(limit):
                    return [update.json() for update in found]
            left = deadline - loop.time()
            if left <= 0 or self._uvicorn.should_exit:
                return []
            if not mine:
                self._poller += 1
                mine = self._poller
                self._woken()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), left)
            if self._poller != mine:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one "
                    "bot instance is running",
                )

    # -- controls for tests --------------------------------------------------------------------

    def person(self, name: str = "", language_code: str = "en") -> Person:
        """Return somebody new, who has not talked with the bot before."""
        with self.world.changed:
            number = 1_000_000 + self.world.next_id()
            user = User(
                number, name or f"Person {number}", f"person_{number}", language_code=language_code
            )
            chat = self.world.chats[number] = Chat(number, user.first_name, private=True)
        return Person(self, user, chat)

    def group(self, title: str = "Hair talk") -> Group:
        """Return a new group that the bot is in."""
        with self.world.changed:
            number = -1_001_000_000_000 - self.world.next_id()
            chat = self.world.chats[number] = Chat(number, title, private=False, started=True)
        return Group(self, chat)

    def push(self, kind: str, body: Any) -> Update:
        """Send an update of any kind and form, whatever the bot asked for."""
        with self.world.changed:
            return self.world.updates.add(
                kind, body, ("made up", self.world.next_id()), whatever_is_allowed=True
            )

    def fails(
        self,
        method: str,
        fault: Fault,
        times: int | None = 1,
        to: Person | Group | None = None,
        containing: str = "",
    ) -> Planned:
        """Plan a fault for the next calls of a method (`*`: any), perhaps only those in a chat."""
        with self.world.changed:
            chat_id = None if to is None else to.chat.id
            return self.faults.plan(method, fault, times, chat_id, containing)

    def calls(self, method: str) -> list[Call]:
        """Return the calls of a method so far."""
        with self.world.changed:
            return [call for call in self.world.calls if call.method == method.lower()]

    def count(self, method: str) -> int:
        """Return how many calls of a method there were so far."""
        return self.world.counts[method.lower()]

    def wait_until(self, so: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Return when it is so; looks again each time the bot has called."""
        deadline = time.monotonic() + patience
        with self.world.changed:
            while not so():
                left = deadline - time.monotonic()
                if left <= 0:
                    last = [f"{call.method}:{call.status}" for call in self.world.calls[-8:]]
                    raise AssertionError(
                        f"waited {patience:.0f} s for {what}; last calls {last}, last webhook "
                        f"error {self.world.webhook.last_error!r}"
                    )
                self.world.changed.wait(left)

    def wait_until_served(self) -> None:
        """Return when the bot polls, or has set its webhook."""
        self.wait_until(lambda: self.world.polls or self.world.webhook.url, "the bot to serve")

    def wait_until_confirmed(self) -> None:
        """Return when every update is confirmed: handled, if they are pushed to a webhook."""
        self.wait_until(lambda: not self.world.updates.pending, "updates to be confirmed")
