"""What a message means: its vector, the entries it may ask for, the danger it may tell of.

A small network. A text is cut into word pieces, each with a vector; two convolutions, three wide,
make of each what it is among its neighbours; their maximum, their mean and a weighed mean go
through one layer, which is read in three ways. `python -m training encoder` makes the figures.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.answering.wordpiece import WordPiece
from bot.errors import BotError

Singles = NDArray[np.float32]
Arrays = Mapping[str, NDArray[np.generic]]

DANGERS = ("emergency", "crisis", "urgent", "harmless", "ordinary")
"""A danger of three levels, what only sounds like one, and the rest."""
NONE = "none"
"""The class, beside the entries, of what is off topic."""
_MOST_PIECES = 1000
"""Pieces of one text that are read: of more, the beginning and the end."""
_AT_ONCE = 64
"""Texts that go through the network together: more take more memory."""
_TINY = 1e-9


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


class Encoder:
    """The network. Immutable, so safe in any thread."""

    def __init__(self, arrays: Arrays) -> None:
        """`arrays` are those of `encoder.npz`; ValueError where they are not as they were made."""
        self.digest = digest(arrays)
        """What tells this network, and so its vectors, from another one."""
        if arrays["digest"].tobytes().decode() != self.digest:
            raise ValueError("digest")
        self.classes = tuple(arrays["classes"].tobytes().decode().split("\n"))
        """The ids of the entries it was taught, and `NONE`, the last."""
        self._pieces = WordPiece(arrays["pieces"].tobytes().decode().split("\n"))
        self._table = arrays["table"]
        self._taught = frozenset(arrays["taught"].tolist())
        halves = {name: each for name, each in arrays.items() if each.dtype == np.float16}
        self._of: dict[str, Singles] = {n: each.astype(np.float32) for n, each in halves.items()}

    @staticmethod
    @cache
    def load() -> Encoder:
        """Return the network that the bot ships with; BotError where its file is damaged."""
        file = files("bot.answering").joinpath("encoder.npz")
        try:
            with np.load(io.BytesIO(file.read_bytes())) as arrays:
                return Encoder({name: arrays[name] for name in arrays.files})
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise BotError(f"{file} is damaged or missing: install the bot again.") from error

    def taught(self, entry_id: str, lines: Iterable[str]) -> float:
        """Return the share, 0..1, of an entry's lines that the network was taught.

        With few, its chances of that entry tell little: then trust vectors.
        """
        known = [mark(entry_id, line) in self._taught for line in lines]
        return sum(known) / max(1, len(known))

    def read(self, texts: Sequence[str]) -> Encoded:
        """Read texts of any length, as they were written or corrected."""
        numbers = [_cut(self._pieces.numbers(text)) for text in texts] or [[]]
        starts = range(0, len(numbers), _AT_ONCE)
        parts = [self._through(numbers[start : start + _AT_ONCE]) for start in starts]
        return Encoded(*(np.vstack(each)[: len(texts)] for each in zip(*parts, strict=True)))

    def _through(self, numbers: Sequence[Sequence[int]]) -> tuple[Singles, Singles, Singles]:
        """Return vectors and log-chances. A row of zeros stands before each text."""
        of = self._of
        lengths = np.array([len(each) for each in numbers])
        starts = np.cumsum([0, *(lengths[:-1] + 1)])
        places = np.array([n for each in numbers for n in (0, *each)])
        there = np.ones((len(places), 1), np.float32)
        there[starts] = 0.0
        many = np.maximum(lengths, 1)[:, np.newaxis].astype(np.float32)
        words = self._table[places] * of["scale"][places, np.newaxis] * there
        near = np.maximum(_three(words) @ of["near"] + of["near_bias"], 0.0) * there
        wide = np.maximum(_three(near) @ of["wide"] + of["wide_bias"], 0.0) * there
        weights = np.exp(np.minimum(wide @ of["asked"], 30.0)) * there
        total = np.maximum(np.add.reduceat(weights, starts), _TINY)
        means = (
            np.add.reduceat(each, starts) / by
            for each, by in ((wide, many), (wide * weights, total), (words, many))
        )
        pooled = np.hstack([np.maximum.reduceat(wide, starts), *means])
        mixed = np.maximum(pooled @ of["mixed"] + of["mixed_bias"], 0.0)
        vectors = np.hstack([pooled, mixed]) @ of["vector"] * (lengths > 0)[:, np.newaxis]
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _TINY)
        entries = _log_chances(mixed @ of["entries"] + of["entries_bias"])
        return vectors, entries, _log_chances(mixed @ of["dangers"] + of["dangers_bias"])


def digest(arrays: Arrays) -> str:
    """Return the SHA-256 of a network's arrays but `digest`, in hexadecimal."""
    names = sorted(arrays.keys() - {"digest"})
    return hashlib.sha256(b"".join(n.encode() + arrays[n].tobytes() for n in names)).hexdigest()


def mark(entry_id: str, line: str) -> int:
    """Return the number by which a line of an entry is known to have been taught."""
    return zlib.crc32(f"{entry_id}\n{line}".encode())


def _cut(numbers: list[int]) -> list[int]:
    half = _MOST_PIECES // 2
    return numbers if len(numbers) <= 2 * half else numbers[:half] + numbers[-half:]


def _three(rows: Singles) -> Singles:
    """Return each row between its neighbours: shape (rows, 3 * figures)."""
    padded = np.pad(rows, ((1, 1), (0, 0)))
    return np.hstack([padded[:-2], rows, padded[2:]])


def _log_chances(logits: Singles) -> Singles:
    return np.asarray(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
