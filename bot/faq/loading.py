"""Loads a FAQ folder, or says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.faq.calibration import Calibration
from bot.faq.links import broken_links
from bot.faq.models import Faq, Knowledge, RedFlags, Replies, Sources, Vocabulary
from bot.faq.problems import FaqError, Problem, in_order
from bot.faq.reading import Source, read
from bot.faq.shipped import shipped_folder
from bot.faq.validation import nearest, validate

__all__ = ["FILES", "FaqError", "LoadedFaq", "load_knowledge", "read_folder"]

_MODELS: Mapping[str, type[BaseModel]] = {
    "faq": Faq,
    "sources": Sources,
    "red_flags": RedFlags,
    "replies": Replies,
    "vocabulary": Vocabulary,
    "calibration": Calibration,
}


FILES = tuple(f"{name}.yaml" for name in _MODELS)
"""The files of a FAQ folder."""


@dataclass(frozen=True, slots=True)
class LoadedFaq:
    """A FAQ folder as it was read.

    `knowledge` is absent when a problem keeps the FAQ from being served. `sources` are the files
    by their names without `.yaml`; a file that is absent is not among them.
    """

    knowledge: Knowledge | None
    sources: Mapping[str, Source]
    problems: tuple[Problem, ...]


def load_knowledge(folder: Path) -> Knowledge:
    """Load a FAQ to serve it.

    Only `faq.yaml` is required. Without a `red_flags.yaml` the shipped one is used, for the
    safety of the people who ask; the other files have defaults.

    Raises:
        FaqError: with every problem that keeps the FAQ from being served.
    """
    loaded = read_folder(folder)
    if loaded.knowledge is None:
        raise FaqError(loaded.problems)
    return loaded.knowledge


def read_folder(folder: Path, faq_name: str = "faq.yaml") -> LoadedFaq:
    """Read every file of a FAQ folder and collect all problems of its structure.

    `faq_name` is the file of the folder that is read as its `faq.yaml`.
    """
    sources: dict[str, Source] = {}
    parts: dict[str, Any] = {}
    problems: list[Problem] = list(_misnamed(folder, faq_name))
    for name, model in _MODELS.items():
        file = folder / (faq_name if name == "faq" else f"{name}.yaml")
        if name == "red_flags" and not file.exists():
            file = shipped_folder() / file.name
        elif name != "faq" and not file.exists():
            continue
        source = sources[name] = read(file)
        parts[name], faults = validate(source, model)
        problems += (*source.problems, *faults)
    problems += broken_links(sources)
    served = not any(problem.level == "error" for problem in problems)
    return LoadedFaq(Knowledge(**parts) if served else None, sources, in_order(problems))


def _misnamed(folder: Path, faq_name: str) -> Iterator[Problem]:
    """Files that look as if they were meant to be read, and are not."""
    for file in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        if file.name == faq_name or file.name in FILES:
            continue
        meant = nearest(file.stem, list(_MODELS))
        if meant and not (folder / f"{meant}.yaml").exists():
            yield Problem(
                file,
                1,
                1,
                "warning",
                "misnamed-file",
                "this file is not read",
                f"Did you mean to call it {meant}.yaml?",
            )
