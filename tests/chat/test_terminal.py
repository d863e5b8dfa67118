from __future__ import annotations

import fcntl
import io
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.answering.answerer import Answerer
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
    Title,
)
from bot.chat.lines import read_lines
from bot.chat.rendering import entry_ways, plain_text, unfolded
from bot.chat.terminal import State, leaves, respond, show
from bot.faq.loading import load_knowledge

SMALL_FAQ = Path(__file__).parent.parent / "small_faq"
CHAT = [str(Path(sys.executable).with_name("smp-bot")), "chat", "--faq"]
PATIENCE = 60.0
"""Seconds after which something that should happen is taken to have failed."""


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_knowledge(SMALL_FAQ))


class Talk:
    """A conversation: says a line, and keeps the state for the next."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer
        self.state = State()

    def say(self, line: str) -> str:
        said, self.state = respond(line, self.state, self.answerer, now=0.0)
        return plain_text(said)


@pytest.fixture
def talk(answerer: Answerer) -> Talk:
    return Talk(answerer)


def test_a_number_picks_a_suggestion(talk: Talk) -> None:
    assert "Is it one of these?\n\n- Soil for a palm\n- Soil for a fern" in talk.say("what soil")
    assert talk.say("2").startswith("Soil for a fern\n\nDamp soil.")


@pytest.mark.parametrize("typed", ["1", " 1 ", "1.", "1)"])
def test_a_number_picks_a_related_topic(talk: Talk, typed: str) -> None:
    talk.say("why are my leaves yellow?")
    assert talk.say(typed).startswith("How much to water\n")


def test_the_number_behind_the_suggestions_is_none_of_these(talk: Talk) -> None:
    talk.say("what soil")
    said = talk.say("3")
    assert said.startswith("I still do not know. These are my topics.")
    assert "Ask a gardener." in said
    assert talk.say("2").startswith("Brown spots\n")


def test_a_number_that_is_not_there_says_so_and_keeps_the_others(talk: Talk) -> None:
    talk.say("what soil")
    assert talk.say("7").startswith("There is no number 7 here: the last is 3.")
    assert talk.say("0").startswith("There is no number 0 here")
    assert talk.say("2").startswith("Soil for a fern\n")


def test_a_number_without_a_list_is_no_question(talk: Talk) -> None:
    assert talk.say("3").startswith("I cannot tell what that stands for.")


def test_every_topic_can_be_picked_by_its_number(talk: Talk) -> None:
    talk.say("/topics")
    titles = set()
    for number in range(1, len(talk.answerer.knowledge.faq.entries) + 1):
        talk.say("/topics")
        titles.add(talk.say(str(number)).split("\n")[0])
    assert titles == {entry.title for entry in talk.answerer.knowledge.faq.entries}


def test_a_topic_that_went_with_a_reload_is_said_to_be_gone(talk: Talk) -> None:
    talk.say("what soil")
    known = talk.answerer.knowledge
    entries = tuple(entry for entry in known.faq.entries if entry.id != "fern-soil")
    faq = known.faq.model_copy(update={"entries": entries})
    talk.answerer = Answerer(known.model_copy(update={"faq": faq}))
    assert talk.say("2").startswith(known.replies.unknown_topic)


def test_a_second_miss_ends_in_the_topics_and_not_in_a_loop(talk: Talk) -> None:
    assert talk.say("mortgage").startswith("I only know plants.")
    assert talk.say("insurance").startswith("I still do not know.")


def test_what_gets_an_answer_ends_the_misses(talk: Talk) -> None:
    talk.say("mortgage")
    talk.say("why are my leaves yellow?")
    assert talk.say("mortgage").startswith("I only know plants.")


def test_thanks_and_commands_do_not_end_a_topic(talk: Talk) -> None:
    talk.say("why are my leaves yellow?")
    talk.say("hello")
    talk.say("/privacy")
    assert talk.state.context.answered == ("yellow-leaves",)
    assert talk.say("1").startswith("How much to water\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/help", "/quit ends."),
        ("/HELP", "/quit ends."),
        ("/start", "Hello from the plants."),
        ("/topics", "House plants:\n- Leaves that turn yellow\n- Brown spots"),
        ("/sources", "My answers come from"),
        ("/privacy", "I do not keep your words"),
        ("/about", "I answer common questions"),
        ("/dance", "I do not know that command."),
    ],
)
def test_commands(talk: Talk, command: str, said: str) -> None:
    assert said in talk.say(command)


def test_a_command_with_words_behind_it_is_a_question(talk: Talk) -> None:
    assert talk.say("/help why are my leaves yellow?").startswith("Leaves that turn yellow")
    assert talk.say("/help i cannot breathe").startswith(
        "Call your local emergency number now (EU 112"
    )


@pytest.mark.parametrize("line", ["/quit", " /QUIT ", "exit", "quit"])
def test_ways_to_leave(line: str) -> None:
    assert leaves(line)


def test_a_question_about_leaving_does_not_leave() -> None:
    assert not leaves("when can I quit wearing a hat")


@given(st.lists(st.text(max_size=40) | st.integers(0, 99).map(str), max_size=6))
def test_nothing_typed_breaks_a_conversation(answerer: Answerer, lines: list[str]) -> None:
    talk = Talk(answerer)
    assert all(talk.say(line) for line in lines)


TEXT = "Some words that are long enough to be wrapped in a narrow window, more than once or twice."
EVERY_BLOCK: tuple[Block, ...] = (
    AlertText(f"{TEXT}\n{TEXT}"),
    Title(TEXT),
    Paragraph(TEXT),
    Heading("A heading"),
    Bullets((TEXT, "漢字" * 20)),
    ReferralText(TEXT),
    Fold("Folded", (Heading("In it"), Bullets((TEXT,)), Paragraph(TEXT))),
    SmallPrint(TEXT),
)


def printed(said: Iterable[Block], *, terminal: bool, width: int = 30) -> str:
    file = io.StringIO()
    show(said, Console(file=file, force_terminal=terminal, width=width, color_system=None))
    return file.getvalue()


@pytest.mark.parametrize("width", [20, 30, 47])
def test_every_block_is_wrapped_to_the_window_and_none_of_it_lost(width: int) -> None:
    text = printed(unfolded(EVERY_BLOCK), terminal=True, width=width)
    assert max(map(cell_len, text.splitlines())) <= width
    bare = "".join(printed(unfolded(EVERY_BLOCK), terminal=False).split())
    assert "".join(text.replace("! ", "").split()) == bare.replace("!", "")


def test_what_is_folded_away_is_shown_once_it_is_asked_for(answerer: Answerer) -> None:
    talk = Talk(answerer)
    talk.say("why are my leaves yellow?")
    assert not talk.state.folded
    talk.state = replace(talk.state, folded=(Fold("Folded", (Paragraph(TEXT),)),))
    said, _ = respond("S", talk.state, answerer, now=0.0)
    assert printed(said, terminal=False).startswith(f"Folded:\n{TEXT}")
    assert talk.say("hello").startswith("Hello there.")
    assert talk.say("s") == f"Folded:\n{TEXT}"


def test_a_conversation_folds_its_sources_away_and_says_how_to_see_them() -> None:
    folded = (Fold("Folded", (Paragraph(TEXT),)),)
    assert printed(folded, terminal=False) == "Folded: type s\n\n"
    assert TEXT in printed(unfolded(folded), terminal=False)


def test_the_whole_answer_is_a_number_away(talk: Talk) -> None:
    whole = talk.say("why are my leaves yellow?")
    part = respond("why are my leaves yellow?", talk.state, talk.answerer, now=0.0)[0]
    assert "  1 The whole answer\n" in printed(part, terminal=False)
    assert talk.say("why are my leaves yellow?").startswith("From: Leaves that turn yellow")
    assert talk.say("1") == whole


def test_lines_stay_whole_for_another_program() -> None:
    lines = printed(EVERY_BLOCK, terminal=False).splitlines()
    assert f"- {TEXT}" in lines
    assert "\x1b" not in "".join(lines)


def test_an_alert_stands_out_without_colour() -> None:
    lines = printed(EVERY_BLOCK[:1], terminal=True).splitlines()
    assert all(line.startswith("! ") for line in lines if line)


def test_what_is_picked_is_numbered_through(answerer: Answerer) -> None:
    palm, fern = (e for e in answerer.knowledge.faq.entries if e.id.endswith("-soil"))
    titled = (("One", palm), ("Two", fern))
    groups = [Choices("topics", entry_ways([entry]), title) for title, entry in titled]
    text = printed(groups, terminal=True)
    assert "One:\n  1 Soil for a palm\n\nTwo:\n  2 Soil for a fern\n" in text
    assert "1" not in printed(unfolded(groups), terminal=True)


@given(st.binary(max_size=200))
def test_any_bytes_are_lines(raw: bytes) -> None:
    lines = list(read_lines(io.BytesIO(raw)))
    assert len(lines) == raw.count(b"\n") + (not raw.endswith(b"\n") and raw != b"")
    assert all(line.encode("utf-8") is not None for line in lines)


def test_an_endless_line_is_one_line_and_not_kept_whole() -> None:
    first, second = read_lines(io.BytesIO(b"x" * 3_000_000 + b"\nnext\n"))
    assert len(first) < 100_000
    assert second == "next"


def piped(stdin: bytes, *more: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*CHAT, str(SMALL_FAQ), *more],
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        env={**os.environ, **environment},
        check=False,
    )


def test_a_pipe_gets_replies_and_no_prompt_welcome_or_colour() -> None:
    done = piped(b"why are my leaves yellow?\nhello\n", FORCE_COLOR="", TERM="xterm-256color")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert text.startswith("Leaves that turn yellow\n")
    assert text.endswith("Hello there.\n\nAsk a gardener.\n\nGeneral words about plants.\n\n")
    assert "\x1b" not in text
    assert "> " not in text


def test_bytes_that_are_no_text_and_a_missing_line_end_survive() -> None:
    done = piped(b"\xff\xfe\x80\nwhy are my leaves yellow?")
    assert done.returncode == 0
    assert b"I saw no question." in done.stdout
    assert b"Leaves that turn yellow" in done.stdout


def test_a_terminal_without_the_characters_gets_the_rest() -> None:
    done = piped(b"how much should i water?\n", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert b"the soil is dry ? ?dry? as in dust." in done.stdout


def test_a_broken_faq_is_named_and_not_served(tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").write_text("title: x\n", "utf-8")
    done = subprocess.run(
        [*CHAT, str(tmp_path)], input=b"hi\n", capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1
    assert b"faq.yaml:1:" in done.stderr
    assert b"Traceback" not in done.stderr


def _at_its_own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A shell that starts the tests in the background has told them to ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Screen:
    """`smp-bot chat` in a real terminal of 50 columns."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 50, 0, 0))
        kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "LINES")}
        self.process = subprocess.Popen(
            [*CHAT, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**kept, "TERM": "xterm", **environment},
            start_new_session=True,
            preexec_fn=_at_its_own_terminal,
        )
        os.close(theirs)
        self.text = ""

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def wait_for(self, wanted: str, *, pressing: str = "") -> str:
        """Read until the text is there; gives what came since the last wait, up to its end.

        A Ctrl-C that comes just before Python waits for keys is noticed only once the line ends:
        Enter follows, and never a second Ctrl-C, which would interrupt the end itself.
        """
        until = time.monotonic() + PATIENCE
        self.type(pressing)
        while wanted not in self.text:
            left = until - time.monotonic()
            if left < 0:
                pytest.fail(f"{wanted!r} did not come: {self.text!r}")
            if not select.select([self._ours], [], [], min(left, 2.0))[0]:
                self.type("\n" if pressing else "")
                continue
            try:
                self.text += os.read(self._ours, 65536).decode("utf-8", "replace")
            except OSError:
                pytest.fail(f"it ended without {wanted!r}: {self.text!r}")
        before, _, self.text = self.text.partition(wanted)
        return before + wanted

    def ends(self) -> int:
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def screen() -> Iterator[Screen]:
    opened = Screen(str(SMALL_FAQ))
    yield opened
    opened.close()


