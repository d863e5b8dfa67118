"""Rules about how hard and how long an answer is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.faq.building import Trail
from bot.faq.checks.grade import grade
from bot.faq.checks.rules import Content, Finding, entry_texts, rule, topic_texts
from bot.faq.models import Entry

HARDEST_GRADE = 8.0
"""The highest Flesch-Kincaid grade of an entry: a reading age of about 13."""

MESSAGE_UNITS = 4096
"""What one Telegram message holds, in UTF-16 code units."""

_ADDRESS = re.compile(r"https?://\S+")

MOST_WORDS = 150
"""What somebody worried reads of one answer on a phone: two thirds of a minute, at the 238 words a
minute of Brysbaert 2019, Journal of Memory and Language 109, 104047."""

FIRST_SENTENCE = 25
"""The most words of the sentence that answers the question."""

HARDEST_SENTENCE = 11.0
"""The highest Flesch-Kincaid grade of one sentence."""
_FEWEST_WORDS = 4
"""In a shorter sentence one long word makes the grade."""
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")


@rule("hard-to-read")
def hard_to_read(content: Content) -> Iterator[Finding]:
    """An entry's Flesch-Kincaid grade is at most 8, over all that people read of it."""
    for trail, entry in content.entries():
        if (hardness := reading_grade(entry)) > HARDEST_GRADE:
            yield Finding(
                "faq",
                (*trail, "answer"),
                f"`{entry.id}` is hard to read: grade {hardness:.1f}, and {HARDEST_GRADE:.0f} is "
                "the most",
                "Use shorter sentences and shorter words.",
            )


@rule("too-long-for-a-message")
def too_long_for_a_message(content: Content) -> Iterator[Finding]:
    """The whole reply of an entry fits one Telegram message of 4096 UTF-16 units."""
    for trail, entry in content.entries():
        shown = content.engine.shown
        told = shown(entry) if shown else _joined(trail, entry)
        units = len(told.encode("utf-16-le")) // 2
        if units > MESSAGE_UNITS:
            yield Finding(
                "faq",
                (*trail, "answer"),
                f"`{entry.id}` is too long for one message: {units} characters, and "
                f"{MESSAGE_UNITS} is the most",
                "Shorten it, or make two entries of it.",
            )


@rule("hard-sentence")
def hard_sentence(content: Content) -> Iterator[Finding]:
    """No sentence of an entry has a Flesch-Kincaid grade over 11."""
    for entry_trail, entry in content.entries():
        for trail, text in topic_texts(entry_trail, entry):
            for found in _SENTENCE.finditer(_ADDRESS.sub("", text)):
                sentence = found[0].strip()
                if len(sentence.split()) < _FEWEST_WORDS:
                    continue
                if (hardness := grade(sentence)) > HARDEST_SENTENCE:
                    start = found.start() + len(found[0]) - len(found[0].lstrip())
                    yield Finding(
                        "faq",
                        trail,
                        f"this sentence is hard to read: grade {hardness:.1f}, and "
                        f"{HARDEST_SENTENCE:.0f} is the most",
                        "Make two of it, and use shorter words.",
                        start,
                    )


@rule("first-sentence")
def first_sentence(content: Content) -> Iterator[Finding]:
    """The first sentence answers the question: in 25 words at most, and by no document."""
    documents = content.knowledge.sources.documents
    names = tuple(name.casefold() for each in documents for name in each.attributed_as)
    for trail, entry in content.entries():
        first = _SENTENCE.findall(entry.answer)[:1] or [entry.answer]
        words = " ".join(first[0].split()).casefold()
        if (count := len(words.split())) > FIRST_SENTENCE:
            message = f"the first sentence has {count} words, and {FIRST_SENTENCE} is the most"
        elif words.removeprefix("according to ").startswith(names):
            message = "the first sentence begins with a document, and not with an answer"
        else:
            continue
        hint = "Begin with one short sentence that answers the question."
        yield Finding("faq", (*trail, "answer"), message, hint)


@rule("too-long-to-read")
def too_long_to_read(content: Content) -> Iterator[Finding]:
    """What an entry tells has 150 words at most, sources not counted."""
    for trail, entry in content.entries():
        words = sum(len(text.split()) for _, text in topic_texts(trail, entry))
        if words > MOST_WORDS:
            yield Finding(
                "faq",
                (*trail, "answer"),
                f"`{entry.id}` is too long to read on a phone: {words} words, and "
                f"{MOST_WORDS} is the most",
                "Shorten it, or make two entries of it.",
            )


def reading_grade(entry: Entry) -> float:
    """The Flesch-Kincaid grade of all that people read of an entry, as years of school."""
    return grade(_ADDRESS.sub("", _joined((), entry)))


def _joined(trail: Trail, entry: Entry) -> str:
    """All texts of an entry, each with an end of sentence."""
    texts = (text.strip() for _, text in entry_texts(trail, entry))
    return "\n".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)
