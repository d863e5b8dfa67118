"""Rules about the words that people read: in answers, fixed replies and alerts.

Phrasings are free: people may ask "is it safe" in their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, ReadText, rule
from bot.faq.template import PLACEHOLDERS

# Names of brands and of places of business that no text may hold. Add one between the bars.
BRANDS = re.compile(r"\b(lavivid|wilmington)\b", re.IGNORECASE)


class Banned(NamedTuple):
    """Words that no text may hold, and why."""

    pattern: re.Pattern[str]
    why: str


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


# Words that sell, or that repeat what nobody has shown.
NEVER = (
    Banned(_words("hundreds of (?:men|people|women|clients)"), "nobody can show that number"),
    Banned(_words("high possibility"), "nothing supports it"),
    Banned(
        _words(
            "leading(?! (?:to|up)\\b)|world[- ]class|award[- ]winning|number one"
            "|state[- ]of[- ]the[- ]art|book (?:now|with us|today)|special offer"
        ),
        "it sells something",
    ),
    Banned(_words("do not worry|don['’]?t worry|no need to worry"), "nobody knows that"),
    Banned(_words(r"\d+(?:\.\d+)? ?(?:mg|mcg|ml|milligrams?)"), "it is a dose"),
)

# Words that may be told only as what a document says: in a sentence that names it.
ATTRIBUTED = (
    Banned(
        _words("no side[- ]effects?|without side[- ]effects?|(?:free|free from) side[- ]effects?"),
        "it is not true of any treatment",
    ),
    Banned(_words("inexpensive|affordable"), "it is a claim about price"),
)

# Words that are a promise, unless their sentence says that nobody can make it.
PROMISES = (
    Banned(_words("safe|harmless|risk[- ]free|nothing to worry about"), "nobody can promise it"),
    Banned(_words("guaranteed?|guarantees|100 ?%|best treatment"), "nobody can promise it"),
)
_DOUBT = re.compile(
    r"\b(?:not|no|never|cannot|none|nobody|neither|nor|nothing|whether|unclear|unknown)\b|n['’]t\b"
    r"|\b(?:ask|check|find out|know|say|see|sure|tell)\b.*\bif\b",
    re.IGNORECASE | re.DOTALL,
)

_ILLNESSES = (
    "infections?|allerg(?:y|ies)|allergic reactions?|granulomas?|keloids?|sepsis|hepatitis"
    "|hiv|mrsa|cellulitis|sarcoidosis|blowouts?|abscess|blood poisoning|cancer"
)
DIAGNOSIS = _words(
    rf"(?:you have|you['’]ve)(?: got| caught)?(?: an?| the| some)?(?: \w+)? (?:{_ILLNESSES})"
    r"|you are (?:allergic|infected|septic)|your \w+ is infected"
)
_SUPPOSED = re.compile(
    r"\b(?:if|when|whether|unless|once|should|may|might|could|think|suspect)\b"
    r"|\b(?:tell|say|mention|know|sure)\b.*\bthat\b",
    re.IGNORECASE | re.DOTALL,
)

_PHONE = re.compile(
    r"\b(?:call|ring|dial|phone|text|tel)\b[^.\n\d]{0,30}(\d{3,}(?:[ .()-]{0,2}\d)*)"
    r"|(?<![\w/.])(\+?\d(?:[ .()-]{0,2}\d){6,})(?![\w/])",
    re.IGNORECASE,
)
# Many people need one of these: they are shown beside "your local emergency number", in alerts.
_EMERGENCY_NUMBERS = ("112", "999", "911", "000")
_YEARS = re.compile(r"(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d")
_ADDRESS = re.compile(r"https?://\S+")
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


@rule("brand")
def brand(content: Content) -> Iterator[Finding]:
    """No brand and no place of business is named: the bot advertises nobody."""
    for file, trail, text in content.texts():
        for found in BRANDS.finditer(text):
            message = f"“{found[0]}” is a brand or a place of business"
            yield Finding(file, trail, message, "Leave it out.", found.start())


@rule("banned-words")
def banned_words(content: Content) -> Iterator[Finding]:
    """No text sells anything, or repeats a claim that nobody has shown.

    Some claims may be told as what a document says, in a sentence that names it.
    """
    names = [
        name.casefold()
        for document in content.knowledge.sources.documents
        for name in document.attributed_as
    ]
    for file, trail, text in content.texts():
        for banned in NEVER:
            for found in banned.pattern.finditer(text):
                message = f"“{found[0]}” is not for an answer: {banned.why}"
                yield Finding(file, trail, message, "Leave it out.", found.start())
        for banned in ATTRIBUTED:
            for found in banned.pattern.finditer(text):
                sentence = " ".join(_sentence(text, found)[0].casefold().split())
                if not any(name in sentence for name in names):
                    message = f"“{found[0]}” is not for us to say: {banned.why}"
                    hint = "Leave it out, or say in the same sentence who says so."
                    yield Finding(file, trail, message, hint, found.start())


@rule("promise")
def promise(content: Content) -> Iterator[Finding]:
    """No text calls anything safe, harmless, guaranteed or best.

    A sentence may ask it, or say before the word that it is not so or not known: within the
    same commas, for "do not worry, it is" promises all the same.
    """
    for file, trail, text in content.texts():
        for banned in PROMISES:
            for found in banned.pattern.finditer(text):
                before, asked = _sentence_before(text, found)
                if not asked and not _DOUBT.search(before.rpartition(",")[2]):
                    message = f"“{found[0]}” is a promise: {banned.why}"
                    hint = "Say what usually happens, and what to look out for."
                    yield Finding(file, trail, message, hint, found.start())


@rule("diagnosis")
def diagnosis(content: Content) -> Iterator[Finding]:
    """No text tells a person what they have: only who can find out."""
    for file, trail, text in content.texts():
        for found in DIAGNOSIS.finditer(text):
            before, asked = _sentence_before(text, found)
            if not asked and not _SUPPOSED.search(before):
                message = f"“{found[0]}” is a diagnosis"
                hint = "Say what it can be a sign of, and who can find out."
                yield Finding(file, trail, message, hint, found.start())


@rule("exclamation-mark")
def exclamation_mark(content: Content) -> Iterator[Finding]:
    """No text shouts at a person who is worried."""
    for file, trail, text in content.texts():
        if (offset := text.find("!")) >= 0:
            start = max(text.rfind(" ", 0, offset), text.rfind("\n", 0, offset)) + 1
            hint = "End the sentence with a full stop."
            yield Finding(file, trail, "there is an exclamation mark here", hint, start)


@rule("phone-number")
def phone_number(content: Content) -> Iterator[Finding]:
    """No text names a phone number: it would be wrong in another country, or next year.

    An alert may name the emergency numbers of several countries.
    """
    for file, trail, text in content.texts():
        plain = _YEARS.sub(lambda found: "-" * len(found[0]), _blanked(_ADDRESS, text))
        for found in _PHONE.finditer(plain):
            if file == "alerts" and (found[1] or found[2]) in _EMERGENCY_NUMBERS:
                continue
            start = max(found.start(1), found.start(2))
            hint = "Write “your local emergency number”, or who to call."
            yield Finding(file, trail, "this looks like a phone number", hint, start)


@rule("markup")
def markup(content: Content) -> Iterator[Finding]:
    """No text holds HTML or Markdown: each face of the bot styles it in its own way."""
    for file, trail, text in (*content.texts(), *_phrasings(content)):
        if found := _MARKUP.search(_blanked(_ADDRESS, text)):
            message = f"“{found[0].strip()}” is markup, which people would see as it is"
            yield Finding(file, trail, message, "Write plain text.", found.start())


@rule("placeholder")
def placeholder(content: Content) -> Iterator[Finding]:
    """Every text of a new entry has been replaced by one of its own."""
    for file, trail, text in content.texts():
        if text in PLACEHOLDERS:
            yield Finding(file, trail, "this text still waits to be written", "Write it.")


@rule("comment-in-text", "warning")
def comment_in_text(content: Content) -> Iterator[Finding]:
    """What follows a space and # is no part of a text: YAML takes it for a comment."""
    source = content.sources["faq"]
    for _, trail, _ in (*content.texts(), *_phrasings(content)):
        if (raw := source.bare.get(trail)) is None:
            continue
        place = source.place(trail)
        rest = source.lines[place.line - 1][place.column - 1 :]
        if rest.startswith(raw) and rest[len(raw) :].lstrip().startswith("#"):
            yield Finding(
                "faq",
                trail,
                "what follows the # on this line is not read",
                "Put double quotes round the whole text if the # belongs to it; if not, move the "
                "comment to a line of its own.",
            )


