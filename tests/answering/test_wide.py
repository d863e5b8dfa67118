"""Single word pieces, and pairs of them, tell of entries beside the network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.answering.encoder import Encoder
from bot.answering.wide import BITS, Wide, joined, places
from tests.answering.test_encoder import CLASSES, graph, network

ITCHY, RED = 5, 9


def telling(numbers: list[int], column: int) -> Wide:
    """Of three classes, pieces in this order speak for one."""
    table = np.zeros((2**BITS, 3), np.int8)
    alone = np.concatenate([places([number]) for number in numbers])
    table[np.setdiff1d(places(numbers), alone), column] = 60
    return Wide(table, *(np.full(3, each, np.float32) for each in (0.1, -3, 1)))


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    made = graph(tmp_path_factory.mktemp("toy"))
    return Encoder(made, network(made))


def test_a_telling_word_speaks_for_its_entry_beside_the_network(toy: Encoder) -> None:
    for text, entry in (("is my scalp red", "redness"), ("my scalp is itchy", "itchy-scalp")):
        place = CLASSES.index(entry)
        with_it = toy.read([text]).entries[0]
        alone = toy.without_wide().read([text]).entries[0]
        assert with_it[place] > alone[place]
        assert np.exp(with_it).sum() == pytest.approx(1.0, abs=1e-5)


def test_a_telling_word_speaks_for_its_danger_too(toy: Encoder) -> None:
    one, other = toy.read(["my scalp is red"]), toy.without_wide().read(["my scalp is red"])
    assert one.dangers[0, 0] > other.dangers[0, 0]
    assert np.exp(one.dangers[0]).sum() == pytest.approx(1.0, abs=1e-5)
    assert one.vectors.tolist() == other.vectors.tolist()


def test_lines_that_it_had_no_say_in_are_kept_apart(toy: Encoder) -> None:
    assert toy.without_wide().digest != toy.digest


def test_a_pair_tells_what_its_words_do_not() -> None:
    wide = telling([ITCHY, RED], 1)
    together, turned = wide.log_chances([ITCHY, RED]), wide.log_chances([RED, ITCHY])
    assert together[1] > turned[1]
    assert together[0] == pytest.approx(turned[0])


def test_what_is_said_again_counts_once() -> None:
    assert len(places([RED] * 3)) == len(places([RED] * 30))


def test_of_no_pieces_only_how_common_each_is_is_told() -> None:
    wide = telling([ITCHY, RED], 1)
    wide = replace(wide, bias=np.float32([-3, -1, 0]))
    np.testing.assert_allclose(wide.log_chances([]), -np.logaddexp(0, -wide.bias), rtol=1e-6)


def test_with_half_a_share_it_counts_for_half() -> None:
    wide = telling([ITCHY, RED], 1)
    half = replace(wide, shares=wide.shares / 2)
    told = wide.log_chances([ITCHY, RED])
    np.testing.assert_allclose(half.log_chances([ITCHY, RED]), told / 2, rtol=1e-6)


def test_a_share_of_nothing_changes_nothing() -> None:
    deep = np.log(np.array([[0.7, 0.2, 0.1]], np.float32))
    np.testing.assert_allclose(joined(deep, 0 * np.float32([-5, -1, -9])), deep, atol=1e-6)
