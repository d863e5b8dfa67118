"""What is made of tuned questions by what was not taught them: weights are fitted to it.

The network that ships was taught these questions, and is surer of them than of any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.answering.encoder import Encoded
from bot.answering.word_counts import mark

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

    def encoded(self, question: str) -> Encoded | None:
        """Return what was made of a question, without a vector; None where it was not held."""
        [rows] = np.nonzero(self.marks == mark(question))
        if not len(rows):
            return None
        entries, dangers = (
            each[rows[:1]].astype(np.float32) for each in (self.entries, self.dangers)
        )
        return Encoded(np.zeros((1, 0), np.float32), entries, dangers)


def _rounded(rows: Floats) -> NDArray[np.float16]:
    return (np.round(np.maximum(rows, LEAST) * STEP) / STEP).astype(np.float16)
