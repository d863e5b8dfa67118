"""What is measured: for each figure the cases it is about, and what counts in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.answering.context import START, Context
from bot.answering.reply import Reply
from bot.evaluation.cases import LEVELS, Case

_Z = 1.959964
"""Standard normal deviate of a two-sided 95 % interval."""

_SAME_DAY = 0.5
"""Elapsed times nearer than half a day are the same day."""


class Answers(Protocol):
    """Whatever answers questions, as `bot.answering.answerer.Answerer` does."""

    def answer(self, text: str, context: Context = START) -> Reply:
        """Return the reply to one message."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` out of `total`."""

    count: int
    total: int

    @property
    def share(self) -> float:
        """The share, 0..1; not a number when there is nothing to count."""
        return self.count / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of E. B. Wilson (1927), doi:10.1080/01621459.1927.10502953."""
        if not self.total:
            return 0.0, 1.0
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
        return bool({*self.answered} & {*(self.case.entries or ())})

    @property
    def right_time(self) -> bool:
        """Whether the stated time was understood, or rightly taken as unknown."""
        expected, found = self.case.elapsed_days, self.reply.elapsed_days
        if expected is None or found is None:
            return expected is found
        return abs(expected - found) < _SAME_DAY


def ask(answerer: Answers, cases: Iterable[Case]) -> tuple[Outcome, ...]:
    """Ask every question, each in a conversation of its own."""
    return tuple(Outcome(case, answerer.answer(case.question, _context(case))) for case in cases)


def _context(case: Case) -> Context:
    return Context(answered=(case.after,)) if case.after else START


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: of the outcomes whose case is `judged`, the share that `counts`.

    `better` says which way is good, and so whether its limit is a least or a most.
    """

    name: str
    label: str
    better: Literal["high", "low"]
    judged: Callable[[Case], bool]
    counts: Callable[[Outcome], bool]

    def failed(self, outcome: Outcome) -> bool:
        """Whether this outcome makes the figure worse."""
        return self.judged(outcome.case) and self.counts(outcome) == (self.better == "low")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured share, 0..1; `rate` holds its counts when it is a share of questions."""

    name: str
    label: str
    better: Literal["high", "low"]
    value: float
    rate: Rate | None = None


def is_single(case: Case) -> bool:
    """Whether one entry, or none at all, is right, with nothing said before."""
    return case.entries is not None and len(case.entries) < 2 and case.after is None


def is_in_scope(case: Case) -> bool:
    """Whether it is an ordinary question with one right entry."""
    return is_single(case) and bool(case.entries) and not (case.alert_stated or case.time_stated)


def _is_mixed(case: Case) -> bool:
    return (
        is_single(case)
        and bool(case.entries)
        and (case.time_stated or case.alert_stated)
        and case.alert is None
    )


def _is_out_of_scope(case: Case) -> bool:
    return case.entries == ()


def _asks_two(case: Case) -> bool:
    return case.entries is not None and len(case.entries) > 1


def _is_look_alike(case: Case) -> bool:
    return case.alert_stated and case.alert is None


def _answered_first_offered_rest(outcome: Outcome) -> bool:
    return outcome.right and {*(outcome.case.entries or ())} <= {*outcome.offered}


def _sign(level: str) -> Measure:
    return Measure(
        f"signs-{level}",
        f"  {level}",
        "high",
        lambda case: case.alert == level,
        lambda outcome: outcome.alert == level,
    )


MEASURES: tuple[Measure, ...] = (
    Measure(
        "right", "in scope: right entry answered at once", "high", is_in_scope, lambda o: o.right
    ),
    Measure(
        "right-in-three",
        "in scope: right entry answered or offered",
        "high",
        is_in_scope,
        lambda o: bool({*o.offered} & {*(o.case.entries or ())}),
    ),
    Measure(
        "wrong",
        "in scope: wrong entry answered",
        "low",
        is_in_scope,
        lambda o: bool(o.answered) and not o.right,
    ),
    Measure(
        "extra",
        "in scope: another answered beside the right",
        "low",
        is_in_scope,
        lambda o: o.right and len(o.answered) > 1,
    ),
    Measure(
        "mixed",
        "with a time or a sign's words: right at once",
        "high",
        _is_mixed,
        lambda o: o.right,
    ),
    Measure(
        "out-of-scope-answered",
        "out of scope: an entry answered",
        "low",
        _is_out_of_scope,
        lambda o: bool(o.answered),
    ),
    Measure(
        "signs",
        "signs noticed at their level",
        "high",
        lambda case: case.alert is not None,
        lambda o: o.alert == o.case.alert,
    ),
    *map(_sign, LEVELS),
    Measure(
        "look-alikes",
        "look-alikes that raise an alert",
        "low",
        _is_look_alike,
        lambda o: o.alert is not None,
    ),
    Measure(
        "false-alerts",
        "other questions that raise an alert",
        "low",
        lambda case: not case.alert_stated,
        lambda o: o.alert is not None,
    ),
    Measure(
        "two-answered",
        "two things: both answered",
        "high",
        _asks_two,
        lambda o: {*(o.case.entries or ())} <= {*o.answered},
    ),
    Measure(
        "two-things",
        "two things: one answered, other at least offered",
        "high",
        _asks_two,
        _answered_first_offered_rest,
    ),
    Measure(
        "follow-ups",
        "follow-ups: right entry answered",
        "high",
        lambda case: case.after is not None and bool(case.entries),
        lambda o: o.right,
    ),
    Measure(
        "elapsed",
        "elapsed time understood",
        "high",
        lambda case: case.time_stated,
        lambda o: o.right_time,
    ),
)


def figures(outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
    """Return every figure that these outcomes have cases for."""
    found = []
    for measure in MEASURES:
        judged = [outcome for outcome in outcomes if measure.judged(outcome.case)]
        if judged:
            rate = Rate(sum(map(measure.counts, judged)), len(judged))
            found.append(Figure(measure.name, measure.label, measure.better, rate.share, rate))
    return tuple(found)
