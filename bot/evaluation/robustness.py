"""Harder questions made from known ones: with typos, and the FAQ's own taken out of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.answering.spelling import NEIGHBOURS
from bot.evaluation.cases import Case
from bot.evaluation.measures import Answers, Outcome, Rate
from bot.faq.models import Entry, Examples, Knowledge

_MOST_BUILDS = 50
"""How many smaller FAQs an engine is built for, so that it takes a quarter of a minute."""

_LONGER_WORD = re.compile(r"[^\W\d_]{5,}")


def mistyped(text: str, draw: int = 0) -> str:
    """Return the text with one typo in every word of five letters or more.

    A typo swaps, drops or doubles a letter, or hits a key beside it. The same text and `draw`
    always give the same typos.
    """
    # Not for secrets: the same typos on every machine are what is wanted.
    chance = random.Random(f"{draw}\0{text}")  # noqa: S311

    def typo(found: re.Match[str]) -> str:
        word = found[0]
        place = chance.randrange(len(word) - 1)
        letter, following = word[place], word[place + 1]
        if letter == following:
            return word[:place] + word[place + 1 :]
        options = [following + letter, following, letter * 2 + following]
        if near := NEIGHBOURS.get(letter.lower()):
            options.append(chance.choice(sorted(near)) + following)
        return word[:place] + chance.choice(options) + word[place + 2 :]

    return _LONGER_WORD.sub(typo, text)


def with_typos(case: Case) -> Case:
    """Return the case with its question mistyped."""
    return replace(case, question=mistyped(case.question))


def leave_one_out(knowledge: Knowledge, build: Callable[[Knowledge], Answers]) -> Rate:
    """Ask phrasings of a FAQ that does not hold them: how often is their entry found first?

    One phrasing of every entry is taken out at a time, so that the engine is built anew once for
    a position in the longest entry and not for each phrasing; of more than 50 positions each
    second, third, and so on is taken. An entry with one phrasing cannot spare it and is left out.
    The engine has no signs of danger: it is asked what it finds, not whether it alerts.
    """
    found = asked = 0
    for smaller, taken_out in _reduced(knowledge):
        answerer = build(smaller)
        for entry_id, phrasing in taken_out:
            reply = answerer.answer(phrasing)
            found += Outcome(Case(phrasing), reply).first[0] == entry_id
            asked += 1
    return Rate(found, asked)


def _reduced(knowledge: Knowledge) -> Iterator[tuple[Knowledge, list[tuple[str, str]]]]:
    entries = [
        entry.model_copy(update={"questions": knowledge.phrasings(entry)})
        for entry in knowledge.faq.entries
    ]
    spared = [len(entry.questions) if len(entry.questions) > 1 else 0 for entry in entries]
    longest = max(spared)
    for position in range(0, longest, 1 + longest // _MOST_BUILDS):
        taken_out = [
            (entry.id, entry.questions[position])
            for entry, count in zip(entries, spared, strict=True)
            if position < count
        ]
        smaller = tuple(
            _without(entry, position) if position < count else entry
            for entry, count in zip(entries, spared, strict=True)
        )
        yield (
            Knowledge(
                faq=knowledge.faq.model_copy(update={"entries": smaller}),
                examples=Examples(off_topic=knowledge.examples.off_topic),
                replies=knowledge.replies,
                vocabulary=knowledge.vocabulary,
                calibration=knowledge.calibration,
            ),
            taken_out,
        )


def _without(entry: Entry, position: int) -> Entry:
    questions = (*entry.questions[:position], *entry.questions[position + 1 :])
    return entry.model_copy(update={"questions": questions})
