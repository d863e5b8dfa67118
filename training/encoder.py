"""The network made anew: two teachers, a student of both, and what each half was taught without.

Each teacher, and a student of it, is taught on all of the FAQ and on every other tuned question;
what such a student makes of the other questions is what the weights are fitted to, as it would
make it of a question that nobody has seen. The network that ships is taught on everything by
both teachers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from bot.answering.encoder import Encoder
from bot.answering.words import fold
from training import student as small
from training import teacher as large
from training.alteration import spliced
from training.held_out import HeldOut
from training.lines import NONE, Line, faq_lines, tuned_lines

SPLICES = 20_000
"""Spliced lines for each half."""
DANGER_SHARE = 0.35
"""How often an example of danger is spliced, beside any other line."""
THRICE = 0.15
"""The share of splices with a third line."""
REAL = frozenset(["real", "real_b", "ordinary", "out_of_scope_real", "dangers_b"])
"""Files of questions that real people asked, which are read three times as often."""

Log = Callable[[str], None]


def made(faq: Path, tuned: Path, log: Log) -> tuple[dict[str, np.ndarray], HeldOut]:
    """Return the arrays of `encoder.npz`, and what is kept beside it to fit the weights on."""
    torch.set_num_threads(1)
    lines = list(faq_lines(faq))
    entry_ids = sorted({name for line in lines for name in line.entries} - {NONE})
    classes = [*entry_ids, NONE]
    lines += tuned_lines(tuned, entry_ids)
    pools = [pool([line for line in lines if line.fold in (None, half)], half) for half in (0, 1)]
    everything = list(dict.fromkeys([*lines, *pools[0], *pools[1]]))
    texts = [line.text for line in everything]
    log(f"{len(lines):,} lines of {len(entry_ids)} entries, {len(texts):,} with splices")
    ...
