"""What a case was answered, and the shares that such outcomes are counted in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.answering.context import Context
from bot.answering.reply import Reply
from bot.evaluation.cases import NONE, Case

_Z = 1.959964
"""Standard normal deviate of a two-sided 95 % interval."""
_SAME_DAY = 0.5
"""Elapsed times nearer than half a day are the same day."""

Answer = Callable[[str, Context], Reply]
"""Whatever answers a message, as `bot.answering.answerer.Answerer.answer` does."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` out of `total`, which is not 0."""

    count: int
    total: int

    @property
    def share(self) -> float:
        """The share, 0..1."""
        return self.count / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of E. B. Wilson (1927), doi:10.1080/01621459.1927.10502953."""
        n, z2 = self.total, _Z * _Z
        middle = (self.share + z2 / (2 * n)) / (1 + z2 / n)
        spread = self.share * (1 - self.share) / n + z2 / (4 * n * n)
        half = _Z * math.sqrt(spread) / (1 + z2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and the reply that was given to it."""

    case: Case
    reply: Reply

    @property
    def answered(self) -> tuple[str, ...]:
        """Ids of the entries that were answered."""
        return tuple(answered.entry.id for answered in self.reply.answered)

    @property
    def offered(self) -> tuple[str, ...]:
        """Ids of the entries that were answered or suggested."""
        return (*self.answered, *(entry.id for entry in self.reply.suggested))

    @property
    def alert(self) -> str | None:
        """The level that was raised."""
        return self.reply.alert.level if self.reply.alert else None

    @property
    def first(self) -> tuple[str | None, float]:
        """Id and score of the first entry answered, or else of the likeliest; or nothing and 0."""
        scores = self.reply.scores
        likeliest = max(scores, key=scores.__getitem__, default=None)
        best = next((entry_id for entry_id in self.answered if entry_id in scores), likeliest)
        return best, scores[best] if best is not None else 0.0

    @property
    def right(self) -> bool:
        """Whether a right entry was answered at once."""
        return any(each in self.answered for each in self.case.entries or ())

    @property
    def offered_right(self) -> bool:
        """Whether a right entry was answered or suggested."""
        return any(each in self.offered for each in self.case.entries or ())

    @property
    def right_alert(self) -> bool:
        """Whether a right level was raised, or rightly none."""
        return (self.alert or NONE) in (self.case.alerts or (NONE,))

    @property
    def right_time(self) -> bool:
        """Whether the stated time was understood, or rightly taken as unknown."""
        expected, found = self.case.elapsed_days, self.reply.elapsed_days
        if expected is None or found is None:
            return expected is found
        return abs(expected - found) < _SAME_DAY


def ask(answer: Answer, cases: Iterable[Case]) -> tuple[Outcome, ...]:
    """Ask every question, each in a conversation of its own."""
    outcomes = []
    for case in cases:
        context = Context(answered=(case.after,) if case.after else ())
        outcomes.append(Outcome(case, answer(case.question, context)))
    return tuple(outcomes)
