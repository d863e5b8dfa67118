"""Which language a message is in that is not English, and whether it tells of a danger.

One naive Bayes for all languages and scripts, on the words of `examples/languages` and on the
three letters by three that they are made of, beside common English words. So what is mistyped, or
said in another way, still has much in common with what is known, and there is no model to carry.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, count
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bot.answering.english import frequencies, zipf
from bot.answering.reading import longhand
from bot.answering.words import MAX_CHARACTERS, fold
from bot.faq.models import Language, LanguageKind

Danger = Literal["emergency", "crisis"]
Said = Mapping[LanguageKind, Sequence[str]]

_KINDS: tuple[LanguageKind, ...] = get_args(LanguageKind)
_DANGERS: tuple[Danger, ...] = get_args(Danger)
_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u0963\u0980-\u09e3])+")
"""Letters, and the vowel signs of Devanagari and Bengali."""
_ACCENTED = re.compile(r"[^\W\d_a-zA-Z]")
_SENTENCE = re.compile(r"[.!?;\n।。！？؟…]+")
_BABBLE = re.compile(r"(\w{1,3})\1{2,}\w?")
"""Laughter and singing are of no language: hahaha, lalala."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
"""The scripts that put no space between words: Han and Kana."""
_ALIKE = str.maketrans("đłıøىیکةہۀھےں", "dlioييكههههين")
"""Letters without an accent that are typed for others; Arabic ones serve Persian and Urdu."""
_OWN = 0.7
"""How much what is said of one kind counts beside all that is written in the language."""
_UNSEEN = 0.3
"""The chance that a piece is one that was never seen."""
_CLEAR = 2.0
"""The log-odds from which on a message tells of a danger rather than of none."""
_FOREIGN, _FOREIGN_WORD = 5.0, 2.0
"""By how much, in log-odds, another language must be likelier than English: at least, and for
each word. The first is not asked for of the language of the person's telephone."""
_SPOKEN = 12.0
"""What that language has before others, in log-odds: it decides in doubt."""
_COMMON = 3.5
"""A message of words as common in English as this (Zipf), or of the FAQ, is English."""
_KNOWN = 0.25
"""The least share of the pieces of a message that the language it is in must have."""

