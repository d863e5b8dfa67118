"""Harder questions made from known ones: with typos."""

from __future__ import annotations

import random
import re

from bot.answering.spelling import NEIGHBOURS

_LONGER_WORD = re.compile(r"[^\W\d_]{5,}")


def mistyped(text: str) -> str:
    """Return the text with one typo in every word of five letters or more.

    A typo swaps, drops or doubles a letter, or hits a key beside it; always the same in a text.
    """
    # Not for secrets: the same typos on every machine are what is wanted.
    chance = random.Random(f"0\0{text}")  # noqa: S311

    def typo(found: re.Match[str]) -> str:
        word = found[0]
        place = chance.randrange(len(word) - 1)
        letter, following = word[place], word[place + 1]
        if letter == following:
            return word[:place] + word[place + 1 :]
        options = [following + letter, following, letter * 2 + following]
        if near := NEIGHBOURS.get(letter.lower()):
            options.append(chance.choice(sorted(near)) + following)
        return word[:place] + chance.choice(options) + word[place + 2 :]

    return _LONGER_WORD.sub(typo, text)
