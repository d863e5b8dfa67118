"""Which entries a text means, by the network that was taught to tell them apart.

The network knows the entries it was taught. Of any other one - added since, or of another FAQ - it
gives vectors, and a multinomial logit on these is fitted when the FAQ is loaded, by the bound on
its curvature that Boehning (1992) gives. What the network knows of the others stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from bot.answering.encoder import NONE, Encoded, Encoder, Singles
from bot.answering.lines import read_lines

_STEPS = 30
_MOST_CHANCES = 6_000_000
"""Chances computed while fitting, at most: with thousands of entries only the first step is
taken, which needs none."""
_SHARPNESS = 6.0
"""The length of a text's vector in the logit: the longer, the surer it may be."""
_RIDGE = 1.0
_KNOWN = 0.5
"""The share of an entry's lines that were taught, from which on the network knows the entry."""
_FLOOR = np.log(1e-4)


class Meaning:
    """The entries of one FAQ as they differ in meaning. Immutable once built."""

    def __init__(
        self,
        encoder: Encoder,
        entry_ids: Sequence[Sequence[str]],
        phrasings: Sequence[Sequence[str]],
        off_topic: Sequence[str],
    ) -> None:
        """`entry_ids` are the id of each entry and those it had; `phrasings` its lines.

        What the network was taught of an entry under an id that it had, it knows of that entry.
        """
        own = [ids[0] for ids in entry_ids]
        texts = dict(zip(own, phrasings, strict=True))
        taught: list[str] = []
        columns: dict[str, list[int]] = {}
        for ids in entry_ids:
            if sum(encoder.taught(name, texts[ids[0]]) for name in ids) >= _KNOWN:
                names = [name for name in ids if name in encoder.classes]
                columns[ids[0]] = [*range(len(taught), len(taught) + len(names))]
                taught += names
        if taught:
            columns[NONE] = [len(taught)]
            taught.append(NONE)
        self._taught = [encoder.classes.index(name) for name in taught]
        self._weights = np.zeros((0, 0), np.float32)
        if not columns.keys() >= texts.keys():
            texts |= {NONE: off_topic} if off_topic else {}
            new = [name for name in texts if name not in columns]
            columns |= {name: [column] for column, name in enumerate(new, len(taught))}
            encoded = read_lines(encoder, list(chain(*texts.values())))
            right = np.repeat([columns[name][0] for name in texts], [*map(len, texts.values())])
            fixed = encoded.entries[:, self._taught]
            self._weights = _fitted(encoded.vectors, fixed, right, len(taught) + len(new))
        self._columns = np.array([column for name in own for column in columns[name]])
        self._starts = np.cumsum([0, *(len(columns[name]) for name in own[:-1])])
        self._none = columns.get(NONE, [0])[0]
        self._off_topic = NONE in columns

    def log_chances(self, encoded: Encoded, row: int) -> tuple[Singles, float]:
        """Return the log-chance of each entry for a text, and of what is off topic.

        The latter is 0 where nothing is known of it. No log-chance is under log(1e-4).
        """
        logits = encoded.entries[row, self._taught]
        if self._weights.size:
            vector = np.append(encoded.vectors[row] * _SHARPNESS, np.float32(1.0))
            logits = np.append(logits, vector @ self._weights)
        logs = np.maximum(logits - np.logaddexp.reduce(logits), _FLOOR)
        entries = np.logaddexp.reduceat(logs[self._columns], self._starts)
        return entries, float(logs[self._none]) if self._off_topic else 0.0


def _fitted(vectors: Singles, fixed: Singles, right: Singles, classes: int) -> Singles:
    """Return the weights of the classes whose logits are not `fixed`: shape (figures + 1, new).

    `right` is the class of each vector, the fixed ones first. A class counts for the root of its
    size, so that a long list of off-topic examples does not drown the entries.
    """
    texts = np.ones((len(vectors), vectors.shape[1] + 1), np.float32)
    np.multiply(vectors, _SHARPNESS, out=texts[:, :-1])
    counts = np.bincount(right, minlength=classes)
    share = (1 / np.sqrt(counts[right])).astype(np.float32)[:, np.newaxis]
    share *= len(share) / share.sum()
    known = fixed.shape[1]
    wanted = np.zeros((len(texts), classes - known), np.float32)
    new = right >= known
    wanted[new, right[new] - known] = share[new, 0]
    curvature = _RIDGE * np.eye(texts.shape[1], dtype=np.float32)
    curvature += texts.T @ (texts * share) / 2
    step = np.linalg.inv(curvature)
    weights = before = np.zeros((texts.shape[1], classes - known), np.float32)
    own = texts.T @ wanted
    for number in range(max(1, min(_STEPS, _MOST_CHANCES // (len(texts) * classes)))):
        ahead = weights + number / (number + 3) * (weights - before)
        logits = np.hstack([fixed, texts @ ahead])
        logits -= np.logaddexp.reduce(logits, axis=1, keepdims=True)
        chances = np.exp(logits[:, known:]) * share
        weights, before = ahead + step @ (own - texts.T @ chances - _RIDGE * ahead), weights
    return np.asarray(weights, np.float32)
