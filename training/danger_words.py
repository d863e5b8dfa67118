"""The words of dangers, counted: `bot.answering.danger_words`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from bot.answering.danger_words import DangerWords, features, mark

_UNSEEN = 0.07
"""Added to each count, so that a word of one kind alone does not decide (Lidstone)."""


def counted(
    dangers: Iterable[Sequence[str]],
    others: Iterable[Sequence[str]],
    lines: Iterable[str] = (),
    synonyms: Iterable[str] = (),
) -> DangerWords:
    """Return the words of messages that tell of a danger, beside those of others.

    `lines` are those of signs, which the weights of alerts are fitted to; `synonyms` are words.
    """
    told = [
        np.unique(np.concatenate([features(words) for words in kind]), return_counts=True)
        for kind in (dangers, others)
    ]
    known = np.union1d(told[0][0], told[1][0])
    odds = np.zeros(len(known))
    for sign, (keys, times) in zip((1, -1), told, strict=True):
        counts = np.full(len(known), _UNSEEN)
        counts[np.searchsorted(known, keys)] += times
        odds += sign * np.log(counts / counts.sum())
    marks = [np.unique(np.array(list(map(mark, each)), np.uint32)) for each in (lines, synonyms)]
    return DangerWords(known, odds.astype(np.float16), *marks)
