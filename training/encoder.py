"""The network made anew, and what is known of questions that it was not taught.

Two networks are taught all of the FAQ and every other tuned question, and read the questions that
they were not taught: the weights are fitted to that. The one that ships is taught everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from bot.answering.danger_words import DangerWords
from bot.answering.encoder import NONE, Encoder
from bot.faq.loading import load_knowledge
from training import network as taught_network
from training.engine import Engine
from training.held_out import HeldOut
from training.lines import Line, faq_lines, more_lines, tuned_lines

REAL_TIMES = 3
"""How often a question of a real person is read, where any other line is once."""

Log = Callable[[str], None]


def network(faq: Path, tuned: Path, log: Log) -> tuple[dict[str, np.ndarray], HeldOut]:
    """Return the arrays of `encoder.npz`, and what the weights are fitted to."""
    torch.set_num_threads(1)
    knowledge = load_knowledge(faq)
    classes = [*(entry.id for entry in knowledge.faq.entries), NONE]
    lines = [*faq_lines(knowledge), *more_lines(knowledge.ids), *tuned_lines(tuned, knowledge.ids)]
    log(f"{len(lines):,} lines of {len(classes) - 1} entries")
    read = []
    for half in (0, 1):
        log(f"the network without every other question, {half + 1} of 2")
        encoder = Encoder(
            _arrays([each for each in lines if each.fold != 1 - half], classes, half, log)
        )
        engine = Engine.of(knowledge, encoder, DangerWords.load())
        read += [
            (line.text, engine.read(line.text, encoder).encoded)
            for line in lines
            if line.fold == 1 - half
        ]
    log("the network of everything")
    held = HeldOut.of([text for text, _ in read], [encoded for _, encoded in read])
    return _arrays(lines, classes, 2, log), held


def _arrays(
    lines: Sequence[Line], classes: Sequence[str], seed: int, log: Log
) -> dict[str, np.ndarray]:
    often = [line for line in lines for _ in range(REAL_TIMES if line.real else 1)]
    return taught_network.arrays(taught_network.taught(often, classes, seed, log), classes, lines)
