"""The score: the calibrated chance, 0..1, that a candidate is the right entry.

A multinomial logit over the candidates and one more choice, "none of them": each candidate's
utility is a weighted sum of how well it fits, that of "none" a weighted sum of how little the
question's words are those of the FAQ. Being out of scope thus competes with every entry, and
the scores of all candidates add up to what is left of 1.

`benchmarks/calibration.py` fits the weights by maximum likelihood on the tuned part of the
questions and on FAQs of other subjects, and prints them as they stand here.
"""

from __future__ import annotations

import numpy as np

from bot.answering.index import Floats

ENTRY_FEATURES = (
    "centroid",
    "nearest phrasing",
    "nearest few",
    "covered share",
    "covered weight",
    "centroid over spread",
    "own words",
    "off topic over nearest",
    "meaning",
    "nearest in meaning",
)
QUESTION_FEATURES = (
    "against off topic, sum",
    "against off topic, mean",
    "unknown words",
    "length",
    "familiarity",
    "strangeness",
    "off topic in meaning",
    "constant",
)
_ENTRY_WEIGHTS = np.array(
    (
        -8.865,  # centroid
        -2.627,  # nearest phrasing
        5.999,  # nearest few
        2.730,  # covered share
        -0.086,  # covered weight
        0.593,  # centroid over spread
        4.268,  # own words
        -6.270,  # off topic over nearest
        0.484,  # meaning
        4.933,  # nearest in meaning
    )
)
_NONE_WEIGHTS = np.array(
    (
        -0.614,  # against off topic, sum
        2.010,  # against off topic, mean
        1.171,  # unknown words
        -0.935,  # length
        3.572,  # familiarity
        0.231,  # strangeness
        0.147,  # off topic in meaning
        11.704,  # constant
    )
)


def scores(entries: Floats, question: Floats) -> Floats:
    """Return the score of each candidate.

    `entries` is of shape (candidates, `ENTRY_FEATURES`), `question` of (`QUESTION_FEATURES`,).
    """
    utilities = np.append(entries @ _ENTRY_WEIGHTS, question @ _NONE_WEIGHTS)
    chances = np.exp(utilities - utilities.max())
    return np.asarray(chances[:-1] / chances.sum())
