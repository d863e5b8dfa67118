from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.evaluation.cases import Case
from bot.evaluation.measures import figures, real_groups
from bot.evaluation.outcomes import Outcome, Rate
from tests.evaluation.conftest import MakeOutcome

RED = Case("why so red", entries=("redness",))
KNEE = Case("my knee hurts", entries=())


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    # Published figures: R. G. Newcombe (1998), table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_interval_is_wilsons(count: int, total: int, low: float, high: float) -> None:
    assert Rate(count, total).interval == pytest.approx((low, high), abs=5e-5)


def values(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Every figure but the one that all questions in English are in."""
    found = {figure.name: figure.value for figure in figures(outcomes)}
    found.pop("english-missed", None)
    return found


def test_in_scope_tells_right_from_offered_from_wrong(outcome: MakeOutcome) -> None:
    found = values(
        [
            outcome(RED, answered=["redness"]),
            outcome(RED, answered=["itching", "redness"]),
            outcome(RED, offered=["itching", "redness"]),
            outcome(RED, offered=["itching"]),
            outcome(RED, answered=["itching"]),
        ]
    )
    assert found["right"] == 0.4
    assert found["right-in-three"] == 0.6
    assert found["wrong"] == 0.2
    assert found["missed"] == 0.2
    assert found["extra"] == 0.2


def test_any_accepted_entry_is_right(outcome: MakeOutcome) -> None:
    either = Case("pink and it tickles", entries=("redness", "itching"))
    found = values(
        [
            outcome(either, answered=["itching"]),
            outcome(either, answered=["redness"]),
            outcome(either, answered=["keloids"]),
        ]
    )
    assert (found["right"], found["wrong"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert "two-things" not in found


def test_any_stated_level_is_right(outcome: MakeOutcome) -> None:
    fever = Case("fever and shaking", alerts=("urgent", "emergency"))
    unsure = Case("fever, but it is only a cold", alerts=("urgent", "none"))
    found = values(
        [
            outcome(fever, alert="emergency"),
            outcome(fever),
            outcome(unsure),
            outcome(unsure, alert="crisis"),
        ]
    )
    assert found == {"signs": 0.5}


def test_real_questions_are_counted_apart_from_written_ones(outcome: MakeOutcome) -> None:
    post = Case("so red", entries=("redness",), rests_on="post")
    story = Case("red " * 31, entries=("redness",), rests_on="question")
    knee = Case("my knee", entries=(), rests_on="topic")
    fright = Case("dying red", entries=("redness",), alerts=("none",), rests_on="post")
    outcomes = [
        outcome(RED, answered=["redness"]),
        outcome(KNEE),
        outcome(post, answered=["redness"]),
        outcome(post, answered=["itching"], alert="urgent"),
        outcome(story, offered=["redness"]),
        outcome(story),
        outcome(knee, answered=["redness"]),
        outcome(fright, answered=["redness"], alert="crisis"),
    ]
    found = values(outcomes)
    assert (found["right"], found["out-of-scope-answered"], found["false-alerts"]) == (1, 0, 0)
    assert (found["real-right"], found["real-right-in-three"]) == (0.25, 0.5)
    assert (found["real-wrong"], found["real-missed"]) == (0.25, 0.25)
    assert (found["real-out-of-scope-answered"], found["real-false-alerts"]) == (1, 0.2)
    assert (found["real-look-alikes"], found["false-crises"]) == (1, 1 / 8)

    groups = {
        name: {figure.name: figure.rate for figure in group}
        for name, group in real_groups(outcomes).items()
    }
    alike = groups["look-alikes"]
    assert (alike["right"], alike["false-alerts"]) == (Rate(1, 1), Rate(1, 1))
    assert groups["rests on a post"]["right"] == Rate(1, 2)
    assert groups["rests on a question"]["missed"] == Rate(1, 2)
    assert groups["rests on a topic"]["out-of-scope-answered"] == Rate(1, 1)
    assert groups["30 words or fewer"]["right"] == Rate(1, 2)
    assert groups["more than 30 words"]["right-in-three"] == Rate(1, 2)


def test_only_an_answer_counts_against_a_question_out_of_scope(outcome: MakeOutcome) -> None:
    found = values(
        [outcome(KNEE, answered=["redness"]), outcome(KNEE, offered=["redness"]), outcome(KNEE)]
    )
    assert found == {
        "out-of-scope-answered": pytest.approx(1 / 3),
        "false-alerts": 0,
        "false-crises": 0,
    }


def test_a_sign_must_be_noticed_at_its_own_level(outcome: MakeOutcome) -> None:
    breath = Case("cant breathe", alerts=("emergency",))
    pus = Case("pus", alerts=("urgent",))
    found = values(
        [
            outcome(breath, alert="emergency"),
            outcome(breath, alert="urgent"),
            outcome(pus, alert="urgent"),
            outcome(pus),
        ]
    )
    assert found == {"signs": 0.5, "signs-emergency": 0.5, "signs-urgent": 0.5}


def test_alerts_without_a_sign_are_counted_apart(outcome: MakeOutcome) -> None:
    look_alike = Case("dying to know", entries=("redness",), alerts=("none",))
    found = values(
        [
            outcome(look_alike, answered=["redness"], alert="crisis"),
            outcome(look_alike),
            outcome(RED, answered=["redness"], alert="urgent"),
        ]
    )
    assert (found["look-alikes"], found["false-alerts"]) == (0.5, 1.0)
    assert (found["mixed"], found["right"]) == (0.5, 1.0)


def test_two_things_need_one_answer_and_the_other_at_least_offered(outcome: MakeOutcome) -> None:
    two = Case("red and itchy", entries=("redness", "itching"), asks_all=True)
    found = values(
        [
            outcome(two, answered=["itching", "redness"]),
            outcome(two, answered=["redness"], offered=["itching"]),
            outcome(two, answered=["redness"]),
            outcome(two, offered=["redness", "itching"]),
        ]
    )
    assert (found["two-answered"], found["two-things"]) == (0.25, 0.5)


def test_a_follow_up_is_no_question_in_scope(outcome: MakeOutcome) -> None:
    case = Case("how long", entries=("redness",), after="redness")
    assert values([outcome(case, answered=["redness"])]) == {
        "follow-ups": 1,
        "false-alerts": 0,
        "false-crises": 0,
    }


@pytest.mark.parametrize(
    ("expected", "found", "right"),
    [(5, 5, 1), (5, 5.2, 1), (5, 4, 0), (None, None, 1), (None, 3, 0), (3, None, 0), (0, 0, 1)],
)
def test_elapsed_time_is_right_to_the_day(
    outcome: MakeOutcome, expected: float | None, found: float | None, right: int
) -> None:
    case = Case("still red", time_stated=True, elapsed_days=expected)
    assert values([outcome(case, days=found)])["elapsed"] == right


def test_another_language_needs_its_own_reply_and_counts_in_no_figure_of_english(
    outcome: MakeOutcome,
) -> None:
    sign = Case("no respiro", alerts=("emergency",), language="es")
    ordinary = Case("que champu uso", alerts=("none",), language="es")
    english = Case("no", alerts=("none",))
    found = figures(
        [
            outcome(sign, alert="emergency", language="es"),
            outcome(sign, alert="emergency"),
            outcome(sign, alert="crisis", language="es"),
            outcome(ordinary, language="es"),
            outcome(ordinary, language="pt"),
            outcome(ordinary, alert="emergency", language="es"),
            outcome(english, language="es"),
        ]
    )
    assert {each.name: each.rate for each in found} == {
        "look-alikes": Rate(0, 1),
        "false-crises": Rate(0, 1),
        "language-signs": Rate(1, 3),
        "language-replies": Rate(1, 3),
        "language-false-alerts": Rate(1, 3),
        "english-missed": Rate(1, 1),
    }
