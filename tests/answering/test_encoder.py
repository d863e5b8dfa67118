"""The network: what it makes of texts, whatever else is read with them."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from bot.answering.encoder import GRAPH_INPUT, GRAPH_OUTPUTS, Encoder, digest, mark
from bot.errors import BotError

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "not", "itchy", "my", "scalp", "is", "red", "?"]
CLASSES = ["itchy-scalp", "redness", "none"]
FIGURES = 24


def letters(lines: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def graph(folder: Path) -> Path:
    """A network that adds up what each piece weighs, more for a later one."""
    chance = np.random.default_rng(7)
    shapes = {"table": (len(PIECES), FIGURES), "entry_head": (FIGURES, 3), "head": (FIGURES, 5)}
    made = [
        numpy_helper.from_array(chance.normal(size=shape).astype(np.float32), name)
        for name, shape in shapes.items()
    ]
    made += [numpy_helper.from_array(np.array(each), name) for name, each in (("0", 0), ("1", 1))]
    nodes = [
        helper.make_node("Gather", ["table", GRAPH_INPUT], ["rows"]),
        helper.make_node("Size", [GRAPH_INPUT], ["length"]),
        helper.make_node("Range", ["0", "length", "1"], ["places"]),
        helper.make_node("Cast", ["places"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "0"], ["row"]),
        helper.make_node("MatMul", ["row", "rows"], ["sum"]),
        helper.make_node("LpNormalization", ["sum"], ["vectors"], axis=1),
        helper.make_node("MatMul", ["vectors", "entry_head"], ["to_entries"]),
        helper.make_node("MatMul", ["vectors", "head"], ["to_dangers"]),
        helper.make_node("LogSoftmax", ["to_entries"], ["entries"]),
        helper.make_node("LogSoftmax", ["to_dangers"], ["dangers"]),
    ]
    taken = helper.make_tensor_value_info(GRAPH_INPUT, TensorProto.INT64, ["pieces"])
    given = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, size])
        for name, size in zip(GRAPH_OUTPUTS, (FIGURES, 3, 5), strict=True)
    ]
    model = helper.make_model(
        helper.make_graph(nodes, "toy", [taken], given, made),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=9,
    )
    (folder / "encoder.onnx").write_bytes(model.SerializeToString())
    return folder / "encoder.onnx"


def network(graph: Path) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {
        "pieces": letters(PIECES),
        "classes": letters(CLASSES),
        "taught": np.array([mark("redness", "My scalp is red")], np.uint32),
    }
    return arrays | {"digest": letters([digest(graph, arrays)])}


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    made = graph(tmp_path_factory.mktemp("toy"))
    return Encoder(made, network(made))


def test_a_text_is_read_alike_alone_and_among_others(toy: Encoder) -> None:
    texts = ["my scalp is red", "", "itchy", "not itchy?", "is is is is is"] * 30
    together = astuple(toy.read(texts))
    for place, text in enumerate(texts[:5]):
        for alone, among in zip(astuple(toy.read([text])), together, strict=True):
            np.testing.assert_allclose(alone[0], among[place + 100], rtol=1e-4, atol=1e-5)


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


@pytest.mark.parametrize("name", ["encoder.onnx", "encoder.npz"])
@pytest.mark.parametrize("damage", ["gone", "cut short", "another", "one bit"])
def test_a_damaged_file_is_refused(
    name: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = graph(tmp_path)
    np.savez(tmp_path / "encoder.npz", **network(made))
    monkeypatch.setattr("bot.answering.encoder.files", lambda _: tmp_path)
    assert Encoder.load.__wrapped__().classes == tuple(CLASSES)
    file = tmp_path / name
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    damaged = {"cut short": whole[: len(whole) // 2], "another": b"PK", "one bit": whole}
    file.unlink() if damage == "gone" else file.write_bytes(damaged[damage])
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
