"""`smp-bot check` as people and programs run it: a process, its output and its status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.commands import Command, Done
from tests.faq.conftest import entry, other

pytestmark = pytest.mark.slow
FAULTY = Path(__file__).parent / "faulty"


def process(*arguments: str, cwd: Path, **environment: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    return Done(done.stdout, done.stderr, done.returncode)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    faq = {"title": "Floors", "entries": [entry(), other()]}
    (tmp_path / "floors").mkdir()
    text = yaml.safe_dump(faq, sort_keys=False)
    (tmp_path / "floors" / "faq.yaml").write_text(text)
    return tmp_path / "floors"


def test_a_sound_faq_ends_with_0(sound: Path) -> None:
    done = process("check", str(sound), "--strict", cwd=sound)
    assert (done.stdout, done.stderr, done.returncode) == ("no problems\n", "", 0)


def test_a_problem_is_shown_with_its_line_a_caret_and_a_hint(
    smp_bot: Command, tmp_path: Path
) -> None:
    (tmp_path / "faq.yaml").write_text(
        "title: Floors\nentries:\n  - id: wax\n    title: [no]\n    questions: [a]\n    answr: x\n"
    )
    done = smp_bot("check", ".", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "faq.yaml:4:12: error: a text belongs here, and not a list [wrong-type]",
        "        title: [no]",
        "               ^",
        "    Write one text. If brackets or a colon belong to it, put double quotes round it all.",
        "faq.yaml:6:5: error: `answr` is not a key that can stand here [unknown-key]",
        "        answr: x",
        "        ^",
        "    Did you mean `answer`?",
        "2 errors",
    ]
    assert (done.stderr, done.returncode) == ("", 1)


def test_the_place_in_a_long_line_is_shown(smp_bot: Command, tmp_path: Path) -> None:
    long = "x" * 300
    (tmp_path / "faq.yaml").write_text(f"title: {long} b: c\nentries: []\n")
    done = smp_bot("check", cwd=tmp_path, FAQ_DIR=".")
    _, line, caret, *_ = done.stdout.splitlines()
    assert line[caret.index("^")] == ":"
    assert len(line) < 110


def test_a_warning_ends_with_1_only_when_strict(smp_bot: Command, sound: Path) -> None:
    text = (sound / "faq.yaml").read_text().replace("2026-05-01", "2001-05-01")
    (sound / "faq.yaml").write_text(text)
    lenient = smp_bot("check", str(sound), cwd=sound)
    assert "warning: `wax` was last reviewed more than a year ago [old-review]" in lenient.stdout
    assert lenient.stdout.endswith("2 warnings\n")
    assert lenient.returncode == 0
    strict = smp_bot("check", str(sound), "--strict", cwd=sound)
    assert strict.stdout.endswith("2 errors\n")
    assert strict.returncode == 1


def test_annotations_for_github(smp_bot: Command, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "faq.yaml").write_text("title: A, b: 100%\n")
    done = smp_bot("check", "sub", "--format", "github", cwd=tmp_path)
    assert done.stdout == (
        "::error file=sub/faq.yaml,line=1,col=12,title=colon-in-text::a colon and a space inside "
        "a text look like the start of a new key. Put double quotes round the whole text.\n"
    )
    assert done.returncode == 1


def test_json_for_programs(smp_bot: Command, sound: Path) -> None:
    assert json.loads(smp_bot("check", "--format", "json", "--faq", ".", cwd=sound).stdout) == []
    (sound / "faq.yaml").write_text("title: é\nentries: []\n", encoding="utf-8")
    done = smp_bot("check", "--format", "json", "--faq", ".", cwd=sound)
    assert json.loads(done.stdout) == [
        {
            "file": "faq.yaml",
            "line": 2,
            "column": 10,
            "level": "error",
            "rule": "empty-list",
            "message": "this list is empty",
            "hint": "Add an item, or delete the key.",
        }
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "no-such-folder"],
        ["check", ".", "--format", "xml"],
        ["check", ".", "--documents", "no-such-folder"],
        ["check", ".", "--documents", "."],
    ],
)
def test_arguments_that_cannot_be_used_end_with_2(
    smp_bot: Command, sound: Path, arguments: list[str]
) -> None:
    done = smp_bot(*arguments, cwd=sound)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_faq_ends_with_1(smp_bot: Command, tmp_path: Path) -> None:
    done = smp_bot("check", ".", cwd=tmp_path)
    assert done.stdout == "faq.yaml:1:1: error: there is no such file [file]\n1 error\n"
    assert done.returncode == 1


def test_a_file_of_a_faq_stands_for_its_folder(smp_bot: Command, sound: Path) -> None:
    (sound / "replies.yaml").write_text("welcome: @home\n")
    for name in ("faq.yaml", "replies.yaml"):
        done = smp_bot("check", name, cwd=sound)
        assert done.stdout.startswith("replies.yaml:1:10: error:")


def test_a_file_of_50_megabytes_is_refused(smp_bot: Command, tmp_path: Path) -> None:
    with (tmp_path / "faq.yaml").open("wb") as file:
        file.truncate(50_000_000)
    done = smp_bot("check", ".", cwd=tmp_path)
    assert "faq.yaml:1:1: error: this file is too large: 50.0 MB" in done.stdout
    assert (done.stderr, done.returncode) == ("", 1)


def test_words_of_a_document_are_found(smp_bot: Command, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text("So rub a thin coat of wax into the wood, he says.")
    done = smp_bot("check", str(sound), "--documents", str(tmp_path), cwd=sound)
    assert "these words are in book.txt: rub a thin coat of wax into the" in done.stdout
    assert done.returncode == 1


def test_a_terminal_without_unicode_gets_the_problems_too(tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").write_text("title: “A: b”\nentries: []\n", encoding="utf-8")
    done = process("check", ".", cwd=tmp_path, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert "colon-in-text" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("name", ["tab-before-key", "exploding-aliases", "not-utf-8", "utf-16"])
def test_a_faulty_file_never_shows_a_traceback(smp_bot: Command, name: str) -> None:
    done = smp_bot("check", f"{name}.yaml", cwd=FAULTY)
    expected = (FAULTY / f"{name}.expected").read_text().split()[0]
    assert done.stdout.startswith(f"{expected}: error: ")
    assert (done.stderr, done.returncode) == ("", 1)
