from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evaluation.limits import past_limits, read_floor, read_limits
from bot.evaluation.measures import Figure

RIGHT = Figure("min-right", "right at once", 0.881)
WRONG = Figure("max-wrong", "wrong answered", 0.03)


def test_a_figure_past_its_limit_is_told_with_how_far() -> None:
    assert past_limits([RIGHT, WRONG], {"min-right": 0.9, "max-wrong": 0.02}) == (
        "min-right 90.0%: right at once is 88.1%, 1.9 points under the limit",
        "max-wrong 2.0%: wrong answered is 3.0%, 1.0 points over the limit",
    )


def test_a_figure_at_its_limit_passes() -> None:
    assert past_limits([RIGHT, WRONG], {"min-right": 0.881, "max-wrong": 0.03}) == ()


def test_a_limit_that_is_no_number_is_never_kept() -> None:
    assert past_limits([RIGHT], {"min-right": float("nan")})


def test_a_limit_that_nothing_measures_fails() -> None:
    (failure,) = past_limits([WRONG], {"min-right": 0.5})
    assert "no question in these files measures it" in failure


def test_a_floor_file_holds_limits(tmp_path: Path) -> None:
    floor = tmp_path / "floor.yaml"
    floor.write_text("min-right: 0.92  # as of today\nmax-wrong: 0\n")
    assert read_floor(floor) == {"min-right": 0.92, "max-wrong": 0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "min-right: 0.9\nmin-wrong: 0.1\n",
            ":2:1: error: there is no limit `min-wrong`",
        ),
        ("min-right: 92\n", "floor.yaml:1:1: error: `min-right` must be a share"),
        ("min-right: high\n", "floor.yaml:1:1: error: `min-right` must be a share"),
        ("min-right: .nan\n", "floor.yaml:1:1: error: `min-right` must be a share"),
        ("- 0.9\n", "limits are lines such as"),
        ("min-right: [\n", "floor.yaml:"),
    ],
)
def test_a_faulty_floor_file_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    floor = tmp_path / "floor.yaml"
    floor.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_floor(floor)
    assert words in str(caught.value)


def test_a_floor_file_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.yaml"):
        read_floor(tmp_path / "absent.yaml")


def test_limits_may_be_given_one_by_one() -> None:
    assert read_limits(["min-right=0.9", "max-wrong=0"]) == {
        "min-right": 0.9,
        "max-wrong": 0.0,
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("min-wrong=0.1", "there is no limit `min-wrong`"),
        ("min-right=92", "must be a share"),
        ("min-right", "must be a share"),
        ("min-right=nan", "must be a share"),
    ],
)
def test_a_limit_that_cannot_be_used_is_told(given: str, words: str) -> None:
    with pytest.raises(UsageError, match=f"--limit {given}: .*{words}"):
        read_limits([given])
