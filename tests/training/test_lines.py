"""What teaches: every line of the FAQ and of the tuned questions, with what is known of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.answering.encoder import DANGERS
from bot.faq.packaged import FAST_PARSER
from tests.shipped import shipped_knowledge
from training.lines import NETWORKS, PARTS, faq_lines, more_lines, tuned_lines

ROOT = Path(__file__).parents[2]
KNOWN = shipped_knowledge()
QUESTIONS = """
- question: "dots went blue"
  entry: navy-dots
- question: "price and pain"
  entry: [gap-price, gap-pain-during]
- question: "which of the two"
  accept: [blue-dots, an-entry-to-come]
- question: "my knee clicks"
  entry: none
- question: "no fever, only itchy"
  alert: none
- question: "cannot breathe"
  alert: [urgent, emergency]
- question: "how long"
  after: blue-dots
  entry: blue-dots
"""


def test_tuned_questions_have_the_labels_they_were_given(tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text(QUESTIONS, "utf-8")
    ids = {each: each for each in ("blue-dots", "gap-price", "gap-pain-during")}
    lines = list(tuned_lines(tmp_path, ids | {"navy-dots": "blue-dots"}))
    assert [(dict(line.entries), dict(line.dangers)) for line in lines] == [
        ({"blue-dots": 1.0}, {"ordinary": 1.0}),
        ({"gap-price": 0.5, "gap-pain-during": 0.5}, {"ordinary": 1.0}),
        ({"blue-dots": 1.0}, {"ordinary": 1.0}),
        ({"none": 1.0}, {"ordinary": 1.0}),
        ({}, {"harmless": 1.0}),
        ({}, {"urgent": 0.5, "emergency": 0.5}),
    ]
    assert all(line.tuned for line in lines)
    assert [line.several for line in lines] == [False, True, False, False, False, False]
    assert [line.danger for line in lines] == [0, 0, 0, 0, 0, 1]


def test_which_questions_are_held_does_not_hang_on_the_others(tmp_path: Path) -> None:
    cases = [{"question": f"is dot number {number} blue"} for number in range(300)]
    held = []
    for some in (cases, cases[7:]):
        (tmp_path / "some.yaml").write_text(yaml.safe_dump(some), "utf-8")
        held.append({line.text: line.held for line in tuned_lines(tmp_path, {})})
    numbers = [*held[1].values()]
    assert all(35 < numbers.count(network) < 85 for network in range(NETWORKS))
    assert numbers.count(None) > 0.8 * len(numbers) * (PARTS - NETWORKS) / PARTS
    assert held[0].items() > held[1].items()


@pytest.mark.parametrize("part", ["entry", "off-topic", "danger"])
def test_the_whole_faq_teaches(part: str) -> None:
    lines = [line for line in faq_lines(KNOWN) if line.source == part]
    assert len(lines) > 100
    assert all(line.entries or line.dangers for line in lines)


def test_no_reported_question_teaches() -> None:
    taught = {line.text for line in (*faq_lines(KNOWN), *more_lines(KNOWN.ids))}
    taught |= {line.text for line in tuned_lines(ROOT / "tests" / "questions" / "tune", {})}
    for file in (ROOT / "tests" / "questions" / "report").glob("*.yaml"):
        cases = yaml.load(file.read_text("utf-8"), FAST_PARSER)
        asked = {case["question"] for case in cases if "after" not in case}
        assert not asked & taught, file.name


def test_what_only_teaches_is_labelled_as_the_examples_are_and_stands_nowhere_else() -> None:
    examples = {(line.source, line.text) for line in faq_lines(KNOWN)}
    more = list(more_lines(KNOWN.ids))
    assert not examples & {(line.source, line.text) for line in more}
    assert {line.source for line in more} == {"entry", "off-topic", "danger"}
    entries = {name for line in faq_lines(KNOWN) for name in line.entries}
    assert {name for line in more for name in line.entries} <= entries
    assert {name for line in more for name in line.dangers} <= {*DANGERS}


def test_riddles_teach_and_no_weight_is_fitted_to_them(tmp_path: Path) -> None:
    cases = [{"question": f"like peppercorn number {number}"} for number in range(20)]
    (tmp_path / "oblique.yaml").write_text(yaml.safe_dump(cases), "utf-8")
    lines = list(tuned_lines(tmp_path, {}))
    assert len(lines) == 20
    assert all(line.real and line.tuned and line.held is None for line in lines)
