from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.telegram import keyboards
from bot.chat.telegram.keyboards import Tap, read_tap, write_tap
from bot.faq.models import Entry, Faq, Knowledge


def _faq(count: int) -> Knowledge:
    kinds = ("risk", "guide", "gap")
    return Knowledge(
        faq=Faq(
            title="Many",
            entries=tuple(
                Entry(
                    id=f"e{number}",
                    kind=kinds[number % 3],
                    title=f"Entry {number}",
                    questions=("?",),
                    answer="An answer.",
                )
                for number in range(count)
            ),
        )
    )


@given(st.text())
def test_any_callback_data_is_read_or_refused(data: str) -> None:
    tap = read_tap(data)
    assert tap is None or write_tap(tap) == data


def test_data_of_the_longest_id_fits() -> None:
    data = write_tap(Tap("unhelpful", "x" * 56))
    assert len(data.encode()) <= 64
    assert read_tap(data) == Tap("unhelpful", "x" * 56)


def test_a_page_number_that_is_none_is_refused() -> None:
    assert read_tap("p:²") is None
    assert read_tap("p:-1") is None
    assert read_tap("p:") is None


def _data(rows: list[keyboards.Row]) -> list[Tap]:
    taps = [read_tap(str(button.callback_data)) for row in rows for button in row]
    return [tap for tap in taps if tap]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 1500))
def test_every_entry_is_two_taps_away_within_telegrams_limits(count: int) -> None:
    knowledge = _faq(count)
    first = keyboards.topic_rows(knowledge, 0)
    pages = [int(tap.of) for tap in _data(first) if tap.action == "page"] or [0]
    reached = set()
    for page in pages:
        rows = keyboards.topic_rows(knowledge, page)
        assert sum(map(len, rows)) <= keyboards.MOST_BUTTONS - 2
        assert all(len(row) <= 8 for row in rows)
        reached |= {tap.of for tap in _data(rows) if tap.action == "topic"}
    assert reached == {entry.id for entry in knowledge.faq.entries}


def test_a_page_past_the_last_is_the_last() -> None:
    knowledge = _faq(40)
    assert keyboards.topic_rows(knowledge, 10**9)[0] == keyboards.topic_rows(knowledge, 5)[0]


def test_turning_a_page_keeps_the_question_whether_it_helped() -> None:
    knowledge = _faq(40)
    before = keyboards.markup(
        [*keyboards.topic_rows(knowledge, 0), keyboards.feedback_row("", knowledge.replies.faces)]
    )
    after = keyboards.turned(before, knowledge, 1)
    assert after
    assert Tap("helpful", "") in _data(list(after.inline_keyboard))
    left = keyboards.without_feedback(after)
    assert left
    assert Tap("helpful", "") not in _data(list(left.inline_keyboard))


def test_a_long_title_is_shortened_on_its_button() -> None:
    button = keyboards.button("long " * 40, Tap("topics"))
    assert len(button.text) <= 60
    assert button.text.endswith("…")
