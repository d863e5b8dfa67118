"""One conversation in the terminal: commands, numbers to pick by, and what was said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.answering.answerer import Answerer
from bot.answering.context import START, Context
from bot.answering.reply import Reply
from bot.chat.blocks import Block, Choices
from bot.chat.rendering import about, blocks, notice, sources, topics
from bot.faq.models import Knowledge

_COMMAND = re.compile(r"/(\w+)\s*")
_NUMBER = re.compile(r"(\d{1,3})[.)]?")
_LEAVES = frozenset({"/quit", "/exit", "quit", "exit"})

_COMMANDS: dict[str, Callable[[Knowledge], tuple[Block, ...]]] = {
    "start": lambda known: notice(known.replies.welcome, known),
    "help": lambda known: notice(f"{known.replies.help}\n/quit ends.", known),
    "topics": topics,
    "sources": sources,
    "privacy": lambda known: notice(known.replies.privacy, known),
    "about": lambda known: notice(about(known), known),
}


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered between two messages.

    `context` is what was said before, `picks` are the ids of the entries on the screen that a
    number picks, in order, and `otherwise` says that the number behind them is "none of these".
    """

    context: Context = START
    picks: tuple[str, ...] = ()
    otherwise: bool = False


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
    if state.picks and (number := _NUMBER.fullmatch(line)):
        return _picked(int(number[1]), state, answerer, now)
    return _replied(answerer.answer(line, state.context.at(now)), state, known, now)


def _picked(
    number: int, state: State, answerer: Answerer, now: float
) -> tuple[tuple[Block, ...], State]:
    known = answerer.knowledge
    last = len(state.picks) + state.otherwise
    if not 1 <= number <= last:
        text = f"There is no number {number} here: the last is {last}."
        return notice(text, known), state
    before = state.context.at(now)
    if number > len(state.picks):
        return _replied(answerer.none_of_these(before), state, known, now)
    reply = answerer.topic(state.picks[number - 1], before)
    if reply is None:
        said = notice(known.replies.unknown_topic, known, offer_topics=True)
        return said, _offering(State(), said)
    return _replied(reply, state, known, now)


def _replied(
    reply: Reply, state: State, known: Knowledge, now: float
) -> tuple[tuple[Block, ...], State]:
    said = blocks(reply, known)
    context = state.context.at(now).following(reply, now)
    after = replace(state, context=context) if reply.kind == "small_talk" else State(context)
    return said, _offering(after, said)


def _offering(state: State, said: Iterable[Block]) -> State:
    """The state with the numbers now on the screen; those before stay where there are none."""
    offered = [block for block in said if isinstance(block, Choices)]
    if not offered:
        return state
    picks = tuple(entry.id for block in offered for entry in block.entries)
    return replace(state, picks=picks, otherwise=any(block.otherwise for block in offered))
