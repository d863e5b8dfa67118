"""How much one person may ask: 10 messages in 30 seconds, then one polite notice.

Taps and inline queries have limits of their own: looking through the topics takes many taps, and
each letter that is typed is a query.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Literal

MESSAGES = 10
TAPS = 30
INLINE = 30
SECONDS = 30.0

Verdict = Literal["answer", "notice", "silence"]


@dataclass(slots=True)
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
        self._most = most
        self._people: OrderedDict[int, _Person] = OrderedDict()

    def verdict(self, person: int, sent: float) -> Verdict:
        """Say what to do with a message sent at `sent` (seconds, any fixed origin)."""
        known = self._people.pop(person, None) or _Person()
        self._people[person] = known
        self._forget(sent)
        while known.accepted and sent - known.accepted[0] >= SECONDS:
            known.accepted.popleft()
        if len(known.accepted) < self._allowed:
            known.accepted.append(sent)
            return "answer"
        if sent - known.noticed >= SECONDS:
            known.noticed = sent
            return "notice"
        return "silence"

    def _forget(self, now: float) -> None:
        while len(self._people) > 1:
            quietest = next(iter(self._people))
            last = self._people[quietest].accepted[-1]
            if len(self._people) <= self._most and now - last < SECONDS:
                return
            del self._people[quietest]
