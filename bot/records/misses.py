"""Missed questions: those that are alike together, and as lines to paste into the FAQ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import yaml
from rapidfuzz import fuzz, process, utils

from bot.faq.models import Knowledge
from bot.records.redaction import MARKS

ALIKE: Final = 72.0
"""Likeness, 0..100, from which two questions stand in one group."""
_MOST = 3_000
"""Different questions that are grouped, the commonest first: each is compared with each group."""
_FEWEST_WORDS = 2
_INDENT = 6


@dataclass(frozen=True, slots=True)
class Miss:
    """A redacted question, the ids of the entries nearest to it, and how often it came."""

    text: str
    nearest: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike, the commonest first, and the entry that is nearest to most.

    `nearest` is an entry's id and `title` its title; both are empty when there is none, or it is
    no longer in the FAQ. `lines` is YAML for the `questions` of an entry; it is empty when the
    questions have too few words left.
    """

    misses: tuple[Miss, ...]
    nearest: str
    title: str
    lines: str

    @property
    def count(self) -> int:
        """How often one of them came."""
        return sum(miss.count for miss in self.misses)


def grouped(found: Iterable[Miss], knowledge: Knowledge) -> tuple[Group, ...]:
    """Put questions together by likeness; the groups that came oftest first."""
    titles = {entry.id: entry.title for entry in knowledge.faq.entries}
    groups: list[list[Miss]] = []
    leaders: list[str] = []
    for miss in sorted(_merged(found), key=lambda each: (-each.count, each.text))[:_MOST]:
        plain = utils.default_process(phrasing(miss.text))
        best = process.extractOne(plain, leaders, scorer=_likeness, score_cutoff=ALIKE)
        if best:
            groups[best[2]].append(miss)
        else:
            groups.append([miss])
            leaders.append(plain)
    made = [_group(each, titles) for each in groups]
    return tuple(sorted(made, key=lambda each: -each.count))


def phrasing(text: str) -> str:
    """A redacted question without its marks: as it could stand in the FAQ."""
    return " ".join(MARKS.sub(" ", text).split()).strip(" ,;:-")


def yaml_lines(phrasings: Iterable[str]) -> str:
    """Write phrasings as items of a YAML list, indented as they are in `faq.yaml`."""
    return "".join(
        " " * _INDENT + yaml.safe_dump([each], allow_unicode=True, width=10_000)
        for each in phrasings
    )


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """How alike two questions are: their words in any order, and a little for words left out."""
    same = fuzz.token_sort_ratio(one, other)
    within = fuzz.token_set_ratio(one, other)
    score = 0.6 * same + 0.4 * within
    return score if score >= (score_cutoff or 0) else 0.0


def _merged(found: Iterable[Miss]) -> list[Miss]:
    """One miss for each text: its nearest entries may have changed with the FAQ."""
    counts: Counter[str] = Counter()
    nearest: dict[str, tuple[int, tuple[str, ...]]] = {}
    for miss in found:
        counts[miss.text] += miss.count
        nearest[miss.text] = max(nearest.get(miss.text, (0, ())), (miss.count, miss.nearest))
    return [Miss(text, nearest[text][1], count) for text, count in counts.items()]


def _group(misses: list[Miss], titles: dict[str, str]) -> Group:
    votes: Counter[str] = Counter()
    for miss in misses:
        for place, entry in enumerate(each for each in miss.nearest if each in titles):
            votes[entry] += miss.count * (3 - min(place, 2))
    nearest = votes.most_common(1)[0][0] if votes else ""
    phrasings = dict.fromkeys(phrasing(miss.text) for miss in misses)
    lines = yaml_lines(each for each in phrasings if len(each.split()) >= _FEWEST_WORDS)
    return Group(tuple(misses), nearest, titles.get(nearest, ""), lines)
