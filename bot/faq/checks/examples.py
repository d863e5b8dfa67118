"""Rules about example files and signs; a file that comes with the program is not looked at."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

from bot.faq.checks.rules import Content, Line, ReadText, presses
from bot.faq.examples import DANGER, FOLDER, HARMLESS, LANGUAGES
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


def signs(content: Content) -> Iterator[Problem]:
    """Each sign is in an example of its level: else nothing shows that it works.

    A line of one word is hardly in questions of entries that can wait.
    """
    lines_in = content.engine.signs
    if lines_in is None or not content.is_own("signs"):
        return
    alerts = {alert.name: alert.level for alert in content.knowledge.alerts.alerts}
    levels = [alerts[sign.alert] for sign in content.knowledge.signs.signs]
    by_level = content.knowledge.examples.danger.items()
    dangers = [(level, text) for level, texts in by_level for text in texts]
    idle = dict(enumerate(levels))
    for level, text in dangers:
        for sign, _ in lines_in(text) if level in idle.values() else ():
            if idle.get(sign) == level:
                del idle[sign]
    for sign, level in idle.items():
        yield content.fault("signs", ("signs", sign, "name"), "idle-sign", level=level)
    asked: dict[Line, list[str]] = {}
    for entry, (_, _, text) in content.questions():
        for sign, said in () if presses(entry) else lines_in(text):
            words = content.knowledge.signs.signs[sign].said[said].replace(" / ", "/").split()
            if len(words) == 1:
                asked.setdefault((sign, said), []).append(text)
    held = Counter(
        line
        for level, text in (dangers if asked else ())
        for line in lines_in(text)
        if levels[line[0]] == level
    )
    for (sign, said), texts in asked.items():
        if len(texts) * DANGERS_A_QUESTION > held[sign, said]:
            place = ("signs", sign, "said", said)
            yield content.fault("signs", place, "bare-sign", text=texts[-1])


def _examples(content: Content) -> Iterator[ReadText]:
    """All of them, those of dangers behind the others, and harmless ones last."""
    for file in sorted(content.sources, key=lambda e: (e.startswith(DANGER), e == HARMLESS, e)):
        if file.startswith(FOLDER) and content.is_own(file):
            for trail, text in content.sources[file].texts((...,)):
                yield ReadText(file, trail, text)


RULES = (same, long, signs)
