"""Loads a FAQ folder, or says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.errors import UsageError
from bot.faq.examples import EXAMPLE_FILES, as_model, read_examples
from bot.faq.links import broken_links, unknown_files, without_referral
from bot.faq.models import Alerts, Faq, Knowledge, Languages, Replies, Signs, Sources, Vocabulary
from bot.faq.problems import FaqError, Problem, fault, in_order
from bot.faq.reading import read
from bot.faq.shipped import shipped_folder
from bot.faq.source import Source
from bot.faq.validation import nearest, unfinished, validate
from bot.faq.weights import load_weights

_MODELS: Mapping[str, type[BaseModel]] = {
    "faq": Faq,
    "sources": Sources,
    "alerts": Alerts,
    "signs": Signs,
    "replies": Replies,
    "vocabulary": Vocabulary,
    "languages": Languages,
}
FILES = tuple(f"{name}.yaml" for name in _MODELS)
"""The YAML files of a FAQ folder."""
_WEIGHTS = "weights.json"
_HIDING = ("bad-id", "unknown-key")
"""Faults that keep a name from being known, so that all that name it would be faults too."""
_FOR_SAFETY = ("alerts", "signs")
"""Without these and the examples of danger and of languages, a FAQ has the shipped ones."""


@dataclass(frozen=True, slots=True)
class LoadedFaq:
    """A FAQ folder as it was read.

    `knowledge` is absent when a problem keeps the FAQ from being served. `sources` are the files
    by their names in the folder, without `.yaml` or `.txt`; a YAML file that is absent has no
    lines, or is the shipped one.
    """

    knowledge: Knowledge | None
    sources: Mapping[str, Source]
    problems: tuple[Problem, ...]


def load_knowledge(folder: Path) -> Knowledge:
    """Load a FAQ to serve it.

    Only `faq.yaml` is required. Without alerts, signs or examples of danger or of languages the
    shipped ones are used, for the safety of the people who ask; the other files have defaults.

    Raises:
        FaqError: with every problem that keeps the FAQ from being served. Its exit code is 2 when
            no FAQ is there: trying again, as a service does, would not help.
    """
    loaded = read_folder(folder)
    if loaded.knowledge is None:
        error = FaqError(loaded.problems)
        error.exit_code = 1 if (folder / "faq.yaml").exists() else UsageError.exit_code
        raise error
    return loaded.knowledge


def faq_files(folder: Path) -> list[Path]:
    """The files of a folder that a FAQ may be read from, in order."""
    return sorted(file for p in ("*.yaml", _WEIGHTS, *EXAMPLE_FILES) for file in folder.glob(p))


def read_folder(folder: Path, faq_name: str = "faq.yaml") -> LoadedFaq:
    """Read every file of a FAQ folder and collect all problems of its structure.

    `faq_name` is the file of the folder that is read as its `faq.yaml`.
    """
    sources: dict[str, Source] = {}
    parts: dict[str, Any] = {}
    problems = [*_misnamed(folder, faq_name)]
    for name, model in _MODELS.items():
        file = folder / (faq_name if name == "faq" else f"{name}.yaml")
        if name in _FOR_SAFETY and not file.exists():
            file = shipped_folder() / file.name
        sources[name] = Source(file)
        if name == "faq" or file.exists():
            source = unfinished(read(file), model)
            parts[name], faults = validate(source, model)
            hiding = any(each.rule in _HIDING for each in faults)
            sources[name] = replace(source, whole=source.whole and not hiding)
            problems += (*source.problems, *faults)
    examples = read_examples(folder)
    problems += (problem for source in examples.values() for problem in source.problems)
    problems += (*broken_links(sources), *unknown_files(sources, examples))
    # What the shipped files are warned of is not this FAQ's to mend.
    problems = [p for p in problems if p.level == "error" or p.file.is_relative_to(folder)]
    if not any(problem.level == "error" for problem in problems):
        problems += without_referral(sources["faq"])
    knowledge = None
    if not any(problem.level == "error" for problem in problems):
        if (folder / _WEIGHTS).exists():
            parts["weights"] = load_weights(folder / _WEIGHTS)
        if sources["signs"].file.parent != folder:
            parts["signs"] = _shipped_signs_for(parts["signs"], parts["alerts"])
        knowledge = Knowledge(**parts, examples=as_model(examples))
    return LoadedFaq(knowledge, sources | examples, in_order(problems))


def _shipped_signs_for(signs: Signs, alerts: Alerts) -> Signs:
    """The shipped signs, raising the alerts of a FAQ that has alerts of its own and no signs.

    A sign whose alert it does not have raises its first of that level, and none if there is none.
    """
    shipped, _ = validate(read(shipped_folder() / "alerts.yaml"), Alerts)
    raised: dict[str, str] = {}
    for alert in shipped.alerts if shipped else ():
        names = [each.name for each in alerts.alerts if each.level == alert.level]
        if names:
            raised[alert.name] = alert.name if alert.name in names else names[0]
    kept = (sign for sign in signs.signs if sign.alert in raised)
    own = tuple(sign.model_copy(update={"alert": raised[sign.alert]}) for sign in kept)
    return Signs(words=signs.words, signs=own)


def _misnamed(folder: Path, faq_name: str) -> Iterator[Problem]:
    """Files that look as if they were meant to be read, and are not."""
    for file in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        meant = nearest(file.stem, list(_MODELS))
        taken = file.name in (faq_name, *FILES) or (folder / f"{meant}.yaml").exists()
        if meant and not taken:
            yield fault(file, 1, 1, "misnamed-file", name=meant)
