"""The network made anew, and what is known of questions that it was not taught.

Two are taught side by side: one without the questions that are held, which reads these, so that
weights are fitted to what it makes of them, and the one that ships, which is taught everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch

from bot.answering.danger_words import DangerWords
from bot.answering.encoder import NONE, Encoder
from bot.faq.loading import load_knowledge
from training.engine import Engine
from training.held_out import HeldOut
from training.lines import Line, faq_lines, more_lines, tuned_lines
from training.network import arrays, taught
from training.progress import Log

REAL_TIMES = 2
"""How often a question of a real person is read, where any other line is read once."""


def made(faq: Path, tuned: Path, log: Log, epochs: int) -> tuple[dict[str, np.ndarray], HeldOut]:
    """Return the arrays of `encoder.npz`, and what the weights are fitted to."""
    knowledge = load_knowledge(faq)
    classes = [*(entry.id for entry in knowledge.faq.entries), NONE]
    lines = [*faq_lines(knowledge), *more_lines(knowledge.ids), *tuned_lines(tuned, knowledge.ids)]
    log(f"{len(lines):,} lines of {len(classes) - 1} entries")
    without = [line for line in lines if not line.held]
    with ProcessPoolExecutor(2) as processes:
        parts = [
            processes.submit(_arrays, part, classes, Log(log.started, name), epochs)
            for name, part in (("without the held: ", without), ("of everything: ", lines))
        ]
        first, whole = (part.result() for part in parts)
    log("reading what the first was not taught")
    encoder = Encoder(first)
    engine = Engine.of(knowledge, encoder, DangerWords.load())
    held = [line.text for line in lines if line.held]
    return whole, HeldOut.of(held, [engine.read(text, encoder).encoded for text in held])


def _arrays(
    lines: Sequence[Line], classes: Sequence[str], log: Log, epochs: int
) -> dict[str, np.ndarray]:
    torch.set_num_threads(1)
    often = [line for line in lines for _ in range(REAL_TIMES if line.real else 1)]
    return arrays(taught(often, classes, epochs, log), classes, lines)
