"""Rules about example files and signs; a file that comes with the program is not looked at."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.faq.building import Trail
from bot.faq.checks.rules import PRESSING, Content, Finding, Line, rule
from bot.faq.examples import DANGER, FOLDER, HARMLESS, LANGUAGES
from bot.faq.models import AlertLevel
from bot.faq.problems import shown_path

LONGEST = 300
"""The most characters of an example: a longer one teaches more chatter than sense."""

DANGERS_A_QUESTION = 30
"""A question may hold the one word of a sign that so many dangers hold."""


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


@rule("bare-sign")
def bare_sign(content: Content) -> Iterator[Finding]:
    """A line of one word is hardly in questions of entries that can wait.

    With `smp-bot check --all` it is not in twice as many harmless examples as dangers either.
    """
    signs = content.engine.signs
    if signs is None or not content.is_own("signs"):
        return
    examples = content.knowledge.examples.danger
    bare = {
        Line(sign, said)
        for sign, each in enumerate(content.knowledge.signs.signs)
        for said, line in enumerate(each.said)
        if len(line.replace(" / ", "/").split()) == 1
    }
    asked = [
        (line, text)
        for _, entry in content.entries()
        if not (entry.referral and entry.referral.when in PRESSING)
        for text in entry.questions
        for line in bare.intersection(signs(text))
    ]
    harmless = examples.get("harmless", ()) if content.ask_all else ()
    held = Counter(line for text in harmless for line in bare.intersection(signs(text)))
    if not asked and not held:
        return
    levels = _levels(content)
    danger = Counter(
        line
        for level, texts in examples.items()
        for text in texts
        for line in bare.intersection(signs(text))
        if levels[line.sign] == level
    )
    where = dict(asked)
    often = Counter(line for line, _ in asked)
    for line in sorted(bare):
        if often[line] * DANGERS_A_QUESTION > danger[line]:
            message = f"this one word is also in: {where[line]}"
        elif held[line] > 2 * danger[line]:
            message = f"this one word is also in {held[line]} harmless examples"
        else:
            continue
        hint = "Add a word that must stand beside it, such as: scalp hot."
        yield Finding("signs", ("signs", line.sign, "said", line.said), message, hint)


@rule("idle-sign")
def idle_sign(content: Content) -> Iterator[Finding]:
    """A sign is in an example of its level, at least in one: else nothing shows that it works."""
    signs = content.engine.signs
    if signs is None or not content.is_own("signs"):
        return
    idle = _levels(content)
    for level, texts in content.knowledge.examples.danger.items():
        for text in texts:
            if level not in idle.values():
                break
            for line in signs(text):
                if idle.get(line.sign) == level:
                    del idle[line.sign]
    for number, level in idle.items():
        message = f"no example of `{level}` has a line of this sign"
        hint = f"Put right its lines, or add examples to {DANGER}/{level}.txt."
        yield Finding("signs", ("signs", number, "name"), message, hint)


def _levels(content: Content) -> dict[int, AlertLevel]:
    """The level of the alert that each sign raises, by its number."""
    levels = {alert.name: alert.level for alert in content.knowledge.alerts.alerts}
    signs = content.knowledge.signs.signs
    return {number: levels[sign.alert] for number, sign in enumerate(signs)}


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
