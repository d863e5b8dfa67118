"""The weights of the score: which entry a question asks for, or none.

A conditional logit over the candidates and "none of them", fitted by maximum likelihood with a
ridge penalty. Weights of a FAQ are fitted to its own questions; general ones, for a FAQ that the
network was not taught, to FAQs drawn from it whose entries the network does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from bot.answering.confidence import ENTRY_FIGURES, NONE_FIGURES
from bot.answering.encoder import NONE
from bot.answering.matching import Matcher
from bot.answering.message import Message
from bot.faq.weights import Figure
from training.lines import Line
from training.logit import Bools, Floats, Ints, as_kept, fitted

NAMES = (*ENTRY_FIGURES, *NONE_FIGURES)
SPLIT = len(ENTRY_FIGURES)
MOST = 5
"""Candidates of a question, at most; "none of them" stands behind them."""
SHARE, RIDGE = 8.0, 1.0
"""What a question counts for, against the penalty on the square of each weight."""
OFFERED, WRONG, OUTSIDE = 0.5, -0.75, -1.5
"""What an offer of the right entry, a wrong answer, and one to what is out of scope are worth,
where a right answer is worth 1: an offer costs one tap."""
EVEN = 0.0005
"""Thresholds that are worth as much but for this, a question, are as good: then the lowest are
taken, so that a few questions more or less do not move them."""
ANSWER = np.arange(0.40, 0.86, 0.05)
SCOPE = np.arange(0.40, 0.96, 0.05)


@dataclass(frozen=True)
class Asked:
    """Questions as figures: shape (questions, `MOST` + 1, `NAMES`).

    `missing` are candidates there are not. `right` are places: of an entry that serves, `MOST` for
    none of them. `serves` says of every candidate whether it does.
    """

    figures: Floats
    missing: Bools
    right: Ints
    serves: Bools


def asked(matcher: Matcher, read: Iterable[tuple[Message, Line]]) -> Asked:
    """Return the figures of questions whose entry is known, as far as they have words."""
    rows = []
    for message, line in read:
        if not line.entries or line.several:
            continue
        found = matcher.figures(message.words(0), message.encoded)
        if found is not None:
            rows.append((*found, line.entries))
    figures = np.zeros((len(rows), MOST + 1, len(NAMES)))
    missing = np.ones((len(rows), MOST + 1), np.bool_)
    serves = np.zeros((len(rows), MOST + 1), np.bool_)
    for row, (ids, entries, question, right) in enumerate(rows):
        figures[row, : len(ids), :SPLIT] = entries
        figures[row, MOST, SPLIT:] = question
        missing[row, [*range(len(ids)), MOST]] = False
        serves[row, : len(ids)] = [each in right for each in ids]
        serves[row, MOST] = NONE in right
    right = np.where(serves.any(axis=1), serves.argmax(axis=1), MOST)
    return Asked(figures, missing, right, serves)


def together(parts: Sequence[Asked]) -> Asked:
    """Return the questions of several FAQs as those of one."""
    names = ("figures", "missing", "right", "serves")
    return Asked(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def weighed(questions: Asked) -> tuple[dict[str, Figure], dict[str, Figure], Floats]:
    """Return the weights that speak for an entry, those for none, and all scores with them."""
    usual = np.zeros(len(NAMES))
    usual[:SPLIT] = questions.figures[:, :MOST, :SPLIT][~questions.missing[:, :MOST]].mean(axis=0)
    usual[SPLIT:-1] = questions.figures[:, MOST, SPLIT:-1].mean(axis=0)
    own = np.zeros((MOST + 1, len(NAMES)))
    own[:MOST, :SPLIT], own[MOST, SPLIT:] = usual[:SPLIT], usual[SPLIT:]
    figures = questions.figures - own
    many = len(figures)
    weights = fitted(
        figures,
        questions.right,
        np.full(many, SHARE),
        np.full(len(NAMES), RIDGE),
        questions.missing,
    )
    utilities = np.where(questions.missing, -np.inf, figures @ weights)
    chances = np.exp(utilities - utilities.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    told = as_kept(NAMES, weights, usual)
    entry = {name: told[name] for name in ENTRY_FIGURES}
    return entry, {name: told[name] for name in NONE_FIGURES}, chances


def thresholds(questions: Asked, chances: Floats) -> tuple[dict[str, float], dict[str, float]]:
    """Return from which score on, and from which of all together, to answer; what is reached."""
    scores = chances[:, :MOST]
    order = np.argsort(-scores, axis=1, kind="stable")
    scores = np.take_along_axis(scores, order, axis=1)
    serves = np.take_along_axis(questions.serves[:, :MOST], order, axis=1)
    inside = ~questions.serves[:, MOST]
    offered = serves[:, :3].any(axis=1)
    right = np.where(serves[:, 0], 1.0, np.where(inside, WRONG, OUTSIDE))
    worth = {}
    for enough, scope in product(ANSWER.tolist(), SCOPE.tolist()):
        answers = (scores[:, 0] >= enough) & (scores.sum(axis=1) >= scope)
        worth[enough, scope] = float(np.where(answers, right, OFFERED * offered).mean())
    least = max(worth.values()) - EVEN
    enough, scope = min(each for each in worth if worth[each] > least)
    answers = (scores[:, 0] >= enough) & (scores.sum(axis=1) >= scope)
    reached = {
        "right entry first": float(serves[inside, 0].mean()),
        "right entry in three": float(offered[inside].mean()),
        "right at once": float((answers & serves[:, 0])[inside].mean()),
        "wrong": float((answers & ~serves[:, 0])[inside].mean()),
        "out of scope answered": float(answers[~inside].mean()),
    }
    return {"answer": round(enough, 2), "scope": round(scope, 2)}, reached


def named(line: Line, ids: Mapping[str, str]) -> Line:
    """Return a line with other ids for entries; those that have none are none of them."""
    entries = {ids.get(name, NONE): 0.0 for name in line.entries}
    if len(entries) > 1:
        entries.pop(NONE, None)
    return Line(line.text, dict.fromkeys(entries, 1 / len(entries)), line.dangers)
