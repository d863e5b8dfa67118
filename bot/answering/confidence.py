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

from bot.answering.corpus import Floats

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
        -7.439,  # centroid
        -2.199,  # nearest phrasing
        4.870,  # nearest few
        2.543,  # covered share
        -0.210,  # covered weight
        0.426,  # centroid over spread
        4.270,  # own words
        -6.445,  # off topic over nearest
        0.614,  # meaning
        3.441,  # nearest in meaning
    )
)
_NONE_WEIGHTS = np.array(
    (
        -0.430,  # against off topic, sum
        2.052,  # against off topic, mean
        0.589,  # unknown words
        -1.129,  # length
        3.436,  # familiarity
        0.188,  # strangeness
        0.318,  # off topic in meaning
        10.433,  # constant
    )
)


def scores(entries: Floats, question: Floats) -> Floats:
    """Return the score of each candidate.

    `entries` is of shape (candidates, `ENTRY_FEATURES`), `question` of (`QUESTION_FEATURES`,).
    """
    utilities = np.append(entries @ _ENTRY_WEIGHTS, question @ _NONE_WEIGHTS)
    chances = np.exp(utilities - utilities.max())
    return np.asarray(chances[:-1] / chances.sum())
