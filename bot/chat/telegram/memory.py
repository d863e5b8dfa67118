"""What is remembered of people: in memory only, for minutes, and of bounded size."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from bot.answering.context import START, Context
from bot.answering.reply import RaisedAlert, Reply
from bot.records.port import Talker

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Clock = Callable[[], float]

FOLLOW_UP_SECONDS = 600.0
"""How long "how long?" is understood in the light of the answer before it."""
MESSAGES = 10
TAPS = 30
INLINE = 30
SECONDS = 30.0
Verdict = Literal["answer", "notice", "silence"]


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
        while True:
            oldest, (put, _) = next(iter(self._kept.items()))
            if len(self._kept) <= self._most and now - put <= self._seconds:
                return
            del self._kept[oldest]

    def get(self, key: Key) -> Value | None:
        """Give the value, or None when there is none or it is forgotten."""
        put, value = self._kept.get(key, (float("-inf"), None))
        return value if self._clock() - put <= self._seconds else None

    def seen(self, key: Key, value: Value) -> bool:
        """Remember a value, and say whether one was there before."""
        before = self.get(key) is not None
        self.put(key, value)
        return before


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


@dataclass
class _Person:
    accepted: deque[float]
    noticed: float = float("-inf")


class PersonLimits:
    """The limit of each person: `allowed` in 30 seconds, by when messages were sent.

    What somebody wrote in an hour while the bot was down is not "a lot at once".
    """

    def __init__(self, allowed: int = MESSAGES, most: int = 10_000) -> None:
        self._allowed = allowed
        self._people: ShortMemory[int, _Person] = ShortMemory(most, SECONDS)

    def verdict(self, person: int, sent: float) -> Verdict:
        """Say what to do with a message sent at `sent` (seconds, any fixed origin)."""
        known = self._people.get(person) or _Person(deque(maxlen=self._allowed))
        self._people.put(person, known)
        if len(known.accepted) < self._allowed or sent - known.accepted[0] >= SECONDS:
            known.accepted.append(sent)
            return "answer"
        if sent - known.noticed >= SECONDS:
            known.noticed = sent
            return "notice"
        return "silence"
