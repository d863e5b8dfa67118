"""What a message means: its vector, the entries it may ask for, the danger it may tell of.

The sentence encoder all-MiniLM-L6-v2 (a BERT: Devlin et al., 2018), taught further, with a head
for entries and one for dangers. `python -m training encoder` makes its figures.
"""

from __future__ import annotations

import hashlib
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
MOST_PIECES = 190
"""Pieces of one text that are read: of more, the beginning and the end."""
FRAME = ("[CLS]", "[SEP]")
"""The pieces that stand round every text."""
_HEADS = 12
_AT_ONCE = 64
"""Texts that go through the network together: more take more memory."""
_ACROSS = 192
"""Columns of a matrix that are multiplied at once: few enough to stay in the cache meanwhile."""
_TINY = 1e-12
_AS_THEY_ARE = frozenset(["table", "pieces", "classes", "taught", "digest"])


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
        """The log-chance of each text that it is off topic, by the network."""
        return self.entries[:, -1]  # `NONE`, the last of `Encoder.classes`


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
        self._begin, self._end = map(self._pieces.number, FRAME)
        self._taught = frozenset(arrays["taught"].tolist())
        self._table = arrays["table"]
        self._of = {name: _restored(name, arrays) for name in arrays if name not in _AS_THEY_ARE}
        self._layers = sum(name.endswith(".heads") for name in arrays)

    @staticmethod
    @cache
    def load() -> Encoder:
        """Return the network that the bot ships with; BotError where its file is damaged."""
        file = files("bot.answering").joinpath("encoder.npz")
        try:
            with file.open("rb") as opened, np.load(opened) as arrays:
                return Encoder({name: arrays[name] for name in arrays.files})
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise BotError(f"{file} is damaged or missing: install the bot again.") from error

    def taught(self, entry_id: str, lines: Iterable[str]) -> float:
        """Return the share, 0..1, of an entry's lines that the network was taught.

        With few, its chances of that entry tell little: then trust vectors.
        """
        known = [mark(entry_id, line) in self._taught for line in lines]
        return sum(known) / max(1, len(known))

    def read(self, texts: Sequence[str]) -> Encoded:
        """Read texts of any length, as they were written or corrected."""
        numbers = [cut(self._pieces.numbers(text)) for text in texts] or [[]]
        starts = range(0, len(numbers), _AT_ONCE)
        parts = [self._through(numbers[start : start + _AT_ONCE]) for start in starts]
        return Encoded(*(np.vstack(each)[: len(texts)] for each in zip(*parts, strict=True)))

    def _through(self, numbers: Sequence[Sequence[int]]) -> tuple[Singles, Singles, Singles]:
        """Return vectors and log-chances. The pieces of all texts are rows of one matrix."""
        of = self._of
        framed = [(self._begin, *each, self._end) for each in numbers]
        lengths = np.array([len(each) for each in framed])
        starts = np.cumsum([0, *lengths[:-1]])
        places = np.concatenate(framed)
        rows = self._table[places].astype(np.float32) * of["table_scale"][places, np.newaxis]
        rows = _normal(rows + np.vstack([of["positions"][:each] for each in lengths]), of, "norm")
        for layer in range(self._layers):
            heads = self._times(rows, f"{layer}.heads")
            told = [_attended(each) for each in np.split(heads, starts[1:])]
            rows = rows + self._times(np.vstack(told), f"{layer}.told")
            rows = _normal(rows, of, f"{layer}.told_norm")
            wide = _gelu(self._times(rows, f"{layer}.wide"))
            rows = _normal(rows + self._times(wide, f"{layer}.out"), of, f"{layer}.out_norm")
        means = np.asarray(np.add.reduceat(rows, starts) / lengths[:, np.newaxis], np.float32)
        mixed = np.maximum(self._times(means, "mixed"), 0.0)
        vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        vectors *= (lengths > len(FRAME))[:, np.newaxis]
        entries, dangers = (self._times(mixed, name) for name in ("entries", "dangers"))
        return vectors, _log_chances(entries), _log_chances(dangers)

    def _times(self, rows: Singles, name: str) -> Singles:
        blocks, bias = self._of[name], self._of[f"{name}_bias"]
        found = np.empty((len(rows), len(bias)), np.float32)
        np.matmul(rows, blocks, out=found.reshape(len(rows), len(blocks), -1).swapaxes(0, 1))
        found += bias
        return found


def digest(arrays: Arrays) -> str:
    """Return the SHA-256 of a network's arrays but `digest`, in hexadecimal."""
    found = hashlib.sha256()
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


def _restored(name: str, arrays: Arrays) -> Singles:
    """Return figures as they are multiplied: matrices, which have scales, as blocks of columns."""
    figures = arrays[name].astype(np.float32)
    scale = arrays.get(f"{name}_scale")
    if scale is None:
        return figures
    figures *= scale.astype(np.float32)
    blocks = figures.reshape(len(figures), -1, np.gcd(len(scale), _ACROSS))
    return np.ascontiguousarray(blocks.swapaxes(0, 1))


def _attended(heads: Singles) -> Singles:
    """Return what each piece of a text takes from the others: shape (pieces, figures).

    `heads` are its queries, keys and values side by side.
    """
    pieces = len(heads)
    queries, keys, values = heads.reshape(pieces, 3, _HEADS, -1).transpose(1, 2, 0, 3)
    shares = queries @ keys.transpose(0, 2, 1) / np.float32(np.sqrt(queries.shape[2]))
    shares -= shares.max(axis=2, keepdims=True)
    told = np.exp(shares, out=shares) @ values
    told /= shares.sum(axis=2, keepdims=True)
    return np.asarray(told.transpose(1, 0, 2).reshape(pieces, -1))


def _normal(rows: Singles, of: Mapping[str, Singles], name: str) -> Singles:
    """Make rows of mean 0 and variance 1, moved and scaled as was learnt (Ba et al., 2016)."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt(np.square(rows).mean(axis=1, keepdims=True) + _TINY)
    rows *= of[name]
    rows += of[f"{name}_bias"]
    return rows


def _gelu(rows: Singles) -> Singles:
    """Make Gaussian error linear units, by their tanh form (Hendrycks and Gimpel, 2016)."""
    inner = np.square(rows) * np.float32(0.044715) + 1
    inner *= np.float32(np.sqrt(2 / np.pi)) * rows
    rows *= 0.5 * np.tanh(inner, out=inner) + 0.5
    return rows


def _log_chances(logits: Singles) -> Singles:
    return np.asarray(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
