"""The weights of one FAQ, fitted to the tuned questions: of the score, and of the alerts.

What the network makes of a question comes from `training.held_out`, for it knows the question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bot.answering.danger import DANGER_FIGURES
from bot.answering.danger_words import DangerWords
from bot.answering.encoder import Encoder
from bot.answering.lines import write_lines
from bot.answering.message import Message
from bot.answering.reading import plain_words
from bot.answering.words import fold
from bot.faq.loading import load_knowledge
from bot.faq.models import Knowledge
from bot.faq.weights import Figure, Weights
from training.danger_words import counted
from training.drawn import drawn
from training.engine import Engine
from training.held_out import HeldOut
from training.lines import LINES, Line, faq_lines, more_lines, tuned_lines
from training.logit import fitted
from training.score import asked, thresholds, together, weighed

DANGER_RIDGE = 0.5
HARD, HARD_SHARE = "hard_signs", 0.25
"""Messages that were written to deceive count for less: a real one is seldom so."""
MISSED = 3.0
"""What a missed sign costs, where a needless alert costs 1: that sets the threshold."""
ENOUGH = np.arange(-3.0, 1.01, 0.05)

Log = Callable[[str], None]


def weights(faq: Path, tuned: Path, log: Log) -> tuple[Weights, Weights, DangerWords]:
    """Return the weights of the FAQ in a folder, fitted to questions, general ones, and words."""
    knowledge = load_knowledge(faq)
    entry_ids = tuple(entry.id for entry in knowledge.faq.entries)
    tuned_questions = list(tuned_lines(tuned, knowledge.ids))
    lines = [line for line in tuned_questions if line.held is not None]
    others = [each for each in tuned_questions if each.held is None and each.danger in (0.0, 1.0)]
    log(f"reading {len(lines):,} tuned questions that were held")
    encoder, held = Encoder.load(), HeldOut.load()
    danger_words = _danger_words(
        [*faq_lines(knowledge), *more_lines(knowledge.ids), *others], knowledge
    )
    engine = Engine.of(knowledge, encoder, danger_words)
    read = [(engine.read(line.text, held.encoder(encoder, line.text)), line) for line in lines]
    log("fitting the score")
    questions = asked(engine.matcher, read)
    entry, none, chances = weighed(questions)
    enough, reached = thresholds(questions, chances)
    log("fitting the alerts")
    danger, alarm, noticed = _danger(engine, read)
    for name, share in (reached | noticed).items():
        log(f"  {name}: {share:.1%}")
    files = sorted(
        file
        for folder in (faq, LINES, tuned)
        for file in folder.rglob("*")
        if file.suffix in (".yaml", ".txt")
    )
    own = Weights(
        fitted_to=entry_ids,
        inputs=_hash(files, encoder.digest),
        entry=entry,
        none=none,
        danger=danger,
        thresholds={**enough, "danger": alarm},
        reached={name: round(share, 4) for name, share in (reached | noticed).items()},
    )
    log("fitting the general weights to FAQs that are drawn")
    scoped = [(message, line) for message, line in read if line.entries and not line.several]
    questions = together(list(drawn(knowledge, scoped, encoder)))
    entry, none, chances = weighed(questions)
    enough, reached = thresholds(questions, chances)
    general = own.model_copy(
        update={
            "fitted_to": ("drawn",),
            "entry": entry,
            "none": none,
            "thresholds": {**enough, "danger": alarm},
            "reached": {name: round(share, 4) for name, share in reached.items()},
        }
    )
    return own, general, danger_words


def read_faq(faq: Path, file: BinaryIO) -> None:
    """Write what the network makes of the lines of a FAQ, as the bot ships it."""
    knowledge = load_knowledge(faq)
    lines = [
        text for each in knowledge.faq.entries for text in (*knowledge.phrasings(each), each.title)
    ]
    write_lines(file, Encoder.load(), [*lines, *knowledge.examples.off_topic])


def written(found: Weights) -> str:
    """Return weights as their file holds them: the same weights, the same bytes."""
    return json.dumps(found.model_dump(mode="json"), indent=1, sort_keys=True) + "\n"


def _danger_words(lines: Iterable[Line], knowledge: Knowledge) -> DangerWords:
    told = {plain_words(fold(line.text)): line.danger > 0 for line in lines}
    return counted(
        (words for words, danger in told.items() if danger),
        (words for words, danger in told.items() if not danger),
        (line for sign in knowledge.signs.signs for line in sign.said),
        chain.from_iterable(knowledge.vocabulary.synonyms),
    )


def _danger(
    engine: Engine, read: Sequence[tuple[Message, Line]]
) -> tuple[dict[str, Figure], float, dict[str, float]]:
    """Return the weights of the figures for an alert, the threshold, and what is reached."""
    told = [
        (engine.detector.figures(message), line)
        for message, line in read
        if line.dangers and line.danger in (0.0, 1.0)
    ]
    figures = np.array([each for each, _ in told])
    danger = np.array([line.danger > 0 for _, line in told])
    share = np.array([HARD_SHARE if line.source == HARD else 1.0 for _, line in told])
    usual = figures.mean(axis=0)
    usual[-1] = 0.0
    ridge = np.full(figures.shape[1], DANGER_RIDGE)
    ridge[-1] = 0.0
    choices = np.stack([np.zeros_like(figures), figures - usual], axis=1)
    found = fitted(choices, danger.astype(np.int64), share, ridge)
    odds = (figures - usual) @ found
    costs = [share @ np.where(danger, MISSED * (odds <= each), odds > each) for each in ENOUGH]
    enough = round(float(ENOUGH[int(np.argmin(costs))]), 2)
    real = share == 1.0
    reached = {
        "signs noticed": float((odds[danger & real] > enough).mean()),
        "needless alerts": float((odds[~danger & real] > enough).mean()),
    }
    weights = {
        name: Figure(weight=round(float(weight), 4), usual=round(float(mean), 4))
        for name, weight, mean in zip(DANGER_FIGURES, found, usual, strict=True)
    }
    return weights, enough, reached


def _hash(files: Iterable[Path], *more: str) -> str:
    found = hashlib.sha256("\n".join(more).encode())
    for file in files:
        found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()
