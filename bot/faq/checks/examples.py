"""Rules about example files and signs; a file that comes with the program is not looked at."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

from bot.faq.checks.rules import Content, ReadText, presses
from bot.faq.examples import DANGER, FOLDER, HARMLESS, LANGUAGES
from bot.faq.models import AlertLevel
from bot.faq.problems import Problem, shown_path

LONGEST = 300
"""The most characters of an example: a longer one teaches more chatter than sense."""

DANGERS_A_QUESTION = 30
"""A question may hold the one word of a sign that so many dangers hold."""


def same(content: Content) -> Iterator[Problem]:
    """A message is in one place only, capitals and signs aside.

    Only a harmless message may also be a question or example of an entry, or off-topic; and what
    is typed in another language is compared within that language.
    """
    first: dict[tuple[str, str], ReadText] = {}
    for each in (*(asked for _, asked in content.questions()), *_examples(content)):
        letters = (" " if unicodedata.category(c)[0] in "PSZ" else c for c in each.text.casefold())
        folded = " ".join("".join(letters).split()) or each.text
        for among in _compared(each.file):
            earlier = first.setdefault((among, folded), each)
            if earlier is not each and each.file != "faq":  # questions have a stricter rule
                source = content.sources[earlier.file]
                place = f"{shown_path(source.file)}:{source.place(earlier.trail).line}"
                yield content.fault(each.file, each.trail, "same-example", place=place)


def _compared(file: str) -> tuple[str, ...]:
    """Among what the messages of a file may stand once."""
    if file.startswith(LANGUAGES):
        return (file.rpartition("/")[0],)
    if file == HARMLESS:
        return ("dangers",)
    return ("dangers", "messages") if file.startswith(DANGER) else ("messages",)


def long(content: Content) -> Iterator[Problem]:
    """A question or an example has at most 300 characters."""
    asked = (each for _, each in content.questions())
    for file, trail, text in (*asked, *_examples(content)):
        if len(text) > LONGEST:
            yield content.fault(file, trail, "long-example", count=len(text), most=LONGEST)


def bare_signs(content: Content) -> Iterator[Problem]:
    """A line of one word is hardly in questions of entries that can wait."""
    signs = content.engine.signs
    if signs is None or not content.is_own("signs"):
        return
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
    levels = _levels(content)
    danger = Counter(
        line
        for level, texts in content.knowledge.examples.danger.items()
        for text in (texts if asked else ())
        for line in bare.intersection(signs(text))
        if levels[line[0]] == level
    )
    often = Counter(line for line, _ in asked)
    for line, text in sorted(dict(asked).items()):
        if often[line] * DANGERS_A_QUESTION > danger[line]:
            place = ("signs", line[0], "said", line[1])
            yield content.fault("signs", place, "bare-sign", text=text)


def idle_signs(content: Content) -> Iterator[Problem]:
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
        yield content.fault("signs", ("signs", number, "name"), "idle-sign", level=level)


def _levels(content: Content) -> dict[int, AlertLevel]:
    """The level of the alert that each sign raises, by its number."""
    levels = {alert.name: alert.level for alert in content.knowledge.alerts.alerts}
    signs = content.knowledge.signs.signs
    return {number: levels[sign.alert] for number, sign in enumerate(signs)}


def _examples(content: Content) -> Iterator[ReadText]:
    """All of them, those of dangers behind the others, and harmless ones last."""
    for file in sorted(content.sources, key=lambda e: (e.startswith(DANGER), e == HARMLESS, e)):
        if file.startswith(FOLDER) and content.is_own(file):
            for trail, text in content.sources[file].texts((...,)):
                yield ReadText(file, trail, text)


RULES = (same, long, bare_signs, idle_signs)
