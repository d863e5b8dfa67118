"""What a message means: its vector, the entries it may ask for, the danger it may tell of.

The sentence encoder all-MiniLM-L6-v2 (a BERT: Devlin et al., 2018), taught further, with a head
for entries and one for dangers; ONNX Runtime runs it. `python -m training encoder` makes it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions, disable_telemetry_events

from bot.answering.wordpiece import WordPiece
from bot.errors import BotError

Singles = NDArray[np.float32]
Arrays = Mapping[str, NDArray[np.generic]]

DANGERS = ("emergency", "crisis", "urgent", "harmless", "ordinary")
"""A danger of three levels, what only sounds like one, and the rest."""
NONE = "none"
"""The class, beside the entries, of what is off topic."""
MOST_PIECES = 190
"""Pieces of one text that are read: of more, the beginning and the end."""
FRAME = ("[CLS]", "[SEP]")
"""The pieces that stand round every text."""
GRAPH_INPUT, GRAPH_OUTPUTS = "pieces", ("vectors", "entries", "dangers")
"""What the network takes, shape (pieces,), and what it gives: rows of a vector and log-chances."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the network makes of texts, a row for each.

    `vectors`, of length 1, are near for texts of like meaning; a text without words has zeros.
    `entries` and `dangers` are logarithms of chances, which add up to 1, of
    `Encoder.classes` and of `DANGERS`.
    """

    vectors: Singles
    entries: Singles
    dangers: Singles

    @property
    def danger(self) -> Singles:
        """The log-odds of each text that it tells of a danger, of any of the three levels."""
        signs, rest = np.split(self.dangers, [3], axis=1)
        return np.asarray(np.logaddexp.reduce(signs, axis=1) - np.logaddexp.reduce(rest, axis=1))

    @property
    def off_topic(self) -> Singles:
        """The log-chance of each text that it is off topic."""
        return self.entries[:, -1]  # `NONE`, the last of `Encoder.classes`


class Encoder:
    """The network. Immutable, so safe in any thread."""

    def __init__(self, graph: Path, arrays: Arrays) -> None:
        """A graph as `encoder.onnx`, and arrays as those of `encoder.npz`.

        ValueError where they are not as they were made.
        """
        self.digest = digest(graph, arrays)
        """What tells this network, and so its vectors, from another one."""
        if arrays["digest"].tobytes().decode() != self.digest:
            raise ValueError("digest")
        self.classes = tuple(arrays["classes"].tobytes().decode().split("\n"))
        """The ids of the entries it was taught, and `NONE`, the last."""
        self._pieces = WordPiece(arrays["pieces"].tobytes().decode().split("\n"))
        self._begin, self._end = map(self._pieces.number, FRAME)
        self._taught = frozenset(arrays["taught"].tolist())
        disable_telemetry_events()
        # Threads would wait for each other, and a store of memory would keep what one text took.
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._network = InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    @staticmethod
    @cache
    def load() -> Encoder:
        """Return the network that the bot ships with; BotError where its files are damaged."""
        folder = files("bot.answering")
        try:
            with (
                as_file(folder.joinpath("encoder.onnx")) as graph,
                folder.joinpath("encoder.npz").open("rb") as opened,
                np.load(opened) as arrays,
            ):
                return Encoder(graph, {name: arrays[name] for name in arrays.files})
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error) as error:
            raise BotError(
                f"{folder}/encoder.onnx or .npz is damaged or missing: install the bot again."
            ) from error

    def taught(self, entry_id: str, lines: Iterable[str]) -> float:
        """Return the share, 0..1, of an entry's lines that the network was taught.

        With few, its chances of that entry tell little: then trust vectors.
        """
        known = [mark(entry_id, line) in self._taught for line in lines]
        return sum(known) / max(1, len(known))

    def read(self, texts: Sequence[str]) -> Encoded:
        """Read texts of any length, as they were written or corrected."""
        numbers = [cut(self._pieces.numbers(text)) for text in texts] or [[]]
        parts = zip(*map(self._through, numbers), strict=True)
        return Encoded(*(np.vstack(each)[: len(texts)] for each in parts))

    def _through(self, numbers: Sequence[int]) -> tuple[Singles, Singles, Singles]:
        """Return the vector and the log-chances of one text, rows of matrices."""
        framed = np.array([self._begin, *numbers, self._end], np.int64)
        vectors, entries, dangers = self._network.run(None, {GRAPH_INPUT: framed})
        return vectors * bool(numbers), entries, dangers


def digest(graph: Path, arrays: Arrays) -> str:
    """Return the SHA-256 of a network's graph and of its arrays but `digest`, in hexadecimal."""
    with graph.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256")
    for name in sorted(arrays.keys() - {"digest"}):
        found.update(name.encode())
        found.update(arrays[name].tobytes())
    return found.hexdigest()


def mark(entry_id: str, line: str) -> int:
    """Return the number by which a line of an entry is known to have been taught."""
    return zlib.crc32(f"{entry_id}\n{line}".encode())


def cut(numbers: list[int]) -> list[int]:
    """Return the pieces of a text that are read: of many, the beginning and the end."""
    half = MOST_PIECES // 2
    return numbers if len(numbers) <= MOST_PIECES else numbers[:half] + numbers[-half:]
