"""Rules about the ways in which people ask."""

from __future__ import annotations

from collections.abc import Iterator

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, ReadText, presses, rule
from bot.faq.examples import FOLDER
from bot.faq.models import Entry

FEWEST = 8
"""Phrasings that an entry needs to be found by people who word things differently."""

NEARLY_SAME = 95
"""Likeness, 0..100 of RapidFuzz's `token_sort_ratio`, from which two phrasings count as one.

At 95 a plural or one typo makes no difference, and another word of any length does.
"""
_LANDED = ("answer", "alert", "nothing")
"""What a message gets that lands elsewhere, the worst first."""


@rule("few-phrasings")
def few_phrasings(content: Content) -> Iterator[Finding]:
    """An entry has at least 8 phrasings."""
    for trail, entry in content.entries():
        if (count := len(entry.questions)) < FEWEST:
            counted = "1 phrasing" if count == 1 else f"{count} phrasings"
            values = {"name": entry.id, "count": counted, "least": FEWEST}
            yield Finding("faq", (*trail, "questions"), values)


@rule("same-phrasing")
def same_phrasing(content: Content) -> Iterator[Finding]:
    """A phrasing is in one entry only, and there once; capitals, signs and order aside."""
    from rapidfuzz import fuzz, utils
    from rapidfuzz.process import cdist

    phrasings = list(content.questions())
    folded = [" ".join(sorted(utils.default_process(each.text).split())) for _, each in phrasings]
    likeness = cdist(folded, folded, scorer=fuzz.ratio, score_cutoff=NEARLY_SAME)
    for later, earlier in zip(*likeness.nonzero(), strict=True):
        (entry, asked), (other, before) = phrasings[later], phrasings[earlier]
        same = folded[earlier] == folded[later]
        # A typo of the entry's own phrasing takes nothing from another entry.
        if earlier >= later or (entry is other and not same):
            continue
        values = {
            "how": "the same" if same else "nearly the same",
            "line": content.sources["faq"].place(before.trail).line,
            "name": other.id,
            "text": before.text,
        }
        yield Finding("faq", asked.trail, values, "" if entry is other else "of-another")


@rule("said-twice")
def said_twice(content: Content) -> Iterator[Finding]:
    """Words of small talk are in one kind of it, and those that ask for a part in one part."""
    source = content.sources.get("replies")
    for kinds in (("small_talk", ..., "says", ...), ("follow_ups", "parts", ..., "says", ...)):
        first: dict[str, Trail] = {}
        for trail, text in source.texts(kinds) if source else ():
            if (earlier := first.setdefault(text.casefold(), trail)) != trail and source:
                line = source.place(earlier).line
                yield Finding("replies", trail, {"text": text, "line": line})


@rule("phrasing-lands-elsewhere")
def phrasing_lands_elsewhere(content: Content) -> Iterator[Finding]:
    """A question, asked of the bot, is answered with its own entry.

    Where an alert is in the way, that is `raises-alert`. For the examples see `astray`.
    """
    from rapidfuzz import utils

    asked_of: dict[str, set[str]] = {}
    for entry, asked in content.questions():
        asked_of.setdefault(utils.default_process(asked.text), set()).add(entry.id)
    for entry, asked in content.questions():
        if len(asked_of[utils.default_process(asked.text)]) > 1:
            continue  # it stands in two entries, which is said already
        landed = _landed_elsewhere(content, entry, asked)
        if landed and landed.case != "alert":
            yield landed


def astray(content: Content) -> tuple[tuple[Finding, ...], int]:
    """The examples that land elsewhere, the worst first, and how many were asked.

    Worst is an answer from another entry, then an alert in the place of one. No bot gets all of
    them right, so they are no faults, and an alert is right where the entry cannot wait.
    """
    examples = [
        (entry, ReadText(f"{FOLDER}/{name}", (number,), text))
        for _, entry in content.entries()
        for name in (entry.id, *entry.was)
        for number, text in enumerate(content.knowledge.examples.entries.get(name, ()))
    ]
    landed = [
        found
        for entry, example in examples
        if (found := _landed_elsewhere(content, entry, example))
        and not (found.case == "alert" and presses(entry))
    ]
    return tuple(sorted(landed, key=lambda each: _LANDED.index(each.case))), len(examples)


def _landed_elsewhere(content: Content, entry: Entry, message: ReadText) -> Finding | None:
    """Where a message lands if not in its own entry."""
    ask = content.engine.ask
    asked = ask(message.text) if ask else None
    if asked is None or entry.id in asked.entries:
        return None
    if asked.entries:
        return Finding(message.file, message.trail, {"name": asked.entries[0]}, "answer")
    case = "alert" if asked.alert else "nothing"
    return Finding(message.file, message.trail, {"name": asked.alert}, case)


@rule("raises-alert")
def raises_alert(content: Content) -> Iterator[Finding]:
    """A question raises an alert only beside its answer, and where that is for now or today."""
    ask = content.engine.ask
    for entry, (_, trail, text) in content.questions() if ask else ():
        asked = ask(text) if ask else None
        if asked and asked.alert and not (presses(entry) and asked.entries):
            beside = "" if asked.entries else ", and gets no answer"
            yield Finding("faq", trail, {"name": asked.alert, "beside": beside})
