"""docs/architecture.md says which room may import which: this keeps it true."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
ROOMS = {
    "faq": set(),
    "answering": {"faq"},
    "records": {"answering", "faq"},
    "evaluation": {"answering", "faq"},
    "chat": {"answering", "faq", "records"},
}
OF_THE_RECORDS = {"bot.records.port", "bot.records.replicas.keys", "bot.records.replicas"}
"""What the chat may know of the records."""
WORDS = {"bot.answering.english", "bot.answering.words"}
"""What the records may know of the answering: which words there are."""


def modules_imported(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name for name in names if name.startswith("bot.")}


def rooms_imported(module: Path) -> set[str]:
    return {name.split(".")[1] for name in modules_imported(module)} & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    broken = {
        str(module.relative_to(BOT)): forbidden
        for module in (BOT / room).rglob("*.py")
        if (forbidden := rooms_imported(module) - ROOMS[room] - {room})
    }
    assert broken == {}


def test_the_chat_knows_the_records_by_their_port_alone():
    known = {
        name
        for module in (BOT / "chat").rglob("*.py")
        for name in modules_imported(module)
        if name.startswith("bot.records")
    }
    assert known <= OF_THE_RECORDS


def test_the_records_know_only_words_of_the_answering():
    modules = (BOT / "records").rglob("*.py")
    known = {name for module in modules for name in modules_imported(module)}
    assert {name for name in known if name.startswith("bot.answering")} <= WORDS


def test_modules_stay_short_enough_to_read():
    long = {
        str(module.relative_to(BOT)): lines
        for module in BOT.rglob("*.py")
        if (lines := len(module.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}
