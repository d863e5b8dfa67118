"""The words of each entry and each danger, counted: `bot.answering.word_counts`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from bot.answering.encoder import DANGERS, Singles
from bot.answering.reading import plain_words
from bot.answering.word_counts import Marks, WordCounts, features, joined, mark
from bot.answering.words import fold
from training.lines import Line

SHARES = np.arange(0.0, 1.01, 0.05, dtype=np.float32)
"""The shares that are tried."""


def counted(
    lines: Sequence[Line],
    classes: Sequence[str],
    signs: Iterable[str] = (),
    synonyms: Iterable[str] = (),
) -> WordCounts:
    """Return the words of lines, counted: of several labels for the one that is named first.

    `signs` are the lines of signs, `synonyms` words: weights are fitted with these.
    """
    names = [*classes, *DANGERS]
    keys = []
    for line in lines:
        labels = [] if line.several else [*line.entries][:1]
        labels += [*line.dangers][:1] if line.danger in (0.0, 1.0) else []
        told = _features(line.text).astype(np.uint64) * np.uint64(len(names))
        keys += [told + np.uint64(names.index(label)) for label in labels]
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    places, starts = np.unique(found // len(names), return_index=True)
    of_classes = (found % len(names)).astype(np.uint8)
    sizes = np.bincount(of_classes, counts, minlength=len(names))
    marks = [np.unique(np.array(list(map(mark, each)), np.uint32)) for each in (signs, synonyms)]
    return WordCounts(
        places.astype(np.uint32),
        np.append(starts, len(found)).astype(np.int32),
        of_classes,
        np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16),
        sizes.astype(np.uint32),
        np.array(1.0, np.float32),
        *marks,
    )


@cache
def _features(text: str) -> Marks:
    """Return a text's words and pairs: most lines are counted several times."""
    return features(plain_words(fold(text)))


def share(
    deep: Singles, told: Singles, labels: Sequence[Mapping[str, float]], classes: Sequence[str]
) -> Singles:
    """Return how much words count beside a network: that with which what serves is likeliest.

    `deep` and `told` are the log-chances of `classes`, of texts that neither was taught. For
    dangers the same share does: alerts cost least with 0.4 to 0.5.
    """
    serves = np.array([[name in label for name in classes] for label in labels])
    known = serves.any(axis=1)
    likely = [
        np.logaddexp.reduce(
            np.where(serves, joined(deep, each * told), -np.inf)[known], axis=1
        ).mean()
        for each in SHARES
    ]
    return np.array(SHARES[int(np.argmax(likely))])
