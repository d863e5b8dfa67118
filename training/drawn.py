"""FAQs drawn from the shipped one, as the network would meet a FAQ that it was not taught."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from bot.answering.encoder import Encoder
from bot.answering.matching import Matcher
from bot.faq.models import Examples, Faq, Knowledge
from training.engine import UNFITTED, Engine
from training.lines import Line
from training.score import Asked, asked, named

SIZES = ((30, 8), (20, 20), (12, 40), (30, 40))
"""Entries of a FAQ that is drawn, and phrasings of each."""
OFF_TOPIC = 300
QUESTIONS = 500
"""Questions asked of each, in scope and out of it."""


def drawn(
    knowledge: Knowledge, lines: Sequence[Line], engine: Engine, encoder: Encoder
) -> Iterator[Asked]:
    """Yield what questions look like to drawn FAQs, each with off-topic examples and without."""
    draw = random.Random(0)
    for size, phrasings in SIZES:
        for off_topic in (0, OFF_TOPIC):
            chosen = draw.sample(knowledge.faq.entries, min(size, len(knowledge.faq.entries)))
            ids = {entry.id: f"drawn-{place}" for place, entry in enumerate(chosen)}
            entries, examples = [], {}
            for entry in chosen:
                own = knowledge.phrasings(entry)
                texts = tuple(draw.sample(own, min(phrasings, len(own))))
                name = ids[entry.id]
                entries.append(
                    entry.model_copy(update={"id": name, "questions": texts[:8], "related": ()})
                )
                examples[name] = texts[8:]
            outside = knowledge.examples.off_topic
            smaller = Knowledge(
                faq=Faq(title="Drawn", entries=tuple(entries)),
                examples=Examples(
                    entries=examples,
                    off_topic=tuple(draw.sample(outside, min(off_topic, len(outside)))),
                ),
            )
            some = draw.sample(lines, min(QUESTIONS, len(lines)))
            read = [(engine.message(line.text, encoder), named(line, ids)) for line in some]
            matcher = Matcher(smaller, encoder, UNFITTED)
            yield asked(matcher, read)
