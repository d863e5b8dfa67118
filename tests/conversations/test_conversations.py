"""Every conversation in this folder, in the engine, in the terminal and in Telegram."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.answering.answerer import Answerer
from bot.chat.telegram.connection import make_connection
from bot.settings import Settings
from tests.chat.telegram.conftest import Bench
from tests.conversations.scripts import (
    Script,
    flat,
    in_the_engine,
    in_the_terminal,
    read_scripts,
)
from tests.telegram_api.server import TelegramServer

SCRIPTS = read_scripts()
TO_TURN_TO = re.compile("doctor|pharmacist|dermatologist|technician|scan staff|emergency number")
Said = Callable[[Script], list[str]]


async def _talk_in_telegram(server: TelegramServer, answerer: Answerer) -> dict[str, list[str]]:
    token = SecretStr(server.token)
    settings = Settings(_env_file=None, telegram_bot_token=token, telegram_api_url=server.url)
    connection = make_connection(settings)
    await connection.bot.initialize()
    bench = Bench(server, connection, answerer)
    people = {script.name: server.person() for script in SCRIPTS}
    said: dict[str, list[str]] = {name: [] for name in people}
    for number in range(max(len(script.turns) for script in SCRIPTS)):
        talking = [script for script in SCRIPTS if number < len(script.turns)]
        for script in talking:
            people[script.name].says(script.turns[number].says)
        assert all(await bench.handle())
        for script in talking:
            person = people[script.name]
            messages = person.unread
            person._read += len(messages)
            shown = [[each.text, *(button.text for button in each.buttons)] for each in messages]
            said[script.name].append("\n".join(line for lines in shown for line in lines))
    await bench.intake.close(5)
    await connection.bot.shutdown()
    return said


@pytest.fixture(scope="module")
def in_telegram(answerer: Answerer) -> dict[str, list[str]]:
    """What everybody reads: all of them talk to one bot at the same time."""
    with TelegramServer() as server:
        return asyncio.run(_talk_in_telegram(server, answerer))


@pytest.fixture(params=["engine", "terminal", "telegram"])
def said(request: pytest.FixtureRequest, answerer: Answerer) -> Said:
    """How a conversation goes in a face."""
    if request.param == "telegram":
        in_telegram = request.getfixturevalue("in_telegram")
        return lambda script: in_telegram[script.name]
    face = {"engine": in_the_engine, "terminal": in_the_terminal}[request.param]
    return lambda script: face(script, answerer)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_conversation_goes_as_it_is_written(script: Script, said: Said) -> None:
    heard = [flat(text) for text in said(script)]
    for number, (turn, text) in enumerate(zip(script.turns, heard, strict=True)):
        lower = text.casefold()
        missing = [words for words in turn.comes if flat(words).casefold() not in lower]
        assert not missing, f"{turn.says!r} lacks {missing}: {text}"
        there = [words for words in turn.never if flat(words).casefold() in lower]
        assert not there, f"{turn.says!r} has {there}: {text}"
        assert TO_TURN_TO.search(text), f"{turn.says!r} names nobody to turn to: {text}"
        twice = number and text == heard[number - 1]
        assert not twice or text.startswith(("Call", "! Call")), f"said twice: {text}"


def test_there_are_conversations_enough() -> None:
    assert len(SCRIPTS) >= 60
    assert len({script.name for script in SCRIPTS}) == len(SCRIPTS)


def test_the_process_goes_on_as_the_scripts_do(answerer: Answerer) -> None:
    script = next(each for each in SCRIPTS if each.name.endswith("Red on the second night"))
    lines = "".join(f"{turn.says}\n" for turn in script.turns)
    done = subprocess.run(
        [Path(sys.executable).with_name("smp-bot"), "chat"],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert flat(done.stdout) == flat("".join(in_the_terminal(script, answerer)))
