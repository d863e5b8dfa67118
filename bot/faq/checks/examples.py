"""Rules about example files and signs; a file that comes with the program is not looked at."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.faq.checks.rules import Content, Finding, ReadText, presses, rule
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
    harmless = [each for each in examples if each.file == HARMLESS]
    danger = [e for e in examples if e.file.startswith(DANGER) and e.file != HARMLESS]
    others = [each for each in examples if not each.file.startswith((DANGER, LANGUAGES))]
    foreign = [each for each in examples if each.file.startswith(LANGUAGES)]
    asked = (each for _, each in content.questions())
    yield from _repeated(content, (*asked, *others, *danger))
    yield from _repeated(content, (*danger, *harmless))
    for _, said in groupby(foreign, lambda each: each.file.rpartition("/")[0]):
        yield from _repeated(content, said)


@rule("long-example")
def long_example(content: Content) -> Iterator[Finding]:
    """A question or an example has at most 300 characters."""
    asked = (each for _, each in content.questions())
    for file, trail, text in (*asked, *_examples(content)):
        if len(text) > LONGEST:
            yield Finding(file, trail, {"count": len(text), "most": LONGEST})


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
        (sign, said)
        for sign, each in enumerate(content.knowledge.signs.signs)
        for said, line in enumerate(each.said)
        if len(line.replace(" / ", "/").split()) == 1
    }
    asked = [
        (line, text)
        for entry, (_, _, text) in content.questions()
        if not presses(entry)
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
        if levels[line[0]] == level
    )
    where = dict(asked)
    often = Counter(line for line, _ in asked)
    for line in sorted(bare):
        sign, said = line
        place = ("signs", sign, "said", said)
        if often[line] * DANGERS_A_QUESTION > danger[line]:
            yield Finding("signs", place, {"text": where[line]}, "question")
        elif held[line] > 2 * danger[line]:
            yield Finding("signs", place, {"count": held[line]}, "harmless")


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
            for sign, _ in signs(text):
                if idle.get(sign) == level:
                    del idle[sign]
    for number, level in idle.items():
        yield Finding("signs", ("signs", number, "name"), {"level": level})


def _levels(content: Content) -> dict[int, AlertLevel]:
    """The level of the alert that each sign raises, by its number."""
    levels = {alert.name: alert.level for alert in content.knowledge.alerts.alerts}
    signs = content.knowledge.signs.signs
    return {number: levels[sign.alert] for number, sign in enumerate(signs)}


def _examples(content: Content) -> Iterator[ReadText]:
    for file in sorted(content.sources):
        if file.startswith(FOLDER) and content.is_own(file):
            for trail, text in content.sources[file].texts((...,)):
                yield ReadText(file, trail, text)


def _repeated(content: Content, messages: Iterable[ReadText]) -> Iterator[Finding]:
    first: dict[str, ReadText] = {}
    for each in messages:
        letters = (" " if unicodedata.category(c)[0] in "PSZ" else c for c in each.text.casefold())
        earlier = first.setdefault(" ".join("".join(letters).split()) or each.text, each)
        if earlier is not each and each.file != "faq":  # questions have a stricter rule
            source = content.sources[earlier.file]
            place = f"{shown_path(source.file)}:{source.place(earlier.trail).line}"
            yield Finding(each.file, each.trail, {"place": place})
