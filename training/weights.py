"""The weights of one FAQ, fitted to the tuned questions: of the score, and of the alerts.

What the network makes of a question comes from `training.held_out`, for it knows the question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bot.answering.danger import DANGER_FIGURES, DangerDetector
from bot.answering.encoder import DANGERS, Encoder
from bot.answering.lines import write_lines
from bot.answering.message import Message
from bot.answering.word_counts import WordCounts
from bot.faq.loading import load_knowledge
from bot.faq.models import Knowledge
from bot.faq.weights import Figure, Weights
from training.drawn import drawn
from training.engine import Engine
from training.held_out import HeldOut
from training.lines import LINES, NETWORKS, Line, faq_lines, more_lines, tuned_lines
from training.logit import fitted
from training.score import asked, thresholds, together, weighed
from training.word_counts import counted, share

DANGER_RIDGE = 0.5
HARD, HARD_SHARE = "hard_signs", 0.25
"""Messages that were written to deceive count for less: a real one is seldom so."""
MISSED = 3.0
"""What a missed sign costs, where a needless alert costs 1: that sets the threshold."""
ENOUGH = np.arange(-3.0, 1.01, 0.05)

Log = Callable[[str], None]


def weights(faq: Path, tuned: Path, log: Log) -> tuple[Weights, Weights, WordCounts]:
    """Return the weights of the FAQ in a folder, fitted to questions, general ones, and words."""
    knowledge = load_knowledge(faq)
    lines = [*faq_lines(knowledge), *more_lines(knowledge.ids), *tuned_lines(tuned, knowledge.ids)]
    encoder = Encoder.load()
    log(f"counting the words of {len(lines):,} lines")
    counts, apart = _counted(lines, encoder, knowledge)
    engine = Engine.of(knowledge, encoder, counts)
    asked_of = [(line, apart[line.held]) for line in lines if line.held is not None]
    log(f"reading {len(asked_of):,} tuned questions that were held")
    held = HeldOut.load()
    read = [engine.message(line.text, held.encoded(line.text) or encoder) for line, _ in asked_of]
    told = np.array(
        [own.log_chances(each.words(0)) for each, (_, own) in zip(read, asked_of, strict=True)]
    )
    found = share(
        np.vstack([each.encoded.entries for each in read]),
        told[:, : -len(DANGERS)],
        [line.entries for line, _ in asked_of],
        encoder.classes,
    )
    log(f"words count {found:.2f} beside the network")
    counts = replace(counts, share=found)
    known = [
        (message.joined(replace(own, share=found)), line)
        for message, (line, own) in zip(read, asked_of, strict=True)
    ]
    log("fitting the score")
    questions = asked(engine.matcher, known)
    entry, none, chances = weighed(questions)
    enough, reached = thresholds(questions, chances)
    log("fitting the alerts")
    danger, alarm, noticed = _danger(engine.detector, known)
    for name, value in (reached | noticed).items():
        log(f"  {name}: {value:.1%}")
    files = sorted(
        file
        for folder in (faq, LINES, tuned)
        for file in folder.rglob("*")
        if file.suffix in (".yaml", ".txt")
    )
    own = Weights(
        fitted_to=tuple(entry.id for entry in knowledge.faq.entries),
        inputs=_hash(files, encoder.digest),
        entry=entry,
        none=none,
        danger=danger,
        thresholds={**enough, "danger": alarm},
        reached={name: round(value, 4) for name, value in (reached | noticed).items()},
    )
    log("fitting the general weights to FAQs that are drawn")
    scoped = [line for line, _ in asked_of if line.entries and not line.several]
    questions = together(list(drawn(knowledge, scoped, engine, encoder)))
    entry, none, chances = weighed(questions)
    enough, reached = thresholds(questions, chances)
    general = own.model_copy(
        update={
            "fitted_to": ("drawn",),
            "entry": entry,
            "none": none,
            "thresholds": {**enough, "danger": alarm},
            "reached": {name: round(value, 4) for name, value in reached.items()},
        }
    )
    return own, general, counts


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


def _counted(
    lines: Sequence[Line], encoder: Encoder, knowledge: Knowledge
) -> tuple[WordCounts, list[WordCounts]]:
    """Return the words of all lines, and those without what each network was not taught."""
    signs = [line for sign in knowledge.signs.signs for line in sign.said]
    synonyms = [*chain.from_iterable(knowledge.vocabulary.synonyms)]
    whole, *apart = (
        counted([line for line in lines if line.held != number], encoder.classes, signs, synonyms)
        for number in (-1, *range(NETWORKS))
    )
    return whole, apart


def _danger(
    detector: DangerDetector, read: Sequence[tuple[Message, Line]]
) -> tuple[dict[str, Figure], float, dict[str, float]]:
    """Return the weights of the figures for an alert, the threshold, and what is reached."""
    told = [
        (detector.figures(message), line)
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
