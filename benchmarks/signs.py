"""Fit the weights of `bot.answering.alarm` and print them, ready to paste.

A logistic regression, fitted by maximum likelihood with a small ridge penalty, on the part of
tests/questions that is tuned on. None of its messages is an example in faq/examples/danger. Those
of hard_signs.yaml, which were written to be missed, count for less: a real message is seldom so.

    python benchmarks/signs.py
"""

from __future__ import annotations

import numpy as np
import yaml
from bot.answering.alarm import FEATURES
from bot.answering.red_flags import RedFlagDetector
from calibration import ROOT, TUNED
from scipy.optimize import minimize

from bot.answering.corpus import Floats
from bot.faq.loading import load_knowledge

FILES = ("red_flags", "look_alikes", "in_scope", "out_of_scope")
HARD, HARD_SHARE = "hard_signs", 0.25
RIDGE = 0.5


def judged(detector: RedFlagDetector, name: str) -> tuple[Floats, Floats]:
    """Return the figures of each message of a file that has words, and 1 or 0 for a danger."""
    cases = yaml.safe_load((TUNED / f"{name}.yaml").read_text("utf-8"))
    judged = [
        (figures, float(case.get("alert", "none") != "none"))
        for case in cases
        if (figures := detector.features(case["question"])) is not None
    ]
    return np.array([figures for figures, _ in judged]), np.array([danger for _, danger in judged])


def fit(figures: Floats, danger: Floats, share: Floats) -> Floats:
    """Return the weights: their sum is to be the log-odds of a danger."""
    scale = figures.std(axis=0) + 1e-9
    scale[-1] = 1.0
    signed = (2.0 * danger - 1.0)[:, np.newaxis] * figures / scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = signed @ weights
        total = share @ np.logaddexp(0.0, -margins) + RIDGE * weights[:-1] @ weights[:-1]
        slope = -signed.T @ (share / (1.0 + np.exp(margins)))
        slope[:-1] += 2 * RIDGE * weights[:-1]
        return float(total), slope

    start = np.zeros(len(FEATURES))
    return minimize(loss, start, jac=True, method="L-BFGS-B").x / scale


def main() -> None:
    """Fit and print."""
    knowledge = load_knowledge(ROOT / "faq")
    detector = RedFlagDetector.of(knowledge)
    parts = [judged(detector, name) for name in (*FILES, HARD)]
    figures, danger = map(np.concatenate, zip(*parts, strict=True))
    share = np.ones(len(danger))
    share[-len(parts[-1][1]) :] = HARD_SHARE
    print("_WEIGHTS = np.array(\n    (")
    for feature, weight in zip(FEATURES, fit(figures, danger, share), strict=True):
        print(f"        {weight:.3f},  # {feature}")
    print("    )\n)")


if __name__ == "__main__":
    main()
