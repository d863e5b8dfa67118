"""Every faulty FAQ in `faulty/` gets the problems that stand beside it, and no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

FAULTY = Path(__file__).parent / "faulty"
CASES = sorted(FAULTY.glob("*.expected"))


@pytest.mark.parametrize("expected", CASES, ids=lambda path: path.stem)
def test_every_fault_is_found_at_its_own_place(expected: Path) -> None:
    folder = FAULTY / expected.stem
    faq = folder if folder.is_dir() else expected.with_suffix(".yaml")
    result = CliRunner().invoke(app, ["check", str(faq), "--format", "json", "--strict"])
    found = json.loads(result.stdout)
    assert sorted(
        f"{Path(each['file']).name}:{each['line']}:{each['column']} {each['rule']}"
        for each in found
    ) == sorted(expected.read_text().splitlines())
    assert result.exit_code == 1
    assert all(each["message"] and each["hint"] for each in found if each["rule"] != "file")


def test_there_are_many_faulty_files() -> None:
    assert len(CASES) >= 45
