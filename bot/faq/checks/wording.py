"""Rules about the words that people read: in answers, fixed replies and alerts.

The words themselves are in `bot/faq/wording.yaml`. Questions are free: people may ask "is it
safe" in their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, rule
from bot.faq.packaged import packaged
from bot.faq.template import PLACEHOLDERS


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE | re.DOTALL)


_WORDING = packaged("wording.yaml")
_ILLNESS = f"(?:{'|'.join(_WORDING['illnesses'])})"
_BRANDS = [(_any_of(_WORDING["brands"]), "")]
_NEVER, _ATTRIBUTED, _PROMISES = (
    [(_any_of(words), why) for why, words in _WORDING[kind].items()]
    for kind in ("never", "attributed", "promises")
)
_DIAGNOSES = [(_any_of(each.replace("ILLNESS", _ILLNESS) for each in _WORDING["diagnoses"]), "")]
_DOUBTS = _any_of(_WORDING["doubts"])
_SUPPOSITIONS = _any_of(_WORDING["suppositions"])
_PHONE = re.compile(
    r"\b(?:call|ring|dial|phone|text|tel)\b[^.\n\d]{0,30}(\d{3,}(?:[ .()-]{0,2}\d)*)"
    r"|(?<![\w/.])(\+?\d(?:[ .()-]{0,2}\d){6,})(?![\w/])",
    re.IGNORECASE,
)
# Many people need one of these: they are shown beside "your local emergency number", in alerts.
_EMERGENCY_NUMBERS = ("112", "999", "911", "000")
_ADDRESS = re.compile(r"https?://\S+")
_ADDRESS_OR_YEARS = re.compile(r"https?://\S+|(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d")
_MARKUP = re.compile(
    r"</?[a-z][^<>]*>"  # an HTML tag
    r"|&(?:[a-z]+|#\d+);"  # an HTML entity
    r"|\*\*|__|~~|`|```"  # Markdown: bold, struck out, code
    r"|(?<!\w)[*_](?=\S)[^*_\n]*\S[*_](?!\w)"  # *italic* or _italic_
    r"|\[[^\]\n]+\]\("  # a Markdown link
    r"|^ {0,3}(?:#{1,6}|[*+-]|>) ",  # a Markdown heading, list or quotation
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def _held(
    content: Content, banned: list[tuple[re.Pattern[str], str]]
) -> Iterator[tuple[Finding, str, re.Match[str]]]:
    """Each place where a text holds banned words, with the text."""
    for file, trail, text in content.texts():
        for pattern, why in banned:
            for found in pattern.finditer(text):
                values = {"words": found[0], "why": why}
                yield Finding(file, trail, values, offset=found.start()), text, found


@rule("brand")
def brand(content: Content) -> Iterator[Finding]:
    """No brand and no place of business is named: the bot advertises nobody."""
    return (finding for finding, _, _ in _held(content, _BRANDS))


@rule("banned-words")
def banned_words(content: Content) -> Iterator[Finding]:
    """No text sells anything, or repeats a claim that nobody has shown.

    Some claims may be told as what a document says, in a sentence that names it.
    """
    yield from (finding for finding, _, _ in _held(content, _NEVER))
    documents = content.knowledge.sources.documents
    names = [name.casefold() for document in documents for name in document.attributed_as]
    for finding, text, found in _held(content, _ATTRIBUTED):
        sentence = " ".join(_sentence(text, found)[0].casefold().split())
        if not any(name in sentence for name in names):
            yield finding._replace(case="untold")


@rule("promise")
def promise(content: Content) -> Iterator[Finding]:
    """No text calls anything safe, harmless, guaranteed or best.

    A sentence may ask it, or say before the word that it is not so or not known: within the
    same commas, for "do not worry, it is" promises all the same.
    """
    for finding, text, found in _held(content, _PROMISES):
        before, asked = _sentence_before(text, found)
        if not asked and not _DOUBTS.search(before.rpartition(",")[2]):
            yield finding


@rule("diagnosis")
def diagnosis(content: Content) -> Iterator[Finding]:
    """No text tells a person what they have: only who can find out."""
    for finding, text, found in _held(content, _DIAGNOSES):
        before, asked = _sentence_before(text, found)
        if not asked and not _SUPPOSITIONS.search(before):
            yield finding


@rule("exclamation-mark")
def exclamation_mark(content: Content) -> Iterator[Finding]:
    """No text shouts at a person who is worried."""
    for file, trail, text in content.texts():
        if found := re.search(r"[^ \n]*!", text):
            yield Finding(file, trail, offset=found.start())


@rule("phone-number")
def phone_number(content: Content) -> Iterator[Finding]:
    """No text names a phone number: it would be wrong in another country, or next year.

    An alert may name the emergency numbers of several countries.
    """
    for file, trail, text in content.texts():
        for found in _PHONE.finditer(_ADDRESS_OR_YEARS.sub(_blanked, text)):
            if file != "alerts" or (found[1] or found[2]) not in _EMERGENCY_NUMBERS:
                yield Finding(file, trail, offset=max(found.start(1), found.start(2)))


@rule("markup")
def markup(content: Content) -> Iterator[Finding]:
    """No text holds HTML or Markdown: each face of the bot styles it in its own way."""
    for file, trail, text in (*content.texts(), *(asked for _, asked in content.questions())):
        if found := _MARKUP.search(_ADDRESS.sub(_blanked, text)):
            yield Finding(file, trail, {"words": found[0].strip()}, offset=found.start())


@rule("placeholder")
def placeholder(content: Content) -> Iterator[Finding]:
    """Every text of a new entry has been replaced by one of its own."""
    for file, trail, text in content.texts():
        if text in PLACEHOLDERS:
            yield Finding(file, trail)


@rule("comment-in-text")
def comment_in_text(content: Content) -> Iterator[Finding]:
    """What follows a space and # is no part of a text: YAML takes it for a comment."""
    source = content.sources["faq"]
    for _, trail, _ in (*content.texts(), *(asked for _, asked in content.questions())):
        if (raw := source.bare.get(trail)) is not None:
            place = source.place(trail)
            rest = source.lines[place.line - 1][place.column - 1 :]
            if rest.startswith(raw) and rest[len(raw) :].lstrip().startswith("#"):
                yield Finding("faq", trail)


