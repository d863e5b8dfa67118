"""What is made of tuned questions by what was not taught them: weights are fitted to it.

The network that ships was taught these questions, and is surer of them than of any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.answering.danger_words import mark
from bot.answering.encoder import Encoded, Encoder

FILE = Path(__file__).with_name("held_out.npz")
Floats = NDArray[np.float32]
STEP, LEAST = 8, -12.0
"""Log-chances are kept to one part in `STEP`, none under `LEAST`: the file is half as large."""


@dataclass(frozen=True)
class HeldOut:
    """Log-chances of `Encoder.classes` and of `DANGERS`: a row for each of `marks`."""

    marks: NDArray[np.uint32]
    entries: NDArray[np.float16]
    dangers: NDArray[np.float16]

    @classmethod
    def of(cls, questions: Sequence[str], entries: Floats, dangers: Floats) -> Self:
        """Return what was made of questions: log-chances, a row for each."""
        marks = np.array([mark(question) for question in questions], np.uint32)
        return cls(marks, _rounded(entries), _rounded(dangers))

    @classmethod
    def load(cls, path: Path = FILE) -> Self:
        """Return what was saved."""
        with np.load(path) as arrays:
            return cls(arrays["marks"], arrays["entries"], arrays["dangers"])

    def save(self, path: Path = FILE) -> None:
        """Write it to a file."""
        np.savez_compressed(path, marks=self.marks, entries=self.entries, dangers=self.dangers)

    def encoder(self, encoder: Encoder, question: str) -> Encoder:
        """Return the encoder as if it had not been taught a question, which it reads first."""
        rows = np.flatnonzero(self.marks == mark(question))
        return _Untaught(encoder, self, int(rows[0])) if len(rows) else encoder


def _rounded(rows: Floats) -> NDArray[np.float16]:
    return (np.round(np.maximum(rows, LEAST) * STEP) / STEP).astype(np.float16)


class _Untaught(Encoder):
    """An encoder whose first text is a question that it was taught."""

    def __init__(self, encoder: Encoder, held: HeldOut, row: int) -> None:
        self.__dict__.update(encoder.__dict__)
        self._held, self._row = held, row

    def read(self, texts: Sequence[str]) -> Encoded:
        """Read texts, the first as the networks did that were not taught it."""
        encoded = super().read(texts)
        entries, dangers = encoded.entries.copy(), encoded.dangers.copy()
        entries[0] = self._held.entries[self._row]
        dangers[0] = self._held.dangers[self._row]
        return replace(encoded, entries=entries, dangers=dangers)
