"""Standard input and output: any bytes come in, and no character stops what goes out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

from bot.answering.words import MAX_CHARACTERS

_LONGEST_LINE = 8 * MAX_CHARACTERS
"""Bytes of a line that are read; the rest of it is skipped."""


def read_lines(stream: BinaryIO) -> Iterator[str]:
    """Lines of UTF-8 as they come, without their ends, and without what is no text.

    Of an endless line only the beginning is kept, so that no input can fill the memory.
    """
    while raw := stream.readline(_LONGEST_LINE):
        more = raw
        while not more.endswith(b"\n") and (more := stream.readline(_LONGEST_LINE)):
            pass
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def readable(argument: str) -> str:
    """An argument of the command line, with replacement characters for bytes that are no text."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def tolerate_encodings() -> None:
    """Put a `?` where the terminal's encoding lacks a character, or typed bytes are no text."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
