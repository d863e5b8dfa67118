"""Missed questions: those that are alike together, and as lines for the examples of the FAQ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from bot.errors import UsageError
from bot.faq.models import Knowledge
from bot.records.redaction import MARKS

_ALIKE = 65.0
"""Likeness, 0..100, from which two questions stand in one group."""
_COMMON = 0.3
"""A word in the phrasings of so many of the entries says nothing of what a question is about."""
_COMMON_IN = 2
"""But it takes more entries than this, in the smallest FAQ too."""
_MOST = 3_000
"""Different questions that are grouped, the commonest first: each is compared with each group."""
_FEWEST_WORDS = 2
_INTRODUCTION = re.compile(
    r"(?:\b(?:(?:hi|hello|hey)\W+)?(?:i'?m|i am|my names?(?: is)?|this is|it'?s)\s+)?"
    r"\[name\](?:\s+here\b)?[\s,.;:!-]*",
    re.IGNORECASE,
)
_LOOSE = re.compile(r" ([,.;:!?])")


@dataclass(frozen=True, slots=True)
class Miss:
    """A redacted question, the ids of the entries nearest to it, and how often it came."""

    text: str
    nearest: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike, the commonest first, and the entry that is nearest to most.

    `nearest` is its id and `title` its title, both empty when the FAQ has none. `lines` are the
    questions as examples of it, with the marks of what was taken out, where enough words are left.
    """

    texts: tuple[str, ...]
    count: int
    nearest: str
    title: str
    lines: tuple[str, ...]


def grouped(found: Iterable[Miss], knowledge: Knowledge) -> tuple[Group, ...]:
    """Put questions together by likeness; the groups that came oftest first."""
    titles = {entry.id: entry.title for entry in knowledge.faq.entries}
    common = _common_words(knowledge)
    groups: list[list[Miss]] = []
    leaders: list[str] = []
    worded = (miss for miss in found if _words(phrasing(miss.text)))
    for miss in sorted(worded, key=lambda each: (-each.count, each.text))[:_MOST]:
        about = _about(miss.text, common)
        best = process.extractOne(about, leaders, scorer=fuzz.token_set_ratio, score_cutoff=_ALIKE)
        if best:
            groups[best[2]].append(miss)
        else:
            groups.append([miss])
            leaders.append(about)
    made = [_group(each, titles) for each in groups]
    return tuple(sorted(made, key=lambda each: -each.count))


def phrasing(text: str) -> str:
    """A redacted question without marks, in which nobody is introduced."""
    return _tidy(MARKS.sub(" ", _INTRODUCTION.sub(" ", text)))


def suggestion(text: str) -> str:
    """A redacted question without an introduction; other marks are left for people to see."""
    introduced = _INTRODUCTION.match(text)
    return _tidy(text[introduced.end() :] if introduced else text)


def _tidy(text: str) -> str:
    return _LOOSE.sub(r"\1", " ".join(text.split())).strip(" ,;:-")


def acceptable(groups: Iterable[Group], number: int, entry_id: str, knowledge: Knowledge) -> str:
    """The line of a number, counted from 1 over all groups, if an entry may have it as an example.

    `UsageError` says why it may not.
    """
    lines = [line for group in groups for line in group.lines]
    if not 1 <= number <= len(lines):
        raise UsageError(
            f"--accept {number}: there is no such line; `smp-bot report` numbers {len(lines)}"
        )
    if entry_id not in knowledge.ids:
        raise UsageError(f"--accept {number} {entry_id}: there is no entry called `{entry_id}`")
    line = lines[number - 1]
    if mark := MARKS.search(line):
        raise UsageError(
            f"{line}\nA detail was taken out of this line ({mark[0]}), and more of it may tell "
            f"who wrote it. Add it in words of your own to examples/{entry_id}.txt."
        )
    for entry in knowledge.faq.entries:
        if _words(line) in map(_words, knowledge.phrasings(entry)):
            raise UsageError(f"{line}\nThis line is already among those of `{entry.id}`.")
    return line


def _common_words(knowledge: Knowledge) -> frozenset[str]:
    entries: Counter[str] = Counter()
    for entry in knowledge.faq.entries:
        entries.update({word for each in knowledge.phrasings(entry) for word in _words(each)})
    most = max(_COMMON_IN, _COMMON * len(knowledge.faq.entries))
    return frozenset(word for word, count in entries.items() if count > most)


def _about(text: str, common: frozenset[str]) -> str:
    """The words of a question that say what it is about; all of them when none does."""
    words = _words(phrasing(text))
    return " ".join([word for word in words if word not in common] or words)


def _words(text: str) -> list[str]:
    return str(utils.default_process(text)).split()


def _group(misses: list[Miss], titles: dict[str, str]) -> Group:
    votes: Counter[str] = Counter()
    for miss in misses:
        for place, entry in enumerate(each for each in miss.nearest if each in titles):
            votes[entry] += miss.count * (3 - min(place, 2))
    nearest = votes.most_common(1)[0][0] if votes else ""
    texts = tuple(dict.fromkeys(miss.text for miss in misses))
    enough = (text for text in texts if len(phrasing(text).split()) >= _FEWEST_WORDS)
    lines = tuple(dict.fromkeys(map(suggestion, enough)))
    count = sum(miss.count for miss in misses)
    return Group(texts, count, nearest, titles.get(nearest, ""), lines)
