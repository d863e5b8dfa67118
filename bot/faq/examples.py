"""Reads the example files of a FAQ: plain text, one message a line, `#` before a comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.errors import UsageError
from bot.faq.models import Examples
from bot.faq.problems import fault
from bot.faq.reading import read_lines
from bot.faq.shipped import shipped_folder
from bot.faq.source import Place, Source, Trail

FOLDER = "examples"
DANGER = "examples/danger"
HARMLESS = "examples/danger/harmless"
LANGUAGES = "examples/languages"
EXAMPLE_FILES = (f"{FOLDER}/*.txt", f"{DANGER}/*.txt", f"{LANGUAGES}/*/*.txt")
"""Where example files are in a FAQ folder."""


def read_examples(folder: Path) -> dict[str, Source]:
    """Read the example files of a FAQ folder; without any of danger or languages, the shipped.

    The keys are the files' names from the FAQ folder on, without `.txt`.
    """
    found: dict[str, Source] = {}
    for pattern in EXAMPLE_FILES:
        own = any(folder.glob(pattern)) or pattern == EXAMPLE_FILES[0]
        within = folder if own else shipped_folder()
        for file in sorted(within.glob(pattern)):
            found[file.relative_to(within).with_suffix("").as_posix()] = read_messages(file)
    return found


def read_messages(file: Path) -> Source:
    """Read one example file, whose `value` is a tuple of its messages, each with its place.

    Every fault is among the `problems` of what comes back.
    """
    source = read_lines(file)
    messages = [
        (number, line)
        for number, line in enumerate(source.lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    places: dict[Trail, Place] = {
        (position,): Place(number, len(line) - len(line.lstrip()) + 1, number)
        for position, (number, line) in enumerate(messages)
    }
    empty = (
        fault(file, number, 1, "empty-line")
        for number, (line, following) in enumerate(pairwise(source.lines), 1)
        if not line.strip() and not following.startswith("#")
    )
    value = tuple(line.strip() for _, line in messages)
    return replace(source, value=value, values=places, problems=(*source.problems, *empty))


def add_example(folder: Path, entry_id: str, message: str) -> Path:
    """Add a message at the end of the examples of an entry, and return their file.

    Raises:
        UsageError: the file cannot be written.
    """
    file = folder / FOLDER / f"{entry_id}.txt"
    try:
        file.parent.mkdir(exist_ok=True)
        with file.open("a+", encoding="utf-8") as opened:
            opened.seek(0)
            whole = opened.read()
            end = "\n" if whole and not whole.endswith("\n") else ""
            opened.write(f"{end}{message}\n")
    except OSError as error:
        raise UsageError(f"{file}: it cannot be written: {error.strerror}") from None
    return file


def as_model(sources: Mapping[str, Source]) -> Examples:
    """Arrange what `read_examples` has read."""
    entries: dict[str, Any] = {}
    danger: dict[str, Any] = {}
    languages: dict[str, Any] = {}
    for key, source in sources.items():
        match key.split("/")[1:]:
            case ["danger", level]:
                danger[level] = source.value
            case ["languages", code, kind]:
                languages.setdefault(code, {})[kind] = source.value
            case [entry]:
                entries[entry] = source.value
    off_topic = entries.pop("off-topic", ())
    return Examples.model_validate(
        {"entries": entries, "off_topic": off_topic, "danger": danger, "languages": languages}
    )
