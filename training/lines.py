"""The lines that teach, with labels: what the FAQ asks, examples, and the tuned questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.answering.encoder import NONE
from bot.answering.word_counts import mark
from bot.faq.examples import read_messages
from bot.faq.models import ALERT_LEVELS, Knowledge
from bot.faq.packaged import FAST_PARSER

LINES = Path(__file__).with_name("lines")
"""Lines that teach beside those of the FAQ: the bot reads them nowhere else."""
REAL = frozenset(["real", "ordinary", "out_of_scope_real", "dangers", "short", "oblique"])
"""Files of tuned questions in people's own words, but for a letter at the end of the name."""
RIDDLES = "oblique"
"""The file of questions that say it as no FAQ would, written to be hard: they teach, and no weight
is fitted to them, which would make the bot shy of plain questions."""
NETWORKS = 3
"""Networks that are taught: each without one tuned question of `PARTS`, another one for each."""
PARTS = 5
"""Of which part a question is, is told by its text: one that comes or goes changes nothing for
others."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message and what is known of it.

    `entries` and `dangers` share out 1 over the classes that are right; an empty one says that
    nothing is known. `several` entries are all asked for, others serve if any is told. `real` is
    one in people's own words, `tuned` a tuned question; `held` is the number of the network that
    was not taught it, if there is one: weights are fitted to these.
    """

    text: str
    entries: Mapping[str, float] = field(default_factory=dict)
    dangers: Mapping[str, float] = field(default_factory=dict)
    source: str = ""
    several: bool = False
    real: bool = False
    tuned: bool = False
    held: int | None = None

    @property
    def danger(self) -> float:
        """The share, 0..1, of its labels that are a danger."""
        return sum(share for name, share in self.dangers.items() if name in ALERT_LEVELS)


def faq_lines(knowledge: Knowledge) -> Iterator[Line]:
    """Yield the lines of a FAQ, each once."""
    ordinary = {"ordinary": 1.0}
    for entry in knowledge.faq.entries:
        for text in knowledge.phrasings(entry):
            yield Line(text, {entry.id: 1.0}, ordinary, source="entry")
    for text in knowledge.examples.off_topic:
        yield Line(text, {NONE: 1.0}, ordinary, source="off-topic")
    for kind, texts in knowledge.examples.danger.items():
        for text in texts:
            yield Line(text, {}, {kind: 1.0}, source="danger")


def more_lines(ids: Mapping[str, str], folder: Path = LINES) -> Iterator[Line]:
    """Yield the lines that only teach, from files named as those of `faq/examples` are.

    `ids` is `Knowledge.ids`: a file may be of an entry's old id.
    """
    for file in sorted(folder.rglob("*.txt")):
        entry = NONE if file.stem == "off-topic" else ids.get(file.stem)
        for text in read_messages(file).value:
            if file.parent != folder:
                yield Line(text, {}, {file.stem: 1.0}, source="danger")
            elif entry:
                source = "off-topic" if entry == NONE else "entry"
                yield Line(text, {entry: 1.0}, {"ordinary": 1.0}, source=source)


def tuned_lines(folder: Path, ids: Mapping[str, str]) -> Iterator[Line]:
    """Yield the tuned questions; some of each `PARTS` are held.

    `ids` is `Knowledge.ids`. Of what is right only entries that there are count: a question may
    wait for a new one.
    """
    for file in sorted(folder.glob("*.yaml")):
        for case in yaml.load(file.read_text("utf-8"), Loader=FAST_PARSER):  # noqa: S506
            if "question" not in case or "after" in case or "language" in case:
                continue
            entries, dangers = _labels(case, {**ids, NONE: NONE})
            part = mark(case["question"]) % PARTS
            several = isinstance(case.get("entry"), list)
            yield Line(
                case["question"],
                entries,
                dangers,
                file.stem,
                several,
                real=re.sub(r"_[b-z]$", "", file.stem) in REAL,
                tuned=True,
                held=part if part < NETWORKS and file.stem != RIDDLES else None,
            )


def _labels(
    case: Mapping[str, Any], ids: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, float]]:
    right = case.get("accept", case.get("entry", []))
    named = [right] if isinstance(right, str) else right
    entries = dict.fromkeys(ids[each] for each in named if each in ids)
    alert = case.get("alert", [] if "entry" not in case and "accept" not in case else "ordinary")
    alerts = [alert] if isinstance(alert, str) else alert
    dangers = ["harmless" if each == "none" else each for each in alerts]
    return (
        {each: 1 / len(entries) for each in entries},
        {each: 1 / len(dangers) for each in dangers},
    )
