from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.blocks import Tap, Way
from bot.chat.telegram import keyboards
from bot.chat.telegram.keyboards import read_tap
from bot.faq.models import Entry, Faq, Knowledge, Replies
from bot.faq.replies import TopicGroup
from tests.telegram_api.keyboards import MAX_BUTTONS


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
    assert tap is None or keyboards.button("Label", tap).callback_data == data


def test_data_of_the_longest_id_fits() -> None:
    data = str(keyboards.button("Label", Tap("unhelpful", "x" * 56)).callback_data)
    assert len(data.encode()) <= 64
    assert read_tap(data) == Tap("unhelpful", "x" * 56)


def test_a_page_number_that_is_none_is_refused() -> None:
    assert read_tap("p:²") is None
    assert read_tap("p:-1") is None
    assert read_tap("p:") is None


def _data(rows: list[keyboards.Row]) -> list[Tap]:
    taps = [read_tap(str(button.callback_data)) for row in rows for button in row]
    return [tap for tap in taps if tap]


def _grouped(count: int) -> Knowledge:
    """Half of the entries in two groups, the rest in none."""
    known = _faq(count)
    ids = [entry.id for entry in known.faq.entries][: count // 2]
    groups = (
        TopicGroup(title="Odd", entries=tuple(ids[::2])),
        TopicGroup(title="Even", entries=tuple(ids[1::2])),
    )
    return known.model_copy(update={"replies": Replies(groups=groups)})


@settings(max_examples=25, deadline=None)
@given(st.integers(4, 1500), st.sampled_from((_faq, _grouped)))
def test_every_entry_is_two_taps_away_within_telegrams_limits(
    count: int, made: Callable[[int], Knowledge]
) -> None:
    knowledge = made(count)
    first = _data(keyboards.topic_rows(knowledge))
    pages = [int(tap.of) for tap in first if tap.action == "page"]
    reached = {tap.of for tap in first if tap.action == "topic"}
    for page in pages:
        rows = keyboards.topic_rows(knowledge, page)
        assert sum(map(len, rows)) <= MAX_BUTTONS - 1
        assert all(len(row) <= 2 for row in rows)
        reached |= {tap.of for tap in _data(rows) if tap.action == "topic"}
    assert reached == {entry.id for entry in knowledge.faq.entries}


def test_a_page_past_the_last_is_the_last() -> None:
    knowledge = _grouped(40)
    assert keyboards.topic_rows(knowledge, 10**9)[0] == keyboards.topic_rows(knowledge, 3)[0]


def test_what_does_one_thing_is_taken_out_of_a_keyboard() -> None:
    knowledge = _grouped(12)
    check = keyboards.button("Check", Tap("check"))
    before = keyboards.markup([(check,), *keyboards.topic_rows(knowledge, 0)])
    assert _data(keyboards.without(before, "topic", "page")) == [Tap("check")]


def test_yes_and_no_stand_side_by_side_and_what_is_long_alone() -> None:
    check = Way("Check what I see", Tap("check"))
    groups = (Way("Healing now", Tap("page", "0")), Way("Before booking", Tap("page", "1")))
    answers = (
        Way("Yes", Tap("alert", "a")),
        Way("No", Tap("check", "b")),
        Way("y" * 23, Tap("topic")),
    )
    rows = keyboards.packed_rows((check, *groups)), keyboards.packed_rows(answers)
    assert [[len(row) for row in each] for each in rows] == [[1, 2], [2, 1]]


def test_a_long_title_is_shortened_on_its_button() -> None:
    button = keyboards.button("long " * 40, Tap("topics"))
    assert len(button.text) <= 60
    assert button.text.endswith("…")
