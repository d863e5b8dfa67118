"""The network made anew, and what is known of questions that it was not taught.

Several are taught side by side, each without tuned questions that the others are taught. What
ships is their mean, which errs less than any of them (Wortsman et al., "Model soups", 2022). What
each makes of the questions that it was not taught is what weights are fitted to.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from bot.answering.encoder import NONE
from bot.faq.loading import load_knowledge
from training.engine import Engine
from training.held_out import HeldOut
from training.lines import NETWORKS, Line, faq_lines, more_lines, tuned_lines
from training.network import Figures, Vectors, mean, public_vectors, taught, write
from training.progress import Log
from training.word_counts import counted

TIMES = 2
"""How often a line is read that is of an entry, of no entry, or in people's own words: what only
tells of a danger is written more evenly, and read once."""


def made(faq: Path, tuned: Path, folder: Path, log: Log, epochs: int) -> HeldOut:
    """Write the network that ships into a folder; return what the weights are fitted to."""
    knowledge = load_knowledge(faq)
    classes = [*(entry.id for entry in knowledge.faq.entries), NONE]
    lines = [*faq_lines(knowledge), *more_lines(knowledge.ids), *tuned_lines(tuned, knowledge.ids)]
    log(f"{len(lines):,} lines of {len(classes) - 1} entries")
    numbers = range(NETWORKS)
    with ProcessPoolExecutor(NETWORKS) as processes:
        texts = sorted({line.text for line in lines})
        log(f"the encoder as it is reads {len(texts):,} texts")
        read = processes.map(public_vectors, [texts[number::NETWORKS] for number in numbers])
        public = {text: vector for some in read for text, vector in some.items()}
        parts = [
            processes.submit(
                _taught,
                [line for line in lines if line.held != number],
                classes,
                public,
                Log(log.started, f"network {number + 1} of {NETWORKS}: "),
                epochs,
            )
            for number in numbers
        ]
        networks = [part.result() for part in parts]
    log("each reads what it was not taught")
    held, read, counts = [], [], counted(lines, classes)
    for number, network in zip(numbers, networks, strict=True):
        with TemporaryDirectory() as files:
            encoder = write(network, classes, lines, Path(files))
        engine = Engine.of(knowledge, encoder, counts)
        own = [line for line in lines if line.held == number]
        held += own
        read += [engine.message(line.text, encoder).encoded for line in own]
    write(mean(networks), classes, lines, folder)
    return HeldOut.of(
        [line.text for line in held],
        np.vstack([each.entries for each in read]),
        np.vstack([each.dangers for each in read]),
    )


def _taught(
    lines: Sequence[Line],
    classes: Sequence[str],
    public: Vectors,
    log: Log,
    epochs: int,
) -> Figures:
    """Teach a network with one thread: two of one are done before one of two is."""
    torch.set_num_threads(1)
    often = [line for line in lines for _ in range(TIMES if line.entries or line.real else 1)]
    return taught(often, classes, public, epochs, log)
