"""How common a word is in English: the one thing known of words that are in no FAQ."""

from __future__ import annotations

from functools import cache

from bot.faq.packaged import packaged_text

RAREST = 2.5
"""The frequency assumed for a word that is not listed, just under the rarest listed ones."""


@cache
def frequencies() -> dict[str, float]:
    """Return the Zipf frequency (log10 of uses in a billion words, 3..7.5) of each listed word.

    The figures and their source are in `english.txt` beside this module.
    """
    listed: dict[str, float] = {}
    band = RAREST
    for line in packaged_text("english.txt", "bot.answering").splitlines():
        if line.startswith("="):
            band = float(line[1:])
        elif not line.startswith("#"):
            listed.update(dict.fromkeys(line.split(), band))
    return listed


def zipf(word: str) -> float:
    """Return the Zipf frequency of a folded word; `RAREST` when it is not listed."""
    return frequencies().get(word, RAREST)
