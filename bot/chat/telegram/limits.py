"""How much one person may ask: 10 messages in 30 seconds, then one polite notice.

Taps and inline queries have limits of their own: looking through the topics takes many taps, and
each letter that is typed is a query.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from bot.chat.telegram.memory import ShortMemory

MESSAGES = 10
TAPS = 30
INLINE = 30
SECONDS = 30.0

Verdict = Literal["answer", "notice", "silence"]


@dataclass
class _Person:
    accepted: deque[float] = field(default_factory=deque)
    noticed: float = float("-inf")


class PersonLimits:
    """The limit of each person: `allowed` in 30 seconds. Who has been quiet so long is forgotten.

    Messages are timed by when they were sent, not by when they arrive: what somebody wrote in
    an hour while the bot was down is not "a lot at once".
    """

    def __init__(self, allowed: int = MESSAGES, most: int = 10_000) -> None:
        self._allowed = allowed
        self._people: ShortMemory[int, _Person] = ShortMemory(most, SECONDS)

    def verdict(self, person: int, sent: float) -> Verdict:
        """Say what to do with a message sent at `sent` (seconds, any fixed origin)."""
        known = self._people.get(person) or _Person()
        self._people.put(person, known)
        while known.accepted and sent - known.accepted[0] >= SECONDS:
            known.accepted.popleft()
        if len(known.accepted) < self._allowed:
            known.accepted.append(sent)
            return "answer"
        if sent - known.noticed >= SECONDS:
            known.noticed = sent
            return "notice"
        return "silence"
