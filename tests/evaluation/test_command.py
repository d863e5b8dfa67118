"""`smp-bot eval` as people run it, with a small FAQ of another subject."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests.commands import Command

FAQ = """\
title: Bicycles
entries:
  - id: flat-tyre
    title: A flat tyre
    questions:
      - How do I mend a flat tyre?
      - my tyre has a puncture
      - the tyre loses air
      - patch an inner tube
    answer: Take the wheel off and patch the tube.
    referral: {to: technician, when: soon}
  - id: squeaky-chain
    title: A squeaky chain
    questions:
      - Why does my chain squeak?
      - how do I oil the chain
      - the chain makes a noise
      - chain lubricant
    answer: Clean it and oil it.
    referral: {to: technician, when: soon}
  - id: saddle-height
    title: The saddle's height
    questions:
      - How high should my saddle be?
      - adjust the saddle
      - seat post too low
      - my knees touch the handlebars
    answer: Your leg is almost straight at the bottom.
    referral: {to: technician, when: soon}
"""
ALERTS = "alerts: []\n"
pytestmark = pytest.mark.slow
QUESTIONS = """\
- question: "mend a puncture in my tyre"
  entry: flat-tyre
- question: "chain squeaks and needs oil"
  entry: squeaky-chain
- question: "what should I cook for dinner tonight"
  entry: none
- question: "is my saddle too low"
  entry: flat-tyre
- question: "it went flat with a bang last night"
  accept: [flat-tyre, squeaky-chain]
  rests_on: post
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    faq = tmp_path / "faq"
    faq.mkdir()
    (faq / "faq.yaml").write_text(FAQ)
    (faq / "alerts.yaml").write_text(ALERTS)
    (tmp_path / "questions.yaml").write_text(QUESTIONS)
    return tmp_path


@pytest.fixture
def run(smp_bot: Command, folder: Path) -> Command:
    return partial(smp_bot, "eval", cwd=folder)


def test_figures_are_counted_from_the_engines_own_replies(run: Command) -> None:
    done = run("questions.yaml", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    figures = found["figures"]
    assert found["questions"] == 5
    assert (figures["right"]["of"], figures["out-of-scope-answered"]["of"]) == (3, 1)
    # The last question has a wrong answer written down on purpose.
    assert figures["right"]["count"] <= 2
    assert figures["typos"]["of"] == 3
    assert len(found["calibration"]) == 10
    assert found["real"]["rests on a post"]["right"]["of"] == 1
    assert {"right": "flat-tyre", "taken_for": "saddle-height", "questions": 1} in found[
        "confusions"
    ]
    (mistake,) = [each for each in found["mistakes"] if "saddle" in each["question"]]
    assert (mistake["file"], mistake["line"]) == ("questions.yaml", 7)
    assert mistake["right"]["entries"] == ["flat-tyre"]


def test_the_table_is_plain_text_when_piped_and_a_limit_that_is_past_is_named(
    run: Command,
) -> None:
    done = run("questions.yaml", "--limit", "min-right=0.9", "--limit", "max-wrong=1")
    assert "in scope: right entry answered at once" in done.stdout
    assert "rests on a post" in done.stdout
    assert "is my saddle too low" in done.stdout
    assert "questions.yaml:7" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "…" not in done.stdout
    assert done.returncode == 1
    assert done.stderr.startswith("min-right 90.0%: in scope: right entry answered at once is ")
    assert "points under the limit" in done.stderr
    assert "max-wrong" not in done.stderr


def test_a_part_that_is_switched_off_is_compared_with_the_whole(
    folder: Path, run: Command
) -> None:
    question = '- question: "my tyre is flat for 3 days"\n  elapsed_days: 3\n'
    (folder / "questions.yaml").write_text(question)
    done = run("questions.yaml", "--without", "elapsed-time")
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stdout.splitlines() if "elapsed time" in line]
    assert line.split()[-3:] == ["100.0%", "0.0%", "-100.0"]


def test_the_parts_are_named_where_there_is_none_of_that_name(run: Command) -> None:
    done = run("questions.yaml", "--without", "elapsed-tyme")
    assert done.returncode == 2
    assert "there is no part `elapsed-tyme`" in done.stderr
    assert "small-talk" in done.stderr


def test_an_option_goes_before_the_same_limit_of_the_floor(folder: Path, run: Command) -> None:
    (folder / "floor.txt").write_text("min-right: 0.9\nmin-right-in-three: 0\n")
    lower = run("questions.yaml", "--floor", "floor.txt", "--limit", "min-right=0")
    assert lower.returncode == 0, lower.stderr


@pytest.mark.parametrize(
    ("questions", "words", "status"),
    [
        ('- question: "a"\n  entry: flat-tire\n', "questions.yaml:2:10: error: there is no", 1),
        (None, "questions.yaml: there is no such file or folder", 2),
    ],
)
def test_faulty_questions_are_told_without_a_traceback(
    folder: Path, run: Command, questions: str | None, words: str, status: int
) -> None:
    file = folder / "questions.yaml"
    file.unlink() if questions is None else file.write_text(questions)
    done = run("questions.yaml")
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr
