"""What networks make of the tuned questions that they were not taught: what weights are fitted to.

The network that ships knows these questions; on them it is surer than it will be of any other.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.answering.encoder import Encoded, Encoder

FILE = Path(__file__).with_name("held_out.npz")


@dataclass(frozen=True)
class HeldOut:
    """Log-chances of `Encoder.classes` and of `DANGERS`, a row for each question's mark."""

    marks: Mapping[int, int]
    entries: NDArray[np.float16]
    dangers: NDArray[np.float16]

    @classmethod
    def of(cls, texts: Sequence[str], read: Sequence[Encoded]) -> Self:
        """Return what was read of texts, in their order."""
        marks = {_mark(text): row for row, text in enumerate(texts)}
        entries = np.vstack([each.entries for each in read]).astype(np.float16)
        dangers = np.vstack([each.dangers for each in read]).astype(np.float16)
        return cls(marks, entries, dangers)

    @classmethod
    def load(cls, path: Path = FILE) -> Self:
        """Return what `save` wrote."""
        with np.load(path) as arrays:
            marks = {int(each): row for row, each in enumerate(arrays["marks"])}
            return cls(marks, arrays["entries"], arrays["dangers"])

    def save(self, path: Path = FILE) -> None:
        """Write it to a file."""
        marks = np.array(list(self.marks), np.uint32)
        np.savez(path, marks=marks, entries=self.entries, dangers=self.dangers)

    def reads(self, question: str, encoder: Encoder) -> HeldOutEncoder:
        """Return the encoder as it would be had it not been taught this question."""
        row = self.marks.get(_mark(question))
        return HeldOutEncoder(encoder, self, row)


def _mark(text: str) -> int:
    return zlib.crc32(text.encode())
