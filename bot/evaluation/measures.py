"""What is measured: for each figure the cases it is about, and what counts in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import attrgetter, not_
from typing import get_args

from bot.evaluation.cases import (
    Case,
    RestsOn,
    has_right_entry,
    is_in_scope,
    is_look_alike,
    is_out_of_scope,
    is_real_question,
    is_sign,
)
from bot.evaluation.outcomes import Outcome, Rate
from bot.faq.models import ALERT_LEVELS

_MANY_WORDS = 30
"""A longer question tells a story."""
_Judged = Callable[[Case], bool]


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

    judged: _Judged
    counts: Callable[[Outcome], object]

    def failed(self, outcome: Outcome) -> bool:
        """Whether this outcome makes the figure worse."""
        return self.judged(outcome.case) and bool(self.counts(outcome)) == self.low_is_good


@dataclass(frozen=True, slots=True)
class Figure(Limited):
    """A measured share, 0..1; `rate` holds its counts when it is a share of questions."""

    value: float
    rate: Rate | None = None


_right = attrgetter("right")
_alerted = attrgetter("alert")
_right_alert = attrgetter("right_alert")


def _all_in(found: Sequence[str], outcome: Outcome) -> bool:
    return {*(outcome.case.entries or ())} <= {*found}


def _in_its_language(outcome: Outcome) -> bool:
    """Whether the right alert, or rightly none, was given in the language of the question."""
    return outcome.right_alert and outcome.reply.language == outcome.case.language


def _no_sign(case: Case) -> bool:
    return not is_sign(case)


def _is_mixed(case: Case) -> bool:
    """Whether it is a written question with a right entry, and a time or a sign's words."""
    return has_right_entry(case) and not (is_in_scope(case) or is_sign(case) or case.rests_on)


def _answering(inside: _Judged, outside: _Judged) -> tuple[Measure, ...]:
    """The measures of what is answered to some questions in scope and some outside."""
    return (
        Measure("min-right", "in scope: right entry answered at once", inside, _right),
        Measure("min-right-in-three", "in scope: right entry answered or offered", inside,
                attrgetter("offered_right")),
        Measure("max-wrong", "in scope: wrong entry answered", inside,
                lambda outcome: outcome.answered and not outcome.right),
        Measure("max-missed", "in scope: missed, not even offered", inside,
                lambda outcome: not (outcome.answered or outcome.offered_right)),
        Measure("max-out-of-scope-answered", "out of scope: an entry answered", outside,
                attrgetter("answered")),
    )  # fmt: skip


_ANSWERING = (
    *_answering(has_right_entry, lambda case: case.entries == ()),
    Measure("max-false-alerts", "without a sign: an alert raised", _no_sign, _alerted),
)


def _real(measure: Measure) -> Measure:
    """The same measure of real questions, look-alikes left out."""
    return replace(
        measure,
        limit=measure.limit.replace("-", "-real-", 1),
        label=f"real, {measure.label}",
        judged=lambda case: is_real_question(case) and measure.judged(case),
    )


def _at(level: str) -> Measure:
    return Measure(
        f"min-signs-{level}", f"  {level}", lambda case: case.alerts == (level,), _right_alert
    )


def _in_english(measure: Measure) -> Measure:
    return replace(measure, judged=lambda case: case.language is None and measure.judged(case))


_IN_ENGLISH = (
    *_answering(is_in_scope, is_out_of_scope),
    Measure("max-extra", "in scope: another answered beside the right", is_in_scope,
            lambda outcome: outcome.right and len(outcome.answered) > 1),
    Measure("min-mixed", "with a time or a sign's words: right at once", _is_mixed, _right),
    *map(_real, _ANSWERING),
    Measure("min-signs", "signs noticed at their level", is_sign, _right_alert),
    *map(_at, ALERT_LEVELS),
    Measure("max-look-alikes", "look-alikes that raise an alert",
            lambda case: is_look_alike(case) and not case.rests_on, _alerted),
    Measure("max-real-look-alikes", "real, look-alikes that raise an alert",
            lambda case: is_look_alike(case) and bool(case.rests_on), _alerted),
    Measure("max-false-alerts", "other questions that raise an alert",
            lambda case: not (case.alerts or case.rests_on), _alerted),
    Measure("max-false-crises", "without a sign: the crisis message", _no_sign,
            lambda outcome: outcome.alert == "crisis"),
    Measure("min-two-answered", "two things: both answered", lambda case: case.asks_all,
            lambda outcome: _all_in(outcome.answered, outcome)),
    Measure("min-two-things", "two things: one answered, other at least offered",
            lambda case: case.asks_all,
            lambda outcome: outcome.right and _all_in(outcome.offered, outcome)),
    Measure("min-follow-ups", "follow-ups: right entry answered",
            lambda case: case.after is not None and bool(case.entries), _right),
    Measure("min-elapsed", "elapsed time understood",
            lambda case: case.time_stated, attrgetter("right_time")),
)  # fmt: skip

MEASURES = (
    *map(_in_english, _IN_ENGLISH),
    Measure("min-language-signs", "other languages: signs at their level, in the language",
            lambda case: bool(case.language) and is_sign(case), _in_its_language),
    Measure("min-language-replies", "other languages: ordinary, the reply in the language",
            lambda case: bool(case.language) and not is_sign(case), _in_its_language),
    Measure("max-language-false-alerts", "other languages: ordinary, an alert raised",
            lambda case: bool(case.language) and not is_sign(case), _alerted),
    Measure("max-english-missed", "English taken for another language",
            lambda case: not case.language, lambda outcome: outcome.reply.language),
)  # fmt: skip


def real_groups(outcomes: Sequence[Outcome]) -> dict[str, tuple[Figure, ...]]:
    """The figures of real questions: of all, by what they rest on, and by their length.

    Look-alikes are a group of their own and in no other.
    """
    alike = [each for each in outcomes if each.case.rests_on and is_look_alike(each.case)]
    asked = [each for each in outcomes if is_real_question(each.case)]
    groups = {"all": asked}
    for name in get_args(RestsOn):
        groups[f"rests on a {name}"] = [each for each in asked if each.case.rests_on == name]
    long = [len(each.case.question.split()) > _MANY_WORDS for each in asked]
    groups[f"{_MANY_WORDS} words or fewer"] = list(compress(asked, map(not_, long)))
    groups[f"more than {_MANY_WORDS} words"] = list(compress(asked, long))
    groups["look-alikes"] = alike
    return {name: figures(group, _ANSWERING) for name, group in groups.items() if group}


def figures(
    outcomes: Sequence[Outcome], measures: Iterable[Measure] = MEASURES
) -> tuple[Figure, ...]:
    """Every figure that these outcomes have cases for."""
    found = []
    for measure in measures:
        judged = [outcome for outcome in outcomes if measure.judged(outcome.case)]
        if judged:
            rate = Rate(sum(bool(measure.counts(each)) for each in judged), len(judged))
            found.append(Figure(measure.limit, measure.label, rate.share, rate))
    return tuple(found)
