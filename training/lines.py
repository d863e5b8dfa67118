"""The lines that teach: what the FAQ asks, its examples, and the tuned questions, with labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.faq.loading import load_knowledge

NONE = "none"
"""The class of what is off topic, beside the ids of the entries."""
DANGERS = ("emergency", "crisis", "urgent", "harmless", "ordinary")
"""What a message tells of: three levels of danger, what only sounds like one, and the rest."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message and what is known of it.

    `entries` and `dangers` share out 1 over the classes that are right; an empty one says that
    nothing is known. `fold` is 0 or 1 for a tuned question, None for what the FAQ holds.
    """

    text: str
    entries: Mapping[str, float] = field(default_factory=dict)
    dangers: Mapping[str, float] = field(default_factory=dict)
    fold: int | None = None
    source: str = ""


def faq_lines(folder: Path) -> Iterator[Line]:
    """Yield the lines of a FAQ, each once."""
    knowledge = load_knowledge(folder)
    ordinary = {"ordinary": 1.0}
    for entry in knowledge.faq.entries:
        for text in entry.questions:
            yield Line(text, {entry.id: 1.0}, ordinary, source="entry")
    for text in knowledge.vocabulary.out_of_scope:
        yield Line(text, {NONE: 1.0}, ordinary, source="off-topic")
    for level, examples in knowledge.red_flags.examples.items():
        danger = "harmless" if level == "none" else level
        for text in examples.splitlines():
            yield Line(text, {}, {danger: 1.0}, source="danger")


def tuned_lines(folder: Path, entry_ids: Collection[str]) -> Iterator[Line]:
    """Yield the tuned questions; every other one of a file is of fold 1.

    Of what is right only entries that there are count: a question may wait for a new one.
    """
    for file in sorted(folder.glob("*.yaml")):
        place = 0
        for case in yaml.safe_load(file.read_text("utf-8")):
            if "question" not in case or "after" in case:
                continue
            entries, dangers = _labels(case, {*entry_ids, NONE})
            yield Line(case["question"], entries, dangers, place % 2, file.stem)
            place += 1


def _labels(
    case: Mapping[str, Any], known: Collection[str]
) -> tuple[dict[str, float], dict[str, float]]:
    right = case.get("accept", case.get("entry", []))
    entries = [each for each in ([right] if isinstance(right, str) else right) if each in known]
    alert = case.get("alert", [] if "entry" not in case and "accept" not in case else "ordinary")
    alerts = [alert] if isinstance(alert, str) else alert
    dangers = ["harmless" if each == "none" else each for each in alerts]
    return (
        {each: 1 / len(entries) for each in entries},
        {each: 1 / len(dangers) for each in dangers},
    )
