"""The conversation in the terminal: reads lines, and prints replies wrapped to the window."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count

from rich.console import Console
from rich.text import Text

from bot.answering.answerer import Answerer
from bot.answering.context import START, Context
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
    Tap,
    Title,
    Way,
    Words,
)
from bot.chat.lines import read_lines
from bot.chat.reloading import Serving, outcome
from bot.chat.rendering import (
    about,
    blocks,
    check,
    gone,
    notice,
    paragraphs,
    sources,
    topics,
    unfolded,
    ways_on,
    welcome,
)
from bot.faq.models import Knowledge
from bot.faq.problems import FaqError

_WIDEST = 96
"""Columns of text: longer lines are hard to read, however wide the window."""
_NARROWEST = 20
_STYLES: dict[type[Words], str] = {
    Title: "bold underline",
    Paragraph: "",
    ReferralText: "bold",
    SmallPrint: "dim",
}
_PROMPT = "> "
_HOW_TO_PICK = "Type a number to pick one, or ask in your own words."
_COMMAND = re.compile(r"/(\w+)\s*")
_NUMBER = re.compile(r"(\d{1,3})[.)]?")
_SHORT = 3
"""Characters of a label whose first letter is enough: "y" for "Yes"."""
UNFOLDS = "s"
"""What is typed to see what is folded away."""
_LEAVES = frozenset({"/quit", "/exit", "quit", "exit"})


def talk(serving: Serving, console: Console) -> None:
    """Answer line by line, each by what serves then, until the input ends or somebody leaves.

    With a person at both ends there is a prompt and a welcome; in a pipe the replies alone.
    """
    person = sys.stdin.isatty() and console.is_terminal
    state = State()
    if person:
        known = serving.answerer.knowledge
        show(notice(known.replies.welcome, known), console)
        show([SmallPrint("/topics shows all I can answer. /quit ends.")], console)
    try:
        for line in _typed() if person else read_lines(sys.stdin.buffer):
            if leaves(line):
                break
            if person:
                console.print()
            said, state = respond(line, state, serving.answerer, time.monotonic())
            show(said, console)
    except KeyboardInterrupt:
        console.print()
    if person:
        console.print("Goodbye. Take care.")


def tell_reload(console: Console, serving: Serving, fault: FaqError | None) -> None:
    """Say, above the prompt, that a changed FAQ was taken up or why it was refused."""
    prompt = _PROMPT if sys.stdin.isatty() and console.is_terminal else ""
    console.print(f"\n{outcome(serving, fault)}\n{prompt}", end="", soft_wrap=True)


def _typed() -> Iterator[str]:
    """Lines typed at a prompt, with a history that ends with the conversation."""
    with suppress(ImportError):
        import readline  # noqa: F401 - input() uses it once it is imported
    with suppress(EOFError):
        while True:
            yield input(_PROMPT)
    print()


def show(said: Iterable[Block], console: Console) -> None:
    """Print blocks, and a blank line behind them; wrapped in a terminal, else in whole lines.

    Each choice has the number that picks it.
    """
    width = min(_WIDEST, max(_NARROWEST, console.width)) if console.is_terminal else None
    said, numbers, close = tuple(said), count(1), True
    for block in said:
        lines = list(_block(block, numbers))
        if lines and not close:
            console.print()
        for prefix, text in lines:
            print_line(prefix, text, width, console)
        close = isinstance(block, Heading) or not lines
    if width and any(isinstance(block, Choices) for block in said):
        print_line("", Text(_HOW_TO_PICK, "dim"), width, console)
    console.print()


def wrapped(reply: Reply, knowledge: Knowledge, *, sources: bool = True) -> str:
    """A reply as `show` prints it, for a terminal that nothing is picked in."""
    console = plain_console()
    with console.capture() as captured:
        show(unfolded(blocks(reply, knowledge), sources=sources), console)
    return captured.get().rstrip("\n")


def plain_console() -> Console:
    """A console that prints text as it is: nothing in it is markup, a number or an emoji."""
    return Console(highlight=False, markup=False, emoji=False)


def print_line(prefix: str, text: Text, width: int | None, console: Console) -> None:
    """Print one line, or several where it is too long, all as far in as its first.

    A prefix that marks what stands beside it, "! " or "| ", stands before each.
    """
    lines = text.wrap(console, width - len(prefix)) if width and text.plain else [text]
    for line in lines:
        line.rstrip()
        console.print(Text.assemble((prefix, text.style), line), soft_wrap=True)
        prefix = prefix if prefix in ("! ", "| ") else " " * len(prefix)


_Line = tuple[str, Text]
"""What stands before a line, and the line."""


def _block(block: Block, numbers: Iterator[int]) -> Iterator[_Line]:
    match block:
        case AlertText(text):
            for paragraph in paragraphs(text):
                yield "! ", Text(paragraph.text, "bold red")
        case Heading():
            yield "", Text(block.line, "bold")
        case Words(text):
            yield "", Text(text, _STYLES[type(block)])
        case Bullets(items):
            for item in items:
                yield "- ", Text(item)
        case Fold(title):
            yield "", Text(f"{title}: type {UNFOLDS}", "dim")
        case Choices(_, ways, heading):
            if heading:
                yield "", Text(f"{heading.rstrip(':')}:", "bold")
            for way in ways:
                yield f"{next(numbers):>3} ", Text(way.label)


_COMMANDS: dict[str, Callable[[Knowledge], tuple[Block, ...]]] = {
    "start": welcome,
    "help": lambda known: notice(f"{known.replies.help}\n/quit ends.", known),
    "check": check,
    "topics": topics,
    "sources": sources,
    "privacy": lambda known: notice(known.replies.privacy, known),
    "about": lambda known: notice(about(known), known),
}


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered between two messages: what the numbers pick, and what is folded."""

    context: Context = START
    picks: tuple[Way, ...] = ()
    folded: tuple[Fold, ...] = ()


