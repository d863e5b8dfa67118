from __future__ import annotations

from bot.chat.telegram.memory import TAPS, PersonLimits


def test_ten_in_half_a_minute_then_one_notice_then_silence() -> None:
    limits = PersonLimits()
    verdicts = [limits.verdict(1, float(second)) for second in range(13)]
    assert verdicts == ["answer"] * 10 + ["notice"] + ["silence"] * 2


def test_half_a_minute_later_all_is_well_again() -> None:
    limits = PersonLimits()
    for _ in range(12):
        limits.verdict(1, 0)
    assert limits.verdict(1, 29.9) == "silence"
    assert limits.verdict(1, 30) == "answer"


def test_the_window_moves_on_with_each_message() -> None:
    limits = PersonLimits()
    for second in range(0, 30, 3):
        assert limits.verdict(1, float(second)) == "answer"
    assert [limits.verdict(1, at) for at in (29.0, 30.0, 31.0, 33.0)] == [
        "notice",
        "answer",
        "silence",
        "answer",
    ]


def test_another_number_can_be_allowed() -> None:
    limits = PersonLimits(TAPS)
    assert [limits.verdict(1, 0) for _ in range(TAPS + 1)] == ["answer"] * TAPS + ["notice"]


def test_nobody_pays_for_another() -> None:
    limits = PersonLimits()
    for _ in range(20):
        limits.verdict(1, 0)
    assert limits.verdict(2, 0) == "answer"


def test_what_was_written_in_an_hour_is_not_a_lot_at_once() -> None:
    limits = PersonLimits()
    assert {limits.verdict(1, minute * 60.0) for minute in range(60)} == {"answer"}


def test_the_persons_longest_quiet_are_forgotten() -> None:
    limits = PersonLimits(most=2)
    for _ in range(11):
        limits.verdict(1, 0)
    limits.verdict(2, 0)
    limits.verdict(3, 0)
    assert limits.verdict(1, 0) == "answer"
