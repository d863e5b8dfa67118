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
        -8.808,  # centroid
        -2.570,  # nearest phrasing
        6.031,  # nearest few
        2.720,  # covered share
        -0.092,  # covered weight
        0.595,  # centroid over spread
        4.302,  # own words
        -6.191,  # off topic over nearest
        0.486,  # meaning
        4.939,  # nearest in meaning
    )
)
_NONE_WEIGHTS = np.array(
    (
        -0.605,  # against off topic, sum
        1.982,  # against off topic, mean
        1.208,  # unknown words
        -0.925,  # length
        3.592,  # familiarity
        0.242,  # strangeness
        0.148,  # off topic in meaning
        11.718,  # constant
    )
)


def scores(entries: Floats, question: Floats) -> Floats:
    """Return the score of each candidate.

    `entries` is of shape (candidates, `ENTRY_FEATURES`), `question` of (`QUESTION_FEATURES`,).
    """
    utilities = np.append(entries @ _ENTRY_WEIGHTS, question @ _NONE_WEIGHTS)
    chances = np.exp(utilities - utilities.max())
    return np.asarray(chances[:-1] / chances.sum())
