from __future__ import annotations

import pytest

from bot.evaluation.cases import Case
from bot.evaluation.evaluation import calibrate, calibration_error
from tests.evaluation.conftest import MakeOutcome

RED = Case("why so red", entries=("redness",))
KNEE = Case("my knee hurts", entries=())


def test_error_is_the_weighted_distance_of_score_and_share_right(outcome: MakeOutcome) -> None:
    found = calibrate(
        [
            # Three scores of 0.9, two of them right; one of 0.2 for a question out of scope.
            outcome(RED, scores={"redness": 0.9, "itching": 0.05}),
            outcome(RED, scores={"itching": 0.05, "redness": 0.9}),
            outcome(RED, scores={"itching": 0.9, "redness": 0.1}),
            outcome(KNEE, scores={"redness": 0.2}),
        ]
    )
    high, low = found[9], found[2]
    assert (high.questions, high.mean_score, high.share_right) == pytest.approx((3, 0.9, 2 / 3))
    assert (low.questions, low.mean_score, low.share_right) == pytest.approx((1, 0.2, 0))
    assert calibration_error(found) == pytest.approx((3 * (0.9 - 2 / 3) + 1 * 0.2) / 4)


def test_a_score_of_one_is_in_the_last_bin(outcome: MakeOutcome) -> None:
    found = calibrate([outcome(RED, scores={"redness": 1.0})])
    assert (found[-1].questions, calibration_error(found)) == (1, 0)


def test_follow_ups_and_two_things_are_left_out(outcome: MakeOutcome) -> None:
    follow_up = Case("how long", entries=("redness",), after="redness")
    two = Case("red and itchy", entries=("redness", "itching"), asks_all=True)
    assert calibrate([outcome(follow_up), outcome(two)]) == ()
