"""A message as every part of the engine reads it: made once, and passed on.

Folded to plain letters, cut into words, each word corrected to the one that was meant, and with
what stands before it (nothing, a comma, the end of a sentence), so that sentences and clauses can
be told apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, pairwise

from bot.answering.spelling import Speller
from bot.answering.words import MAX_CHARACTERS, WORD, fold, tokenise
from bot.faq.packaged import packaged, packaged_text

COMMA, END, QUESTION = 1, 2, 3
"""What may stand before a word: nothing (0), a comma or the like, or the end of a sentence."""

_PIECE = re.compile(
    rf"(?P<word>{WORD})|(?P<ask>\?)|(?P<end>[!;…\n]|\.(?!\d))"
    r"|(?P<comma>[,:()\[\]\"“”–—~]|-(?![^\W_])|(?<![^\W_])-)|(?P<also>[/&+])"
)
_STANDING = {"ask": QUESTION, "end": END, "comma": COMMA}
_CENSORED = re.compile(r"(?<=[^\W_])[*]+(?=[^\W_])")
_SPELT_OUT = re.compile(r"\b[^\W\d_](?:[ .-]+[^\W\d_]){3,}\b")
_DIGITS_OR_LETTERS = re.compile(r"\d+(?:[.,]\d+)?|\D+")

_TYPING = packaged("reading.yaml", "bot.answering")
_JOINING = frozenset(_TYPING["joining"])
_SIGNS: Mapping[str, str] = _TYPING["signs"]
_FIGURES_FOR_LETTERS = str.maketrans(_TYPING["letters"])

_LONGEST_REPEATED = 8
_MOST_CORRECTED = 40
"""Unknown words of one message that are corrected, so that its length bounds the time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a message, as they are meant, with what stands before each of them.

    `shown` is the message on one line without hidden characters. `written` are its words as they
    were typed, folded. `words` are corrected, in full and with contractions joined (`can not` is
    `cant`); `breaks` says of each what stands before it. `last` is what ends the message.
    `typed` has of each word that was corrected how it was typed, `guessed` are those that were
    corrected as typos, and `unknown` words of neither English nor the FAQ that could not be. What
    is said several times in a row is there once.
    """

    shown: str
    written: tuple[str, ...]
    words: tuple[str, ...]
    breaks: tuple[int, ...]
    last: int
    typed: Mapping[str, str]
    unknown: frozenset[str]
    guessed: frozenset[str]

    def sentences(self) -> list[tuple[int, int]]:
        """Return where each sentence starts, and the index after its end."""
        starts = [at for at, before in enumerate(self.breaks) if at == 0 or before >= END]
        return list(pairwise([*starts, len(self.words)]))

    def clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the clauses of a sentence: what commas and joining words part, these left out."""
        spans: list[tuple[int, int]] = []
        for at in range(start, end):
            if self.words[at] in _JOINING:
                spans.append((start, at))
                start = at + 1
            elif self.breaks[at] and at > start:
                spans.append((start, at))
                start = at
        return [(first, last) for first, last in (*spans, (start, end)) if first < last]

    def is_question(self, end: int) -> bool:
        """Whether the sentence that ends before the word at `end` has a question mark."""
        return (self.breaks[end] if end < len(self.words) else self.last) == QUESTION


