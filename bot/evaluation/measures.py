"""What is measured: for each figure the cases it is about, and what counts in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, get_args

from bot.answering.context import START, Context
from bot.answering.reply import Reply
from bot.evaluation.cases import LEVELS, NONE, Case, RestsOn

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
    def right_alert(self) -> bool:
        """Whether a right level was raised, or rightly none."""
        return (self.alert or NONE) in self.case.alerts

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
    """Whether one entry will do, or none at all is right, with nothing said before."""
    return case.entries is not None and not case.asks_all and case.after is None


def is_real(case: Case) -> bool:
    """Whether it was taken from what a real person asked, and not written for these files."""
    return case.rests_on is not None


def is_sign(case: Case) -> bool:
    """Whether some alert is right."""
    return bool(case.alerts) and case.alerts[0] != NONE


def is_look_alike(case: Case) -> bool:
    """Whether it only sounds like a sign: it is stated that no alert is right."""
    return case.alerts[:1] == (NONE,)


def is_in_scope(case: Case) -> bool:
    """Whether it is an ordinary written question with a right entry."""
    return has_right_entry(case) and not (case.time_stated or case.alerts or is_real(case))


def is_out_of_scope(case: Case) -> bool:
    """Whether it is a written question that no entry is right for."""
    return case.entries == () and not is_real(case)


def has_right_entry(case: Case) -> bool:
    """Whether there is an entry that alone is right for it, with nothing said before."""
    return is_single(case) and bool(case.entries)


def _is_mixed(case: Case) -> bool:
    more = case.time_stated or is_look_alike(case)
    return has_right_entry(case) and more and not (is_sign(case) or is_real(case))


def _answered(outcome: Outcome) -> bool:
    return bool(outcome.answered)


def _answered_or_offered_right(outcome: Outcome) -> bool:
    return bool({*outcome.offered} & {*(outcome.case.entries or ())})


def _answered_all(outcome: Outcome) -> bool:
    return {*(outcome.case.entries or ())} <= {*outcome.answered}


def _answered_first_offered_rest(outcome: Outcome) -> bool:
    return outcome.right and {*(outcome.case.entries or ())} <= {*outcome.offered}


def _alerted(outcome: Outcome) -> bool:
    return outcome.alert is not None


def _answering(
    in_scope: Callable[[Case], bool], outside: Callable[[Case], bool]
) -> Iterator[Measure]:
    """Yield the measures of what is answered to some questions in scope and some outside."""
    yield Measure(
        "right",
        "in scope: right entry answered at once",
        "high",
        in_scope,
        lambda outcome: outcome.right,
    )
    yield Measure(
        "right-in-three",
        "in scope: right entry answered or offered",
        "high",
        in_scope,
        _answered_or_offered_right,
    )
    yield Measure(
        "wrong",
        "in scope: wrong entry answered",
        "low",
        in_scope,
        lambda outcome: _answered(outcome) and not outcome.right,
    )
    yield Measure(
        "missed",
        "in scope: missed, not even offered",
        "low",
        in_scope,
        lambda outcome: not (_answered(outcome) or _answered_or_offered_right(outcome)),
    )
    yield Measure(
        "out-of-scope-answered", "out of scope: an entry answered", "low", outside, _answered
    )


def _signs(name: str, label: str, judged: Callable[[Case], bool]) -> Measure:
    return Measure(name, label, "high", judged, lambda outcome: outcome.right_alert)


def _is_long(case: Case) -> bool:
    return len(case.question.split()) > _MANY_WORDS


def _at(level: str) -> Callable[[Case], bool]:
    return lambda case: case.alerts == (level,)


def is_real_question(case: Case) -> bool:
    """Whether it is a real question, and not one that only sounds like a sign."""
    return is_real(case) and not is_look_alike(case)


_ANSWERING: tuple[Measure, ...] = (
    *_answering(has_right_entry, lambda case: case.entries == ()),
    Measure(
        "false-alerts",
        "without a sign: an alert raised",
        "low",
        lambda case: not is_sign(case),
        _alerted,
    ),
)


def _real(measure: Measure) -> Measure:
    """Return the same measure of real questions, look-alikes left out."""
    return replace(
        measure,
        name=f"real-{measure.name}",
        label=f"real, {measure.label}",
        judged=lambda case: is_real_question(case) and measure.judged(case),
    )


MEASURES: tuple[Measure, ...] = (
    *_answering(is_in_scope, is_out_of_scope),
    Measure(
        "extra",
        "in scope: another answered beside the right",
        "low",
        is_in_scope,
        lambda outcome: outcome.right and len(outcome.answered) > 1,
    ),
    Measure(
        "mixed",
        "with a time or a sign's words: right at once",
        "high",
        _is_mixed,
        lambda outcome: outcome.right,
    ),
    *(_real(measure) for measure in _ANSWERING),
    _signs("signs", "signs noticed at their level", is_sign),
    *(_signs(f"signs-{level}", f"  {level}", _at(level)) for level in LEVELS),
    Measure(
        "look-alikes",
        "look-alikes that raise an alert",
        "low",
        lambda case: is_look_alike(case) and not is_real(case),
        _alerted,
    ),
    Measure(
        "real-look-alikes",
        "real, look-alikes that raise an alert",
        "low",
        lambda case: is_look_alike(case) and is_real(case),
        _alerted,
    ),
    Measure(
        "false-alerts",
        "other questions that raise an alert",
        "low",
        lambda case: not (case.alerts or is_real(case)),
        _alerted,
    ),
    Measure(
        "false-crises",
        "without a sign: the crisis message",
        "low",
        lambda case: not is_sign(case),
        lambda outcome: outcome.alert == "crisis",
    ),
    Measure(
        "two-answered",
        "two things: both answered",
        "high",
        lambda case: case.asks_all,
        _answered_all,
    ),
    Measure(
        "two-things",
        "two things: one answered, other at least offered",
        "high",
        lambda case: case.asks_all,
        _answered_first_offered_rest,
    ),
    Measure(
        "follow-ups",
        "follow-ups: right entry answered",
        "high",
        lambda case: case.after is not None and bool(case.entries),
        lambda outcome: outcome.right,
    ),
    Measure(
        "elapsed",
        "elapsed time understood",
        "high",
        lambda case: case.time_stated,
        lambda outcome: outcome.right_time,
    ),
)

_MANY_WORDS = 30
"""A longer question tells a story."""


def real_groups(outcomes: Sequence[Outcome]) -> dict[str, tuple[Figure, ...]]:
    """Return the figures of real questions: of all, by what they rest on, and by their length.

    Look-alikes are a group of their own and in no other.
    """
    real = [outcome for outcome in outcomes if is_real_question(outcome.case)]
    groups = {
        "all": real,
        **{
            f"rests on a {name}": [each for each in real if each.case.rests_on == name]
            for name in get_args(RestsOn)
        },
        f"{_MANY_WORDS} words or fewer": [each for each in real if not _is_long(each.case)],
        f"more than {_MANY_WORDS} words": [each for each in real if _is_long(each.case)],
        "look-alikes": [
            each for each in outcomes if is_real(each.case) and is_look_alike(each.case)
        ],
    }
    return {name: figures(group, _ANSWERING) for name, group in groups.items() if group}


def figures(
    outcomes: Sequence[Outcome], measures: Iterable[Measure] = MEASURES
) -> tuple[Figure, ...]:
    """Return every figure that these outcomes have cases for."""
    found = []
    for measure in measures:
        judged = [outcome for outcome in outcomes if measure.judged(outcome.case)]
        if judged:
            rate = Rate(sum(map(measure.counts, judged)), len(judged))
            found.append(Figure(measure.name, measure.label, measure.better, rate.share, rate))
    return tuple(found)
