"""An edit of one line changes what it should, and nothing else."""

from __future__ import annotations

import random

import pytest

from bot.answering.answerer import Answerer
from bot.faq.models import Examples, Knowledge
from tests.shipped import shipped_knowledge

KNOWLEDGE = shipped_knowledge()
ASKED = [(entry.id, text) for entry in KNOWLEDGE.faq.entries for text in entry.questions]
ADDED = (
    "it was all right at first",
    "asking for my dad who does not use the internet",
    "how come nobody told me about this",
    "what did you do in the end",
    "every few weeks it comes back",
    "the spots on my noddle went a funny shade",
    "has anybody else had this after the second go",
    "my barber noticed it before i did",
    "it is worse when i wear my cycling helmet",
    "would you mind telling me a bit more about that",
)
EDITS = 10
"""Lines that are edited at once: what three builds keep, thirty edits one by one keep too."""


def edited(knowledge: Knowledge, draw: random.Random) -> tuple[Knowledge, set[str]]:
    """Return the FAQ with lines added and removed at drawn places, and the entries it touched."""
    entries = {name: list(lines) for name, lines in knowledge.examples.entries.items()}
    touched = draw.sample(sorted(entries), EDITS)
    for name, line in zip(touched, ADDED, strict=True):
        place = draw.randrange(len(entries[name]))
        if draw.random() < 0.5:
            entries[name].insert(place, line)
        else:
            del entries[name][place]
    off_topic = list(knowledge.examples.off_topic)
    del off_topic[draw.randrange(len(off_topic))]
    examples = Examples(
        entries={name: tuple(lines) for name, lines in entries.items()},
        off_topic=tuple(off_topic),
        danger=knowledge.examples.danger,
    )
    return knowledge.model_copy(update={"examples": examples}), set(touched)


def replies(knowledge: Knowledge) -> dict[str, tuple[object, ...]]:
    answerer = Answerer(knowledge)
    return {
        text: (
            reply.alert and reply.alert.causes,
            [told.entry.id for told in reply.answered],
        )
        for _, text in ASKED
        for reply in [answerer.answer(text)]
    }


@pytest.fixture(scope="module")
def before() -> dict[str, tuple[object, ...]]:
    return replies(KNOWLEDGE)


@pytest.mark.parametrize("seed", range(3))
def test_no_other_entry_is_answered_otherwise(
    seed: int, before: dict[str, tuple[object, ...]]
) -> None:
    after, touched = edited(KNOWLEDGE, random.Random(seed))
    now = replies(after)
    others = [text for entry_id, text in ASKED if entry_id not in touched]
    assert [text for text in others if now[text][0] != before[text][0]] == []
    changed = [text for text in others if now[text] != before[text]]
    assert len(changed) <= 0.001 * len(others), changed
