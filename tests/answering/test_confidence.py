"""From figures to scores."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answering.confidence import WeighedSum, scores
from bot.errors import BotError
from bot.faq.weights import Figure

FIGURES = {"near": Figure(weight=2.0, usual=0.5), "long": Figure(weight=-1.0, usual=3.0)}


def test_figures_count_from_what_is_usual_in_the_order_of_their_names() -> None:
    weighed = WeighedSum(FIGURES, ["long", "near"])
    assert weighed.of(np.array([3.0, 0.5])) == 0.0
    assert weighed.of(np.array([[4.0, 0.5], [3.0, 1.5]])).tolist() == [-1.0, 2.0]


def test_a_figure_can_be_left_out() -> None:
    assert WeighedSum(FIGURES, ["long", "near"], {"long"}).of(np.array([9.0, 1.0])) == 1.0


def test_weights_of_other_figures_are_refused_with_what_to_do() -> None:
    with pytest.raises(BotError, match="python -m training weights"):
        WeighedSum(FIGURES, ["near", "far"])


def test_scores_and_none_of_them_share_out_one() -> None:
    found = scores(np.array([1.0, 1.0]), 1.0)
    assert found.tolist() == pytest.approx([1 / 3, 1 / 3])
    assert scores(np.array([800.0, -800.0]), 0.0).tolist() == pytest.approx([1.0, 0.0])
    assert scores(np.array([-800.0]), 0.0).tolist() == pytest.approx([0.0])
