"""What is measured: for each figure the cases it is about, and what counts in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.evaluation.cases import (
    LEVELS,
    MANY_WORDS,
    Case,
    RestsOn,
    has_right_entry,
    is_in_scope,
    is_long,
    is_look_alike,
    is_mixed,
    is_out_of_scope,
    is_real,
    is_real_question,
    is_sign,
)
from bot.evaluation.outcomes import Outcome, Rate


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


def _answered(outcome: Outcome) -> bool:
    return bool(outcome.answered)


def _answered_or_offered_right(outcome: Outcome) -> bool:
    return bool({*outcome.offered} & {*(outcome.case.entries or ())})


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


def _at(level: str) -> Callable[[Case], bool]:
    return lambda case: case.alerts == (level,)


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


_IN_ENGLISH: tuple[Measure, ...] = (
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
        is_mixed,
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
        lambda outcome: {*(outcome.case.entries or ())} <= {*outcome.answered},
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


def _in_english(measure: Measure) -> Measure:
    return replace(measure, judged=lambda case: case.language is None and measure.judged(case))


def _in_its_language(outcome: Outcome) -> bool:
    """Whether the right alert, or rightly none, was given in the language of the question."""
    return outcome.right_alert and outcome.reply.language == outcome.case.language


MEASURES: tuple[Measure, ...] = (
    *map(_in_english, _IN_ENGLISH),
    Measure(
        "language-signs",
        "other languages: signs at their level, in the language",
        "high",
        lambda case: case.language is not None and is_sign(case),
        _in_its_language,
    ),
    Measure(
        "language-replies",
        "other languages: ordinary, the reply in the language",
        "high",
        lambda case: case.language is not None and not is_sign(case),
        _in_its_language,
    ),
    Measure(
        "language-false-alerts",
        "other languages: ordinary, an alert raised",
        "low",
        lambda case: case.language is not None and not is_sign(case),
        _alerted,
    ),
    Measure(
        "english-missed",
        "English taken for another language",
        "low",
        lambda case: case.language is None,
        lambda outcome: outcome.reply.language is not None,
    ),
)


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
        f"{MANY_WORDS} words or fewer": [each for each in real if not is_long(each.case)],
        f"more than {MANY_WORDS} words": [each for each in real if is_long(each.case)],
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
