"""How much each figure tells that a score is made of: fitted, never written by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from bot.errors import BotError
from bot.faq.base import Id, Model
from bot.faq.packaged import packaged_text

_SAME = 0.5
"""The share of a FAQ's entries that its weights were fitted to, at least. With less they belong
to another FAQ, whose folder was copied."""


class Figure(Model):
    """What one figure counts for; `usual` is its mean, from which it is measured."""

    weight: float
    usual: float


class Weights(Model):
    """`weights.json`: what `python -m training` has fitted to one FAQ.

    `fitted_to` are the ids of the entries of that FAQ, and `inputs` the SHA-256 of all that was
    read. `entry` are the figures that speak for an entry, `none` those that speak for none of
    them, `second` those that speak for a second answer, `danger` those that speak for an alert.
    `reached` are the figures on the tuned questions.
    """

    fitted_to: tuple[Id, ...] = Field(min_length=1)
    inputs: str
    entry: Mapping[str, Figure]
    none: Mapping[str, Figure]
    second: Mapping[str, Figure]
    danger: Mapping[str, Figure]
    thresholds: Mapping[str, float]
    reached: Mapping[str, float] = {}

    def are_of(self, entry_ids: Collection[str]) -> bool:
        """Whether these weights were fitted to a FAQ with such entries."""
        return len(set(entry_ids) & set(self.fitted_to)) >= _SAME * len(entry_ids)


def load_weights(file: Path) -> Weights:
    """Read the weights of a FAQ.

    Raises:
        BotError: a file that is no such file.
    """
    try:
        return Weights.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise BotError(
            f"{file}: these are no weights. Make them again with `python -m training`, or "
            "remove the file: then general weights are used."
        ) from error


@cache
def general_weights() -> Weights:
    """Return the weights of a FAQ that has none of its own, fitted to FAQs of many subjects."""
    return Weights.model_validate_json(packaged_text("weights-general.json"))
