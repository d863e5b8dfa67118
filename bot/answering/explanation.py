"""Why a question got the reply it got, for a maintainer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.decision import Band
from bot.answering.matching import Candidate


@dataclass(frozen=True, slots=True)
class TokenWeight:
    """A word of the question: as read, as compared, and how much it tells (0..1)."""

    token: str
    term: str
    weight: float
    note: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words and their weights, the best candidates, the band and why it is that one.

    `danger` says what speaks for an alert, a sentence each.
    """

    question: str
    tokens: tuple[TokenWeight, ...]
    candidates: tuple[Candidate, ...]
    band: Band
    why: str
    danger: tuple[str, ...] = ()
