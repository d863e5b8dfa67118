"""Reads the example files of a FAQ: plain text, one message a line, `#` before a comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.errors import UsageError
from bot.faq.building import Place, Trail
from bot.faq.problems import Problem
from bot.faq.reading import Source, read_lines

FOLDER = "examples"
OFF_TOPIC = "examples/off-topic"
DANGER = "examples/danger"
HARMLESS = "examples/danger/harmless"
LANGUAGES = "examples/languages"


def read_examples(folder: Path, under: str) -> dict[str, Source]:
    """Read the example files of one part of a FAQ folder: `FOLDER`, `DANGER` or `LANGUAGES`.

    The keys are the files' names from the FAQ folder on, without `.txt`.
    """
    files = sorted((folder / under).glob("*/*.txt" if under == LANGUAGES else "*.txt"))
    names = (file.relative_to(folder).with_suffix("").as_posix() for file in files)
    return {name: read_messages(file) for name, file in zip(names, files, strict=True)}


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
        Problem(file, number, 1, "warning", "empty-line", "this line is empty", "Delete it.")
        for number, (line, following) in enumerate(pairwise(source.lines), 1)
        if not line.strip() and not following.startswith("#")
    )
    return replace(
        source,
        value=tuple(line.strip() for _, line in messages),
        values=places,
        problems=(*source.problems, *empty),
    )


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
    except OSError as fault:
        raise UsageError(f"{file}: it cannot be written: {fault.strerror}") from None
    return file


def as_data(sources: Mapping[str, Source]) -> dict[str, Any]:
    """Arrange what was read as the model `Examples` holds it."""
    entries: dict[str, tuple[str, ...]] = {}
    danger: dict[str, tuple[str, ...]] = {}
    languages: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, source in sources.items():
        where, _, name = key.rpartition("/")
        if where == DANGER:
            danger[name] = source.value
        elif where.startswith(LANGUAGES):
            languages.setdefault(where.rpartition("/")[2], {})[name] = source.value
        elif where == FOLDER and key != OFF_TOPIC:
            entries[name] = source.value
    off_topic = sources[OFF_TOPIC].value if OFF_TOPIC in sources else ()
    return {
        "entries": entries,
        "off_topic": off_topic,
        "danger": danger,
        "languages": languages,
    }
