"""From a message to plain tokens: folding, words."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

MAX_CHARACTERS = 4096
"""A message is matched up to here: Telegram's own limit for one message."""

_APOSTROPHE = re.compile("['’‘ʼ`´ʹ′]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_HIDDEN = frozenset(["Mn", "Me", "Cf", "Cs"])
_RUN = re.compile(r"([^\W\d_])\1{2,}")
WORD = r"\d+[.,]\d{1,2}(?!\w)|[^\W_]+"
"""A pattern of a word: letters and digits of any script, or a number with decimals."""
_WORD = re.compile(WORD)


def fold(text: str) -> str:
    """Fold a message to lower case letters without accents, apostrophes or hidden characters.

    What was pasted from the source of a page (`&amp;`) is read as it is shown there. Compatibility
    forms become plain ones (NFKC), control and format characters become nothing or a space, and a
    letter that is repeated three times or more is kept twice.
    """
    plain = unescape(text)
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain).casefold()
        plain = unicodedata.normalize("NFC", _NOT_ASCII.sub(_shown, decomposed))
    plain = _APOSTROPHE.sub("", _CONTROL.sub(" ", plain))
    return _RUN.sub(r"\1\1", plain.lower())


def _shown(found: re.Match[str]) -> str:
    """Return a character, or nothing in place of an accent or of what is not seen."""
    return "" if unicodedata.category(found[0]) in _HIDDEN else found[0]


def tokenise(folded: str) -> list[str]:
    """Return the words of a folded text."""
    return _WORD.findall(folded)
