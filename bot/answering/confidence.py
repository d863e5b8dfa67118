"""The score: the calibrated chance, 0..1, that a candidate is the right entry.

A multinomial logit over the candidates and one more choice, "none of them": each candidate's
utility is a weighted sum of how well it fits, that of "none" a weighted sum of how little the
question's words are those of the FAQ. Being out of scope thus competes with every entry, and
the scores of all candidates add up to what is left of 1.

How much each figure tells differs between FAQs: in one whose off-topic examples were written to
lie close to its subject, to be near one of them says much. So a FAQ may have weights of its own,
in `calibration.yaml`. One that has none is scored with weights fitted to FAQs of many subjects.
`benchmarks/calibration.py` fits both by maximum likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.answering.corpus import Floats
from bot.faq.calibration import Calibration, EntryWeights, NoneWeights, is_same_faq

ENTRY_FEATURES = tuple(EntryWeights.model_fields)
QUESTION_FEATURES = tuple(NoneWeights.model_fields)
_GENERAL_ENTRY = EntryWeights(
    centroid=-604,
    nearest_phrasing=2152,
    nearest_few=-1240,
    covered_share=337,
    covered_weight=309,
    centroid_over_spread=170,
    own_words=4065,
    off_topic_over_nearest=-1497,
    meaning=972,
    nearest_in_meaning=4487,
)
_GENERAL_NONE = NoneWeights(
    against_off_topic_sum=-110,
    against_off_topic_mean=971,
    unknown_words=727,
    length=-913,
    familiarity=3921,
    strangeness=42,
    off_topic_in_meaning=172,
    constant=7860,
)


class Confidence:
    """Scores the candidates of one FAQ. Immutable once built."""

    def __init__(self, entry_ids: Sequence[str], own: Calibration | None) -> None:
        """`own` are the weights that came with the FAQ, if any did."""
        if own is None or not is_same_faq(own.fitted_to, entry_ids):
            entry, none = _GENERAL_ENTRY, _GENERAL_NONE
        else:
            entry, none = own.entry, own.none
        self._entry_weights = np.array(tuple(entry.model_dump().values())) / 1000
        self._none_weights = np.array(tuple(none.model_dump().values())) / 1000

    def scores(self, entries: Floats, question: Floats) -> Floats:
        """Return the score of each candidate.

        `entries` is of shape (candidates, `ENTRY_FEATURES`), `question` of
        (`QUESTION_FEATURES`,).
        """
        utilities = np.append(entries @ self._entry_weights, question @ self._none_weights)
        chances = np.exp(utilities - utilities.max())
        return np.asarray(chances[:-1] / chances.sum())
