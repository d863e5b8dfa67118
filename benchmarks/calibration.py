"""Fit the weights of `bot.answering.confidence` and print them, ready to paste.

The score is a logistic regression over `FEATURES`, fitted by Newton's method on the part of
tests/questions that is tuned on, and on FAQs of other subjects drawn from CLINC150 (its small
variant, a JSON file of splits, given by path), so that it is not fitted to one FAQ alone:

    python benchmarks/calibration.py --clinc FILE
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml

from bot.answering.confidence import FEATURES
from bot.answering.index import Floats
from bot.answering.matching import Matcher
from bot.answering.words import fold
from bot.faq.loading import load_knowledge
from bot.faq.models import Entry, Faq, Knowledge, Vocabulary

QUESTIONS = Path(__file__).parents[1] / "tests" / "questions" / "tune"
FAQ = Path(__file__).parents[1] / "faq"
RIDGE = 1.0
DRAWS = ((36, 20, 40), (24, 5, 40), (60, 5, 20))
"""FAQs drawn from CLINC150: entries, fewest and most phrasings of one."""


def samples(
    matcher: Matcher, questions: Sequence[tuple[str, str | None]]
) -> tuple[Floats, Floats]:
    """Return the features of each question's best candidate, and 1.0 where it is right."""
    rows, right = [], []
    for question, entry_id in questions:
        ids, features = matcher.features(fold(question))
        if ids:
            rows.append(features[0])
            right.append(float(ids[0] == entry_id))
    return np.array(rows), np.array(right)


def shipped() -> tuple[Floats, Floats]:
    """Return the samples of the shipped FAQ on the tuned part."""
    cases = [
        case
        for name in ("in_scope", "out_of_scope")
        for case in yaml.safe_load((QUESTIONS / f"{name}.yaml").read_text("utf-8"))
    ]
    questions = [
        (case["question"], None if case["entry"] == "none" else case["entry"])
        for case in cases
    ]
    return samples(Matcher(load_knowledge(FAQ)), questions)


def drawn(clinc: Path, seed: int = 0) -> Iterator[tuple[Floats, Floats]]:
    """Yield the samples of FAQs drawn from CLINC150, with and without off-topic examples."""
    draw = random.Random(seed)
    splits = json.loads(clinc.read_text("utf-8"))
    phrasings: dict[str, list[str]] = {}
    for text, intent in splits["train"]:
        phrasings.setdefault(intent, []).append(text)
    off_topic = [text for text, _ in splits["oos_train"]]
    strange = [text for text, _ in splits["oos_val"]]
    for size, fewest, most in DRAWS:
        for examples in ([], draw.sample(off_topic, 80)):
            intents = sorted(draw.sample(sorted(phrasings), size))
            entries = tuple(
                Entry(
                    id=intent,
                    title=intent,
                    answer=intent,
                    questions=tuple(draw.sample(phrasings[intent], draw.randint(fewest, most))),
                )
                for intent in intents
            )
            known = [(text, intent) for text, intent in splits["val"] if intent in intents]
            other = [(text, None) for text, intent in splits["val"] if intent not in intents]
            questions = [
                *draw.sample(known, min(len(known), 400)),
                *draw.sample(other, 200),
                *((text, None) for text in strange),
            ]
            knowledge = Knowledge(
                faq=Faq(title="Drawn", entries=entries),
                vocabulary=Vocabulary(out_of_scope=tuple(examples)),
            )
            yield samples(Matcher(knowledge), questions)


def fit(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, float]:
    """Return weights and bias; every part counts alike, features are scaled while fitting."""
    features = np.vstack([rows for rows, _ in parts])
    right = np.concatenate([flags for _, flags in parts])
    share = np.concatenate([np.full(len(flags), 1000 / len(flags)) for _, flags in parts])
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    scaled = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    penalty = np.diag([RIDGE] * len(FEATURES) + [0.0])
    weights = np.zeros(scaled.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(scaled @ weights)))
        slope = scaled.T @ (share * (right - chance)) - penalty @ weights
        curve = (scaled.T * (share * chance * (1 - chance))) @ scaled + penalty
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    per_unit = weights[:-1] / spread
    return per_unit, float(weights[-1] - per_unit @ mean)


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--clinc", type=Path, help="the small variant of CLINC150, as JSON")
    clinc = parser.parse_args().clinc
    parts = [shipped(), *(drawn(clinc) if clinc else ())]
    weights, bias = fit(parts)
    print("_WEIGHTS = np.array(\n    [")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"        {weight:.3f},  # {name}")
    print(f"    ]\n)\n_BIAS = {bias:.3f}")


if __name__ == "__main__":
    main()
