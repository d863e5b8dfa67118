"""Rules about the ways in which people ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.faq.checks.rules import Asked, Content, presses
from bot.faq.examples import FOLDER
from bot.faq.models import Entry
from bot.faq.problems import Problem

FEWEST = 8
"""Phrasings that an entry needs to be found by people who word things differently."""

NEARLY_SAME = 95
"""Likeness, 0..100 of RapidFuzz's `token_sort_ratio`, from which two phrasings count as one.

At 95 a plural or one typo makes no difference, and another word of any length does.
"""


def few(content: Content) -> Iterator[Problem]:
    """An entry has at least 8 phrasings."""
    for trail, entry in content.entries():
        if (count := len(entry.questions)) < FEWEST:
            counted = "1 phrasing" if count == 1 else f"{count} phrasings"
            values = {"name": entry.id, "count": counted, "least": FEWEST}
            yield content.fault("faq", (*trail, "questions"), "few-phrasings", **values)


def same(content: Content) -> Iterator[Problem]:
    """A phrasing is in one entry only, and there once; capitals, signs and order aside."""
    from rapidfuzz import fuzz, utils
    from rapidfuzz.process import cdist

    phrasings = list(content.questions())
    folded = [" ".join(sorted(utils.default_process(each.text).split())) for _, each in phrasings]
    likeness = cdist(folded, folded, scorer=fuzz.ratio, score_cutoff=NEARLY_SAME)
    for later, earlier in zip(*likeness.nonzero(), strict=True):
        (entry, asked), (other, before) = phrasings[later], phrasings[earlier]
        alike = folded[earlier] == folded[later]
        # A typo of the entry's own phrasing takes nothing from another entry.
        if earlier >= later or (entry is other and not alike):
            continue
        values = {
            "how": "the same" if alike else "nearly the same",
            "line": content.sources["faq"].place(before.trail).line,
            "name": other.id,
            "text": before.text,
        }
        kind = "same-phrasing" if entry is other else "same-phrasing/of-another"
        yield content.fault("faq", asked.trail, kind, **values)


def landing(content: Content) -> Iterator[Problem]:
    """A question, asked of the bot, is answered with its own entry, and an alert has a cause.

    It raises an alert only beside its answer, and where that is for now or today.
    """
    from rapidfuzz import utils

    ask = content.engine.ask
    if ask is None:
        return
    asked_of: dict[str, set[str]] = {}
    for entry, (_, _, text) in content.questions():
        asked_of.setdefault(utils.default_process(text), set()).add(entry.id)
    for entry, (_, trail, text) in content.questions():
        got = ask(text)
        if got.alert and not (presses(entry) and got.entries):
            beside = "" if got.entries else ", and gets no answer"
            yield content.fault("faq", trail, "raises-alert", name=got.alert, beside=beside)
        case = _landed(got, entry)
        twice = len(asked_of[utils.default_process(text)]) > 1  # which is told already
        if case and case != "alert" and not twice:
            kind = f"phrasing-lands-elsewhere/{case}"
            yield content.fault("faq", trail, kind, name=[*got.entries, got.alert][0])


def astray(content: Content) -> tuple[tuple[Problem, ...], int]:
    """The examples that land elsewhere, as notes, the worst first, and how many were asked.

    Worst is an answer from another entry, then an alert in the place of one. No bot gets all of
    them right, so they are no faults, and an alert is right where the entry cannot wait.
    """
    asked = 0
    landed: dict[str, list[Problem]] = {case: [] for case in ("answer", "alert", "nothing")}
    ask = content.engine.ask
    if ask is None:
        return (), 0
    examples = (
        (entry, f"{FOLDER}/{name}", number, text)
        for _, entry in content.entries()
        for name in (entry.id, *entry.was)
        for number, text in enumerate(content.knowledge.examples.entries.get(name, ()))
    )
    for entry, file, number, text in examples:
        asked += 1
        got = ask(text)
        case = _landed(got, entry)
        if case and not (case == "alert" and presses(entry)):
            kind = f"phrasing-lands-elsewhere/{case}"
            problem = content.fault(file, (number,), kind, name=[*got.entries, got.alert][0])
            landed[case].append(replace(problem, rule="example-lands-elsewhere", level="note"))
    return tuple(problem for problems in landed.values() for problem in problems), asked


def _landed(got: Asked, entry: Entry) -> str:
    """What somebody gets in the place of an entry; nothing if they get the entry."""
    if entry.id in got.entries:
        return ""
    if got.entries:
        return "answer"
    return "alert" if got.alert else "nothing"


RULES = (few, same, landing)
