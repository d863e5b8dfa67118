"""Rules about the example files; a file that comes with the program is not looked at."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, rule
from bot.faq.examples import DANGER, FOLDER, HARMLESS, LANGUAGES
from bot.faq.problems import shown_path

LONGEST = 300
"""The most characters of an example: a longer one teaches more chatter than sense."""


@rule("same-example")
def same_example(content: Content) -> Iterator[Finding]:
    """A message is in one place only, capitals and signs aside.

    Only a harmless message may also be a question or example of an entry, or off-topic; and what
    is typed in another language is compared within that language.
    """
    examples = list(_examples(content))
    harmless = [each for each in examples if each[0] == HARMLESS]
    danger = [each for each in examples if each[0].startswith(DANGER) and each[0] != HARMLESS]
    others = [each for each in examples if not each[0].startswith((DANGER, LANGUAGES))]
    foreign = (each for each in examples if each[0].startswith(LANGUAGES))
    found = (
        *_repeated(content, [*_questions(content), *others, *danger]),
        *_repeated(content, [*danger, *harmless]),
        *(
            finding
            for _, said in groupby(foreign, lambda each: each[0].rpartition("/")[0])
            for finding in _repeated(content, said)
        ),
    )
    yield from dict.fromkeys(found)


@rule("long-example")
def long_example(content: Content) -> Iterator[Finding]:
    """A question or an example has at most 300 characters."""
    for file, trail, text in (*_questions(content), *_examples(content)):
        if len(text) > LONGEST:
            message = f"this message has {len(text)} characters, and {LONGEST} is the most"
            yield Finding(file, trail, message, "Shorten it to what it is about.")


def _questions(content: Content) -> Iterator[tuple[str, Trail, str]]:
    for trail, entry in content.entries():
        for number, text in enumerate(entry.questions):
            yield "faq", (*trail, "questions", number), text


def _examples(content: Content) -> Iterator[tuple[str, Trail, str]]:
    for file in sorted(content.sources):
        if file.startswith(FOLDER) and content.is_own(file):
            for trail, text in content.sources[file].texts((...,)):
                yield file, trail, text


def _repeated(content: Content, messages: Iterable[tuple[str, Trail, str]]) -> Iterator[Finding]:
    first: dict[str, tuple[str, Trail]] = {}
    for file, trail, text in messages:
        letters = (" " if unicodedata.category(c)[0] in "PSZ" else c for c in text.casefold())
        folded = " ".join("".join(letters).split()) or text
        if folded not in first:
            first[folded] = file, trail
        elif file != "faq":  # among the questions there is a stricter rule
            source = content.sources[first[folded][0]]
            place = f"{shown_path(source.file)}:{source.place(first[folded][1]).line}"
            message = f"the same message is at {place}"
            yield Finding(file, trail, message, "Delete one of the two.")
