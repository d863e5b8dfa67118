"""All that the server knows: the bot's account, people, chats, messages, queries."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_api.messages import Chat, Message, User, entities_of
from tests.telegram_api.updates import Update, Updates


@dataclass
class Query:
    """A tap on a button or an inline query: what the bot answered it with, and how often.

    `answer` is None while the person still sees it spinning.
    """

    id: str
    update: Update | None = None
    answer: dict[str, Any] | None = None


@dataclass(frozen=True)
class Call:
    """One call of the bot: the method, its parameters, and the status it got (0: dropped).

    `key` is its `Idempotency-Key`.
    """

    method: str
    given: dict[str, str]
    status: int
    at: float = field(default_factory=time.monotonic)
    key: str = ""


@dataclass
class Webhook:
    """Where updates are pushed; `url` is empty while the bot polls."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


class World:
    """The state of the server. Whoever reads or changes it holds `changed`."""

    def __init__(self, token: str, on_update: Callable[[], None]) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.token = token
        self.me = User(int(token.partition(":")[0]), "Scalp facts", "scalp_facts_bot", True)
        self.updates = Updates(on_update)
        self.webhook = Webhook()
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Query] = {}
        self.inline_queries: dict[str, Query] = {}
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.profile: dict[str, Any] = {}
        self.polls = 0
        self._ids = itertools.count(1)

    def next_id(self) -> int:
        """Return a number that was not used before."""
        return next(self._ids)

    def post(
        self,
        chat: Chat,
        sender: User,
        text: str = "",
        *,
        minutes_ago: float = 0,
        reply_to: Message | None = None,
        **content: Any,
    ) -> Message:
        """Put a person's message into a chat and tell the bot of it."""
        message = Message(
            self.next_id(),
            chat,
            sender,
            text,
            entities_of(text),
            content,
            source=text,
            reply_to=reply_to,
            date=int(time.time() - minutes_ago * 60),
        )
        chat.messages[message.id] = message
        chat.started = True
        self.updates.add("message", message.json(), chat.id)
        return message
