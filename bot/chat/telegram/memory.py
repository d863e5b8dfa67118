"""What is remembered of a chat: in memory only, for minutes, and of bounded size."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Generic, TypeVar

from bot.answering.context import START, Context
from bot.answering.reply import RaisedAlert, Reply
from bot.records.port import Talker

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Clock = Callable[[], float]

FOLLOW_UP_SECONDS = 600.0
"""How long "how long?" is understood in the light of the answer before it."""


class ShortMemory(Generic[Key, Value]):
    """A mapping that forgets: after `seconds`, and the oldest when there are more than `most`."""

    def __init__(self, most: int, seconds: float, clock: Clock = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, key: Key, value: Value) -> None:
        """Remember a value from now on, in place of an earlier one."""
        now = self._clock()
        self._kept[key] = now, value
        self._kept.move_to_end(key)
        while len(self._kept) > self._most or now - self._oldest > self._seconds:
            del self._kept[next(iter(self._kept))]

    def get(self, key: Key) -> Value | None:
        """Give the value, or None when there is none or it is forgotten."""
        put, value = self._kept.get(key, (float("-inf"), None))
        return value if self._clock() - put <= self._seconds else None

    def seen(self, key: Key, value: Value) -> bool:
        """Remember a value, and say whether one was there before."""
        before = self.get(key) is not None
        self.put(key, value)
        return before

    @property
    def _oldest(self) -> float:
        return next(iter(self._kept.values()))[0]


class Conversations:
    """The context of each conversation, for ten minutes; times are seconds since 1970."""

    def __init__(self, most: int = 10_000, clock: Clock = time.monotonic) -> None:
        self._last: ShortMemory[Talker, Context] = ShortMemory(most, FOLLOW_UP_SECONDS, clock)

    def recall(self, talker: Talker, written: float) -> Context:
        """Give what was said before a message that was `written` then."""
        return (self._last.get(talker) or START).at(written)

    def note(self, talker: Talker, reply: Reply, written: float) -> None:
        """Remember a reply. What changes nothing does not make the memory longer either."""
        before = self.recall(talker, written)
        after = before.following(reply, written)
        if after != before:
            self._last.put(talker, after)

    def heed(self, talker: Talker, alert: RaisedAlert | None, at: float) -> None:
        """Go by the alert that any process told last, at this time; None if that is over."""
        before = self._last.get(talker) or START
        known, told = before.alert and before.alert.causes, alert and alert.causes
        if (known, before.alerted_at) != (told, at):
            self._last.put(talker, replace(before, alert=alert, alerted_at=at))
