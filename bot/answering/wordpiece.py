"""WordPiece: a text as numbers of pieces of words, so that no word is unknown.

The tokeniser of BERT's uncased models (Devlin and others, 2019): letters are lowered and lose
their accents, every mark of punctuation stands alone, and a word is cut into the longest pieces
that are known, from its beginning on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_UNKNOWN = "[UNK]"
_INNER = "##"
"""What the name of a piece begins with that does not begin a word."""
_LONGEST = 100
"""A longer word is unknown: no word, and its pieces would take time."""
_IDEOGRAPHS = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2CEAF), (0x2F800, 0x2FA1F)
)  # fmt: skip
"""Characters that are words by themselves."""


class WordPiece:
    """Cuts texts into pieces. Immutable but for what it remembers of words."""

    def __init__(self, pieces: Sequence[str]) -> None:
        """`pieces` are all pieces in order: a piece's number is its place."""
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        self._unknown = self._numbers[_UNKNOWN]

    def number(self, piece: str) -> int:
        """Return the number of a piece; KeyError if there is none."""
        return self._numbers[piece]

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces; none for a text of spaces."""
        found: list[int] = []
        for word in _words(text):
            number = self._numbers.get(word)
            if number is None:
                found.extend(self._cut(word))
            else:
                found.append(number)
        return found

    def _cut(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word) <= _LONGEST:
            begun = _INNER if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(begun + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return [self._unknown]
        return found or [self._unknown]


def _words(text: str) -> list[str]:
    """Split a text into words and single marks, lower and without accents."""
    plain = "".join(
        " " if character.isspace() else character
        for character in text
        if character in "\t\n\r" or unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs")
    )
    decomposed = unicodedata.normalize("NFD", plain.lower())
    return "".join(
        f" {character} " if _stands_alone(character) else character
        for character in decomposed
        if character.isascii() or unicodedata.category(character) != "Mn"
    ).split()


def _stands_alone(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character.isspace())
    point = ord(character)
    return unicodedata.category(character)[0] == "P" or any(
        a <= point <= b for a, b in _IDEOGRAPHS
    )