@rule("dash-in-text")
def dash_in_text(content: Content) -> Iterator[Finding]:
    """A dash that is one space too far right begins no item: it belongs to the text above."""
    for file, source in content.sources.items():
        for trail in source.bare if content.is_own(file) else ():
            place = source.place(trail)
            below = source.lines[place.line : place.end_line]
            if any(line.lstrip().startswith("- ") for line in below):
                yield Finding(file, trail, {"what": "text"})


@rule("same-synonym")
def same_synonym(content: Content) -> Iterator[Finding]:
    """A word is in one line of synonyms only, and there once."""
    first: dict[str, Trail] = {}
    for number, line in enumerate(content.knowledge.vocabulary.synonyms):
        for position, word in enumerate(line):
            trail = ("synonyms", number, position)
            if (other := first.setdefault(word.casefold(), trail)) != trail:
                line_number = content.sources["vocabulary"].place(other).line
                yield Finding("vocabulary", trail, {"word": word, "line": line_number})


@rule("english-text")
def english_text(content: Content) -> Iterator[Finding]:
    """A FAQ in another language has every fixed text in `replies.yaml`."""
    faq, replies = content.knowledge.faq, content.knowledge.replies
    if faq.language.casefold().startswith("en"):
        return
    groups = ("headings", "time", "origin", "faces", "follow_ups")
    missing = [
        f"{group}{name}"
        for group, texts in (
            ("", replies),
            *((f"{key}.", getattr(replies, key)) for key in groups),
        )
        for name, about in type(texts).model_fields.items()
        if name not in texts.model_fields_set and about.default != () and name != "picks"
    ]
    if missing:
        yield Finding("faq", ("language",), {"names": ", ".join(missing)})


def _sentence(text: str, found: re.Match[str]) -> re.Match[str]:
    """The sentence of `text` that holds a match."""
    return next(each for each in _SENTENCE.finditer(text) if found.start() < each.end())


def _sentence_before(text: str, found: re.Match[str]) -> tuple[str, bool]:
    """What a match's sentence says before it, and whether it is a question."""
    sentence = _sentence(text, found)
    return text[sentence.start() : found.start()], sentence[0].rstrip().endswith("?")


def _blanked(found: re.Match[str]) -> str:
    return " " * len(found[0])
