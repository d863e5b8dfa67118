"""Greetings, thanks and the like: a message that is that and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.words import fold, tokenise
from bot.faq.models import SmallTalk

_SIGN = re.compile(r"[^\w\s\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
"""A sign that says something of its own; what only alters how it looks is none."""
_RUN = re.compile(r"(.)\1+", re.DOTALL)


class SmallTalker:
    """Knows the small talk of one FAQ. Immutable once built."""

    def __init__(self, small_talk: Sequence[SmallTalk]) -> None:
        self._kinds = {
            _key(tokenise(fold(says)) or signs(says)): kind
            for kind in reversed(small_talk)
            for says in kind.says
        }
        self._longest = max((len(key) for key in self._kinds), default=0)

    def find(self, written: Sequence[str]) -> SmallTalk | None:
        """Return what a message, as it was written, is where it is small talk alone, or None.

        Of several in a row ("hi, thanks") it is the last. A message without words is its `signs`.
        """
        tokens = _key(written)
        last: SmallTalk | None = None
        start = 0
        while start < len(tokens):
            ends = range(min(start + self._longest, len(tokens)), start, -1)
            end = next((end for end in ends if tokens[start:end] in self._kinds), None)
            if end is None:
                return None
            last, start = self._kinds[tokens[start:end]], end
        return last


def signs(text: str) -> list[str]:
    """Return the emoji and marks of a text, as words are given of one that has them."""
    return _SIGN.findall(text)


def _key(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return tokens with every run of a letter made one, so that "hellooo" is "helo"."""
    return tuple(_RUN.sub(r"\1", token) for token in tokens)
