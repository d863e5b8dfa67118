"""What the network makes of the lines of a FAQ that it was not taught: read once, and kept.

A line takes milliseconds, and a FAQ may have thousands. What was read is kept in the cache of the
user, and that of the shipped FAQ in `lines.npz`. Both only save time: without them, or where they
are of another network, lines are read anew.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from bot.answering.encoder import DANGERS, Encoded, Encoder

Row = NDArray[np.int8]
"""The direction of a vector, which has length 1, and log-chances, to one part in `_STEP` and none
under `_LEAST`: so all are whole numbers of 8 bits."""
_MOST_OF_ROW, _STEP, _LEAST = 127, np.float32(10), -12.0
_FEW = 40
"""New lines that are rather read again than kept: they take a moment."""
_MOST = 20_000
"""Lines that are kept, of some 430 bytes each: those that were read last."""


def read_lines(encoder: Encoder, texts: Sequence[str]) -> Encoded:
    """Return what the network makes of lines, as `Encoder.read` does, with fewer digits."""
    if not texts:
        return encoder.read(texts)
    known = _known(encoder.digest)
    marks = list(map(_mark, texts))
    new = {mark: text for mark, text in zip(marks, texts, strict=True) if mark not in known}
    if new:
        known.update(zip(new, _rows(encoder, list(new.values())), strict=True))
    if len(new) > _FEW:
        _keep(encoder.digest, known)
    rows = np.array([known[mark] for mark in marks], np.float32)
    classes = len(encoder.classes) + len(DANGERS)
    vectors, entries, dangers = np.split(rows, [-classes, -len(DANGERS)], axis=1)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)
    return Encoded(vectors, entries / _STEP, dangers / _STEP)


def write_lines(file: IO[bytes], encoder: Encoder, texts: Sequence[str]) -> None:
    """Write what the network makes of lines, as `lines.npz` holds it."""
    rows = _rows(encoder, texts)
    _write(file, encoder.digest, dict(zip(map(_mark, texts), rows, strict=True)))


def _rows(encoder: Encoder, texts: Sequence[str]) -> Sequence[Row]:
    read = encoder.read(texts)
    most = np.abs(read.vectors).max(axis=1, keepdims=True, initial=1e-6)
    logs = np.maximum(np.hstack([read.entries, read.dangers]), _LEAST) * _STEP
    return list(np.round(np.hstack([read.vectors / most * _MOST_OF_ROW, logs])).astype(np.int8))


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


@cache
def _known(digest: str) -> dict[int, Row]:
    """Return the rows of lines that a network has read, by their marks."""
    known: dict[int, Row] = {}
    for file in (files("bot.answering").joinpath("lines.npz"), _file(digest)):
        with (
            suppress(OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error),
            file.open("rb") as opened,
        ):
            arrays = np.load(opened)
            if arrays["digest"] == digest:
                known.update(zip(arrays["marks"].tolist(), arrays["whole"], strict=True))
    return known


def _keep(digest: str, known: Mapping[int, Row]) -> None:
    """Put the lines of a network in its file in one step; if that cannot be, nothing is kept."""
    last = list(known.items())[-_MOST:]
    file = _file(digest)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, delete=False) as written:
            _write(written, digest, dict(last))
        os.replace(written.name, file)


def _write(file: IO[bytes], digest: str, known: Mapping[int, Row]) -> None:
    marks = np.array(list(known), np.uint64)
    np.savez_compressed(
        file, digest=np.array(digest), marks=marks, whole=np.array(list(known.values()))
    )


def _file(digest: str) -> Path:
    return user_cache_path("smp-bot", appauthor=False) / f"lines-{digest[:16]}.npz"
