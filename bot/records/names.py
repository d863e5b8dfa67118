"""Marking each word of a question that is not known to be harmless.

Names are too many to be listed. So a word stays only if it is known: from the FAQ, or as common
English that names nobody. What is both a word and a name ("mark", "reading") is taken for a name
where one stands: behind "I'm" or "near", beside another name, with a capital inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Final

from bot.answering.english import frequencies, zipf
from bot.answering.words import fold, tokenise
from bot.faq.models import Knowledge

MARK: Final = "[name]"
_TOKEN = re.compile(r"\[[a-z-]+\]|[^\W\d_]+(?:'[^\W\d_]+)*")
_MEDICAL = re.compile(
    r".{3,}(?:itis|osis|iasis|a?emia|pathy|pathic|ectomy|otomy|plasty|olog(?:y|ist)|mycin|cillin"
    r"|azole|statin|oxetine|alopram|asone|olone|umab|matic|phobic)"
)
"""Illnesses, medicines and those who treat: no list of common words has them."""
_COMMONEST = 6.0
"""The frequency of words that tie a sentence together, and are no part of a name."""

_TITLES = re.compile(
    r"\b(?:mrs?|ms|mx|dr|prof|professor|rev|sgt|capt|sir|dame|uncle|aunt(?:ie|y)?|named|call me"
    r"|(?:sur)?names?(?:'s| is| was)?)[.:=\s]+$"
)
"""What a name stands behind, whatever word it is."""
_INTRODUCED = re.compile(
    r"(?:(?:^|[.?!,]\s)(?:is|has|was|can|does)|\b(?:i'?m|i am|(?:it|this|that|he|she)(?:'?s| is)"
    r"|i go by|by|with|from|miss|doctor|nurse|sister|called|(?:spoke|talked|written|wrote) to|did"
    r"|does|ask(?:ed)?|told|tell|saw|met|know|love|trust|paid|thank|(?:husband|wife|partner"
    r"|boyfriend|girlfriend|fianc[eé]e?|son|daughter|brother|sister|twins|mum|mom|dad|mate|friend"
    r"|boss|technician|artist|tech|barber|surgeon|gp|therapist)(?: is)?))\s$"
    r"|\b(?:thanks|thank you|ta|cheers|regards|wishes|love|sincerely|yours|hi|hello|hey|dear)"
    r"[\s,.!-]+$"
)
"""What a name stands behind, and many another word."""
_SPEAKS = re.compile(
    r"^\s(?:here|speaking|said|says|told|tells|did|gave|mentioned|recommended|reckons|thinks|from"
    r"|who)\b"
)
_WHERE = re.compile(r"\b(?:in|near|from|at|to|around|outside|via|visiting|for)\s$")
_INITIALS = frozenset("bcdefghjklmnopqrstvwxyz")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|^\W+)$")
_SOME = r"(?:[^\W\d_]+(?:\s|$)){1,3}"
_TITLED = re.compile(
    rf"\b(?:at|to|from|by|with|in|off|near|used?|chose|visited)\s(?P<name>{_SOME})(?:clinics?|studios?"
    r"|salon|ink|aesthetics|hospital|surgery|barbers|pharmacy|spa|school|college|university|hotel"
    r"|church|mosque|gym|inn|club|county)\b"
    rf"|\b(?:at|in|on|off|near)\s(?P<road>{_SOME})(?:road|rd|street|st|avenue|ave|lane|crescent)\b",
    re.IGNORECASE,
)
"""A name before what it is the name of."""
_FOLLOWED = re.compile(
    r"\b(?:(?:handle|user\s?name|screen name|nickname|reddit|twitter|insta(?:gram)?|facebook|fb"
    r"|snap(?:chat)?|tik\s?tok|telegram|skype|discord|account)(?:\sname)?\s?(?:\sis|\sas|:|=)*"
    r"|(?:guy|man|girl|woman|lady|lads?|people|place|someone|somebody|team|artist|technician|tech"
    r"|practitioner|clinic|studio|company)\s(?:at|from|of|called)"
    r"|(?:done|treated|smp|sessions?|booked|went|work(?:ed|s)?|trained)\s(?:at|by|for))"
    rf"\s(?P<name>{_SOME})",
    re.IGNORECASE,
)
"""What a name follows that may be of several words: of an account, or of a firm."""


@cache
def _names() -> dict[str, frozenset[str]]:
    """The sections of `names.txt`, by their titles."""
    sections: dict[str, set[str]] = {}
    title = ""
    for line in files("bot.records").joinpath("names.txt").read_text("utf-8").splitlines():
        if line.startswith("="):
            title = line[1:].strip()
        elif not line.startswith("#"):
            sections.setdefault(title, set()).update(line.split())
    return {name: frozenset(words) for name, words in sections.items()}


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
    ends = [end for found in _TITLED.finditer(text) for end in _title(found, known)]
    ends += [end for found in _FOLLOWED.finditer(text) for end in _followed(found)]
    shouted = 4 * sum(word.text[0].isupper() for word in words) > 3 * len(words)
    for at, word in enumerate(words):
        if not word.is_name:
            word.is_name = word.end in ends or _stands_as_name(
                text, words, at, frozenset() if shouted else known
            )
    # What stands before a name may be the first half of it.
    names = _names()
    for word, after in zip(words, words[1:], strict=False):
        if word.folded in names["persons"] and text[word.end : after.begin] == " ":
            named = after.is_name and not after.text.startswith("[")
            if named or (after.folded in names["surnames"] and word.folded not in ("will", "may")):
                word.is_name = after.is_name = True
    return _marked(text, words)


def _title(found: re.Match[str], known: Collection[str]) -> Iterator[int]:
    """Where the words before "clinic" or "road" end that are its name: "golden scalp", not "a"."""
    group = "name" if found["name"] else "road"
    folded = [fold(word) for word in found[group].split()]
    common = group == "name" and len(folded) == 1 and folded[0] in known
    if not common and all(zipf(word) < _COMMONEST for word in folded):
        for word in re.finditer(r"\S+", found[group]):
            yield found.start(group) + word.end()


def _followed(found: re.Match[str]) -> Iterator[int]:
    for word in re.finditer(r"\S+", found["name"]):
        if zipf(fold(word[0])) >= _COMMONEST:
            return
        yield found.start("name") + word.end()


def _read(found: re.Match[str], known: Collection[str]) -> _Word:
    text = found[0]
    if text.startswith("["):
        return _Word(text, found.start(), found.end(), True)
    folded = fold(text)
    base = fold(text.removesuffix("'s"))
    harmless = _is_harmless(folded, known) or (base != folded and _is_harmless(base, known))
    return _Word(text, found.start(), found.end(), not harmless, base)


def _is_harmless(word: str, known: Collection[str]) -> bool:
    names = _names()
    if word in names["always"]:
        return False
    if len(word) == 1 or word in known:
        return True
    if word in frequencies():
        return not any(word in section for section in names.values())
    return _MEDICAL.fullmatch(word) is not None


def _stands_as_name(text: str, words: list[_Word], at: int, known: Collection[str]) -> bool:
    """Whether a word stands where a name does; `known` is empty in a text of capitals."""
    word, names = words[at], _names()
    before = text[: word.begin].lower()
    person, place = word.folded in names["persons"], word.folded in names["places"]
    surname = word.folded in names["surnames"]
    if _TITLES.search(before):
        return person or surname or zipf(word.folded) < _COMMONEST
    if person and (word.text.endswith("'s") or _INTRODUCED.search(before)):
        return True
    if person and _SPEAKS.search(text[word.end :]) and _begins(words, at):
        return True
    listed = at > 1 and words[at - 1].folded in ("or", "and") and words[at - 2].is_name
    if place and (listed or _WHERE.search(before)):
        return True
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
    return word.text[0].isupper() and not (given or _SENTENCE_START.search(text[: word.begin]))


def _begins(words: list[_Word], at: int) -> bool:
    """Whether a word begins what is said, so that no article stands before it."""
    return at == 0 or words[at - 1].folded in ("and", "but", "so", "because", "that", "as", "when")


def _marked(text: str, words: list[_Word]) -> str:
    def parts() -> Iterator[str]:
        end = 0
        for word in words:
            yield text[end : word.begin]
            yield MARK if word.is_name and not word.text.startswith("[") else word.text
            end = word.end
        yield text[end:]

    return re.sub(rf"{re.escape(MARK)}(?:[ '-]+{re.escape(MARK)})+", MARK, "".join(parts()))
