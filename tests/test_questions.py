"""The evaluation questions: enough of them, well formed, blind, and answered well enough."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from bot.answering.words import fold, tokenise
from bot.evaluation.cases import Case, is_in_scope, is_look_alike, is_sign, load_cases
from bot.faq.models import ALERT_LEVELS, Knowledge

REPOSITORY = Path(__file__).parent.parent
QUESTIONS = REPOSITORY / "tests" / "questions"
PARTS = ("tune", "report")


@pytest.fixture(scope="module")
def parts(knowledge: Knowledge) -> dict[str, tuple[Case, ...]]:
    return {part: load_cases([QUESTIONS / part], knowledge.ids) for part in PARTS}


def words(text: str) -> str:
    return " ".join(tokenise(fold(text)))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.filterwarnings("default:nobody has asked:UserWarning")
def test_every_entry_is_asked_about_often_enough(
    part: str, parts: dict[str, tuple[Case, ...]], knowledge: Knowledge
) -> None:
    asked = Counter(each for case in parts[part] if is_in_scope(case) for each in case.entries)
    counts = {entry.id: asked[entry.id] for entry in knowledge.faq.entries}
    assert not [name for name, count in counts.items() if 0 < count < 7]
    # Who adds an entry knows its phrasings, and so cannot ask blind.
    for name in (name for name, count in counts.items() if not count):
        warnings.warn(
            f"nobody has asked blind about `{name}` yet: who keeps tests/questions writes 7 "
            f"questions to {part}/in_scope.yaml, as its README says",
            stacklevel=1,
        )


def test_there_are_enough_questions_of_each_sort(parts: dict[str, tuple[Case, ...]]) -> None:
    cases = [case for part in PARTS for case in parts[part]]
    signs = [case for case in cases if is_sign(case)]
    look_alikes = [case for case in cases if is_look_alike(case)]
    assert sum(map(is_in_scope, cases)) >= 400
    assert sum(case.entries == () for case in cases) >= 150
    assert len(signs) >= 75
    assert len(look_alikes) >= 75
    assert {case.alerts[0] for case in signs} == set(ALERT_LEVELS)
    assert sum(case.after is not None for case in cases) >= 50
    assert sum(case.time_stated for case in cases) >= 50
    assert sum(case.asks_all for case in cases) >= 50


def test_no_question_is_there_twice(parts: dict[str, tuple[Case, ...]]) -> None:
    """A follow-up is short, and asked after several entries: there the entry counts too."""
    asked = Counter((words(case.question), case.after) for part in PARTS for case in parts[part])
    assert not [question for question, times in asked.items() if times > 1]


def test_no_question_is_in_the_faq(
    parts: dict[str, tuple[Case, ...]], knowledge: Knowledge
) -> None:
    known = {
        words(phrasing)
        for phrasings in (
            *map(knowledge.phrasings, knowledge.faq.entries),
            knowledge.examples.off_topic,
            *knowledge.examples.danger.values(),
            *(sign.said for sign in knowledge.signs.signs),
            *chain.from_iterable(said.values() for said in knowledge.examples.languages.values()),
        )
        for phrasing in phrasings
    }
    copied = [
        f"{case.file.name}:{case.line}"
        for part in PARTS
        for case in parts[part]
        if case.after is None and words(case.question) in known
    ]
    assert not copied


PROMISED = {
    "Signs of an emergency are noticed": "signs-emergency",
    "All signs are noticed, at their level": "signs",
    "Look-alikes that raise a needless alert": "look-alikes",
    "The right entry is answered at once": "right",
    "The right entry is answered or offered": "right-in-three",
    "A wrong entry is answered": "wrong",
    "A question that is off topic, or fits any topic, is answered": "out-of-scope-answered",
    "What real people ask, reworded: the right entry at once": "real-right",
    "What real people ask: answered or offered": "real-right-in-three",
    "What real people ask: a wrong entry": "real-wrong",
    "Real questions near the subject but out of scope that are answered all the same": (
        "real-out-of-scope-answered"
    ),
    "Real questions without a sign that raise an alert": "real-false-alerts",
    "A danger in one of 20 other languages is noticed, and said in that language": (
        "language-signs"
    ),
}
"""Rows of the README, and the figures that they tell."""
BETWEEN_PROCESSORS = 0.005
"""The share of questions, beside one, that another processor may answer otherwise: its whole
numbers are rounded in other ways."""


@pytest.mark.longest
def test_figures_are_above_their_floor_and_those_of_the_readme_hold() -> None:
    command = [Path(sys.executable).with_name("smp-bot"), "eval", "--floor", "tests/floor.yaml"]
    done = subprocess.run(
        [*command, "--json", "--faq", "faq", "tests/questions/report"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)["figures"]
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|", readme, re.M))
    for row, name in PROMISED.items():
        told = re.fullmatch(r"([\d.]+) % \(([\d,]+) of ([\d,]+)\)", rows[row])
        assert told, row
        share, count, of = (float(each.replace(",", "")) for each in told.groups())
        assert of == figures[name]["of"], row
        assert share == round(100 * count / of, 1), row
        assert abs(count - figures[name]["count"]) <= 1 + BETWEEN_PROCESSORS * of, row
    lost = float(rows["Right answers lost to a typo in every longer word"].removesuffix(" points"))
    assert abs(lost / 100 - figures["typo-loss"]["share"]) <= BETWEEN_PROCESSORS / 2
