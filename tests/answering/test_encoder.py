"""The network: what it makes of texts, whatever else is read with them."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from bot.answering.encoder import MOST_PIECES, Arrays, Encoder, digest, mark
from bot.errors import BotError

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "not", "itchy", "my", "scalp", "is", "red", "?"]
CLASSES = ["itchy-scalp", "redness", "none"]
FIGURES, WIDE = 24, 30
MATRICES = {
    "0.heads": (FIGURES, 3 * FIGURES),
    "0.told": (FIGURES, FIGURES),
    "0.wide": (FIGURES, WIDE),
    "0.out": (WIDE, FIGURES),
    "mixed": (FIGURES, 7),
    "entries": (7, 3),
    "dangers": (7, 5),
}
NORMS = ("norm", "0.told_norm", "0.out_norm")


def letters(lines: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def network() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(7)
    arrays: dict[str, np.ndarray] = {}
    for name, (rows, columns) in (MATRICES | {"table": (len(PIECES), FIGURES)}).items():
        arrays[name] = chance.integers(-127, 128, (rows, columns)).astype(np.int8)
        arrays[f"{name}_scale"] = np.full(columns, 0.01, np.float16)
        arrays[f"{name}_bias"] = chance.normal(size=columns).astype(np.float16)
    arrays["table_scale"] = np.full(len(PIECES), 0.01, np.float16)
    arrays["positions"] = chance.normal(size=(MOST_PIECES + 2, FIGURES)).astype(np.float16)
    for name in NORMS:
        arrays[name] = np.ones(FIGURES, np.float16)
        arrays[f"{name}_bias"] = np.zeros(FIGURES, np.float16)
    arrays["pieces"], arrays["classes"] = letters(PIECES), letters(CLASSES)
    arrays["taught"] = np.array([mark("redness", "My scalp is red")], np.uint32)
    return arrays | {"digest": letters([digest(arrays)])}


@pytest.fixture(scope="module")
def toy() -> Encoder:
    return Encoder(network())


def test_a_text_is_read_alike_alone_and_among_others(toy: Encoder) -> None:
    texts = ["my scalp is red", "", "itchy", "not itchy?", "is is is is is"] * 30
    together = astuple(toy.read(texts))
    for place, text in enumerate(texts[:5]):
        for alone, among in zip(astuple(toy.read([text])), together, strict=True):
            np.testing.assert_allclose(alone[0], among[place + 100], rtol=1e-4, atol=1e-5)


def test_a_product_by_blocks_of_columns_is_that_of_the_whole_matrix(toy: Encoder) -> None:
    arrays, rows = network(), np.eye(FIGURES, dtype=np.float32)
    assert len(toy._of["0.heads"]) > 1
    scales = arrays["0.heads_scale"].astype(np.float32)
    whole = arrays["0.heads"] * scales + arrays["0.heads_bias"]
    np.testing.assert_allclose(toy._times(rows, "0.heads"), whole, rtol=1e-5)


def test_words_are_read_in_their_order(toy: Encoder) -> None:
    one, other = toy.read(["not itchy is red", "itchy is not red"]).entries
    assert np.abs(one - other).max() > 0.01


def test_chances_add_up_to_one_and_vectors_have_length_one(toy: Encoder) -> None:
    read = toy.read(["my scalp is red", "nothing known", ""])
    np.testing.assert_allclose(np.exp(read.entries).sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(np.exp(read.dangers).sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(read.vectors, axis=1), [1, 1, 0], atol=1e-5)


def test_the_odds_of_a_danger_are_those_of_its_three_levels(toy: Encoder) -> None:
    read = toy.read(["my scalp is red"])
    chances = np.exp(read.dangers[0])
    assert read.danger[0] == pytest.approx(np.log(chances[:3].sum() / chances[3:].sum()), abs=1e-4)


def test_of_an_endless_text_the_beginning_and_the_end_are_read(toy: Encoder) -> None:
    middle = "is " * 1500
    one = toy.read(["red " + middle + "itchy"]).vectors
    assert not np.allclose(one, toy.read(["red " + middle + "scalp"]).vectors)
    np.testing.assert_array_equal(one, toy.read(["red " + middle + "is is itchy"]).vectors)


def test_nothing_is_read_of_no_texts(toy: Encoder) -> None:
    assert [len(each) for each in astuple(toy.read([]))] == [0, 0, 0]


def test_it_is_known_how_much_of_an_entry_was_taught(toy: Encoder) -> None:
    assert toy.taught("redness", ["My scalp is red", "Redder than before"]) == 0.5
    assert toy.taught("itchy-scalp", ["My scalp is red"]) == 0.0
    assert toy.taught("new-entry", []) == 0.0


@pytest.mark.parametrize("cut", [0, 1000, -1])
def test_a_damaged_file_is_refused(
    cut: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays: Arrays = network() | ({"entries": np.ones((7, 3), np.int8)} if cut < 0 else {})
    np.savez(tmp_path / "encoder.npz", **arrays)
    whole = (tmp_path / "encoder.npz").read_bytes()
    (tmp_path / "encoder.npz").write_bytes(whole[: cut or len(whole) // 2] if cut >= 0 else whole)
    monkeypatch.setattr("bot.answering.encoder.files", lambda _: tmp_path)
    with pytest.raises(BotError, match="install the bot again"):
        Encoder.load.__wrapped__()


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("can i wash my hair", "when is shampoo allowed", "can i see my doctor"),
        ("expecting a baby", "i am pregnant", "who won the football"),
        ("my face is puffy", "swollen cheeks", "how much does it cost"),
    ],
)
def test_what_shares_no_words_but_a_meaning_is_near(text: str, near: str, far: str) -> None:
    one, like, other = Encoder.load().read([text, near, far]).vectors
    assert one @ like > one @ other + 0.1


def test_the_shipped_network_knows_an_entry_and_a_danger_in_other_words() -> None:
    encoder = Encoder.load()
    read = encoder.read(["the ink has gone a sort of navy colour", "i can hardly get any air in"])
    assert encoder.classes[int(read.entries[0].argmax())] == "blue-dots"
    assert read.danger[1] > 3 > -3 > read.danger[0]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("My scalp is ITCHY!", [2026, 21065, 2003, 2009, 11714, 999]),
        ("micropigmentation hurts", [12702, 8197, 21693, 19304, 13403]),
        ("i cnt breathe proply", [1045, 27166, 2102, 7200, 17678, 2135]),
        ("naïve café … 日本語", [15743, 7668, 1529, 1864, 1876, 1950]),
        ("😀 hi", [100, 7632]),
    ],
)
def test_its_word_pieces_have_the_numbers_that_its_teacher_gives_them(
    text: str, numbers: list[int]
) -> None:
    assert Encoder.load()._pieces.numbers(text) == numbers
