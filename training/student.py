"""The student: the small network of `bot.answering.encoder`, as it is taught."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.answering.encoder import DANGERS, digest, mark
from bot.answering.words import fold
from bot.answering.wordpiece import WordPiece
from training.alteration import typed
from training.lines import NONE, Line
from training.teacher import padded, shares

OF_A_PIECE, NEAR, WIDE, MIXED, FIGURES = 128, 192, 256, 384, 192
BATCH = 128
RATE, TABLE_RATE = 2e-3, 1e-3
FOLDED, TYPED = 0.4, 0.5
LONGEST = 128


class Student(nn.Module):
    """The network: see `bot.answering.encoder`, which does the same in NumPy."""

    def __init__(
        self, table: np.ndarray, classes: int, wide: int = WIDE, near: int = NEAR, drop=(0.2, 0.3)
    ) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(
            torch.tensor(table, dtype=torch.float32), freeze=False
        )
        self.near = nn.Linear(3 * OF_A_PIECE, near)
        self.wide = nn.Linear(3 * near, wide)
        self.asked = nn.Linear(wide, 1, bias=False)
        pooled = 3 * wide + OF_A_PIECE
        self.mixed = nn.Linear(pooled, MIXED)
        self.entries = nn.Linear(MIXED, classes)
        self.dangers = nn.Linear(MIXED, len(DANGERS))
        self.vector = nn.Linear(pooled + MIXED, FIGURES, bias=False)
        self.drop, self.drop_last = nn.Dropout1d(drop[0]), nn.Dropout(drop[1])
        self.drop_first = nn.Dropout(0.1)
        nn.init.zeros_(self.asked.weight)

    def forward(self, numbers: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the vectors of texts, and the log-odds of their classes."""
        there = (numbers != 0).float().unsqueeze(-1)
        many = there.sum(1).clamp(min=1)
        words = self.drop_first(self.table(numbers)) * there
        near = self.drop_first(functional.relu(self.near(_three(words)))) * there
        wide = functional.relu(self.wide(_three(near))) * there
        weights = self.asked(wide).clamp(max=30.0).exp() * there
        pooled = torch.cat(
            [
                wide.amax(1),
                wide.sum(1) / many,
                (wide * weights).sum(1) / weights.sum(1).clamp(min=1e-9),
                words.sum(1) / many,
            ],
            -1,
        )
        mixed = functional.relu(self.mixed(self.drop_last(pooled)))
        vectors = functional.normalize(self.vector(torch.cat([pooled, mixed], -1)), dim=-1)
        last = self.drop_last(mixed)
        return vectors, self.entries(last), self.dangers(last)


def _three(rows: torch.Tensor) -> torch.Tensor:
    wider = functional.pad(rows, (0, 0, 1, 1))
    return torch.cat([wider[:, :-2], rows, wider[:, 2:]], -1)


@dataclass(frozen=True)
class Taught:
    """Lines, and what the teachers make of them: vectors, and log-odds of both heads."""

    lines: Sequence[Line]
    vectors: np.ndarray
    entries: np.ndarray
    dangers: np.ndarray


def started(public: np.ndarray) -> np.ndarray:
    """Return vectors of the word pieces from those of the encoder, by SVD."""
    middle = public - public.mean(0)
    axes = np.linalg.svd(middle.T @ middle)[0][:, :OF_A_PIECE]
    table = middle @ axes
    table *= 0.5 / table.std()
    table[0] = 0.0
    return table.astype(np.float32)


def taught(
    lessons: Taught,
    classes: Sequence[str],
    table: np.ndarray,
    pieces: Sequence[str],
    epochs: int = 8,
    seed: int = 0,
    log=print,
    hard: float = 0.5,
    heat: float = 1.0,
    share=None,
    **shape,
) -> Student:
    """Return a student taught on lines, by their labels and by what the teachers make of them."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    tokeniser = WordPiece(pieces)
    student = Student(table, len(classes), **shape)
    rest = [p for name, p in student.named_parameters() if name != "table.weight"]
    optimiser = torch.optim.AdamW(
        [
            {"params": rest, "lr": RATE, "weight_decay": 0.01},
            {"params": [student.table.weight], "lr": TABLE_RATE, "weight_decay": 0.0},
        ]
    )
    labels = (
        shares([l.entries for l in lessons.lines], classes),
        shares([l.dangers for l in lessons.lines], DANGERS),
    )
    soft = [
        torch.softmax(torch.tensor(each) / heat, -1) for each in (lessons.entries, lessons.dangers)
    ]
    goals = []
    for label, guess in zip(labels, soft, strict=True):
        known = (label.sum(1, keepdim=True) > 0).float()
        goals.append(known * (hard * label + (1 - hard) * guess) + (1 - known) * guess)
    vectors = torch.tensor(lessons.vectors)
    many = len(lessons.lines)
    steps = epochs * (many // BATCH + 2)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [RATE, TABLE_RATE], total_steps=steps, pct_start=0.1
    )
    student.train()
    for epoch in range(epochs):
        read = []
        for place, line in enumerate(lessons.lines):
            text = line.text
            if draw.random() < TYPED:
                text = typed(text, draw)
            if draw.random() < FOLDED:
                text = fold(text)
            numbers = tokeniser.numbers(text)[:LONGEST]
            if numbers:
                read.append((place, numbers))
        read.sort(key=lambda each: len(each[1]) + 4 * draw.random())
        parts = [read[start : start + BATCH] for start in range(0, len(read), BATCH)]
        draw.shuffle(parts)
        seen = []
        for part in parts:
            places = [place for place, _ in part]
            made, entries, dangers = student(padded([numbers for _, numbers in part]))
            like = 1 - (made * vectors[places]).sum(1).mean()
            apart = functional.cross_entropy(
                made @ vectors[places].T / 0.05, torch.arange(len(part))
            )
            losses = (
                _against(entries, goals[0][places]),
                _against(dangers, goals[1][places]),
                like,
                apart,
            )
            loss = losses[0] + losses[1] + like + 0.1 * apart
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 2.0)
            optimiser.step()
            pace.step()
            seen.append([float(each.detach()) for each in losses])
        log(
            f"student: epoch {epoch + 1} of {epochs}, losses "
            + " ".join(f"{x:.3f}" for x in np.mean(seen, 0))
        )
    return student.eval()


def _against(logits: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    return -(goal * functional.log_softmax(logits, -1)).sum(1).mean()


def arrays(
    student: Student, classes: Sequence[str], pieces: Sequence[str], lines: Sequence[Line]
) -> dict[str, np.ndarray]:
    """Return the network as `encoder.npz` holds it."""
    figures = {name: each.detach().numpy() for name, each in student.named_parameters()}
    table = figures.pop("table.weight")
    scale = np.maximum(np.abs(table).max(1), 1e-6) / 127
    found = {
        "pieces": _letters(pieces),
        "classes": _letters(classes),
        "table": np.round(table / scale[:, np.newaxis]).astype(np.int8),
        "scale": scale.astype(np.float16),
        "taught": np.unique(
            [
                mark(name, line.text)
                for line in lines
                for name in line.entries
                if line.source == "entry"
            ]
        ).astype(np.uint32),
    }
    for name, each in figures.items():
        name = name.removesuffix(".weight").replace(".bias", "_bias")
        found[name] = each.T.astype(np.float16)
    found["digest"] = _letters([digest(found)])
    return found


def _letters(names: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(names).encode(), np.uint8)
