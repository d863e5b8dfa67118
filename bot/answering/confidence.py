"""The score: a calibrated chance, 0..1, that a candidate is the right entry."""

from __future__ import annotations

import numpy as np

from bot.answering.index import Floats

FEATURES = (
    "centroid",
    "nearest",
    "nearest few",
    "margin",
    "centroid over spread",
    "unknown share",
    "covered share",
    "length",
    "unknown",
    "covered",
    "off topic over nearest",
)
_WEIGHTS = np.array([2.605, 3.066, -4.34, 5.4, 0.385, 0.999, 1.988, 0.048, -0.299, 0.96, -1.041])
_BIAS = -5.604


def confidence(features: Floats) -> Floats:
    """Return the score of each row of `FEATURES`: shape (candidates,)."""
    return np.asarray(1.0 / (1.0 + np.exp(-(features @ _WEIGHTS + _BIAS))))
