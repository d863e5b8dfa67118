"""How right each engine is on questions in scope, and how well its score keeps others out."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from measuring import Timing, peak_memory, timed
from peers import ENGINES, Ranked

from bot.faq.models import Entry, Examples, Faq, Knowledge


@dataclass(frozen=True, slots=True)
class Task:
    """A FAQ, questions with the ids of which any is right, and questions out of its scope."""

    title: str
    knowledge: Knowledge
    in_scope: tuple[tuple[str, tuple[str, ...]], ...]
    out_of_scope: tuple[str, ...]


class Result(NamedTuple):
    """Shares 0..1, and what it cost.

    `kept` is the share of questions in scope whose right entry comes first with a score above
    what all but 10 % (`kept_strict`: 3 %) of the questions out of scope reach. `refused` is the
    share out of scope below the score that 80 % of the questions in scope reach, and
    `refused_right` below the score that 80 % reach with the right entry first (not a number
    when fewer than 80 % are right).
    """

    right: float
    right_in_three: float
    kept: float
    kept_strict: float
    refused: float
    refused_right: float
    timing: Timing
    memory: float


def faq_task(folder: Path, questions: Sequence[Path], *, real: bool = False) -> Task:
    """Return a FAQ folder with written questions of question files, or with real people's."""
    from bot.evaluation import cases as sorts
    from bot.faq.loading import load_knowledge

    knowledge = load_knowledge(folder)
    cases = sorts.load_cases(questions, knowledge.ids)
    if real:
        cases = tuple(filter(sorts.is_real_question, cases))
        inside, outside = sorts.has_right_entry, lambda case: case.entries == ()
    else:
        inside, outside = sorts.is_in_scope, sorts.is_out_of_scope
    return Task(
        f"{knowledge.faq.title}, {'real' if real else 'written'} questions",
        knowledge,
        tuple((case.question, case.entries) for case in cases if inside(case)),
        tuple(case.question for case in cases if outside(case)),
    )


def clinc_task(file: Path) -> Task:
    """Return CLINC150 as a FAQ with an entry for each intent.

    Its training part is the FAQ, its test part asks.
    """
    data = json.loads(file.read_text("utf-8"))
    phrasings: dict[str, list[str]] = {}
    for text, intent in data["train"]:
        phrasings.setdefault(intent, []).append(text)
    entries = tuple(
        Entry(id=intent, title=intent, questions=tuple(texts), answer=intent)
        for intent, texts in phrasings.items()
    )
    examples = tuple(text for text, _ in data["oos_train"])
    return Task(
        "CLINC150",
        Knowledge(
            faq=Faq(title="CLINC150", entries=entries),
            examples=Examples(off_topic=examples),
        ),
        tuple((text, (intent,)) for text, intent in data["test"]),
        tuple(text for text, _ in data["oos_test"]),
    )


def untaught(task: Task) -> Task:
    """Return the task without examples of what is out of scope, nor weights fitted to them."""
    examples = task.knowledge.examples.model_copy(update={"off_topic": ()})
    without = {"examples": examples, "weights": None}
    return replace(task, knowledge=task.knowledge.model_copy(update=without))


def measure(engine_name: str, task: Task) -> Result:
    """Build an engine, ask it everything, and time it; to be run in a process of its own."""
    engine = ENGINES[engine_name](task.knowledge)
    ranked = [(engine.rank(text), right) for text, right in task.in_scope]
    firsts = [_first(best) for best, _ in ranked]
    rights = [first[0] in right for first, (_, right) in zip(firsts, ranked, strict=True)]
    scores = [score for _, score in firsts]
    right_scores = [score for score, right in zip(scores, rights, strict=True) if right]
    outside = [_first(engine.rank(text))[1] for text in task.out_of_scope]
    questions = [text for text, _ in task.in_scope] + list(task.out_of_scope)
    timing = timed(engine.once, questions, passes=3 if len(questions) < 2000 else 1)
    total = len(task.in_scope)
    return Result(
        sum(rights) / total,
        sum(not dict(best).keys().isdisjoint(right) for best, right in ranked) / total,
        _kept(right_scores, outside, 0.10, total),
        _kept(right_scores, outside, 0.03, total),
        _refused(scores, outside, total),
        _refused(right_scores, outside, total),
        timing,
        peak_memory(),
    )


def _first(ranked: Ranked) -> tuple[str, float]:
    return ranked[0] if ranked else ("", -math.inf)


def _kept(right: Sequence[float], outside: Sequence[float], false: float, total: int) -> float:
    """Return the share of right questions above what all but `false` of those outside reach."""
    if not outside:
        return math.nan
    threshold = sorted(outside, reverse=True)[int(false * len(outside))]
    return sum(score > threshold for score in right) / total


def _refused(inside: Sequence[float], outside: Sequence[float], total: int) -> float:
    """Return the share outside that is below the score which 80 % of `total` inside reach."""
    needed = math.ceil(0.8 * total)
    if not outside or len(inside) < needed:
        return math.nan
    threshold = sorted(inside, reverse=True)[needed - 1]
    return sum(score < threshold for score in outside) / len(outside)
