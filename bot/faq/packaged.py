"""Reads the data files that lie beside the modules of a room."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FAST_PARSER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's quickest. The slow one refuses a question mark inside brackets: [who?]."""


def packaged_text(name: str, room: str = "bot.faq") -> str:
    """The text of a file."""
    return files(room).joinpath(name).read_text("utf-8")


@cache
def packaged(name: str, room: str = "bot.faq") -> Any:
    """What a YAML file holds; read once."""
    return yaml.load(packaged_text(name, room), Loader=FAST_PARSER)  # noqa: S506