def leaves(line: str) -> bool:
    """Whether a line ends the conversation."""
    return line.strip().casefold() in _LEAVES


_Said = tuple[tuple[Block, ...], State]
"""What is said, and what is remembered."""


def respond(line: str, state: State, answerer: Answerer, now: float) -> _Said:
    """Reply to a line at `now` (seconds), and say what is to be remembered of it.

    A command is one word, so that nobody's "/help I cannot breathe" is read as that alone.
    """
    line = line.strip()
    known = answerer.knowledge
    if command := _COMMAND.fullmatch(line):
        shown = _COMMANDS.get(command[1].casefold())
        said = shown(known) if shown else notice(known.replies.unknown_command, known)
        return said, _offering(state, said)
    if state.folded and line.casefold() == UNFOLDS:
        return tuple(unfolded(state.folded)), state
    if state.picks and (number := _NUMBER.fullmatch(line)):
        if not 1 <= int(number[1]) <= len(state.picks):
            text = f"There is no number {number[1]} here: the last is {len(state.picks)}."
            return notice(text, known), state
        return _picked(state.picks[int(number[1]) - 1].tap, state, answerer, now)
    for way in state.picks:
        label = way.label.casefold()
        if line.casefold() in ((label, label[0]) if len(label) <= _SHORT else (label,)):
            return _picked(way.tap, state, answerer, now)
    return _replied(answerer.answer(line, state.context.at(now)), state, known, now)


def _picked(tap: Tap, state: State, answerer: Answerer, now: float) -> _Said:
    known, before = answerer.knowledge, state.context.at(now)
    said: tuple[Block, ...] = ()
    match tap.action:
        case "page":
            said = topics(known)[int(tap.of) :][:1]
        case "check":
            said = check(known, tap.of)
        case "something_else":
            said = notice(known.replies.something_else, known, *ways_on(known))
            state = replace(state, context=state.context.calmed())
        case "none":
            return _replied(answerer.none_of_these(before), state, known, now)
        case _:
            alert = tap.action == "alert"
            reply = answerer.alarm(tap.of) if alert else answerer.topic(tap.of, before)
            if reply:
                replied, after = _replied(reply, state, known, now)
                end = known.replies.check_end if tap.action == "checked" else ""
                return (*paragraphs(end), *replied), after
    if not said:
        said, state = gone(known), State()
    return said, _offering(state, said)


def _replied(reply: Reply, state: State, known: Knowledge, now: float) -> _Said:
    said = blocks(reply, known)
    context = state.context.at(now).following(reply, now)
    after = replace(state, context=context) if reply.kind == "small_talk" else State(context)
    return said, _offering(after, said)


def _offering(state: State, said: Sequence[Block]) -> State:
    """The state with what is now on the screen; numbers before stay where there are none."""
    if folded := tuple(block for block in said if isinstance(block, Fold)):
        state = replace(state, folded=folded)
    ways = [way for block in said if isinstance(block, Choices) for way in block.ways]
    return replace(state, picks=tuple(ways)) if ways else state
