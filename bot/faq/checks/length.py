"""Rules about how hard and how long an answer is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.faq.checks.grade import grade
from bot.faq.checks.rules import Content, Finding, entry_texts, of_entries, rule, topic_texts
from bot.faq.models import Entry

HARDEST_GRADE = 8.0
"""The highest Flesch-Kincaid grade of an entry: a reading age of about 13."""

MESSAGE_UNITS = 4096
"""What one Telegram message holds, in UTF-16 code units."""

MOST_WORDS = 150
"""What somebody worried reads of one answer on a phone: two thirds of a minute, at the 238 words a
minute of Brysbaert 2019, Journal of Memory and Language 109, 104047."""

FIRST_SENTENCE = 25
"""The most words of the sentence that answers the question."""

HARDEST_SENTENCE = 11.0
"""The highest Flesch-Kincaid grade of one sentence."""
_FEWEST_WORDS = 4
"""In a shorter sentence one long word makes the grade."""
_SHORTEN = "Shorten it, or make two entries of it."
_ADDRESS = re.compile(r"https?://\S+")
_SENTENCE = re.compile(r"[^.!?\s](?:[^.!?\n]|[.!?](?!\s|$))*[.!?]*")


@of_entries("hard-to-read", "Use shorter sentences and shorter words.", "answer")
def hard_to_read(_: Content, entry: Entry) -> Iterator[str]:
    """An entry's Flesch-Kincaid grade is at most 8, over all that people read of it."""
    if (hardness := reading_grade(entry)) > HARDEST_GRADE:
        most = f"grade {hardness:.1f}, and {HARDEST_GRADE:.0f} is the most"
        yield f"`{entry.id}` is hard to read: {most}"


@of_entries("too-long-for-a-message", _SHORTEN, "answer")
def too_long_for_a_message(content: Content, entry: Entry) -> Iterator[str]:
    """The whole reply of an entry fits one Telegram message of 4096 UTF-16 units."""
    told = (content.engine.shown or _joined)(entry)
    if (units := len(told.encode("utf-16-le")) // 2) > MESSAGE_UNITS:
        most = f"{units} characters, and {MESSAGE_UNITS} is the most"
        yield f"`{entry.id}` is too long for one message: {most}"


@rule("hard-sentence", "Make two of it, and use shorter words.")
def hard_sentence(content: Content) -> Iterator[Finding]:
    """No sentence of an entry has a Flesch-Kincaid grade over 11."""
    for entry_trail, entry in content.entries():
        for trail, text in topic_texts(entry_trail, entry):
            for found in _SENTENCE.finditer(_ADDRESS.sub("", text)):
                hardness = grade(found[0])
                if hardness > HARDEST_SENTENCE and len(found[0].split()) >= _FEWEST_WORDS:
                    most = f"grade {hardness:.1f}, and {HARDEST_SENTENCE:.0f} is the most"
                    message = f"this sentence is hard to read: {most}"
                    yield Finding("faq", trail, message, offset=found.start())


@of_entries("first-sentence", "Begin with one short sentence that answers the question.", "answer")
def first_sentence(content: Content, entry: Entry) -> Iterator[str]:
    """The first sentence answers the question: in 25 words at most, and by no document."""
    documents = content.knowledge.sources.documents
    names = tuple(name.casefold() for each in documents for name in each.attributed_as)
    found = _SENTENCE.search(entry.answer)
    words = (found[0] if found else entry.answer).casefold().split()
    if len(words) > FIRST_SENTENCE:
        yield f"the first sentence has {len(words)} words, and {FIRST_SENTENCE} is the most"
    elif " ".join(words).removeprefix("according to ").startswith(names):
        yield "the first sentence begins with a document, and not with an answer"


@of_entries("too-long-to-read", _SHORTEN, "answer")
def too_long_to_read(_: Content, entry: Entry) -> Iterator[str]:
    """What an entry tells has 150 words at most, sources not counted."""
    words = sum(len(text.split()) for _, text in topic_texts((), entry))
    if words > MOST_WORDS:
        most = f"{words} words, and {MOST_WORDS} is the most"
        yield f"`{entry.id}` is too long to read on a phone: {most}"


def reading_grade(entry: Entry) -> float:
    """The Flesch-Kincaid grade of all that people read of an entry, as years of school."""
    return grade(_ADDRESS.sub("", _joined(entry)))


def _joined(entry: Entry) -> str:
    """All texts of an entry, each with an end of sentence."""
    texts = (text.strip() for _, text in entry_texts((), entry))
    return "\n".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)
