"""What words tell of entries and dangers beside the network, counted from a few messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.answering.encoder import DANGERS, Encoded, Encoder
from bot.answering.word_counts import FILE, WordCounts, features, joined, mark
from bot.errors import BotError
from bot.faq.loading import load_knowledge
from training.lines import Line
from training.word_counts import counted, share

CLASSES = ["itchy-scalp", "redness", "fainting", "none"]
CALM, GRAVE = {"ordinary": 1.0}, {"emergency": 1.0}
LINES = [
    *(Line(f"{how} itchy my head is", {"itchy-scalp": 1.0}, CALM) for how in ("how", "so")),
    *(Line(f"{how} red is my head", {"redness": 0.5, "none": 0.5}, CALM) for how in ("how", "so")),
    *(Line(f"{how} is a bus", {"none": 1.0}, CALM) for how in ("this", "that", "where")),
    Line("itchy and red", {"itchy-scalp": 0.5, "redness": 0.5}, several=True),
    Line("my throat is closing", {}, GRAVE),
    Line("i cant breathe", {}, GRAVE),
    Line("breathe in the steam", {}, {"urgent": 0.5, "harmless": 0.5}),
    Line("of which nothing is known"),
]
COUNTS = counted(LINES, CLASSES)
UNSURE = Encoded(
    np.ones((1, 2), np.float32),
    np.log(np.full((1, 4), 0.25, np.float32)),
    np.log(np.full((1, 5), 0.2, np.float32)),
)


def danger(words: Sequence[str]) -> float:
    return float(COUNTS.beside(UNSURE, [words]).danger[0] - UNSURE.danger[0])


def best(text: str) -> str:
    return CLASSES[int(COUNTS.log_chances(text.split())[: len(CLASSES)].argmax())]


@pytest.mark.parametrize(
    ("text", "entry"),
    [("itchy head", "itchy-scalp"), ("it is red", "redness"), ("where is that bus", "none")],
)
def test_a_telling_word_speaks_for_its_entry(text: str, entry: str) -> None:
    assert best(text) == entry


def test_beside_the_network_a_telling_word_makes_its_entry_and_danger_likelier() -> None:
    told = COUNTS.beside(UNSURE, [["itchy", "throat"]])
    assert told.entries[0].argmax() == 0
    assert told.dangers[0].argmax() == DANGERS.index("emergency")
    assert np.exp(told.entries).sum() == pytest.approx(1.0, abs=1e-5)
    assert told.vectors.tolist() == UNSURE.vectors.tolist()


def test_of_a_half_share_it_counts_for_half() -> None:
    words = [["itchy", "head"]]
    half = replace(COUNTS, share=np.array(0.5, np.float32)).beside(UNSURE, words)
    whole, none = COUNTS.beside(UNSURE, words), UNSURE
    assert none.entries[0, 0] < half.entries[0, 0] < whole.entries[0, 0]


@pytest.mark.parametrize("words", [(), ("zebra",), ("zebra", "crossing")])
def test_what_was_never_counted_tells_nothing(words: tuple[str, ...]) -> None:
    told = COUNTS.beside(UNSURE, [words])
    np.testing.assert_allclose(told.entries, UNSURE.entries, atol=1e-6)
    np.testing.assert_allclose(told.dangers, UNSURE.dangers, atol=1e-6)


def test_an_entry_without_lines_is_no_likelier_than_the_least_likely() -> None:
    told = COUNTS.log_chances(["itchy", "bus"])[: len(CLASSES)]
    assert told[CLASSES.index("fainting")] == told.min()


def test_words_of_a_danger_speak_for_one_and_others_against_it() -> None:
    assert danger(("i", "cant", "breathe")) > 1
    assert danger(("how", "red")) < -1


def test_the_order_of_words_counts() -> None:
    assert danger(("throat", "is", "closing")) > danger(("closing", "is", "throat"))


def test_what_is_said_again_is_no_more_danger() -> None:
    said = ("i", "cant", "breathe")
    assert danger(said * 50) == pytest.approx(danger(said * 2))


def test_a_pair_of_neighbours_is_not_one_with_a_word_between() -> None:
    near, far = set(features(("a", "b")).tolist()), set(features(("a", "x", "b")).tolist())
    assert len(near) == len(features(("a", "b"))) == 5
    assert len(near & far) == 4  # each word alone, and at its end of the message


def test_of_two_labels_the_first_counts_and_of_what_asks_for_two_or_may_be_a_danger_none() -> None:
    own = Line("how red is my head", {"redness": 1.0}, CALM)
    sole = counted([own], CLASSES)
    for lines in (
        [replace(own, entries={"redness": 0.5, "none": 0.5})],
        [own, LINES[7], LINES[10]],
    ):
        again = counted(lines, CLASSES)
        assert all(
            np.array_equal(one, other)
            for one, other in zip(vars(sole).values(), vars(again).values(), strict=True)
        )


def test_words_count_for_as_much_as_they_help() -> None:
    labels = [{"redness": 1.0}, {"itchy-scalp": 1.0}, {}]
    unsure = np.log(np.full((3, 4), 0.25, np.float32))
    right = np.log(np.float32([[0.1, 0.9, 0.1, 0.1], [0.9, 0.1, 0.1, 0.1], [0.5, 0.5, 0.5, 0.5]]))
    assert share(unsure, right, labels, CLASSES) == 1.0
    assert share(unsure, -right, labels, CLASSES) == 0.0


def test_a_share_of_nothing_changes_nothing() -> None:
    deep = np.log(np.array([[0.7, 0.2, 0.1]], np.float32))
    np.testing.assert_allclose(joined(deep, 0 * np.float32([-5, -1, -9])), deep, atol=1e-6)


def test_what_ships_was_counted_from_the_lines_there_are() -> None:
    shipped = WordCounts.load()
    told = [shipped.log_chances(text.split()) for text in ("i cant breathe", "what does it cost")]
    grave, calm = (DANGERS[each[-len(DANGERS) :].argmax()] for each in told)
    assert (grave, calm) == ("emergency", "ordinary")
    assert (np.diff(shipped.places.astype(np.int64)) > 0).all()
    assert 0 < shipped.share < 1


def test_lines_of_signs_and_synonyms_are_known_apart() -> None:
    """A new line of signs counts at once, though it is a word that was a synonym before."""
    known = load_knowledge(Path(__file__).parents[2] / "faq")
    shipped = WordCounts.load()
    lines = {mark(line) for sign in known.signs.signs for line in sign.said}
    synonyms = {mark(word) for group in known.vocabulary.synonyms for word in group}
    assert shipped.synonyms.size
    assert not set(shipped.lines.tolist()) & (synonyms - lines)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("bot.answering.word_counts.files", lambda _: tmp_path)
    return tmp_path / FILE


@pytest.mark.parametrize("damage", ["gone", "cut short", "another", "one bit"])
def test_a_damaged_file_is_refused(damage: str, shipped: Path) -> None:
    classes = Encoder.load().classes
    np.savez_compressed(shipped, **vars(counted([Line("red", {classes[0]: 1.0})], classes)))
    assert len(WordCounts.load.__wrapped__(WordCounts).sizes) == len(classes) + len(DANGERS)
    whole = bytearray(shipped.read_bytes())
    whole[len(whole) // 2] ^= 1
    damaged = {"cut short": whole[: len(whole) // 2], "another": b"PK", "one bit": whole}
    shipped.unlink() if damage == "gone" else shipped.write_bytes(damaged[damage])
    with pytest.raises(BotError, match="install the bot again"):
        WordCounts.load.__wrapped__(WordCounts)


def test_counts_of_other_entries_than_the_network_was_taught_are_refused(shipped: Path) -> None:
    np.savez_compressed(shipped, **vars(COUNTS))
    with pytest.raises(BotError, match="python -m training weights"):
        WordCounts.load.__wrapped__(WordCounts)