@rule("dash-in-text")
def dash_in_text(content: Content) -> Iterator[Finding]:
    """A dash that is one space too far right begins no item: it belongs to the text above."""
    for file, source in content.sources.items():
        for trail in source.bare if content.is_own(file) else ():
            place = source.place(trail)
            below = source.lines[place.line : place.end_line]
            if any(line.lstrip().startswith("- ") for line in below):
                yield Finding(
                    file,
                    trail,
                    "the line below begins with a dash, and is read as part of this text",
                    "Put its dash right under the dash above.",
                )


@rule("same-synonym")
def same_synonym(content: Content) -> Iterator[Finding]:
    """A word is in one line of synonyms only, and there once."""
    first: dict[str, Trail] = {}
    for number, line in enumerate(content.knowledge.vocabulary.synonyms):
        for place, word in enumerate(line):
            trail = ("synonyms", number, place)
            if (other := first.setdefault(word.casefold(), trail)) != trail:
                line_number = content.sources["vocabulary"].place(other).line
                yield Finding(
                    "vocabulary",
                    trail,
                    f"`{word}` is among the synonyms on line {line_number} already",
                    "Delete it here, or join the two lines.",
                )


@rule("english-text", "warning")
def english_text(content: Content) -> Iterator[Finding]:
    """A FAQ in another language has every fixed text in `replies.yaml`."""
    faq, replies = content.knowledge.faq, content.knowledge.replies
    if faq.language.casefold().startswith("en"):
        return
    groups = {
        "": replies,
        "headings.": replies.headings,
        "time.": replies.time,
        "origin.": replies.origin,
        "faces.": replies.faces,
        "follow_ups.": replies.follow_ups,
    }
    missing = [
        f"{group}{name}"
        for group, texts in groups.items()
        for name, about in type(texts).model_fields.items()
        if name not in texts.model_fields_set and about.default != () and name != "picks"
    ]
    if missing:
        yield Finding(
            "faq",
            ("language",),
            f"these texts are said in English: {', '.join(missing)}",
            "Write them in replies.yaml.",
        )


def _phrasings(content: Content) -> Iterator[ReadText]:
    for trail, entry in content.entries():
        for number, text in enumerate(entry.questions):
            yield ReadText("faq", (*trail, "questions", number), text)


def _sentence(text: str, found: re.Match[str]) -> re.Match[str]:
    """The sentence of `text` that holds a match."""
    return next(each for each in _SENTENCE.finditer(text) if found.start() < each.end())


def _sentence_before(text: str, found: re.Match[str]) -> tuple[str, bool]:
    """What a match's sentence says before it, and whether it is a question."""
    sentence = _sentence(text, found)
    return text[sentence.start() : found.start()], sentence[0].rstrip().endswith("?")


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: " " * len(found[0]), text)
