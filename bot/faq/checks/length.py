"""Rules about how hard and how long an answer is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, entry_texts, rule, told_texts
from bot.faq.models import Entry

HARDEST_GRADE = 8.0
"""The highest Flesch-Kincaid grade of an entry: a reading age of about 13."""

MESSAGE_UNITS = 4096
"""What one Telegram message holds, in UTF-16 code units."""

_ADDRESS = re.compile(r"https?://\S+")

WORDS_A_MINUTE = 238
"""Silent reading of English non-fiction by adults, the mean of 190 studies.

Brysbaert 2019, Journal of Memory and Language 109, 104047.
"""


@rule("hard-to-read")
def hard_to_read(content: Content) -> Iterator[Finding]:
    """An entry's Flesch-Kincaid grade is at most 8, over all that people read of it."""
    for trail, entry in content.entries():
        if (grade := reading_grade(entry)) > HARDEST_GRADE:
            yield Finding(
                "faq",
                (*trail, "answer"),
                f"`{entry.id}` is hard to read: grade {grade:.1f}, and {HARDEST_GRADE:.0f} is "
                "the most",
                "Use shorter sentences and shorter words.",
            )


@rule("too-long-for-a-message")
def too_long_for_a_message(content: Content) -> Iterator[Finding]:
    """The whole reply of an entry fits one Telegram message of 4096 UTF-16 units."""
    for trail, entry in content.entries():
        shown = content.shown(entry) if content.shown else _joined(trail, entry)
        units = len(shown.encode("utf-16-le")) // 2
        if units > MESSAGE_UNITS:
            yield Finding(
                "faq",
                (*trail, "answer"),
                f"`{entry.id}` is too long for one message: {units} characters, and "
                f"{MESSAGE_UNITS} is the most",
                "Shorten it, or make two entries of it.",
            )


@rule("too-long-to-read")
def too_long_to_read(content: Content) -> Iterator[Finding]:
    """What an entry tells is read in a minute: 238 words at most, sources not counted."""
    for trail, entry in content.entries():
        words = sum(len(text.split()) for _, text in told_texts(trail, entry))
        if words > WORDS_A_MINUTE:
            yield Finding(
                "faq",
                (*trail, "answer"),
                f"`{entry.id}` takes more than a minute to read: {words} words, and "
                f"{WORDS_A_MINUTE} is the most",
                "Shorten it, or make two entries of it.",
            )


def reading_grade(entry: Entry) -> float:
    """The Flesch-Kincaid grade of all that people read of an entry, as years of school."""
    import textstat  # type: ignore[import-untyped]

    return float(textstat.flesch_kincaid_grade(_ADDRESS.sub("", _joined((), entry))))


def _joined(trail: Trail, entry: Entry) -> str:
    """All texts of an entry, each with an end of sentence."""
    texts = (text.strip() for _, text in entry_texts(trail, entry))
    return "\n".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)
