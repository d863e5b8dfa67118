"""A conditional logit finds the weights by which choices were made."""

from __future__ import annotations

import numpy as np

from training.logit import fitted

WEIGHTS = np.array([1.0, -0.5, 8.0, 0.0, 2.0])
SCALES = np.array([1.0, 3.0, 0.1, 1.0, 1.0])


def made(cases: int, choices: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    figures = chance.normal(size=(cases, choices, 5)) * SCALES
    return figures, figures @ WEIGHTS + chance.gumbel(size=(cases, choices))


def test_weights_are_found_whatever_the_scale_of_a_figure() -> None:
    figures, utilities = made(6000, 6)
    found = fitted(figures, utilities.argmax(axis=1), np.ones(6000), np.full(5, 0.01))
    assert np.abs((found - WEIGHTS) * SCALES).max() < 0.1


def test_a_choice_that_is_not_offered_tells_nothing() -> None:
    figures, utilities = made(6000, 6)
    missing = np.random.default_rng(1).random(utilities.shape) < 0.3
    missing[:, 0] = False
    figures[missing] = 100.0
    right = np.where(missing, -np.inf, utilities).argmax(axis=1)
    found = fitted(figures, right, np.ones(6000), np.full(5, 0.01), missing)
    assert np.abs((found - WEIGHTS) * SCALES).max() < 0.1


def test_a_penalty_holds_weights_back_where_one_figure_decides() -> None:
    figures = np.zeros((40, 2, 1))
    figures[:, 1, 0] = np.repeat([-1.0, 1.0], 20)
    right = np.repeat([0, 1], 20)
    loose, tight = (fitted(figures, right, np.ones(40), np.full(1, r))[0] for r in (0.1, 10.0))
    assert 0 < tight < loose < 20
