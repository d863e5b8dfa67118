"""Marking each word of a question that is not known to be harmless.

Names are too many to be listed. So a word stays only if it is known: from the FAQ, or as common
English that names nobody. What is both a word and a name ("mark", "reading") is taken for a name
where one stands: behind "I'm" or "near", beside another name, with a capital inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.answering.english import zipf
from bot.answering.words import fold, tokenise
from bot.faq.models import Knowledge
from bot.records.details import NAMES, SEEN

MARK: Final = "[name]"
_TOKEN = re.compile(r"\[[a-z-]+\]|[^\W\d_]+(?:'[^\W\d_]+)*")
_WORD = re.compile(r"\S+")
_COMMON = 4.0
"""The frequency from which a word that the FAQ does not have may stay: rare ones tell too much."""
_COMMONEST = 6.0
"""The frequency of words that tie a sentence together, and are no part of a name."""

_INITIALS = frozenset("bcdefghjklmnopqrstvwxyz")


@dataclass
class _Word:
    """A word, or the mark of what was taken out, and where it stands."""

    text: str
    begin: int
    end: int
    is_name: bool
    folded: str = ""


class FaqWords:
    """The words of the FAQ that serves, folded; they are read anew when it has changed."""

    def __init__(self, knowledge: Callable[[], Knowledge]) -> None:
        self._knowledge = knowledge
        self._of: Knowledge | None = None
        self._words: frozenset[str] = frozenset()

    def __call__(self) -> frozenset[str]:
        """Return them; what is off topic or dangerous is not among them."""
        if (now := self._knowledge()) is not self._of:
            texts = chain(*map(now.phrasings, now.faq.entries), *now.vocabulary.synonyms)
            self._words = frozenset(word for text in texts for word in tokenise(fold(text)))
            self._of = now
        return self._words


def without_names(text: str, known: Collection[str]) -> str:
    """Return a text of single spaces in which each word that may name somebody is `MARK`.

    `known` are the words of the FAQ, folded.
    """
    words = [_read(found, known) for found in _TOKEN.finditer(text)]
    ends = {*_named_beside(text, known)}
    shouted = 4 * sum(word.text[0].isupper() for word in words) > 3 * len(words)
    for at, word in enumerate(words):
        if not word.is_name:
            word.is_name = word.end in ends or _stands_as_name(
                text, words, at, frozenset() if shouted else known
            )
    # What stands before a name may be the first half of it.
    for word, after in zip(words, words[1:], strict=False):
        if word.folded in NAMES["persons"] and text[word.end : after.begin] == " ":
            named = after.is_name and not after.text.startswith("[")
            if named or (after.folded in NAMES["surnames"] and word.folded not in ("will", "may")):
                word.is_name = after.is_name = True
    return SEEN["firm in a town"].sub(_firm, _marked(text, words))


def _firm(found: re.Match[str]) -> str:
    common = any(zipf(fold(word)) >= _COMMONEST for word in found["name"].split())
    return found[0] if common else f"{found['at']}{MARK} "


def _named_beside(text: str, known: Collection[str]) -> Iterator[int]:
    """Where words end that name a firm, a road or an account, by what stands beside them."""
    for kind in ("firm", "road"):  # "golden scalp clinic", but neither "a clinic" nor "fue clinic"
        for found in SEEN[kind].finditer(text):
            folded = [fold(word) for word in found["name"].split()]
            of_a_kind = kind == "firm" and len(folded) == 1 and folded[0] in known
            if not of_a_kind and all(zipf(word) < _COMMONEST for word in folded):
                yield from (word.end() for word in _WORD.finditer(text, *found.span("name")))
    for kind in ("account", "people of a firm", "done by a firm"):
        for found in SEEN[kind].finditer(text):
            for word in _WORD.finditer(text, *found.span("name")):
                if zipf(fold(word[0])) >= _COMMONEST:
                    break
                yield word.end()


def _read(found: re.Match[str], known: Collection[str]) -> _Word:
    text = found[0]
    if text.startswith("["):
        return _Word(text, found.start(), found.end(), True)
    folded = fold(text)
    base = fold(text.removesuffix("'s"))
    harmless = _is_harmless(folded, known) or _is_harmless(base, known)
    return _Word(text, found.start(), found.end(), not harmless, base)


def _is_harmless(word: str, known: Collection[str]) -> bool:
    if word in NAMES["always"]:
        return False
    if len(word) == 1 or word in known:
        return True
    if zipf(word) >= _COMMON:
        return not any(word in section for section in NAMES.values())
    return SEEN["medical"].fullmatch(word) is not None


def _stands_as_name(text: str, words: list[_Word], at: int, known: Collection[str]) -> bool:
    """Whether a word stands where a name does; `known` is empty in a text of capitals."""
    word = words[at]
    before = text[: word.begin].lower()
    person, place = word.folded in NAMES["persons"], word.folded in NAMES["places"]
    surname = word.folded in NAMES["surnames"]
    if SEEN["behind a title"].search(before):
        return person or surname or zipf(word.folded) < _COMMONEST
    if person and (word.text.endswith("'s") or SEEN["introduced"].search(before)):
        return True
    if person and SEEN["speaks"].search(text[word.end :]) and _begins(words, at):
        return True
    listed = at > 1 and words[at - 1].folded in ("or", "and") and words[at - 2].is_name
    if place and (listed or SEEN["in a place"].search(before)):
        return True
    if at > 1 and words[at - 1].folded in ("at", "from") and words[at - 2].is_name:
        return zipf(word.folded) < _COMMONEST
    beside = at > 0 and text[words[at - 1].end : word.begin] in (" ", ". ")
    beside &= words[at - 1].is_name or words[at - 1].folded in _INITIALS
    if beside and (person or place or surname):
        return True
    if not (known and _has_capital(text, word)):
        return False
    nearby = [each for each in words[max(0, at - 1) : at + 2] if each is not word]
    in_a_row = any(_has_capital(text, each) for each in nearby)
    return person or place or surname or in_a_row or word.folded not in known


def _has_capital(text: str, word: _Word) -> bool:
    """Whether a word has a capital that neither the sentence nor an abbreviation gives it."""
    given = word.text.isupper() or word.folded in ("im", "ive", "ill", "id")
    return word.text[0].isupper() and not (
        given or SEEN["begins a sentence"].search(text[: word.begin])
    )


def _begins(words: list[_Word], at: int) -> bool:
    """Whether a word begins what is said, so that no article stands before it."""
    return at == 0 or words[at - 1].folded in ("and", "but", "so", "because", "that", "as", "when")


def _marked(text: str, words: list[_Word]) -> str:
    for word in reversed(words):
        if word.is_name and not word.text.startswith("["):
            text = text[: word.begin] + MARK + text[word.end :]
    return re.sub(rf"{re.escape(MARK)}(?:[ '-]+{re.escape(MARK)})+", MARK, text)
