"""A small sound FAQ, and what the editorial rules find when a test changes it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.faq.checks import check
from bot.faq.checks.rules import Asked, Content, Engine, Line
from bot.faq.loading import read_folder
from bot.faq.models import Entry
from bot.faq.problems import in_order

TODAY = datetime.date(2026, 6, 15)
QUESTIONS = [
    "How do I wax a floor?",
    "which wax goes on oak",
    "my boards look dull and dry",
    "polish for old parquet",
    "can the shine be brought back",
    "what do people rub into planks",
    "candle or paste",
    "greasing timber",
]
OTHER_QUESTIONS = [
    "Which oil suits pine?",
    "linseed against tung",
    "how many coats",
    "does varnish stick later",
    "resinous wood drinks it all",
    "drying time",
    "the smell in my bedroom",
    "a soaked rag caught fire",
]


def entry(**changes: Any) -> dict[str, Any]:
    """An entry that no rule finds fault with, changed; a value of None takes its key away."""
    sound = {
        "id": "wax",
        "kind": "guide",
        "title": "Wax",
        "questions": QUESTIONS,
        "answer": "Rub a thin coat of wax into the wood. Then wait for an hour.",
        "referral": {"to": "technician", "when": "soon"},
        "reviewed": datetime.date(2026, 5, 1),
    }
    return {key: value for key, value in (sound | changes).items() if value is not None}


def other(**changes: Any) -> dict[str, Any]:
    """A second sound entry."""
    return entry(**{"id": "oil", "title": "Oil", "questions": OTHER_QUESTIONS} | changes)


def section(**changes: Any) -> dict[str, Any]:
    """A section of a document whose claim is supported."""
    sound = {
        "id": "S1",
        "heading": "Waxing",
        "claim": "Wax keeps water out.",
        "verdict": "supported",
        "note": "Others say so too.",
    }
    return sound | changes


def sources(*sections: dict[str, Any]) -> dict[str, Any]:
    """The contents of a `sources.yaml` with one document."""
    document = {
        "id": "handbook",
        "title": "The handbook of floors",
        "publisher": "a maker of wax",
        "interest": "It sells wax.",
        "attributed_as": ["a handbook by a maker of wax", "the handbook"],
        "sections": list(sections),
    }
    return {"documents": [document]}


Found = list[tuple[str, str]]


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., Found]:
    """Check a FAQ; give each broken rule with what is written from its place to the line's end.

    That an entry cites nothing counts with `must_cite` alone.
    """

    def check_entries(
        *entries: dict[str, Any],
        today: datetime.date = TODAY,
        ask: Callable[[str], Asked] | None = None,
        shown: Callable[[Entry], str] | None = None,
        signs: Callable[[str], Iterable[Line]] | None = None,
        documents: Mapping[str, str] | None = None,
        must_cite: bool = False,
        examples: Mapping[str, str] | None = None,
        **files: dict[str, Any],
    ) -> Found:
        faq = {"title": "Floors", "entries": list(entries)}
        for name, content in {"faq": faq, **files}.items():
            text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=60)
            (tmp_path / f"{name.removesuffix('_yaml')}.yaml").write_text(text, encoding="utf-8")
        for name, lines in (examples or {}).items():
            file = tmp_path / "examples" / f"{name}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(lines, encoding="utf-8")
        loaded = read_folder(tmp_path)
        assert loaded.knowledge is not None, loaded.problems
        engine = Engine(ask, shown, signs)
        content = Content(loaded.knowledge, loaded.sources, today, engine, documents or {})
        lines = {each.file: each.lines for each in loaded.sources.values()}
        return [
            (problem.rule, lines[problem.file][problem.line - 1][problem.column - 1 :])
            for problem in in_order((*loaded.problems, *check(content)))
            if must_cite or problem.rule != "no-sources"
        ]

    return check_entries
