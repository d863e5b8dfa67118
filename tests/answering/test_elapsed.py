from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering import elapsed
from bot.answering.reading import Reader
from bot.answering.spelling import Speller

READER = Reader(Speller({}))
CASES = yaml.safe_load(Path(__file__).with_name("elapsed_cases.yaml").read_text("utf-8"))


def elapsed_days(text: str) -> float | None:
    return elapsed.elapsed_days(READER.read(text))


@pytest.mark.parametrize(("message", "days"), CASES)
def test_the_time_since_treatment_is_read(message: str, days: float | None) -> None:
    found = elapsed_days(message)
    assert found == (None if days is None else pytest.approx(days))


@pytest.mark.parametrize(("message", "days"), CASES)
def test_case_and_a_greeting_change_nothing(message: str, days: float | None) -> None:
    assert elapsed_days(f"Hello.\n{message.upper()}") == elapsed_days(message)


def test_the_last_of_two_sessions_counts() -> None:
    assert elapsed_days("First session 6 weeks ago, second session 3 days ago, still red") == 3


def test_the_longest_counts_where_no_time_is_that_of_the_treatment() -> None:
    assert elapsed_days("red since yesterday, itchy for 4 days") == 4


@given(st.integers(1, 60), st.sampled_from(["day", "week", "hour"]))
def test_a_number_of_units_ago(count: int, unit: str) -> None:
    days = count * {"day": 1, "week": 7, "hour": 1 / 24}[unit]
    plural = unit if count == 1 else unit + "s"
    whole = 0 if days < 1 else days
    assert elapsed_days(f"I had SMP {count} {plural} ago") == pytest.approx(whole)


@given(st.text(max_size=6000))
@example("9999 years ago")
@example("1 day " * 900)
@example("a a a a and a half")
@example("day")
@example("week and a half")
@example("٣ days ago")
@example("²days")
@example("𐹤f 𐹤 days ago 𐹤nd day")
def test_any_text_is_read(text: str) -> None:
    found = elapsed_days(text)
    assert found is None or 0 <= found <= 36_500