class Reader:
    """Reads messages for one FAQ. Immutable, so safe in any thread."""

    def __init__(self, speller: Speller | None, sign_words: Container[str] = ()) -> None:
        """A word of `sign_words` is read with its figures as letters: `su1cide`.

        Without a `speller` no typo is corrected.
        """
        self._speller = speller
        self._sign_words = sign_words

    def read(self, text: str) -> Reading:
        """Read a message of any script; what is beyond 32,768 characters is not read."""
        text = text[: 8 * MAX_CHARACTERS]
        folded = _CENSORED.sub("", fold(text).replace("w/o", "without"))
        folded = _SPELT_OUT.sub(lambda run: re.sub("[ .-]", "", run.group()), folded)
        written: list[str] = []
        tokens: list[tuple[str, int]] = []
        standing = END
        for piece in _PIECE.finditer(folded):
            kind, said = piece.lastgroup or "", piece.group()
            if kind == "word":
                written.append(said)
                for token in self._tokens(said):
                    tokens.append((token, standing))
                    standing = 0
            elif kind != "also":
                standing = max(standing, _STANDING[kind])
            elif tokens and not standing:
                tokens.append((_SIGNS[said], 0))
        meant = {token: longhand(token) or (token,) for token, _ in tokens}
        spelt = self._spelt(token for token in meant if longhand(token) is None)
        meant |= spelt
        pairs = [
            (word, 0 if place else before)
            for token, before in tokens
            for place, word in enumerate(meant[token])
        ]
        pairs = _once(_joined(pairs))
        unknown = frozenset(token for token, words in spelt.items() if words == (token,))
        return Reading(
            shown(text[:MAX_CHARACTERS]),
            tuple(written),
            tuple(word for word, _ in pairs),
            tuple(before for _, before in pairs),
            standing,
            {word: token for token, words in meant.items() for word in words if word != token},
            unknown,
            frozenset(chain(*spelt.values())) - unknown,
        )

    def _tokens(self, word: str) -> list[str]:
        """Part a word from the figures in it, but for one that is known as it is: `b12`."""
        parts = _figures_apart(word)
        if len(parts) == 1 or (word[0].isalpha() and self._speller and self._speller.has(word)):
            return [word]
        lettered = word.translate(_FIGURES_FOR_LETTERS)
        return [lettered] if lettered in self._sign_words else parts

    def _spelt(self, tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return what the first tokens that are no words of their own were meant for."""
        if self._speller is None:
            return {}
        strange = (token for token in tokens if not self._speller.knows(token))
        return {token: self._speller.spelt(token) for token in islice(strange, _MOST_CORRECTED)}


@cache
def _shorthand() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return what `shorthand.txt` beside this module says: written words to those meant."""
    text = packaged_text("shorthand.txt", "bot.answering")
    lines = [line.split(" = ") for line in text.splitlines() if " = " in line]
    return {tuple(written.split()): tuple(meant.split()) for written, meant in lines}


def longhand(word: str) -> tuple[str, ...] | None:
    """Return the word or words that phone spelling or a dialect stands for, None for others."""
    return _shorthand().get((word,))


def plain_words(folded: str) -> tuple[str, ...]:
    """Return the words of a text that is spelt as it is meant, such as an example of the FAQ."""
    words: list[str] = []
    for token in tokenise(folded):
        for part in _figures_apart(token) if token[0].isdecimal() else [token]:
            words += longhand(part) or (part,)
    return joined(words)


def _figures_apart(token: str) -> list[str]:
    """Part figures from letters, `2wks`, but for what is shorthand: `b4`."""
    return [token] if longhand(token) else _DIGITS_OR_LETTERS.findall(token)


def joined(words: Sequence[str]) -> tuple[str, ...]:
    """Join contractions: `can not` and `can t` are one word, `cant`."""
    if _shorthand().keys().isdisjoint(pairwise(words)):
        return tuple(words)
    return tuple(word for word, _ in _joined([(word, 0) for word in words]))


def _joined(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    result: list[tuple[str, int]] = []
    for word, before in pairs:
        if result and (before == 0 or word == "t"):
            both = _shorthand().get((result[-1][0], word))
            if both is not None:
                result[-1] = (both[0], result[-1][1])
                continue
        result.append((word, before))
    return result


def _once(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Leave out what says again what stands right before it: `no no no`, `help me help me`."""
    kept: list[tuple[str, int]] = []
    words: list[str] = []
    for word, before in pairs:
        kept.append((word, before))
        words.append(word)
        for length in range(1, min(_LONGEST_REPEATED, len(words) // 2) + 1):
            if words[-length:] == words[-2 * length : -length]:
                del kept[-length:], words[-length:]
                break
    return kept


def shown(text: str) -> str:
    """Return a message on one line without hidden characters, to show what was asked."""
    seen = (c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(seen).split())
