"""Fit the weights of the score: those of the shipped FAQ, or those for a FAQ with none of its own.

A multinomial logit, fitted by maximum likelihood with a ridge penalty. Without an argument the
weights are those of the shipped FAQ: they are fitted to the part of tests/questions that is
tuned on, and written to faq/calibration.yaml. With sets of intents they are those of
`bot.answering.confidence`, for FAQs of any subject: they are fitted to FAQs drawn from the sets
and to the shipped one as if it were one of these, and printed, to be pasted there and formatted.

Each set is a JSON file in the form of CLINC150: splits "train", "val" and "test" of
[text, intent] pairs, and "oos_train", "oos_val" and "oos_test" of [text, "oos"] pairs. Those
shipped were fitted with CLINC150 (small) and BANKING77, the latter with CLINC150's out-of-scope
questions:

    python benchmarks/calibration.py
    python benchmarks/calibration.py clinc150_small.json banking77.json
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import minimize

from bot.answering.confidence import ENTRY_FEATURES, QUESTION_FEATURES
from bot.answering.corpus import Floats
from bot.answering.matching import Matcher
from bot.answering.words import fold
from bot.faq.calibration import Calibration, EntryWeights, NoneWeights
from bot.faq.loading import load_knowledge
from bot.faq.models import Entry, Examples, Faq, Knowledge

ROOT = Path(__file__).parents[1]
TUNED = ROOT / "tests" / "questions" / "tune"
OWN = ROOT / "faq" / "calibration.yaml"
HEADER = """\
# How the score of this FAQ weighs what it is made of, in thousandths. A command makes
# this file: it is not written by hand, and docs/architecture.md says how. When entries
# are edited, nothing needs to be done here.
"""
ALONE = 15.0
"""What the likelihood of the shipped FAQ counts for against the ridge penalty, by itself."""
RIDGE = 1.0
DRAWS = ((36, 20, 40), (24, 5, 40), (60, 5, 20))
"""FAQs drawn from each set: entries, fewest and most phrasings of one."""

Question = tuple[str, str | None]


@dataclass(frozen=True)
class Part:
    """The questions of one FAQ as figures: `right` is the place of the right candidate, or
    the number of candidates when it is none of them."""

    entries: Floats
    question: Floats
    present: Floats
    right: np.ndarray
    share: float


def measured(matcher: Matcher, questions: Sequence[Question], share: float) -> Part:
    """Return the figures of each question that has words."""
    rows, figures, present, right = [], [], [], []
    most = 0
    for text, entry_id in questions:
        found = matcher.features(matcher.corrected(fold(text)))
        if found is None:
            continue
        ids, entries, question = found
        most = max(most, len(ids))
        rows.append(entries)
        figures.append(question)
        right.append(ids.index(entry_id) if entry_id in ids else -1)
    for place, entries in enumerate(rows):
        missing = most - len(entries)
        present.append([1.0] * len(entries) + [0.0] * missing)
        rows[place] = np.vstack([entries, np.zeros((missing, len(ENTRY_FEATURES)))])
    places = np.array([most if place < 0 else place for place in right])
    return Part(np.array(rows), np.array(figures), np.array(present), places, share)


def shipped(share: float) -> Part:
    """Return the figures of the shipped FAQ on the tuned part."""
    cases = [
        case
        for name in ("in_scope", "out_of_scope")
        for case in yaml.safe_load((TUNED / f"{name}.yaml").read_text("utf-8"))
    ]
    questions = [(case["question"], case["entry"]) for case in cases]
    return measured(Matcher(load_knowledge(ROOT / "faq")), questions, share)


def drawn(path: Path, draw: random.Random) -> Iterator[Part]:
    """Yield the figures of FAQs drawn from a set, with off-topic examples and without."""
    splits = json.loads(path.read_text("utf-8"))
    phrasings: dict[str, list[str]] = {}
    for text, intent in splits["train"]:
        phrasings.setdefault(intent, []).append(text)
    strange = [text for text, _ in splits["oos_val"] + splits["oos_test"]]
    for size, fewest, most in DRAWS:
        for with_examples in (False, True):
            intents = sorted(draw.sample(sorted(phrasings), min(size, len(phrasings))))
            ids = {intent: f"intent-{number}" for number, intent in enumerate(intents)}
            entries = tuple(
                Entry(
                    id=ids[intent],
                    title=intent,
                    answer=intent,
                    questions=tuple(draw.sample(own, min(len(own), draw.randint(fewest, most)))),
                )
                for intent in intents
                for own in [phrasings[intent]]
            )
            tested = splits["val"] + splits["test"]
            known = [(text, ids[intent]) for text, intent in tested if intent in ids]
            other = [(text, None) for text, intent in tested if intent not in ids]
            outside = draw.sample(strange, min(len(strange), 300))
            examples = [text for text, _ in splits["oos_train"]] + outside[:100]
            questions: list[Question] = [
                *draw.sample(known, min(len(known), 500)),
                *draw.sample(other, min(len(other), 200)),
                *((text, None) for text in outside[100:]),
            ]
            knowledge = Knowledge(
                faq=Faq(title="Drawn", entries=entries),
                examples=Examples(off_topic=tuple(examples if with_examples else ())),
            )
            yield measured(Matcher(knowledge), questions, 1.0)


def fit(parts: Sequence[Part]) -> tuple[Floats, Floats]:
    """Return the entry weights and the weights of "none of them"."""
    entry_scale = np.vstack([part.entries[part.present > 0] for part in parts]).std(axis=0) + 1e-9
    none_scale = np.vstack([part.question for part in parts]).std(axis=0) + 1e-9
    none_scale[-1] = 1.0
    split = len(ENTRY_FEATURES)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total = float(weights[:-1] @ weights[:-1]) * RIDGE
        slope = 2 * RIDGE * weights
        slope[-1] = 0.0
        for part in parts:
            entries, question = part.entries / entry_scale, part.question / none_scale
            utilities = np.where(part.present > 0, entries @ weights[:split], -1e9)
            utilities = np.column_stack([utilities, question @ weights[split:]])
            utilities -= utilities.max(axis=1, keepdims=True)
            chances = np.exp(utilities)
            chances /= chances.sum(axis=1, keepdims=True)
            share = part.share * 1000 / len(part.right)
            places = np.arange(len(part.right))
            total -= share * float(np.log(chances[places, part.right] + 1e-12).sum())
            off = -chances
            off[places, part.right] += 1
            slope[:split] -= share * np.einsum("qc,qcf->f", off[:, :-1], entries)
            slope[split:] -= share * (off[:, -1] @ question)
        return total, slope

    start = np.zeros(split + len(QUESTION_FEATURES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return found[:split] / entry_scale, found[split:] / none_scale


def thousandths(fitted: tuple[Floats, Floats]) -> tuple[EntryWeights, NoneWeights]:
    """Return fitted weights as a FAQ has them."""
    entry, none = (np.round(1000 * weights).astype(int).tolist() for weights in fitted)
    return (
        EntryWeights(**dict(zip(ENTRY_FEATURES, entry, strict=True))),
        NoneWeights(**dict(zip(QUESTION_FEATURES, none, strict=True))),
    )


def main() -> None:
    """Fit, and write or print."""
    parser = argparse.ArgumentParser(description="Fit the weights of the score.")
    parser.add_argument("sets", nargs="*", type=Path, help="sets of intents, as JSON")
    paths = parser.parse_args().sets
    if not paths:
        entry, none = thousandths(fit([shipped(ALONE)]))
        fitted_to = tuple(entry.id for entry in load_knowledge(ROOT / "faq").faq.entries)
        own = Calibration(fitted_to=fitted_to, entry=entry, none=none)
        OWN.write_text(HEADER + yaml.safe_dump(own.model_dump(mode="json"), sort_keys=False))
        print(f"wrote {OWN.relative_to(ROOT)}")
        return
    draw = random.Random(0)
    parts = [shipped(1.0)]
    for path in paths:
        print(f"drawing FAQs from {path.name}", file=sys.stderr)
        parts.extend(drawn(path, draw))
    entry, none = thousandths(fit(parts))
    print(f"_GENERAL_ENTRY = {entry!r}\n_GENERAL_NONE = {none!r}")


if __name__ == "__main__":
    main()
