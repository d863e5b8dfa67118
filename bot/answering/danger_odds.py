"""The log-odds that a message tells of a danger, from what speaks for it and against it.

A logistic regression on seven figures. `benchmarks/signs.py` fits the weights on the tuned part
of the questions, and prints them as they stand here.
"""

from __future__ import annotations

import math

import numpy as np

from bot.answering.danger_examples import Likeness

FEATURES = (
    "line found",
    "line turned off",
    "over look-alikes",
    "over others",
    "nearest sign",
    "nearest look-alike",
    "length",
    "constant",
)
_LONG = 12
"""Of more words no more is told by their number."""
_WEIGHTS = np.array(
    (
        2.693,  # line found
        -2.309,  # line turned off
        0.377,  # over look-alikes
        0.784,  # over others
        9.392,  # nearest sign
        -9.000,  # nearest look-alike
        1.430,  # length
        -5.076,  # constant
    )
)


def features(likeness: Likeness, *, found: bool, turned_off: bool) -> tuple[float, ...]:
    """Return the figures that the log-odds are a weighted sum of, in the order of `FEATURES`.

    `found` says that the message holds a line of `signs.yaml`, and `turned_off` that it
    holds only lines that are plainly no sign of now.
    """
    return (
        float(found),
        float(turned_off),
        likeness.over_look_alikes,
        likeness.over_others,
        max(likeness.nearest),
        likeness.nearest_look_alike,
        math.log(min(likeness.words, _LONG)),
        1.0,
    )


def log_odds(likeness: Likeness, *, found: bool = False, turned_off: bool = False) -> float:
    """Return the logarithm of the odds that a stretch of a message tells of a danger."""
    return float(_WEIGHTS @ features(likeness, found=found, turned_off=turned_off))
