from __future__ import annotations

import pytest

from bot.evaluation.cases import Case
from bot.evaluation.evaluation import calibration_error
from tests.evaluation.conftest import MakeOutcome

RED = Case("why so red", entries=("redness",))
KNEE = Case("my knee hurts", entries=())


def test_error_is_the_weighted_distance_of_score_and_share_right(outcome: MakeOutcome) -> None:
    found = calibration_error(
        [
            # Three scores of 0.9, two of them right; one of 0.2 for a question out of scope.
            outcome(RED, scores={"redness": 0.9, "itching": 0.05}),
            outcome(RED, scores={"itching": 0.05, "redness": 0.9}),
            outcome(RED, scores={"itching": 0.9, "redness": 0.1}),
            outcome(KNEE, scores={"redness": 0.2}),
        ]
    )
    assert found == pytest.approx((3 * (0.9 - 2 / 3) + 1 * 0.2) / 4)


def test_a_score_of_one_is_in_the_last_bin(outcome: MakeOutcome) -> None:
    assert calibration_error([outcome(RED, scores={"redness": 1.0})]) == 0
