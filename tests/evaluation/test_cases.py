from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evaluation.cases import load_cases
from bot.faq.problems import ProblemsError

WriteQuestions = Callable[[str], Path]
ENTRIES = {"redness": "redness", "itching": "itching", "itchy-scalp": "itching"}


def test_each_key_says_what_is_judged(questions_file: WriteQuestions) -> None:
    file = questions_file(
        """\
- question: "why so red"
  entry: redness
- question: "who won the cup"
  entry: none
- question: "red and itchy"
  entry: [redness, itching]
- question: "no fever, just red"
  entry: redness
  alert: none
- question: "cant breathe"
  alert: emergency
- question: "still red since tuesday"
  entry: redness
  elapsed_days: unknown
- question: "red for a day and a half"
  elapsed_days: 1.5
- question: "how long will it last"
  after: redness
  entry: redness
- question: "pink and it tickles"
  accept: [redness, itching]
  alert: [urgent, emergency]
  rests_on: post
"""
    )
    plain, outside, two, look_alike, sign, unknown_time, time, follow_up, real = load_cases(
        [file], ENTRIES
    )

    assert (plain.entries, plain.alerts, plain.time_stated) == (("redness",), (), False)
    assert plain.rests_on is None
    assert outside.entries == ()
    assert (two.entries, two.asks_all) == (("redness", "itching"), True)
    assert look_alike.alerts == ("none",)
    assert (sign.alerts, sign.entries) == (("emergency",), None)
    assert (real.entries, real.asks_all) == (("redness", "itching"), False)
    assert (real.alerts, real.rests_on) == (("urgent", "emergency"), "post")
    assert (unknown_time.time_stated, unknown_time.elapsed_days) == (True, None)
    assert time.elapsed_days == 1.5
    assert follow_up.after == "redness"
    assert follow_up.line == 17


@pytest.mark.parametrize(
    ("faulty", "place", "words"),
    [
        ('- question: "red"\n  accept: blue\n', ":2:11:", "no entry called `blue`"),
        ('- question: "red"\n  accept: redness\n  entry: redness\n', ":1:3:", "not both"),
        ('- question: "red"\n  entry: redness\n  rests_on: rumour\n', ":3:13:", "rumour"),
        ('- question: "red"\n  entry: rednes\n', ":2:10:", "no entry called `rednes`"),
        ('- question: "red"\n  entry: [redness, blue]\n', ":2:20:", "no entry called `blue`"),
        (
            '- question: "red"\n  after: blue\n  entry: redness\n',
            ":2:10:",
            "no entry called `blue`",
        ),
        ('- question: "red"\n  accept: none\n', ":2:11:", "no entry called `none`"),
        ('- question: "red"\n  entry: [none, redness]\n', ":2:11:", "no entry called `none`"),
        ('- question: "red"\n  alert: dire\n', ":2:10:", "cannot be `dire`"),
        ('- question: "red"\n  answer: redness\n', ":2:3:", "`answer` is not a key"),
        ('- question: "red"\n', ":1:3:", "nothing is judged"),
        ("- entry: redness\n", ":1:3:", "`question` is missing"),
        ('- question: "red"\n  elapsed_days: soon\n', ":2:17:", "number of days"),
        ('- question: "red"\n  elapsed_days: -1\n', ":2:17:", "number of days"),
        ('- question: "red"\n  elapsed_days: .nan\n', ":2:17:", "number of days"),
        ('- question: "red"\n  entry:\n', ":2:3:", "nothing is written after `entry`"),
        ("- just a text\n", ":1:3:", "keys belong here"),
        ("question: red\nentry: redness\n", ":1:1:", "a list belongs here"),
        ('- question: "red\n  entry: redness\n', ":1:13:", "error"),
        ("", ":1:1:", "holds nothing"),
    ],
)
def test_a_fault_is_told_with_its_line(
    questions_file: WriteQuestions, faulty: str, place: str, words: str
) -> None:
    file = questions_file(faulty)
    with pytest.raises(ProblemsError) as caught:
        load_cases([file], ENTRIES)
    assert f"questions.yaml{place}" in str(caught.value)
    assert words in str(caught.value)


def test_all_faults_are_told_at_once(questions_file: WriteQuestions) -> None:
    file = questions_file('- question: "a"\n  entry: x\n- question: "b"\n  entry: y\n')
    with pytest.raises(ProblemsError) as caught:
        load_cases([file], ENTRIES)
    assert [problem.line for problem in caught.value.problems] == [2, 4]


def test_a_folder_stands_for_all_question_files_in_it(tmp_path: Path) -> None:
    for name in ("one.yaml", "inside/two.yaml"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'- question: "{name}"\n  entry: redness\n')
    assert {case.question for case in load_cases([tmp_path], ENTRIES)} == {
        "one.yaml",
        "inside/two.yaml",
    }


def test_an_id_of_before_is_the_entry_now(questions_file: WriteQuestions) -> None:
    file = questions_file(
        '- question: "tickles"\n  entry: itchy-scalp\n  after: itchy-scalp\n'
        '- question: "both"\n  entry: [itchy-scalp, itching]\n'
    )
    single, merged = load_cases([file], ENTRIES)
    assert (single.entries, single.after) == (("itching",), "itching")
    assert (merged.entries, merged.asks_all) == (("itching",), False)


def test_a_path_without_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.yaml: there is no such file"):
        load_cases([tmp_path / "absent.yaml"], ENTRIES)
    with pytest.raises(UsageError, match="no question files"):
        load_cases([tmp_path], ENTRIES)