def test_a_person_is_welcomed_and_picks_by_number(screen: Screen) -> None:
    assert "Hello from the plants." in screen.wait_for("\r\n> ")
    screen.type("what soil\n")
    assert "  3 None of these" in screen.wait_for("\r\n> ")
    screen.type("2\n")
    said = screen.wait_for("\r\n> ")
    assert "Damp soil." in said
    assert "\x1b[1m" in said
    screen.type("/quit\n")
    assert screen.ends() == 0


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_end_kindly(screen: Screen, key: str) -> None:
    screen.wait_for("\r\n> ")
    assert "Traceback" not in screen.wait_for("Goodbye.", pressing=key)
    assert screen.ends() == 0


def test_the_arrow_key_brings_back_what_was_typed(screen: Screen) -> None:
    screen.wait_for("\r\n> ")
    screen.type("hello\n")
    screen.wait_for("\r\n> ")
    screen.type("\x1b[A")
    screen.wait_for("hello")
    screen.type("\n")
    screen.wait_for("I am still here.")


def test_no_color_is_respected() -> None:
    screen = Screen(str(SMALL_FAQ), NO_COLOR="1")
    try:
        screen.wait_for("\r\n> ")
        screen.type("i cannot breathe\n")
        said = screen.wait_for("\r\n> ")
        assert "Call your local emergency number now" in said
        assert "31m" not in said
    finally:
        screen.close()


def test_watching_says_what_is_wrong_and_keeps_answering(tmp_path: Path) -> None:
    folder = tmp_path / "faq"
    shutil.copytree(SMALL_FAQ, folder)
    whole = (folder / "faq.yaml").read_text("utf-8")
    screen = Screen(str(folder), "--watch")
    try:
        screen.wait_for("\r\n> ")
        (folder / "faq.yaml").write_text(whole.replace("title: House", "titel: House"), "utf-8")
        assert "faq.yaml:1:1: error:" in screen.wait_for("\r\n> ")
        screen.type("why are my leaves yellow?\n")
        assert "Too much water" in screen.wait_for("\r\n> ")
        (folder / "faq.yaml").write_text(whole.replace("Too much", "Far too much"), "utf-8")
        assert "has changed: now serving" in screen.wait_for("\r\n> ")
        screen.type("why are my leaves yellow?\n")
        assert "Far too much water" in screen.wait_for("\r\n> ")
    finally:
        screen.close()
