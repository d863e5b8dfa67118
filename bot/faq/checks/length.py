"""Rules about how hard and how long an answer is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.faq.checks.grade import grade
from bot.faq.checks.rules import Content, blanked, entry_texts, topic_texts
from bot.faq.models import Entry
from bot.faq.problems import Problem

HARDEST_GRADE = 8.0
"""The highest Flesch-Kincaid grade of an entry: a reading age of about 13."""
HARDEST_SENTENCE = 11.0
"""The highest Flesch-Kincaid grade of one sentence."""
FIRST_SENTENCE = 25
"""The most words of the sentence that answers the question."""
MOST_WORDS = 150
"""What somebody worried reads of one answer on a phone: two thirds of a minute, at the 238 words a
minute of Brysbaert 2019, Journal of Memory and Language 109, 104047."""
MESSAGE_UNITS = 4096
"""What one Telegram message holds, in UTF-16 code units."""

_FEWEST_WORDS = 4
"""In a shorter sentence one long word makes the grade."""
# Without the mark behind it, which may end a sentence.
_ADDRESS = re.compile(r"https?://\S*[^\s.,;:!?)]")
_SENTENCE = re.compile(r"[^.!?\s](?:[^.!?\n]|[.!?](?!\s|$))*[.!?]*")


def whole_entries(content: Content) -> Iterator[Problem]:
    """An entry is easy to read and short, and its reply fits one message of Telegram."""
    shown = content.engine.shown or _joined
    for trail, entry in content.entries():
        hardness = grade(_ADDRESS.sub("", _joined(entry)))
        words = sum(len(text.split()) for _, text in topic_texts((), entry))
        units = len(shown(entry).encode("utf-16-le")) // 2
        measured = {
            "hard-to-read": (hardness, HARDEST_GRADE),
            "too-long-to-read": (words, MOST_WORDS),
            "too-long-for-a-message": (units, MESSAGE_UNITS),
        }
        for kind, (found, most) in measured.items():
            if found > most:
                place = (*trail, "answer")
                yield content.fault("faq", place, kind, name=entry.id, found=found, most=most)


def sentences(content: Content) -> Iterator[Problem]:
    """No sentence of an entry is hard to read."""
    for entry_trail, entry in content.entries():
        for trail, text in topic_texts(entry_trail, entry):
            for found in _SENTENCE.finditer(_ADDRESS.sub(blanked, text)):
                hardness = grade(found[0])
                if hardness > HARDEST_SENTENCE and len(found[0].split()) >= _FEWEST_WORDS:
                    values = {"found": hardness, "most": HARDEST_SENTENCE}
                    start = found.start()
                    yield content.fault("faq", trail, "hard-sentence", start, **values)


def first_sentences(content: Content) -> Iterator[Problem]:
    """The first sentence answers the question, is short, and begins with no document."""
    documents = content.knowledge.sources.documents
    names = tuple(name.casefold() for each in documents for name in each.attributed_as)
    for trail, entry in content.entries():
        place = (*trail, "answer")
        found = _SENTENCE.search(entry.answer)
        words = (found[0] if found else entry.answer).casefold().split()
        if len(words) > FIRST_SENTENCE:
            values = {"found": len(words), "most": FIRST_SENTENCE}
            yield content.fault("faq", place, "first-sentence/long", **values)
        elif " ".join(words).removeprefix("according to ").startswith(names):
            yield content.fault("faq", place, "first-sentence/document")


def _joined(entry: Entry) -> str:
    """All texts of an entry, each with an end of sentence."""
    texts = (text.strip() for _, text in entry_texts((), entry))
    return "\n".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)


RULES = (whole_entries, sentences, first_sentences)
