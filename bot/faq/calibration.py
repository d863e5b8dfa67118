"""How much each figure tells that the score of a FAQ is made of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from bot.faq.base import Id, Model

Weight = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
"""What a figure counts for, in thousandths."""
_SAME = 0.5
"""The share of a FAQ's entries that its weights were fitted to, at least. With less they belong
to another FAQ, whose folder was copied."""


class EntryWeights(Model):
    """What each figure that speaks for an entry counts for."""

    centroid: Weight
    nearest_phrasing: Weight
    nearest_few: Weight
    covered_share: Weight
    covered_weight: Weight
    centroid_over_spread: Weight
    own_words: Weight
    off_topic_over_nearest: Weight
    meaning: Weight
    nearest_in_meaning: Weight


class NoneWeights(Model):
    """What each figure that speaks for none of the entries counts for."""

    against_off_topic_sum: Weight
    against_off_topic_mean: Weight
    unknown_words: Weight
    length: Weight
    familiarity: Weight
    strangeness: Weight
    off_topic_in_meaning: Weight
    constant: Weight


class Calibration(Model):
    """`calibration.yaml`: how the score weighs what it is made of, fitted to one FAQ.

    Not written by hand: `benchmarks/calibration.py` makes it. `fitted_to` are the ids of the
    entries of that FAQ. `bot.answering.confidence` says what is done without such a file.
    """

    fitted_to: tuple[Id, ...] = Field(min_length=1)
    entry: EntryWeights
    none: NoneWeights


def is_same_faq(fitted_to: Collection[str], entry_ids: Collection[str]) -> bool:
    """Whether weights that were fitted to some entries are those of a FAQ with others."""
    return len(set(entry_ids) & set(fitted_to)) >= _SAME * len(entry_ids)
