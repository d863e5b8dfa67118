"""The network made anew: two teachers, a student of both, and what is known of questions unseen.

Each teacher is taught all of the FAQ and every other tuned question, and so is a student of its
own, which then reads the questions that it was not taught: the weights are fitted to that. The
network that ships is taught everything, by both teachers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from bot.answering.danger_words import DangerWords
from bot.answering.encoder import NONE, Encoder
from bot.faq.loading import load_knowledge
from training import student, teacher
from training.alteration import cut, spliced
from training.engine import Engine
from training.held_out import HeldOut
from training.lines import Line, faq_lines, more_lines, tuned_lines

SPLICES = 20_000
"""Lines made of two or three others, for each half."""
STORIES = 6
"""Lines made of each real question, and about as many with some of its sentences left out."""
DANGER_SHARE = 0.35
"""How often an example of danger is spliced, where any other line is once."""
REAL = frozenset(
    ["real", "real_b", "real_c", "ordinary", "ordinary_b", "out_of_scope_real"]
    + ["out_of_scope_real_b", "dangers_b", "dangers_c"]
)
"""Files of questions that real people asked: they are read three times as often."""
EPOCHS = 44

Log = Callable[[str], None]


@dataclass(frozen=True)
class Half:
    """The lines that a teacher is taught, and what else its student is taught, made from them."""

    lines: Sequence[Line]
    made: Sequence[Line]


def network(faq: Path, tuned: Path, log: Log) -> tuple[dict[str, np.ndarray], HeldOut]:
    """Return the arrays of `encoder.npz`, and what the weights are fitted to."""
    torch.set_num_threads(1)
    knowledge = load_knowledge(faq)
    entry_ids = [entry.id for entry in knowledge.faq.entries]
    classes = [*entry_ids, NONE]
    lines = [*faq_lines(faq), *more_lines(knowledge.ids), *tuned_lines(tuned, knowledge.ids)]
    halves = [half([line for line in lines if line.fold in (None, each)], each) for each in (0, 1)]
    texts = list(dict.fromkeys(line.text for each in halves for line in (*each.lines, *each.made)))
    log(f"{len(lines):,} lines of {len(entry_ids)} entries; {len(texts):,} with splices")
    places = {text: place for place, text in enumerate(texts)}
    log("the encoder as it is reads them")
    public, table = teacher.public(texts)
    goals = student.projected(public)
    table = student.started(table)
    pieces = teacher.pieces()
    guesses = []
    read = []
    for each in (0, 1):
        log(f"teacher {each + 1} of 2")
        taught = teacher.taught(halves[each].lines, classes, seed=each, log=log)
        _, entries, dangers = teacher.read_by(taught, texts)
        guesses.append((entries, dangers))
        log(f"student of teacher {each + 1}")
        own = [*halves[each].lines, *halves[each].made]
        rows = [places[line.text] for line in own]
        lessons = student.Lessons(own, goals[rows], entries[rows], dangers[rows])
        small = student.taught(lessons, classes, table, pieces, EPOCHS, each, log)
        encoder = Encoder(student.arrays(small, classes, pieces, lines))
        engine = Engine.of(knowledge, encoder, DangerWords.load())
        read += [
            (line.text, engine.read(line.text, encoder).encoded)
            for line in lines
            if line.fold == 1 - each
        ]
    log("the student of both")
    own = [*halves[0].lines, *halves[0].made, *halves[1].made]
    own += [line for line in halves[1].lines if line.fold == 1]
    rows = [places[line.text] for line in own]
    entries, dangers = (np.mean(each, axis=0)[rows] for each in zip(*guesses, strict=True))
    lessons = student.Lessons(own, goals[rows], entries, dangers)
    small = student.taught(lessons, classes, table, pieces, EPOCHS, 2, log)
    held = HeldOut.of([text for text, _ in read], [encoded for _, encoded in read])
    return student.arrays(small, classes, pieces, lines), held


def half(lines: Sequence[Line], seed: int) -> Half:
    """Return lines with splices, and stories made of real questions."""
    draw = random.Random(seed)
    weights = [DANGER_SHARE if line.source == "danger" else 1.0 for line in lines]
    made = []
    for line, other in zip(
        draw.choices(lines, weights, k=SPLICES), draw.choices(lines, weights, k=SPLICES),
        strict=True,
    ):  # fmt: skip
        made.append(spliced(line, other, draw))
    for line in lines:
        if line.source in REAL:
            others = draw.choices(lines, weights, k=STORIES)
            made += [spliced(line, other, draw) for other in others]
            made += cut(line, draw, STORIES // 2)
    real = [line for line in lines if line.source in REAL]
    return Half([*lines, *real, *real], list({line.text: line for line in made}.values()))
