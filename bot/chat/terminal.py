"""The conversation in the terminal: reads lines, and prints replies wrapped to the window."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.answering.answerer import Answerer
from bot.answering.reply import Reply
from bot.chat.blocks import (
    AlertText,
    Block,
    Bullets,
    Choices,
    Fold,
    Heading,
    Paragraph,
    ReferralText,
    SmallPrint,
    Title,
    Ways,
)
from bot.chat.conversation import UNFOLDS, State, leaves, respond
from bot.chat.lines import read_lines
from bot.chat.rendering import blocks, notice, paragraphs, unsourced
from bot.faq.models import Knowledge
from bot.faq.problems import FaqError

if TYPE_CHECKING:
    from bot.chat.reloading import Serving

_WIDEST = 96
"""Columns of text: longer lines are hard to read, however wide the window."""
_NARROWEST = 20
_PROMPT = "> "
_HOW_TO_PICK = "Type a number to pick one, or ask in your own words."
_GOODBYE = "Goodbye. Take care."


def talk(serving: Callable[[], Answerer], console: Console) -> None:
    """Answer line by line until the input ends, the person leaves, or presses Ctrl-C.

    `serving` gives the answerer to use now. With a person at both ends there is a prompt and a
    welcome; in a pipe there are the replies alone, each with a blank line behind it.
    """
    person = sys.stdin.isatty() and console.is_terminal
    state = State()
    lines = _typed() if person else read_lines(sys.stdin.buffer)
    if person:
        show(notice(serving().knowledge.replies.welcome, serving().knowledge), console)
        show([SmallPrint("/topics shows all I can answer. /quit ends.")], console)
    try:
        for line in lines:
            if leaves(line):
                break
            if person:
                console.print()
            said, state = respond(line, state, serving(), time.monotonic())
            show(said, console)
    except KeyboardInterrupt:
        console.print()
    if person:
        console.print(_GOODBYE)


def tell_reload(console: Console) -> Callable[[Serving, FaqError | None], None]:
    """A way to say, above the prompt, that a changed FAQ was taken up or why it was refused."""

    def tell(serving: Serving, fault: FaqError | None) -> None:
        console.print()
        if fault is None:
            entries = len(serving.answerer.knowledge.faq.entries)
            console.print(f"The FAQ has changed: now answering from its {entries} entries.")
        else:
            console.print(
                f"The FAQ has faults; the earlier one goes on answering:\n{fault}", soft_wrap=True
            )
        if sys.stdin.isatty() and console.is_terminal:
            console.print(_PROMPT, end="")

    return tell


def _typed() -> Iterator[str]:
    """Lines typed at a prompt, with a history that ends with the conversation."""
    with suppress(ImportError):
        import readline  # noqa: F401 - input() uses it once it is imported
    with suppress(EOFError):
        while True:
            yield input(_PROMPT)
    print()


def show(said: Iterable[Block], console: Console, *, numbered: bool = True) -> None:
    """Print blocks, and a blank line behind them.

    `numbered` gives each choice the number that picks it, and folds away what is to be. Lines are
    wrapped in a terminal, and left whole for another program.
    """
    width = min(_WIDEST, max(_NARROWEST, console.width)) if console.is_terminal else None
    said = tuple(said)
    for prefix, text in _lines(said, numbered):
        _print(prefix, text, width, console)
    if width and numbered and any(isinstance(block, Choices | Ways) for block in said):
        _print("", Text(_HOW_TO_PICK, "dim"), width, console)
    console.print()


def wrapped(reply: Reply, knowledge: Knowledge, *, sources: bool = True) -> str:
    """A reply as `show` prints it, for a terminal that nothing is picked in."""
    console = plain_console()
    said = blocks(reply, knowledge)
    with console.capture() as captured:
        show(said if sources else unsourced(said), console, numbered=False)
    return captured.get().rstrip("\n")


def plain_console() -> Console:
    """A console that prints text as it is: nothing in it is markup, a number or an emoji."""
    return Console(highlight=False, markup=False, emoji=False)


def _print(prefix: str, text: Text, width: int | None, console: Console) -> None:
    """Print one line, or several where it is too long, all as far in as its first."""
    lines = text.wrap(console, width - len(prefix)) if width and text.plain else [text]
    for line in lines:
        line.rstrip()
        console.print(Text.assemble((prefix, text.style), line), soft_wrap=True)
        prefix = " " * len(prefix) if prefix.strip() != "!" else prefix


_Line = tuple[str, Text]
_EMPTY: _Line = ("", Text())


def _lines(said: Iterable[Block], numbered: bool) -> Iterator[_Line]:
    """What stands before each line, and the line: a blank one between blocks."""
    numbers = count(1)
    close = True
    for block in said:
        lines = list(_block(block, numbers if numbered else None))
        if lines and not close:
            yield _EMPTY
        yield from lines
        close = isinstance(block, Heading) or not lines


def _block(block: Block, numbers: Iterator[int] | None) -> Iterator[_Line]:
    match block:
        case AlertText(text=text):
            for paragraph in paragraphs(text):
                yield "! ", Text(paragraph.text, "bold red")
        case Title(text):
            yield "", Text(text, "bold underline")
        case Heading(text):
            yield "", Text(f"{text}:", "bold")
        case Paragraph(text):
            yield "", Text(text)
        case Bullets(items):
            for item in items:
                yield "- ", Text(item)
        case ReferralText(text):
            yield "", Text(text, "bold")
        case SmallPrint(text):
            yield "", Text(text, "dim")
        case Fold(title) if numbers:
            yield "", Text(f"{title}: type {UNFOLDS}", "dim")
        case Fold(title, inner):
            yield "", Text(f"{title}:", "dim")
            for each in inner:
                for prefix, line in _block(each, None):
                    yield f"  {prefix}", Text(line.plain, "dim")
        case Choices():
            yield from _choices(block, numbers)
        case Ways(ways) if numbers:
            for way in ways:
                yield f"{next(numbers):>3} ", Text(way.label)


def _choices(block: Choices, numbers: Iterator[int] | None) -> Iterator[_Line]:
    if block.purpose in ("related", "whole") and numbers is None:
        return
    labels = [entry.title for entry in block.entries]
    if block.purpose == "whole":
        labels = [block.heading] * len(labels)
    elif block.heading:
        yield "", Text(f"{block.heading.rstrip(':')}:", "bold")
    if block.otherwise and numbers:
        labels.append(block.otherwise)
    for label in labels:
        yield (f"{next(numbers):>3} " if numbers else "- "), Text(label)
