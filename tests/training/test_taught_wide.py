"""The word pieces that tell of entries are taught, where `[training]` is installed."""

from __future__ import annotations

import numpy as np
import pytest

from training.lines import Line

pytest.importorskip("torch")
pytest.importorskip("sklearn")

CLASSES = ["itchy-scalp", "redness", "fainting", "none"]
LINES = [
    *(Line(f"{how} itchy my head is", {"itchy-scalp": 1.0}) for how in ("how", "so", "very")),
    *(
        Line(f"{how} red my head is", {"redness": 0.5, "none": 0.5})
        for how in ("how", "so", "bit")
    ),
    *(Line(f"{how} is a bus", {"none": 1.0}) for how in ("this", "that", "where")),
    Line("itchy and red", {"itchy-scalp": 0.5, "redness": 0.5}, several=True),
    Line("a bare sign"),
]


def test_telling_pieces_are_learnt_and_kept_in_whole_numbers() -> None:
    from training.network import as_numbers
    from training.wide import wide

    taught = wide(LINES, CLASSES)
    assert taught.table.dtype == np.int8
    for text, entry in (("itchy head", 0), ("red head", 1), ("where is that", 3)):
        assert int(taught.log_chances(as_numbers(text)).argmax()) == entry
    again = wide(LINES, CLASSES)
    assert all(
        np.array_equal(one, other)
        for one, other in zip(taught.arrays().values(), again.arrays().values(), strict=True)
    )


def test_of_an_entry_without_lines_no_piece_tells() -> None:
    from training.network import as_numbers
    from training.wide import wide

    taught, place = wide(LINES, CLASSES), CLASSES.index("fainting")
    itchy, bus = (taught.log_chances(as_numbers(text)) for text in ("itchy", "where is the bus"))
    assert itchy[place] == bus[place] < min(itchy.max(), bus.max())


def test_they_count_for_as_much_as_they_help() -> None:
    from training.wide import share

    lines = [Line("a", {"redness": 1.0}), Line("b", {"itchy-scalp": 1.0}), Line("c")]
    unsure = np.log(np.full((3, 4), 0.25, np.float32))
    right = np.log(np.float32([[0.1, 0.9, 0.1, 0.1], [0.9, 0.1, 0.1, 0.1], [0.5, 0.5, 0.5, 0.5]]))
    assert share(unsure, right, lines, CLASSES) > 0.5
    assert share(unsure, -right, lines, CLASSES) == 0.0
