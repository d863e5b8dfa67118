"""Scripts of conversations, and the faces that they are run through."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from rich.console import Console

from bot.answering.answerer import Answerer
from bot.answering.context import START
from bot.chat.rendering import plain
from bot.chat.terminal import State, respond, show
from bot.faq.packaged import FAST_PARSER

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Turn:
    """What a person says, what must come of it, and what must not."""

    says: str
    comes: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Script:
    """A conversation: its name, with that of its file, and its turns."""

    name: str
    turns: tuple[Turn, ...]


def read_scripts(*files: Path) -> list[Script]:
    """Read the scripts of files, by default of all files here."""
    return [
        Script(f"{file.stem}: {script['name']}", tuple(_turns(script["talk"])))
        for file in files or sorted(HERE.glob("*.yaml"))
        for script in yaml.load(file.read_text("utf-8"), FAST_PARSER)
    ]


def _turns(talk: list[dict[str, object]]) -> Iterator[Turn]:
    for turn in talk:
        unknown = turn.keys() - {"says", "comes", "never"}
        assert not unknown, f"a turn has `says`, `comes` and `never`, not {unknown}"
        comes, never = (
            tuple(each) if isinstance(each, list) else (each,)
            for each in (turn.get("comes", []), turn.get("never", []))
        )
        yield Turn(str(turn["says"]), *(tuple(map(str, each)) for each in (comes, never)))


def in_the_engine(script: Script, answerer: Answerer) -> list[str]:
    """What the engine says to each message, a second after the other."""
    said, context = [], START
    for now, turn in enumerate(script.turns):
        reply = answerer.answer(turn.says, context.at(now))
        context = context.at(now).following(reply, now)
        said.append(plain(reply, answerer.knowledge))
    return said


def in_the_terminal(script: Script, answerer: Answerer) -> list[str]:
    """What `smp-bot chat` prints for each message."""
    said, state = [], State()
    for now, turn in enumerate(script.turns):
        file = io.StringIO()
        blocks, state = respond(turn.says, state, answerer, now)
        show(blocks, Console(file=file, width=96, color_system=None))
        said.append(file.getvalue())
    return said


def flat(text: str) -> str:
    """A text in one line, to look for words in."""
    return re.sub(r"\s+", " ", text)
