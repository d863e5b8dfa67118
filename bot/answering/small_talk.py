"""Greetings, thanks and the like: a message that is that and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.words import fold, tokenise
from bot.faq.models import SmallTalk


class SmallTalker:
    """Knows the small talk of one FAQ. Immutable once built."""

    def __init__(self, small_talk: Sequence[SmallTalk]) -> None:
        self._replies = {
            _key(tokenise(fold(says))): kind.reply
            for kind in reversed(small_talk)
            for says in kind.says
        }
        self._longest = max((len(key) for key in self._replies), default=0)

    def reply(self, written: Sequence[str]) -> str | None:
        """Return the reply to a message, as it was written, of small talk alone, or None.

        Of several in a row ("hi, thanks") the last is replied to.
        """
        tokens = _key(written)
        last: str | None = None
        position = 0
        while position < len(tokens):
            for length in range(min(self._longest, len(tokens) - position), 0, -1):
                found = self._replies.get(tokens[position : position + length])
                if found is not None:
                    last = found
                    position += length
                    break
            else:
                return None
        return last


def _key(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return tokens with every run of a letter made one, so that "hellooo" is "helo"."""
    return tuple(
        "".join(
            letter
            for previous, letter in zip(" " + token, token, strict=False)
            if letter != previous
        )
        for token in tokens
    )
