"""The queue of updates: what waits for the bot, and what the bot has confirmed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Any

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that Telegram sends only to a bot that names them in `allowed_updates`."""


@dataclass
class Update:
    """One update. Those with the same `queue` are pushed to a webhook one after another.

    `pushed` is when it was last pushed, by the monotonic clock.
    """

    id: int
    kind: str
    body: dict[str, Any]
    queue: Hashable
    confirmed: bool = False
    failures: int = 0
    pushed: float = 0

    def json(self) -> dict[str, Any]:
        """Return the `Update` object of the Bot API."""
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """Every update there was, and those that are not confirmed yet."""

    def __init__(self, on_added: Callable[[], None]) -> None:
        self.all: dict[int, Update] = {}
        self.pending: dict[int, Update] = {}
        self.queues: dict[Hashable, dict[int, Update]] = {}
        self.allowed: frozenset[str] | None = None
        self._ids = itertools.count(700_000_001)
        self._on_added = on_added

    def add(
        self,
        kind: str,
        body: dict[str, Any],
        queue: Hashable,
        *,
        whatever_is_allowed: bool = False,
    ) -> Update:
        """Queue an update; one of a kind that the bot did not ask for is confirmed unseen."""
        update = Update(next(self._ids), kind, body, queue)
        self.all[update.id] = update
        if whatever_is_allowed or self._is_allowed(kind):
            self.pending[update.id] = update
            self.queues.setdefault(queue, {})[update.id] = update
            self._on_added()
        else:
            update.confirmed = True
        return update

    def allow(self, kinds: Collection[str] | None) -> None:
        """Take `allowed_updates`: None leaves it as it was, empty goes back to the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def _is_allowed(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def confirm_below(self, offset: int) -> None:
        """Confirm as `getUpdates` does: all below the offset; below zero counts from the end."""
        ids = sorted(self.pending)
        below = ids[:offset] if offset < 0 else [id for id in ids if id < offset]
        for update_id in below:
            self.confirm(update_id)

    def confirm(self, update_id: int) -> None:
        """Forget one update: the bot has it."""
        update = self.pending.pop(update_id)
        update.confirmed = True
        queue = self.queues[update.queue]
        del queue[update_id]
        if not queue:
            del self.queues[update.queue]

    def waiting(self, limit: int) -> list[Update]:
        """Return the oldest updates that are not confirmed."""
        return list(itertools.islice(self.pending.values(), limit))

    def first_of(self, queue: Hashable) -> Update | None:
        """Return the oldest pending update of a queue."""
        return next(iter(self.queues.get(queue, {}).values()), None)
