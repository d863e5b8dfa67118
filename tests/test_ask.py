"""`smp-bot ask` as people and programs run it: a process of its own."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Command, Done

ROOT = Path(__file__).parent.parent
SMALL_FAQ = Path(__file__).parent / "small_faq"
ASK = [str(Path(sys.executable).with_name("smp-bot")), "ask"]
PATIENCE = 60.0
KEYS = [
    "question",
    "kind",
    "alert",
    "alert_cause",
    "language",
    "answered",
    "suggested",
    "scores",
    "elapsed_days",
    "text",
]


def ask(
    *arguments: str | bytes, stdin: bytes = b"", faq: Path | None = SMALL_FAQ, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    where = {"FAQ_DIR": str(faq)} if faq else {}
    return subprocess.run(
        [*ASK, *arguments],
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        cwd=ROOT,
        env={**os.environ, **where, **environment},
        check=False,
    )


@pytest.fixture
def ask_here(smp_bot: Command) -> Command:
    """Ask in this process, where nothing of a process is looked at."""

    def run(*arguments: str, faq: Path | None = SMALL_FAQ) -> Done:
        return smp_bot("ask", *arguments, cwd=ROOT, **({"FAQ_DIR": str(faq)} if faq else {}))

    return run


def objects(done: Done | subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    printed = done.stdout.encode() if isinstance(done.stdout, str) else done.stdout
    return [json.loads(line) for line in printed.decode("ascii").splitlines()]


def test_the_contract_of_one_object() -> None:
    (reply,) = objects(ask("--json", "leaves still yellow after 9 days"))
    assert list(reply) == KEYS
    assert reply["question"] == "leaves still yellow after 9 days"
    assert (reply["kind"], reply["alert"]) == ("answer", "none")
    assert (reply["answered"], reply["suggested"]) == (["yellow-leaves"], [])
    assert reply["elapsed_days"] == 9
    assert len(reply["scores"]) == 5
    assert max(reply["scores"], key=reply["scores"].get) == "yellow-leaves"
    assert all(0 <= score <= 1 for score in reply["scores"].values())
    assert "Too much water is the usual cause." in reply["text"]


def test_the_shipped_faq_answers_what_the_readme_asks() -> None:
    (reply,) = objects(ask("--json", "why have my dots gone blue", faq=None))
    assert reply["answered"] == ["blue-dots"]
    assert "dermatologist" in reply["text"]


CRISIS = "my leaves are yellow and i want to kill myself"
KINDS = [
    ("what soil", "suggest", "none", 2),
    ("hello", "small_talk", "none", 0),
    ("football scores", "fallback", "none", 0),
    ("", "fallback", "none", 0),
    ("🌵", "fallback", "none", 0),
    ("i cannot breathe", "fallback", "emergency", 0),
    ("i want to kill myself", "fallback", "crisis", 0),
]


@pytest.fixture(scope="module")
def replies() -> dict[str, dict[str, Any]]:
    """What one process says to all of these."""
    questions = [*(question for question, *_ in KINDS), CRISIS]
    given = objects(ask("--json", *questions))
    assert [reply["question"] for reply in given] == questions
    return {reply["question"]: reply for reply in given}


@pytest.mark.parametrize(("question", "kind", "alert", "offers"), KINDS)
def test_each_kind_and_alert(
    replies: dict[str, dict[str, Any]], question: str, kind: str, alert: str, offers: int
) -> None:
    reply = replies[question]
    assert (reply["kind"], reply["alert"]) == (kind, alert)
    assert len(reply["suggested"]) == offers
    assert reply["answered"] == []
    assert reply["text"]


def test_a_crisis_holds_its_message_alone(replies: dict[str, dict[str, Any]]) -> None:
    text = replies[CRISIS]["text"]
    assert "findahelpline.com" in text
    assert "General words" not in text
    assert "water" not in text


def test_every_line_gets_an_object_also_a_blank_one_and_one_without_an_end() -> None:
    lines = 'hello\n\n  \r\nyellow\rleaves\u2028\u0085\n{"a": 1}\nbrown spots'
    replies = objects(ask("--json", stdin=lines.encode()))
    assert [reply["question"] for reply in replies] == [
        "hello",
        "",
        "  ",
        "yellow\rleaves\u2028\u0085",
        '{"a": 1}',
        "brown spots",
    ]


def test_bytes_that_are_no_text_are_asked_and_not_died_of() -> None:
    (reply,) = objects(ask("--json", stdin=b"yellow \xff\xfe leaves\n"))
    assert reply["question"] == "yellow \ufffd\ufffd leaves"
    (reply,) = objects(ask("--json", b"yellow \xff leaves"))
    assert reply["question"] == "yellow \ufffd leaves"


def test_a_line_in_is_a_line_out_before_the_next_one_comes() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [*ASK, "--json", "--faq", str(SMALL_FAQ)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin
        assert process.stdout
        ready = selectors.DefaultSelector()
        ready.register(process.stdout, selectors.EVENT_READ)
        for question in ("hello", "", "yellow leaves"):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            if not ready.select(PATIENCE):
                process.kill()
                pytest.fail(f"nothing came for {question!r}")
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


def test_a_reader_that_leaves_gets_no_traceback() -> None:
    with subprocess.Popen(
        [*ASK, "--json", "--faq", str(SMALL_FAQ)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        _, errors = process.communicate(b"yellow leaves\n" * 50, timeout=PATIENCE)
    assert b"Traceback" not in errors
    assert b"Exception" not in errors


def test_one_question_is_answered_in_plain_text() -> None:
    done = ask("yellow leaves")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert text.startswith("Leaves that turn yellow\n\nToo much water")
    assert text.endswith("\n\nGeneral words about plants.\n\n")
    assert "\x1b" not in text


def test_sources_are_printed_where_they_are_asked_for_and_always_as_json(
    ask_here: Command,
) -> None:
    question = "why have my dots gone blue"
    assert "References" not in ask_here(question, faq=None).stdout
    assert "References" in ask_here("--sources", question, faq=None).stdout
    assert "References" in objects(ask_here("--json", question, faq=None))[0]["text"]


def test_of_several_each_reply_stands_below_its_question(ask_here: Command) -> None:
    text = ask_here("yellow leaves", "brown spots").stdout
    assert text.index("> yellow leaves\n\nLeaves that turn yellow") == 0
    assert "\n\n> brown spots\n\nBrown spots\n" in text


def test_explain_shows_the_candidates_their_phrasing_and_each_words_weight(
    ask_here: Command,
) -> None:
    lines = ask_here("--explain", "my yellow leaves").stdout.splitlines()
    rows = [line.split() for line in lines]
    head = rows.index(["score", "entry", "nearest", "phrasing"])
    assert rows[head + 1][1] == "yellow-leaves"
    assert 0 < float(rows[head + 1][0]) <= 1
    words = rows[rows.index(["weight", "word", "compared", "as", "note"]) + 1 :]
    assert [row[1] for row in words if row] == ["my", "yellow", "leaves"]
    assert "Reply: answer. Alert: none." in lines


def test_explain_says_when_an_alert_and_not_the_matching_decided(ask_here: Command) -> None:
    text = ask_here("--explain", "i want to kill myself").stdout
    assert "Reply: fallback. Alert: crisis." in text
    assert "over the threshold of an alert" in text


def test_explain_names_the_sign_or_the_example_that_speaks_for_an_alert(ask_here: Command) -> None:
    shipped = ("--faq", str(ROOT / "faq"), "--explain")
    text = ask_here(*shipped, "my throat is closing").stdout
    assert "It holds a line of signs.yaml, tight throat, hoarse voice: THROAT TIGHT" in text
    text = ask_here(*shipped, "its red").stdout
    assert "Alert: none." in text
    assert "The message is in examples/danger/harmless.txt, word for word." in text


def test_explain_as_json_adds_a_key_behind_the_others(ask_here: Command) -> None:
    (reply,) = objects(ask_here("--json", "--explain", "yellow leaves"))
    assert list(reply) == [*KEYS, "explanation"]
    assert reply["explanation"]["candidates"][0]["entry_id"] == "yellow-leaves"
    assert [each["token"] for each in reply["explanation"]["tokens"]] == ["yellow", "leaves"]


def test_a_broken_faq_is_named_with_its_line(tmp_path: Path, ask_here: Command) -> None:
    (tmp_path / "faq.yaml").write_text("title: x\nentries:\n  - id: a b\n", "utf-8")
    done = ask_here("--json", "hello", faq=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "faq.yaml:3:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_faq_is_named(tmp_path: Path, ask_here: Command) -> None:
    done = ask_here("hello", faq=tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_asking_does_not_pay_for_what_it_does_not_use() -> None:
    """Start-up is most of the time one question takes."""
    heavy = {"telegram", "httpx", "sqlalchemy", "alembic", "rich"}
    heavy |= {"pydantic_settings", "asyncio", "hypothesis", "multiprocessing"}
    program = (
        "import sys; from bot.cli import app; app(['ask', 'yellow leaves'], standalone_mode=False)"
        "; print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "FAQ_DIR": str(SMALL_FAQ), "PYTHONPATH": ""},
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert "Leaves that turn yellow" in done.stdout
    assert heavy.isdisjoint(done.stderr.split())


def test_preview_shows_the_messages_that_telegram_gets(smp_bot: Command) -> None:
    done = smp_bot("preview", "yellow-leaves", "--faq", SMALL_FAQ, cwd=ROOT)
    assert done.stdout.startswith("--- Message 1 of 1, ")
    assert "Get help if\n• the stem goes soft\n" in done.stdout
    assert "[How much to water]\n[When to repot]\n" in done.stdout
    assert "<b>" not in done.stdout
    assert done.returncode == 0


def test_preview_of_an_unknown_entry_names_the_nearest(smp_bot: Command) -> None:
    done = smp_bot("preview", "yelow-leaves", "--faq", SMALL_FAQ, cwd=ROOT)
    assert done.returncode == 2
    assert "Did you mean yellow-leaves?" in done.stderr


def test_a_faq_named_in_the_env_file_is_asked(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"FAQ_DIR={SMALL_FAQ}\n")
    environment = {name: value for name, value in os.environ.items() if name != "FAQ_DIR"}
    done = subprocess.run(
        [*ASK, "--json", "yellow leaves"],
        capture_output=True,
        timeout=PATIENCE,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    assert objects(done)[0]["answered"] == ["yellow-leaves"]
