"""A new entry to paste into `faq.yaml`, with every key that a good entry has."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

from bot.errors import UsageError
from bot.faq.packaged import packaged_text
from bot.faq.reading import read

_ENTRY = packaged_text("new-entry.yaml")
PLACEHOLDERS = tuple(re.findall("Write here .*", _ENTRY))
"""Texts of a new entry that wait to be replaced."""


def new_entry(
    title: str, today: datetime.date, *, indent: int = 2, taken: Collection[str] = ()
) -> str:
    """Write a new entry as YAML; its id is made of the title, and none of those `taken`.

    Raises:
        UsageError: when the title has no letters or digits to make an id of.
    """
    title = " ".join("".join(each if each.isprintable() else " " for each in title).split())
    if not any(map(str.isalnum, title)):
        raise UsageError("A new entry needs a title in words, such as: Dots that turn blue")
    quoted = json.dumps(title, ensure_ascii=False)
    entry = _ENTRY.format(id=new_id(title, taken), title=quoted, today=today.isoformat())
    return "".join(f"{' ' * indent}{line}\n" for line in entry.splitlines())


def new_id(title: str, taken: Collection[str] = ()) -> str:
    """Make an id of a title: its words in small letters with hyphens between."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall("[a-z0-9]+", plain.replace("'", "")))
    name = words[:50].strip("-") or "new-entry"
    if name[0].isdigit() or name == "null":  # which editors or YAML take for no text
        name = f"entry-{name}"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def list_style(faq: Path) -> tuple[int, tuple[str, ...]]:
    """How far the entries of a FAQ file are indented, and the ids that are taken.

    A file that is absent or faulty gives what can be read of it, or the usual two spaces.
    """
    source = read(faq)
    taken = tuple(name for _, name in source.texts(("entries", ..., "id")))
    place = source.values.get(("entries", 0))
    return (max(place.column - 3, 0) if place else 2), taken
