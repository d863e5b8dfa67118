"""The network made anew, and what is known of questions that it was not taught.

Several are taught side by side, each without tuned questions that the others are taught. What
ships is their mean, which errs less than any of them (Wortsman et al., "Model soups", 2022). What
each makes of the questions that it was not taught is what weights are fitted to.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from bot.answering.danger_words import DangerWords
from bot.answering.encoder import DANGERS, NONE, Encoded
from bot.answering.message import written
from bot.answering.wide import Wide, joined
from bot.faq.loading import load_knowledge
from training.engine import Engine
from training.held_out import Floats, HeldOut
from training.lines import NETWORKS, Line, faq_lines, more_lines, tuned_lines
from training.network import Figures, Vectors, as_numbers, mean, public_vectors, taught, write
from training.progress import Log
from training.wide import shares, wide

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
    held, read, told = [], [], []
    for number, network in zip(numbers, networks, strict=True):
        apart = wide([line for line in lines if line.held != number], classes)
        with TemporaryDirectory() as files:
            encoder = write(network, apart, classes, lines, Path(files)).without_wide()
        engine = Engine.of(knowledge, encoder, DangerWords.load())
        own = [line for line in lines if line.held == number]
        held += own
        for line in own:
            message = engine.read(line.text, encoder)
            read.append(message.encoded)
            text = written(message.reading, message.spans[0], {})
            told.append(apart.log_chances(as_numbers(text)))
    known, pieces = beside(held, read, np.array(told), wide(lines, classes), classes)
    log(f"word pieces count {pieces.shares[0]:.2f}, of dangers {pieces.shares[-1]:.2f}")
    write(mean(networks), pieces, classes, lines, folder)
    return known


def beside(
    held: Sequence[Line],
    read: Sequence[Encoded],
    told: Floats,
    pieces: Wide,
    classes: Sequence[str],
) -> tuple[HeldOut, Wide]:
    """Return what is made of held questions by networks and pieces, and how much these count.

    `read` is what a network makes of each, `told` what pieces do: neither was taught it.
    """
    entries = np.array([each.entries[0] for each in read])
    dangers = np.array([each.dangers[0] for each in read])
    by_entry, by_danger = np.split(told, [-len(DANGERS)], axis=1)
    of_entries = shares(entries, by_entry, [line.entries for line in held], classes)
    of_dangers = shares(dangers, by_danger, [line.dangers for line in held], DANGERS)
    known = HeldOut.of(
        [line.text for line in held],
        joined(entries, of_entries * by_entry),
        joined(dangers, of_dangers * by_danger),
    )
    return known, replace(pieces, shares=np.concatenate([of_entries, of_dangers]))


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
