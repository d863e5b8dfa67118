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
from bot.answering.matching import Matcher
from bot.answering.message import Message
from bot.answering.word_counts import WordCounts
from bot.faq.loading import load_knowledge
from bot.faq.models import Knowledge
from bot.faq.weights import Figure, Weights
from training.drawn import drawn
from training.engine import UNFITTED, Engine
from training.held_out import HeldOut
from training.lines import LINES, NETWORKS, Line, faq_lines, more_lines, tuned_lines
from training.logit import logistic
from training.score import asked, thresholds, together, weighed
from training.second import second, to_read, with_whole
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
        second=UNFITTED.second,
        danger=danger,
        thresholds={**enough, "second": np.inf, "danger": alarm},
    )
    log("fitting second answers")
    parted = []
    for at in to_read([line for line, _ in asked_of]):
        line, own_counts = asked_of[at]
        message = engine.parted(line.text, encoder, replace(own_counts, share=found))
        parted.append((with_whole(message, known[at][0]), line))
    also, also_enough, answered = second(Matcher(knowledge, encoder, own), parted)
    reached |= answered | noticed
    for name, value in reached.items():
        log(f"  {name}: {value:.1%}")
    own = own.model_copy(
        update={
            "second": also,
            "thresholds": {**own.thresholds, "second": also_enough},
            "reached": {name: round(value, 4) for name, value in reached.items()},
        }
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
            "thresholds": {**own.thresholds, **enough},
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
    weights, odds = logistic(DANGER_FIGURES, figures, danger, share, DANGER_RIDGE)
    costs = [share @ np.where(danger, MISSED * (odds <= each), odds > each) for each in ENOUGH]
    enough = round(float(ENOUGH[int(np.argmin(costs))]), 2)
    real = share == 1.0
    reached = {
        "signs noticed": float((odds[danger & real] > enough).mean()),
        "needless alerts": float((odds[~danger & real] > enough).mean()),
    }
    return weights, enough, reached


def _hash(files: Iterable[Path], *more: str) -> str:
    found = hashlib.sha256("\n".join(more).encode())
    for file in files:
        found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()
