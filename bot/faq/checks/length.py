"""Rules about how hard and how long an answer is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.faq.checks.grade import grade
from bot.faq.checks.rules import Content, Finding, entry_texts, rule, topic_texts
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
_ADDRESS = re.compile(r"https?://\S+")
_SENTENCE = re.compile(r"[^.!?\s](?:[^.!?\n]|[.!?](?!\s|$))*[.!?]*")


@rule("hard-to-read")
def hard_to_read(content: Content) -> Iterator[Finding]:
    """An entry's Flesch-Kincaid grade is at most 8, over all that people read of it."""
    for trail, entry in content.entries():
        if (hardness := reading_grade(entry)) > HARDEST_GRADE:
            values = {"name": entry.id, "grade": hardness, "most": HARDEST_GRADE}
            yield Finding("faq", (*trail, "answer"), values)


@rule("too-long-for-a-message")
def too_long_for_a_message(content: Content) -> Iterator[Finding]:
    """The whole reply of an entry fits one Telegram message of 4096 UTF-16 units."""
    shown = content.engine.shown or _joined
    for trail, entry in content.entries():
        if (units := len(shown(entry).encode("utf-16-le")) // 2) > MESSAGE_UNITS:
            values = {"name": entry.id, "count": units, "most": MESSAGE_UNITS}
            yield Finding("faq", (*trail, "answer"), values)


@rule("hard-sentence")
def hard_sentence(content: Content) -> Iterator[Finding]:
    """No sentence of an entry has a Flesch-Kincaid grade over 11."""
    for entry_trail, entry in content.entries():
        for trail, text in topic_texts(entry_trail, entry):
            for found in _SENTENCE.finditer(_ADDRESS.sub("", text)):
                hardness = grade(found[0])
                if hardness > HARDEST_SENTENCE and len(found[0].split()) >= _FEWEST_WORDS:
                    values = {"grade": hardness, "most": HARDEST_SENTENCE}
                    yield Finding("faq", trail, values, offset=found.start())


@rule("first-sentence")
def first_sentence(content: Content) -> Iterator[Finding]:
    """The first sentence answers the question: in 25 words at most, and by no document."""
    documents = content.knowledge.sources.documents
    names = tuple(name.casefold() for each in documents for name in each.attributed_as)
    for trail, entry in content.entries():
        place = (*trail, "answer")
        found = _SENTENCE.search(entry.answer)
        words = (found[0] if found else entry.answer).casefold().split()
        if len(words) > FIRST_SENTENCE:
            yield Finding("faq", place, {"count": len(words), "most": FIRST_SENTENCE}, "long")
        elif " ".join(words).removeprefix("according to ").startswith(names):
            yield Finding("faq", place, case="document")


@rule("too-long-to-read")
def too_long_to_read(content: Content) -> Iterator[Finding]:
    """What an entry tells has 150 words at most, sources not counted."""
    for trail, entry in content.entries():
        words = sum(len(text.split()) for _, text in topic_texts((), entry))
        if words > MOST_WORDS:
            values = {"name": entry.id, "count": words, "most": MOST_WORDS}
            yield Finding("faq", (*trail, "answer"), values)


def reading_grade(entry: Entry) -> float:
    """The Flesch-Kincaid grade of all that people read of an entry, as years of school."""
    return grade(_ADDRESS.sub("", _joined(entry)))


def _joined(entry: Entry) -> str:
    """All texts of an entry, each with an end of sentence."""
    texts = (text.strip() for _, text in entry_texts((), entry))
    return "\n".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)