Row = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that is not in English: its language, None for one unknown, and its danger."""

    language: Language | None
    danger: Danger | None = None


class LanguageDetector:
    """Knows the languages of one FAQ. Immutable, so safe in any thread.

    What it knows is counted when it hears the first message that is not plainly English.
    """

    def __init__(
        self, languages: Iterable[Language], said: Mapping[str, Said], english: Iterable[str]
    ) -> None:
        """`said` is what people type, by code; `english` are the words of the FAQ, folded."""
        self._languages = tuple(languages)
        self._said = said
        self._english = frozenset(english)
        self._many = len(_KINDS) * len(self._languages) + 1
        self._row = lru_cache(4096)(self._weighed)

    @cached_property
    def _known(self) -> list[list[list[tuple[str, ...]]]]:
        """What is said, in words, by language and kind; last of each language its fixed texts."""
        return [
            [
                [tuple(_words(text)) for text in texts]
                for texts in (
                    *(self._said.get(language.code, {}).get(kind, ()) for kind in _KINDS),
                    (language.reply, language.emergency, language.crisis),
                )
            ]
            for language in self._languages
        ]

    @cached_property
    def _phrases(self) -> dict[tuple[int, tuple[str, ...]], LanguageKind]:
        """The kind of each phrase by the number of its language and its words."""
        return {
            (number, words): kind
            for number, known in enumerate(self._known)
            for kind, phrases in zip(_KINDS, known, strict=False)
            for words in phrases
        }

    @cached_property
    def _chances(self) -> dict[str, dict[int, float]]:
        """The chance of each piece by language and kind; English comes last."""
        groups = [[_count(Counter(chain(*said))) for said in known] for known in self._known]
        english = dict.fromkeys(self._english, 1.0) | {
            word: 10 ** ((common - 3) / 2) for word, common in frequencies().items()
        }
        chances: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for group, first in zip((*groups, [_count(english)]), count(0, len(_KINDS))):
            every = Counter[str]()
            for counts in group:
                every.update(counts)
            all_ = (1 - _OWN) / every.total()
            for number, counts in enumerate(group[: len(_KINDS)], first):
                own = _OWN / (counts.total() or 1)
                for piece, uses in every.items():
                    chance = all_ * uses + own * counts.get(piece, 0)
                    chances[piece][number] = (1 - _UNSEEN) * chance
        return chances

    def hear(self, text: str, code: str | None = None) -> Heard | None:
        """Return what a message in another language says; None for one in English.

        `code` is the language of the person's telephone, such as `es` or `pt-br`.
        """
        words = _words(text[:MAX_CHARACTERS])
        if not self._languages or not words:
            return None
        if all(map(self._is_english, words)) and not _ACCENTED.search(text):
            return None
        odds = self._odds(words)
        spoken = np.logaddexp.reduce(_by_language(odds), axis=1) - math.log(len(_KINDS))
        telephone = (code or "").casefold().partition("-")[0]
        own = [language.code == telephone for language in self._languages]
        number = int((spoken + _SPOKEN * np.array(own)).argmax())
        enough = _FOREIGN * (not own[number]) + _FOREIGN_WORD * len(words)
        if spoken[number] - odds[-1] < enough and any(map(str.isascii, words)):
            return None
        if self._share(words, number) < _KNOWN:
            return Heard(None)
        return Heard(self._languages[number], self._danger(text, number))

    def _danger(self, text: str, number: int) -> Danger | None:
        """Return what the whole message tells of, or else one of its sentences.

        A phrase of the examples, word for word, is what they say.
        """
        for said in dict.fromkeys((text, *_SENTENCE.split(text))):
            words = _words(said)
            kind = self._phrases.get((number, tuple(words)))
            if kind == "ordinary":
                continue
            if kind:
                return kind
            odds = _by_language(self._odds(words))[number]
            likelier = int(odds[:-1].argmax())
            if odds[likelier] - odds[-1] > _CLEAR:
                return _DANGERS[likelier]
        return None

    def _is_english(self, word: str) -> bool:
        return word in self._english or zipf(word) >= _COMMON or longhand(word) is not None

    def _share(self, words: Sequence[str], number: int) -> float:
        """Return the share of the pieces of words, 0..1, that are known of a language."""
        first = number * len(_KINDS)
        pieces = [piece for word in words for piece in _pieces(word)]
        return sum(first in self._chances.get(piece, ()) for piece in pieces) / len(pieces)

    def _odds(self, words: Iterable[str]) -> Row:
        """Return the log-odds of words by language and kind, against unseen ones; English last."""
        return sum(map(self._row, words), np.zeros(self._many))

    def _weighed(self, word: str) -> Row:
        row = np.zeros(self._many)
        unseen = _UNSEEN / len(self._chances)
        for piece in _pieces(word):
            for number, chance in self._chances.get(piece, {}).items():
                row[number] += math.log1p(chance / unseen)
        return row


def _by_language(odds: Row) -> Row:
    return odds[:-1].reshape(-1, len(_KINDS))


def _words(text: str) -> list[str]:
    words = _WORD.findall(fold(text).translate(_ALIKE))
    return [word for word in words if not _BABBLE.fullmatch(word)]


def _pieces(word: str) -> list[str]:
    """Return a word and its parts, each once; of a text without spaces, its short stretches."""
    if _UNSPACED.search(word):
        return [word[at : at + n] for n in (1, 2, 3) for at in range(len(word) - n + 1)]
    edged = f" {word} "
    return [f"={word}", *dict.fromkeys(edged[at : at + 3] for at in range(len(word)))]


def _count(words: Mapping[str, float]) -> Counter[str]:
    """Count the pieces of words, each for as much as its word."""
    counts: Counter[str] = Counter()
    for word, uses in words.items():
        for piece in _pieces(word):
            counts[piece] += uses  # type: ignore[assignment]
    return counts
