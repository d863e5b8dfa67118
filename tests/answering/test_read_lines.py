"""The lines of a FAQ are read once: what is kept of them is as good as reading them again."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from bot.answering import lines
from bot.answering.encoder import Encoded, Encoder
from tests.answering.test_encoder import graph, network

LINES = ["", *(f"my scalp is {'red ' * number}" for number in range(60))]


class Counting(Encoder):
    """An encoder that counts the lines that it reads."""

    def __init__(self, folder: Path) -> None:
        made = graph(folder)
        super().__init__(made, network(made))
        self.count = 0

    def read(self, texts: list[str]) -> Encoded:  # type: ignore[override]
        self.count += len(texts)
        return super().read(texts)


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setattr(lines, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    lines._known.cache_clear()
    return Counting(tmp_path)


def read_in_a_new_process(encoder: Encoder, texts: list[str]) -> Encoded:
    lines._known.cache_clear()
    return lines.read_lines(encoder, texts)


def test_lines_are_read_once_for_all_processes(encoder: Counting) -> None:
    fresh = encoder.read(LINES)
    encoder.count = 0
    for _ in range(2):
        kept = read_in_a_new_process(encoder, LINES)
        np.testing.assert_allclose(kept.vectors, fresh.vectors, atol=0.005)
        for one, other in ((kept.entries, fresh.entries), (kept.dangers, fresh.dangers)):
            np.testing.assert_allclose(one, other.clip(-12), atol=0.051)
    assert encoder.count == len(LINES)


def test_only_what_is_new_is_read(encoder: Counting) -> None:
    lines.read_lines(encoder, LINES)
    encoder.count = 0
    more = [*LINES[10:], "a new line", "a new line"]
    assert len(read_in_a_new_process(encoder, more).vectors) == len(more)
    assert encoder.count == 1


@pytest.mark.parametrize("content", [b"", b"no file of arrays", "another", "one bit"])
def test_a_file_that_is_damaged_or_of_another_network_is_made_anew(
    content: bytes | str, encoder: Counting, tmp_path: Path
) -> None:
    lines.read_lines(encoder, LINES)
    (file,) = (tmp_path / "cache").iterdir()
    if content == "another":
        with file.open("wb") as opened:
            lines._write(opened, "another", {1: np.zeros(3, np.int8)})
    elif content == "one bit":
        damaged = bytearray(file.read_bytes())
        damaged[damaged.index(b"whole.npy") + 100] ^= 1
        file.write_bytes(damaged)
    else:
        file.write_bytes(content)
    for _ in range(2):
        read_in_a_new_process(encoder, LINES)
    assert encoder.count == 2 * len(LINES)


def test_where_nothing_can_be_kept_lines_are_read_all_the_same(
    encoder: Counting, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert len(lines.read_lines(encoder, LINES).vectors) == len(LINES)
    lines.read_lines(encoder, LINES)
    assert encoder.count == len(LINES)


def test_no_lines_are_no_lines(encoder: Counting) -> None:
    assert [len(each) for each in astuple(lines.read_lines(encoder, []))] == [0, 0, 0]
