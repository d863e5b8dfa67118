"""A smoke test: weights are fitted to 228 tuned questions, from NumPy alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.faq.packaged import FAST_PARSER
from bot.faq.weights import Weights
from training.score import MOST, Asked, thresholds
from training.weights import weights, written

ROOT = Path(__file__).parents[2]
QUESTIONS = {
    "in_scope": 80,
    "out_of_scope": 40,
    "red_flags": 40,
    "look_alikes": 40,
    "two_things": 28,
}


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tune")
    for name, many in QUESTIONS.items():
        text = (ROOT / "tests" / "questions" / "tune" / f"{name}.yaml").read_text("utf-8")
        cases = yaml.load(text, FAST_PARSER)
        few = cases[:: len(cases) // many][:many]
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(few), "utf-8")
    return folder


@pytest.fixture(scope="module")
def found(tuned: Path) -> Weights:
    return weights(ROOT / "faq", tuned, lambda _: None)[0]


def test_what_is_near_in_meaning_speaks_for_an_entry_and_a_line_for_a_danger(
    found: Weights,
) -> None:
    assert found.entry["meaning"].weight > 0
    assert found.none["off_topic_in_meaning"].weight > 0
    assert found.danger["line_of_body"].weight > 0
    assert found.danger["line_of_crisis"].weight > 0
    assert found.danger["danger_in_meaning"].weight > 0
    assert found.reached["right entry first"] > 0.85
    assert found.reached["signs noticed"] > 0.85


def test_the_same_is_found_again_to_the_byte(found: Weights, tuned: Path) -> None:
    again, general, _ = weights(ROOT / "faq", tuned, lambda _: None)
    assert written(again) == written(found)
    assert Weights.model_validate_json(written(found)) == found
    assert general.entry != found.entry


def test_of_thresholds_that_are_as_good_the_lowest_is_taken() -> None:
    chances = np.array([[0.9, 0.02, 0, 0, 0, 0.08]] * 3 + [[0.3, 0, 0, 0, 0, 0.7]])
    serves = np.zeros((4, MOST + 1), np.bool_)
    serves[:3, 0] = serves[3, MOST] = True
    questions = Asked(np.empty(0), np.zeros_like(serves), serves.argmax(axis=1), serves)
    found, reached = thresholds(questions, chances)
    assert found == {"answer": 0.4, "scope": 0.4}
    assert reached["right at once"] == 1
    assert reached["out of scope answered"] == 0
