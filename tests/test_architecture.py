"""docs/architecture.md says which room may import which: this keeps it true."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
ROOMS = {
    "faq": set(),
    "answering": {"faq"},
    "records": {"faq"},
    "evaluation": {"answering", "faq"},
    "chat": {"answering", "faq"},
}


def rooms_imported(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("bot.")} & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    broken = {
        str(module.relative_to(BOT)): forbidden
        for module in (BOT / room).rglob("*.py")
        if (forbidden := rooms_imported(module) - ROOMS[room] - {room})
    }
    assert broken == {}


def test_modules_stay_short_enough_to_read():
    long = {
        str(module.relative_to(BOT)): lines
        for module in BOT.rglob("*.py")
        if (lines := len(module.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}
