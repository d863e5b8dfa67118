"""What is measured: for each figure the cases it is about, and what counts in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import get_args

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
class Limited:
    """What has a limit, such as `min-right`: `min-` where high is good, `max-` where low is."""

    limit: str
    label: str

    @property
    def name(self) -> str:
        """The name of the figure."""
        return self.limit.partition("-")[2]

    @property
    def low_is_good(self) -> bool:
        """Whether its limit is a most, and not a least."""
        return self.limit.startswith("max-")


@dataclass(frozen=True, slots=True)
class Measure(Limited):
    """One figure: of the outcomes whose case is `judged`, the share that `counts`."""

    judged: Callable[[Case], bool]
    counts: Callable[[Outcome], bool]

    def failed(self, outcome: Outcome) -> bool:
        """Whether this outcome makes the figure worse."""
        return self.judged(outcome.case) and self.counts(outcome) == self.low_is_good


@dataclass(frozen=True, slots=True)
class Figure(Limited):
    """A measured share, 0..1; `rate` holds its counts when it is a share of questions."""

    value: float
    rate: Rate | None = None


def _right(outcome: Outcome) -> bool:
    return outcome.right


def _answered(outcome: Outcome) -> bool:
    return bool(outcome.answered)


def _offered_right(outcome: Outcome) -> bool:
    return bool({*outcome.offered} & {*(outcome.case.entries or ())})


def _all_in(found: Sequence[str], outcome: Outcome) -> bool:
    return {*(outcome.case.entries or ())} <= {*found}


def _alerted(outcome: Outcome) -> bool:
    return outcome.alert is not None


def _right_alert(outcome: Outcome) -> bool:
    return outcome.right_alert


def _in_its_language(outcome: Outcome) -> bool:
    """Whether the right alert, or rightly none, was given in the language of the question."""
    return outcome.right_alert and outcome.reply.language == outcome.case.language


def _no_sign(case: Case) -> bool:
    return not is_sign(case)


def _answering(
    inside: Callable[[Case], bool], outside: Callable[[Case], bool]
) -> Iterator[Measure]:
    """Yield the measures of what is answered to some questions in scope and some outside."""
    yield Measure("min-right", "in scope: right entry answered at once", inside, _right)
    yield Measure(
        "min-right-in-three", "in scope: right entry answered or offered", inside, _offered_right
    )
    yield Measure(
        "max-wrong", "in scope: wrong entry answered", inside,
        lambda outcome: _answered(outcome) and not outcome.right,
    )  # fmt: skip
    yield Measure(
        "max-missed", "in scope: missed, not even offered", inside,
        lambda outcome: not (_answered(outcome) or _offered_right(outcome)),
    )  # fmt: skip
    yield Measure(
        "max-out-of-scope-answered", "out of scope: an entry answered", outside, _answered
    )


_ANSWERING: tuple[Measure, ...] = (
    *_answering(has_right_entry, lambda case: case.entries == ()),
    Measure("max-false-alerts", "without a sign: an alert raised", _no_sign, _alerted),
)


def _real(measure: Measure) -> Measure:
    """Return the same measure of real questions, look-alikes left out."""
    return replace(
        measure,
        limit=f"{measure.limit[:4]}real-{measure.name}",
        label=f"real, {measure.label}",
        judged=lambda case: is_real_question(case) and measure.judged(case),
    )


def _at(level: str) -> Measure:
    return Measure(
        f"min-signs-{level}", f"  {level}", lambda case: case.alerts == (level,), _right_alert
    )


_IN_ENGLISH: tuple[Measure, ...] = (
    *_answering(is_in_scope, is_out_of_scope),
    Measure(
        "max-extra", "in scope: another answered beside the right", is_in_scope,
        lambda outcome: outcome.right and len(outcome.answered) > 1,
    ),
    Measure("min-mixed", "with a time or a sign's words: right at once", is_mixed, _right),
    *map(_real, _ANSWERING),
    Measure("min-signs", "signs noticed at their level", is_sign, _right_alert),
    *map(_at, LEVELS),
    Measure(
        "max-look-alikes", "look-alikes that raise an alert",
        lambda case: is_look_alike(case) and not is_real(case), _alerted,
    ),
    Measure(
        "max-real-look-alikes", "real, look-alikes that raise an alert",
        lambda case: is_look_alike(case) and is_real(case), _alerted,
    ),
    Measure(
        "max-false-alerts", "other questions that raise an alert",
        lambda case: not (case.alerts or is_real(case)), _alerted,
    ),
    Measure(
        "max-false-crises", "without a sign: the crisis message", _no_sign,
        lambda outcome: outcome.alert == "crisis",
    ),
    Measure(
        "min-two-answered", "two things: both answered", lambda case: case.asks_all,
        lambda outcome: _all_in(outcome.answered, outcome),
    ),
    Measure(
        "min-two-things", "two things: one answered, other at least offered",
        lambda case: case.asks_all,
        lambda outcome: outcome.right and _all_in(outcome.offered, outcome),
    ),
    Measure(
        "min-follow-ups", "follow-ups: right entry answered",
        lambda case: case.after is not None and bool(case.entries), _right,
    ),
    Measure(
        "min-elapsed", "elapsed time understood", lambda case: case.time_stated,
        lambda outcome: outcome.right_time,
    ),
)  # fmt: skip


def _in_english(measure: Measure) -> Measure:
    return replace(measure, judged=lambda case: case.language is None and measure.judged(case))


MEASURES: tuple[Measure, ...] = (
    *map(_in_english, _IN_ENGLISH),
    Measure(
        "min-language-signs", "other languages: signs at their level, in the language",
        lambda case: case.language is not None and is_sign(case), _in_its_language,
    ),
    Measure(
        "min-language-replies", "other languages: ordinary, the reply in the language",
        lambda case: case.language is not None and not is_sign(case), _in_its_language,
    ),
    Measure(
        "max-language-false-alerts", "other languages: ordinary, an alert raised",
        lambda case: case.language is not None and not is_sign(case), _alerted,
    ),
    Measure(
        "max-english-missed", "English taken for another language",
        lambda case: case.language is None, lambda outcome: outcome.reply.language is not None,
    ),
)  # fmt: skip


def real_groups(outcomes: Sequence[Outcome]) -> dict[str, tuple[Figure, ...]]:
    """Return the figures of real questions: of all, by what they rest on, and by their length.

    Look-alikes are a group of their own and in no other.
    """
    alike = [each for each in outcomes if is_real(each.case) and is_look_alike(each.case)]
    real = [each for each in outcomes if is_real_question(each.case)]
    groups = {
        "all": real,
        **{
            f"rests on a {name}": [each for each in real if each.case.rests_on == name]
            for name in get_args(RestsOn)
        },
        f"{MANY_WORDS} words or fewer": [each for each in real if not is_long(each.case)],
        f"more than {MANY_WORDS} words": [each for each in real if is_long(each.case)],
        "look-alikes": alike,
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
            found.append(Figure(measure.limit, measure.label, rate.share, rate))
    return tuple(found)
