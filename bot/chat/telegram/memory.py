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
        self._kept.pop(key, None)
        self._kept[key] = (self._clock(), value)
        self._forget()

    def get(self, key: Key) -> Value | None:
        """Give the value, or None when there is none or it is forgotten."""
        kept = self._kept.get(key)
        if kept is None or self._clock() - kept[0] > self._seconds:
            return None
        return kept[1]

    def seen(self, key: Key, value: Value) -> bool:
        """Remember a value, and say whether one was there before."""
        before = self.get(key) is not None
        self.put(key, value)
        return before

    def _forget(self) -> None:
        oldest = self._clock() - self._seconds
        while self._kept:
            key, (put, _) = next(iter(self._kept.items()))
            if len(self._kept) <= self._most and put >= oldest:
                return
            del self._kept[key]


class Conversations:
    """The context of each conversation, for ten minutes."""

    def __init__(self, most: int = 10_000, clock: Clock = time.monotonic) -> None:
        self._last: ShortMemory[Talker, Context] = ShortMemory(most, FOLLOW_UP_SECONDS, clock)

    def recall(self, talker: Talker, written: float) -> Context:
        """Give what was said before a message that was `written` then, for ten minutes."""
        return (self._last.get(talker) or START).at(written)

    def note(self, talker: Talker, reply: Reply, written: float) -> None:
        """Remember the reply to a message that was `written` then (seconds since 1970).

        What changes nothing does not make the memory longer either.
        """
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
