"""The student: the small network of `bot.answering.encoder`, as it is taught."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.answering.encoder import DANGERS, digest, mark
from bot.answering.wordpiece import WordPiece
from training.alteration import as_read, typed
from training.lines import Line
from training.teacher import in_batches, padded, shares

OF_A_PIECE, NEAR, WIDE, MIXED, FIGURES = 128, 192, 256, 384, 192
START = 0.5
"""The standard deviation of the pieces' vectors at the start."""
BATCH = 128
RATE, TABLE_RATE = 2e-3, 1e-3
LONGEST = 128
TYPED, READ, MARKED = 0.4, 0.75, 0.45
"""The shares of texts that are mistyped, that are as the bot reads them, and with marks."""
DANGERS_COUNT = 1.5
"""How much the loss of dangers counts beside that of entries."""
BY_LABEL = 0.5
"""How much a label counts beside what the teachers make of its line."""
CONTRAST, SHARPNESS = 0.1, 0.05
"""How much it counts that a vector is nearest to its own goal in a batch."""

Log = Callable[[str], None]


class Student(nn.Module):
    """The network: `bot.answering.encoder` does the same in NumPy."""

    def __init__(self, table: np.ndarray, classes: int) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(torch.tensor(table), freeze=False)
        self.near = nn.Linear(3 * OF_A_PIECE, NEAR)
        self.wide = nn.Linear(3 * NEAR, WIDE)
        self.asked = nn.Linear(WIDE, 1, bias=False)
        nn.init.zeros_(self.asked.weight)
        pooled = 3 * WIDE + OF_A_PIECE
        self.mixed = nn.Linear(pooled, MIXED)
        self.entries = nn.Linear(MIXED, classes)
        self.dangers = nn.Linear(MIXED, len(DANGERS))
        self.vector = nn.Linear(pooled + MIXED, FIGURES, bias=False)
        self.drop, self.drop_more = nn.Dropout(0.1), nn.Dropout(0.25)

    def forward(self, numbers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the vectors of texts, and the logits of their entries and dangers."""
        there = (numbers != 0).float().unsqueeze(-1)
        many = there.sum(1).clamp(min=1)
        words = self.drop(self.table(numbers)) * there
        near = self.drop(functional.relu(self.near(_three(words)))) * there
        wide = functional.relu(self.wide(_three(near))) * there
        weights = self.asked(wide).clamp(max=30.0).exp() * there
        means = [
            wide.sum(1) / many,
            (wide * weights).sum(1) / weights.sum(1).clamp(min=1e-9),
            words.sum(1) / many,
        ]
        pooled = torch.cat([wide.amax(1), *means], -1)
        mixed = functional.relu(self.mixed(self.drop_more(pooled)))
        vectors = functional.normalize(self.vector(torch.cat([pooled, mixed], -1)), dim=-1)
        last = self.drop_more(mixed)
        return vectors, self.entries(last), self.dangers(last)


def _three(rows: Tensor) -> Tensor:
    wider = functional.pad(rows, (0, 0, 1, 1))
    return torch.cat([wider[:, :-2], rows, wider[:, 2:]], -1)


@dataclass(frozen=True)
class Lessons:
    """Lines, the vectors they are to have, and the logits that the teachers give them."""

    lines: Sequence[Line]
    vectors: np.ndarray
    entries: np.ndarray
    dangers: np.ndarray


def started(public: np.ndarray) -> np.ndarray:
    """Return vectors of the word pieces to start from: the encoder's own, by SVD."""
    middle = public - public.mean(0)
    table = middle @ np.linalg.svd(middle.T @ middle)[0][:, :OF_A_PIECE]
    table *= START / table.std()
    table[0] = 0.0
    return table.astype(np.float32)


def projected(public: np.ndarray) -> np.ndarray:
    """Return the encoder's vectors of texts in `FIGURES` figures, of length 1."""
    middle = public - public.mean(0)
    vectors = middle @ np.linalg.svd(middle.T @ middle)[0][:, :FIGURES]
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def taught(
    lessons: Lessons,
    classes: Sequence[str],
    table: np.ndarray,
    pieces: Sequence[str],
    epochs: int,
    seed: int,
    log: Log,
) -> Student:
    """Return a student taught on lines: by their labels and by what the teachers make of them."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    tokeniser = WordPiece(pieces)
    student = Student(table, len(classes))
    layers = [each for name, each in student.named_parameters() if name != "table.weight"]
    groups = [
        {"params": layers, "weight_decay": 0.01},
        {"params": [student.table.weight], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=RATE)
    entries = _goals(shares([line.entries for line in lessons.lines], classes), lessons.entries)
    dangers = _goals(shares([line.dangers for line in lessons.lines], DANGERS), lessons.dangers)
    vectors = torch.tensor(lessons.vectors)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        [RATE, TABLE_RATE],
        total_steps=epochs * (len(lessons.lines) // BATCH + 2),
        pct_start=0.1,
    )
    student.train()
    for epoch in range(1, epochs + 1):
        read = [tokeniser.numbers(_altered(line, draw))[:LONGEST] for line in lessons.lines]
        losses = []
        for places in in_batches(read, BATCH, draw):
            with torch.autocast("cpu", torch.bfloat16):
                out = student(padded([read[place] for place in places]))
            made, entry, danger = (each.float() for each in out)
            goal = vectors[places]
            apart = functional.cross_entropy(made @ goal.T / SHARPNESS, torch.arange(len(places)))
            parts = (
                _against(entry, entries[places]),
                DANGERS_COUNT * _against(danger, dangers[places]),
                1 - (made * goal).sum(1).mean() + CONTRAST * apart,
            )
            loss = torch.stack(parts).sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(layers, 2.0)
            optimiser.step()
            pace.step()
            losses.append([float(each.detach()) for each in parts])
        entry_loss, danger_loss, vector_loss = np.mean(losses, axis=0)
        log(
            f"  epoch {epoch} of {epochs}: loss of entries {entry_loss:.3f}, "
            f"of dangers {danger_loss:.3f}, of vectors {vector_loss:.3f}"
        )
    return student.eval()


def _altered(line: Line, draw: random.Random) -> str:
    text = typed(line.text, draw) if draw.random() < TYPED else line.text
    way = draw.random()
    return as_read(text, marks=way < MARKED) if way < READ else text


def _goals(labels: Tensor, logits: np.ndarray) -> Tensor:
    """Return the chances to imitate: the teachers', with the label's where there is one."""
    guessed = torch.softmax(torch.tensor(logits), -1)
    known = (labels.sum(1, keepdim=True) > 0).float() * BY_LABEL
    return known * labels + (1 - known) * guessed


def _against(logits: Tensor, goal: Tensor) -> Tensor:
    return -(goal * functional.log_softmax(logits, -1)).sum(1).mean()


def arrays(
    student: Student, classes: Sequence[str], pieces: Sequence[str], lines: Sequence[Line]
) -> dict[str, np.ndarray]:
    """Return the network as `encoder.npz` holds it; `lines` are those it was taught."""
    figures = {name: each.detach().numpy() for name, each in student.named_parameters()}
    table = figures.pop("table.weight")
    scale = (np.maximum(np.abs(table).max(1), 1e-4) / 127).astype(np.float16)
    marks = [mark(name, line.text) for line in lines if line.fold is None for name in line.entries]
    found = {
        "pieces": _letters(pieces),
        "classes": _letters(classes),
        "table": np.round(table / scale[:, np.newaxis].astype(np.float32)).astype(np.int8),
        "scale": scale,
        "taught": np.unique(np.array(marks, np.uint32)),
    }
    for name, each in figures.items():
        found[name.removesuffix(".weight").replace(".bias", "_bias")] = each.T.astype(np.float16)
    return found | {"digest": _letters([digest(found)])}


def _letters(names: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(names).encode(), np.uint8)
