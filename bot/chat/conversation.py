"""One conversation in the terminal: commands, numbers to pick by, and what was said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answering.answerer import Answerer
from bot.answering.context import START, Context
from bot.answering.reply import Reply
from bot.chat.blocks import Block, Choices, Fold, Heading, Tap, Way, Ways
from bot.chat.offers import check, topics
from bot.chat.rendering import about, blocks, notice, paragraphs, sources, welcome
from bot.faq.models import Knowledge

_COMMAND = re.compile(r"/(\w+)\s*")
_NUMBER = re.compile(r"(\d{1,3})[.)]?")
_SHORT = 3
"""Characters of a label whose first letter is enough: "y" for "Yes"."""
UNFOLDS = "s"
"""What is typed to see what is folded away."""
_LEAVES = frozenset({"/quit", "/exit", "quit", "exit"})

_COMMANDS: dict[str, Callable[[Knowledge], tuple[Block, ...]]] = {
    "start": welcome,
    "help": lambda known: notice(f"{known.replies.help}\n/quit ends.", known),
    "check": lambda known: check(known) or _gone(known),
    "topics": topics,
    "sources": sources,
    "privacy": lambda known: notice(known.replies.privacy, known),
    "about": lambda known: notice(about(known), known),
}


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered between two messages.

    `context` is what was said before, `picks` are what the numbers on the screen pick, in order,
    each with its label, and `folded` is what was folded away.
    """

    context: Context = START
    picks: tuple[Way, ...] = ()
    folded: tuple[Fold, ...] = ()


def leaves(line: str) -> bool:
    """Whether a line ends the conversation."""
    return line.strip().casefold() in _LEAVES


def respond(
    line: str, state: State, answerer: Answerer, now: float
) -> tuple[tuple[Block, ...], State]:
    """Reply to a line at `now` (seconds), and say what is to be remembered of it.

    A command is a slash and one word. Anything behind it makes the line a question, so that
    nobody's "/help I cannot breathe" is read as the command alone.
    """
    line = line.strip()
    known = answerer.knowledge
    if command := _COMMAND.fullmatch(line):
        shown = _COMMANDS.get(command[1].casefold())
        said = shown(known) if shown else notice(known.replies.unknown_command, known)
        return said, _offering(state, said)
    if state.folded and line.casefold() == UNFOLDS:
        return _unfolded(state.folded), state
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


def _unfolded(folds: Iterable[Fold]) -> tuple[Block, ...]:
    return tuple(block for fold in folds for block in (Heading(fold.title), *fold.blocks))


def _picked(
    tap: Tap, state: State, answerer: Answerer, now: float
) -> tuple[tuple[Block, ...], State]:
    known, before = answerer.knowledge, state.context.at(now)
    said: tuple[Block, ...] = ()
    match tap.action:
        case "page":
            said = topics(known)[int(tap.of) :][:1]
        case "check":
            said = check(known, tap.of)
        case "something_else":
            said = notice(known.replies.something_else, known, offer_topics=True)
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
        said, state = _gone(known), State()
    return said, _offering(state, said)


def _gone(known: Knowledge) -> tuple[Block, ...]:
    return notice(known.replies.unknown_topic, known, offer_topics=True)


def _replied(
    reply: Reply, state: State, known: Knowledge, now: float
) -> tuple[tuple[Block, ...], State]:
    said = blocks(reply, known)
    context = state.context.at(now).following(reply, now)
    after = replace(state, context=context) if reply.kind == "small_talk" else State(context)
    return said, _offering(after, said)


def _offering(state: State, said: Sequence[Block]) -> State:
    """The state with what is now on the screen; numbers before stay where there are none."""
    if folded := tuple(block for block in said if isinstance(block, Fold)):
        state = replace(state, folded=folded)
    picks: list[Way] = []
    for block in said:
        if isinstance(block, Choices):
            picks += (Way(entry.title, Tap("topic", entry.id)) for entry in block.entries)
            picks += [Way(block.otherwise, Tap("none"))] if block.otherwise else []
        elif isinstance(block, Ways):
            picks += block.ways
    return replace(state, picks=tuple(picks)) if picks else state
