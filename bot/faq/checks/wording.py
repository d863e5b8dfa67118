"""Rules about the words that people read: in answers, fixed replies and alerts.

The words themselves are in `bot/faq/wording.yaml`. Questions are free: people may ask "is it
safe" in their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.faq.checks.rules import Content, blanked, every_text
from bot.faq.packaged import packaged
from bot.faq.problems import Problem
from bot.faq.replies import ENGLISH
from bot.faq.source import Pattern
from bot.faq.template import PLACEHOLDERS


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE | re.DOTALL)


_WORDING = packaged("wording.yaml")
_ILLNESS = f"(?:{'|'.join(_WORDING['illnesses'])})"
_BANNED = [
    (kind, _any_of(words), why)
    for kind, banned in {
        "brand": {"": _WORDING["brands"]},
        "banned-words": _WORDING["never"],
        "banned-words/untold": _WORDING["attributed"],
        "promise": _WORDING["promises"],
        "diagnosis": {"": [each.replace("ILLNESS", _ILLNESS) for each in _WORDING["diagnoses"]]},
    }.items()
    for why, words in banned.items()
]
"""What no text may hold: the kind of problem, the words, and why."""
_DOUBTS = _any_of(_WORDING["doubts"])
_SUPPOSITIONS = _any_of(_WORDING["suppositions"])
_PHONE = re.compile("|".join(_WORDING["phone-numbers"]), re.IGNORECASE)
_MARKUP = re.compile("|".join(_WORDING["markup"]), re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")
_ADDRESS_OR_YEARS = re.compile(r"https?://\S+|(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_ONCE: tuple[tuple[str, Pattern, str], ...] = (
    ("replies", ("small_talk", ..., "says", ...), "said-twice"),
    ("replies", ("follow_ups", "parts", ..., "says", ...), "said-twice"),
    ("vocabulary", ("synonyms", ..., ...), "same-synonym"),
)
"""Words that stand once, by file and place, and the problem if they do not."""


def banned_words(content: Content) -> Iterator[Problem]:
    """No text names a brand, sells anything, promises anything, or tells a person what they have.

    Some claims may be told as what a document says, in a sentence that names it. A sentence may
    ask whether a thing is safe, or say before the word that it is not so or not known: within the
    same commas, for "do not worry, it is" promises all the same.
    """
    documents = content.knowledge.sources.documents
    names = [name.casefold() for document in documents for name in document.attributed_as]
    for file, trail, text in content.texts():
        for kind, pattern, why in _BANNED:
            for found in pattern.finditer(text):
                sentence = next(e for e in _SENTENCE.finditer(text) if found.start() < e.end())
                before = text[sentence.start() : found.start()]
                told = " ".join(sentence[0].casefold().split())
                match kind:
                    case "banned-words/untold":
                        allowed = any(name in told for name in names)
                    case "promise":
                        doubt = _DOUBTS.search(before.rpartition(",")[2])
                        allowed = told.endswith("?") or doubt is not None
                    case "diagnosis":
                        supposed = _SUPPOSITIONS.search(before)
                        allowed = told.endswith("?") or supposed is not None
                    case _:
                        allowed = False
                if not allowed:
                    values = {"words": found[0], "why": why}
                    yield content.fault(file, trail, kind, found.start(), **values)


def plain_texts(content: Content) -> Iterator[Problem]:
    """No text shouts, holds a phone number or waits to be written.

    A number would be wrong in another country, or next year. An alert may name the emergency
    numbers of several countries.
    """
    for file, trail, text in content.texts():
        if found := re.search(r"[^ \n]*!", text):
            yield content.fault(file, trail, "exclamation-mark", found.start())
        for found in _PHONE.finditer(_ADDRESS_OR_YEARS.sub(blanked, text)):
            if file != "alerts" or (found[1] or found[2]) not in _WORDING["emergency-numbers"]:
                start = max(found.start(1), found.start(2))
                yield content.fault(file, trail, "phone-number", start)
        if text in PLACEHOLDERS:
            yield content.fault(file, trail, "placeholder")


def signs(content: Content) -> Iterator[Problem]:
    """No text or question holds HTML or Markdown, or ends where YAML takes a # for a comment."""
    faq = content.sources["faq"]
    for file, trail, text in (*content.texts(), *(asked for _, asked in content.questions())):
        if found := _MARKUP.search(_ADDRESS.sub(blanked, text)):
            words = found[0].strip()
            yield content.fault(file, trail, "markup", found.start(), words=words)
        if file == "faq" and trail in faq.bare:
            place = faq.place(trail)
            rest = faq.lines[place.line - 1][place.column - 1 :]
            if rest.startswith(text) and rest.removeprefix(text).lstrip().startswith("#"):
                yield faq.fault(place, "comment-in-text")


def dashes(content: Content) -> Iterator[Problem]:
    """A dash that is one space too far right begins no item: it belongs to the text above."""
    for file, source in content.sources.items():
        for trail in source.bare if content.is_own(file) else ():
            place = source.place(trail)
            below = source.lines[place.line : place.end_line]
            if any(line.lstrip().startswith("- ") for line in below):
                yield source.fault(place, "dash-in-text", what="text")


def twice(content: Content) -> Iterator[Problem]:
    """A word is in one line of synonyms, one kind of small talk, and asks for one part."""
    for file, pattern, kind in _ONCE:
        source = content.sources[file]
        for trail, text, line in source.repeated(pattern, fold=str.casefold):
            yield source.fault(trail, kind, text=text, line=line)


def english(content: Content) -> Iterator[Problem]:
    """A FAQ in another language has every fixed text in `replies.yaml`."""
    told = {("others",), *(trail for trail, _ in every_text(content.sources["replies"].value))}
    missing = [trail for trail, _ in every_text(ENGLISH) if trail not in told]
    if missing and not content.knowledge.faq.language.casefold().startswith("en"):
        names = dict.fromkeys(".".join(map(str, trail[:2])) for trail in missing)
        yield content.fault("faq", ("language",), "english-text", names=", ".join(names))


RULES = (banned_words, plain_texts, signs, dashes, twice, english)
