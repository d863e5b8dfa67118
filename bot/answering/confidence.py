"""From figures to chances: what each figure counts for, and the score that comes of it.

The score is a conditional logit over the candidates and one more choice, "none of them"
(McFadden, 1974): each candidate's utility is a weighted sum of how well it fits, that of "none" a
weighted sum of how little the question's words are those of the FAQ. Being out of scope thus
competes with every entry, and the scores of all candidates add up to what is left of 1.

How much each figure tells differs between FAQs: a FAQ may have weights of its own, in
`weights.json`, which `python -m training` fits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from bot.errors import BotError
from bot.faq.weights import Figure

Floats = NDArray[np.float64]

ENTRY_FIGURES = {
    "meaning": "the log-chance of an entry by the network and word counts",
    "off_topic_over_nearest": "by how much the nearest off-topic example is liker",
    "own_words": "how much oftener an entry has the words than English does, log10 a word",
    "covered_share": "the share of a question's words that an entry has, as they weigh",
}
"""The figures that speak for an entry, in their order, and what each is."""
NONE_FIGURES = {
    "off_topic_in_meaning": "the log-chance of being off topic by the network and word counts",
    "unknown_words": "the share of words that no phrasing has",
    "familiarity": "how much oftener phrasings have the words than English does, log10 a word",
    "length": "the logarithm of the number of words",
    "constant": "1",
}
"""The figures that speak for none of the entries."""
SECOND_FIGURES = {
    "asked_of_part": "the log-odds of a second entry by a part of the message alone",
    "asked_of_whole": "its log-odds by the whole message",
    "first_of_others": "the log-odds of the first entry by another part of the message",
    "question_mark": "1 where one ends the part",
    "opening": "1 where the part opens the message, which is where a scene is set",
    "words_of_part": "the logarithm of the number of words of the part",
    "words_of_whole": "that of the whole message",
    "constant": "1",
}
"""The figures that speak for a second answer."""


class WeighedSum:
    """A weighed sum of figures, each measured from what is usual. Immutable."""

    def __init__(
        self, figures: Mapping[str, Figure], names: Collection[str], without: Collection[str] = ()
    ) -> None:
        """`names` are the figures in the order in which they come; `without` leaves some out.

        Raises:
            BotError: weights of other figures than these.
        """
        if figures.keys() != set(names):
            raise BotError(
                "weights.json was made for another version of the bot. Make it again with "
                "`python -m training weights`, or remove it: then general weights are used."
            )
        told = [figures[name] for name in names]
        self._weights = np.array(
            [0.0 if n in without else f.weight for n, f in zip(names, told, strict=True)]
        )
        self._usual = np.array([figure.usual for figure in told])

    def of(self, figures: Floats) -> Floats:
        """Return the sum for each row of figures, or for one."""
        return np.asarray((figures - self._usual) @ self._weights)


def scores(utilities: Floats, none: float) -> Floats:
    """Return the score, 0..1, of candidates from their utilities and that of none of them."""
    chances = np.exp(np.append(utilities, none) - max(utilities.max(), none))
    return np.asarray(chances[:-1] / chances.sum())
