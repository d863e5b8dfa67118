"""A smoke test: weights are fitted to 200 tuned questions, from NumPy alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.faq.packaged import FAST_PARSER
from bot.faq.weights import Weights
from training.weights import weights, written

ROOT = Path(__file__).parents[2]
QUESTIONS = {"in_scope": 80, "out_of_scope": 40, "red_flags": 40, "look_alikes": 40}


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
