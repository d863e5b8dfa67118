"""Rules about the ways in which people ask."""

from __future__ import annotations

from collections.abc import Iterator

from bot.faq.building import Trail
from bot.faq.checks.rules import PRESSING, Content, Finding, of_entries, rule
from bot.faq.examples import FOLDER
from bot.faq.models import Entry

FEWEST = 8
"""Phrasings that an entry needs to be found by people who word things differently."""

NEARLY_SAME = 95
"""Likeness, 0..100 of RapidFuzz's `token_sort_ratio`, from which two phrasings count as one.

At 95 a plural or one typo makes no difference, and another word of any length does.
"""


@of_entries("few-phrasings", "Add other words that people use for the same question.", "questions")
def few_phrasings(content: Content, entry: Entry) -> Iterator[str]:
    """An entry has at least 8 phrasings."""
    if (count := len(entry.questions)) < FEWEST:
        yield f"`{entry.id}` has {count} phrasing{'s'[: count != 1]}; it needs {FEWEST}"


@rule("same-phrasing")
def same_phrasing(content: Content) -> Iterator[Finding]:
    """A phrasing is in one entry only, and there once; capitals, signs and order aside."""
    from rapidfuzz import fuzz, utils
    from rapidfuzz.process import cdist

    phrasings = list(_questions(content))
    folded = [_sorted(utils.default_process(text)) for *_, text in phrasings]
    likeness = cdist(folded, folded, scorer=fuzz.ratio, score_cutoff=NEARLY_SAME)
    for later, earlier in zip(*likeness.nonzero(), strict=True):
        if earlier >= later:
            continue
        _, trail, entry, _ = phrasings[later]
        _, first, other, text = phrasings[earlier]
        same = folded[earlier] == folded[later]
        if entry == other and not same:
            continue  # a typo of the entry's own phrasing takes nothing from another entry
        line = content.sources["faq"].place(first).line
        yield Finding(
            "faq",
            trail,
            f"{'the same' if same else 'nearly the same'} phrasing is on line {line}"
            + ("" if entry == other else f", in `{other}`: {text}"),
            "Delete one of the two." if entry == other else "Keep it where it fits best.",
        )


@rule("said-twice")
def said_twice(content: Content) -> Iterator[Finding]:
    """Words of small talk are in one kind of it, and those that ask for a part in one part."""
    if "replies" not in content.sources or not content.is_own("replies"):
        return
    source = content.sources["replies"]
    for kinds in (("small_talk", ..., "says", ...), ("follow_ups", "parts", ..., "says", ...)):
        first: dict[str, Trail] = {}
        for trail, text in source.texts(kinds):
            if (earlier := first.setdefault(text.casefold(), trail)) != trail:
                yield Finding(
                    "replies",
                    trail,
                    f"`{text}` is on line {source.place(earlier).line} too",
                    "Keep it where it fits best.",
                )


@rule("phrasing-lands-elsewhere")
def phrasing_lands_elsewhere(content: Content) -> Iterator[Finding]:
    """A question, asked of the bot, is answered with its own entry.

    Where an alert is in the way, that is `raises-alert`. For the examples see `astray`.
    """
    from rapidfuzz import utils

    asked_of: dict[str, set[str]] = {}
    for _, _, entry, text in _questions(content):
        asked_of.setdefault(utils.default_process(text), set()).add(entry)
    for phrasing in _questions(content):
        if len(asked_of.get(utils.default_process(phrasing[-1]), ())) > 1:
            continue  # it stands in two entries, which is said already
        landed = _landed_elsewhere(content, *phrasing)
        if landed and landed[0] != _ALERT:
            yield landed[1]


def astray(content: Content) -> tuple[tuple[Finding, ...], int]:
    """The examples that land elsewhere, the worst first, and how many were asked.

    Worst is an answer from another entry, then an alert in the place of one. No bot gets all of
    them right, so they are no faults, and an alert is right where the entry cannot wait.
    """
    examples = list(_examples(content))
    pressing = {entry.id for _, entry in content.entries() if _presses(entry)}
    landed = [
        found
        for each in examples
        if (found := _landed_elsewhere(content, *each))
        and (found[0] != _ALERT or each[2] not in pressing)
    ]
    landed.sort(key=lambda each: each[0])
    return tuple(finding for _, finding in landed), len(examples)


_ANSWER, _ALERT, _NOTHING = range(3)


def _landed_elsewhere(
    content: Content, file: str, trail: Trail, entry: str, text: str
) -> tuple[int, Finding] | None:
    """Where a message lands if not in its own entry, and how bad that is, 0 the worst."""
    ask = content.engine.ask
    asked = ask(text) if ask else None
    if asked is None or entry in asked.entries:
        return None
    if asked.entries:
        message = f"the bot takes this for a question about `{asked.entries[0]}`"
        hint = "Make it say more clearly what it is about, or move it to the other entry."
        return _ANSWER, Finding(file, trail, message, hint)
    if asked.alert:
        message = f"the alert `{asked.alert}` takes the place of an answer to this"
        return _ALERT, Finding(file, trail, message, _HARMLESS)
    message = "the bot does not know what this is about"
    hint = "Make it say more clearly what it is about, or delete it."
    return _NOTHING, Finding(file, trail, message, hint)


_HARMLESS = "If it tells of no danger, add it to examples/danger/harmless.txt."


@rule("raises-alert")
def raises_alert(content: Content) -> Iterator[Finding]:
    """A question raises an alert only beside its answer, and where that is for now or today."""
    ask = content.engine.ask
    if ask is None:
        return
    pressing = {entry.id for _, entry in content.entries() if _presses(entry)}
    for file, trail, entry, text in _questions(content):
        asked = ask(text)
        if asked.alert and (entry not in pressing or not asked.entries):
            beside = "" if asked.entries else ", and gets no answer"
            message = f"this question raises the alert `{asked.alert}`{beside}"
            yield Finding(file, trail, message, _HARMLESS)


def _presses(entry: Entry) -> bool:
    return bool(entry.referral and entry.referral.when in PRESSING)


def _questions(content: Content) -> Iterator[tuple[str, Trail, str, str]]:
    for trail, entry in content.entries():
        for number, text in enumerate(entry.questions):
            yield "faq", (*trail, "questions", number), entry.id, text


def _examples(content: Content) -> Iterator[tuple[str, Trail, str, str]]:
    for _, entry in content.entries():
        for name in (entry.id, *entry.was):
            for number, text in enumerate(content.knowledge.examples.entries.get(name, ())):
                yield f"{FOLDER}/{name}", (number,), entry.id, text


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))
