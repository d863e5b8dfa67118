"""`smp-bot preview --browser` as its editor uses it: a process, a folder, a real browser."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import faint
from tests.records.filling import fill
from tests.telegram_api.process import clean_environment

SMP_BOT = str(Path(sys.executable).with_name("smp-bot"))
SMALL_FAQ = Path(__file__).parents[1] / "small_faq"
PATIENCE = 60.0
DESK = {"width": 1200, "height": 900}
PHONE = {"width": 390, "height": 844}
MARKUP = "<img src=x onerror=\"document.title='broken'\"> & <b>bold</b>"


class Preview:
    """A running preview of a copy of the small FAQ, which has records."""

    def __init__(self, folder: Path, *, records: bool = True) -> None:
        shutil.copytree(SMALL_FAQ, folder / "faq")
        self.faq = folder / "faq/faq.yaml"
        if records:
            missed = {(0, "my cactus is sulking", "watering"): 2, (1, MARKUP, "watering"): 1}
            fill(f"sqlite:///{folder}/smp-bot.sqlite3", missed=missed)
        self.process = subprocess.Popen(
            [SMP_BOT, "preview", "watering", "--browser"],
            cwd=folder,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip().removeprefix("Open ")
        self.port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/#watering", self.address)[1])

    def edit(self, old: str, new: str) -> None:
        text = self.faq.read_text("utf-8")
        assert old in text
        self.faq.write_text(text.replace(old, new), "utf-8")

    def get(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, headers=named)
            answer = line.getresponse()
            answer.read()
            return answer
        finally:
            line.close()

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; the status and the complaints."""
        if self.process.stdout.closed:
            return self.process.returncode, ""
        self.process.send_signal(signal.SIGINT)
        _, complaints = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, complaints


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    running = Preview(tmp_path_factory.mktemp("preview"))
    yield running
    assert running.end() == (0, "")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., Preview]]:
    """Start a preview of its own."""
    running: list[Preview] = []

    def start(**given: bool) -> Preview:
        running.append(Preview(tmp_path, **given))
        return running[0]

    yield start
    for each in running:
        each.end()


@pytest.fixture
def shown(opened: Callable[..., Any], preview: Preview) -> Callable[..., Any]:
    """Open the page of a preview."""

    def show(viewport=DESK, scheme="light", of=preview):
        tab = opened(of.address, viewport, scheme)
        tab.locator("#missed p").wait_for(state="attached")
        return tab

    return show


def says(tab: Any, selector: str, text: str) -> None:
    """Wait until a part of the page says something."""
    tab.locator(selector, has_text=text).first.wait_for()


def asks(tab: Any, question: str) -> None:
    tab.get_by_label("A question").fill(question)
    tab.get_by_role("button", name="Ask", exact=True).click()
    tab.locator("#reply .bubble").first.wait_for()


def test_an_entry_stands_there_as_telegram_shows_it(shown):
    tab = shown()
    assert tab.locator("#phone .bubble b").first.inner_text() == "How much to water"
    assert "Was this helpful?" in tab.inner_text("#phone")
    assert "of 4,096 characters" in tab.inner_text("#phone")
    assert tab.locator("#phone .row button").count() >= 3


def test_another_entry_is_chosen_or_tapped(shown):
    tab = shown()
    tab.get_by_label("Entry").select_option("yellow-leaves")
    says(tab, "#phone .bubble", "Leaves that turn yellow")
    tab.locator("#phone").get_by_role("button", name="When to repot").click()
    says(tab, "#phone .bubble", "When to repot")
    assert tab.get_by_label("Entry").input_value() == "repotting"


def test_a_question_is_answered_and_it_says_why(shown):
    tab = shown()
    asks(tab, "wavy leaves turn yellow")
    assert "Leaves that turn yellow" in tab.inner_text("#reply")
    assert "Reply: answer. Alert: none." in tab.inner_text("#why")
    assert tab.locator("#why tr", has_text="wavy").inner_text().endswith("in no phrasing")


def test_what_was_lately_missed_near_it_is_shown_as_text(shown):
    tab = shown()
    says(tab, "#missed", "my cactus is sulking")
    assert "twice" in tab.inner_text("#missed")
    assert MARKUP in tab.inner_text("#missed")
    tab.get_by_label("Entry").select_option("repotting")
    says(tab, "#missed", "Nothing was missed near this entry in the last 30 days.")


def test_what_is_typed_is_text_and_no_markup(shown):
    tab = shown()
    asks(tab, MARKUP)
    assert tab.locator("img").count() == 0
    assert tab.title() == "Preview: House plants"


def test_it_asks_for_nothing_elsewhere_and_complains_of_nothing(shown, preview):
    tab = shown()
    asks(tab, "yellow leaves")
    origin = preview.address.partition("#")[0]
    assert [url for url in tab.asked if not url.startswith(origin)] == []
    assert tab.complaints == []


@pytest.mark.parametrize("viewport", [DESK, PHONE, {"width": 320, "height": 600}])
def test_nothing_has_to_be_scrolled_sideways(shown, viewport):
    tab = shown(viewport)
    asks(tab, f"why are my leaves yellow {'sinistral' * 9}")
    assert tab.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(shown, scheme):
    tab = shown(scheme=scheme)
    asks(tab, "yellow leaves")
    assert faint(tab, "h1, h2, p, small, th, td, li, .bubble, .row button, form button") == []


@pytest.mark.slow
def test_a_saved_change_and_a_slip_are_shown_while_the_page_is_open(shown, started):
    editing = started()
    tab = shown(of=editing)
    asks(tab, "watering schedule")
    editing.edit("answer: Water when", "answer: Pour <i>gently</i> when")
    says(tab, "#phone .bubble", "Pour <i>gently</i> when")
    says(tab, "#reply .bubble", "Pour <i>gently</i> when")
    # What only a check that asks the bot finds.
    editing.edit("      - watering schedule\n", "      - I cannot breathe near my plant\n")
    says(tab, "#problems code", "I cannot breathe near my plant")
    editing.edit("    title: How much to water\n", "    titel: How much to water\n")
    says(tab, "#state", "The FAQ has errors: this is the version before.")
    line = editing.faq.read_text("utf-8").splitlines().index("    titel: How much to water") + 1
    says(tab, "#problems small", f"faq/faq.yaml, line {line}")
    says(tab, "#problems code", "titel: How much to water")
    says(tab, "#phone .bubble", "How much to water")
    editing.edit("    titel: How much to water\n", "    title: How to water\n")
    says(tab, "#phone .bubble", "How to water")
    says(tab, "#state", "Live: it changes when you save.")
    editing.edit("  - id: watering\n", "  - id: to-water\n")
    editing.edit("related: [watering, ", "related: [to-water, ")
    says(tab, "#phone .bubble", "There is no entry 'watering' in this FAQ.")
    editing.faq.unlink()
    says(tab, "#problems", "there is no such file")
    assert editing.end() == (0, "")
    says(tab, "#state", "The preview has ended.")


def test_without_records_it_says_how_to_keep_them(shown, started, tmp_path):
    alone = started(records=False)
    tab = shown(of=alone)
    assert "Set QUESTION_LOG=redacted to keep them" in tab.inner_text("#missed")
    assert not (tmp_path / "smp-bot.sqlite3").exists()
    (tmp_path / ".env").write_text("DATABASE_URL=nonsense", "utf-8")
    tab.get_by_label("Entry").select_option("repotting")
    says(tab, "#missed", "DATABASE_URL is no database address")
    assert alone.end() == (0, "")


@pytest.mark.parametrize("path", ["/", "/entry?id=watering", "/ask?question=hello", "/missed"])
def test_pages_of_other_sites_get_nothing(preview, path):
    assert preview.get(path).status == 200
    assert preview.get(path, Host="rebound.example").status == 403
    assert preview.get(path, Host=f"rebound.example:{preview.port}").status == 403
    assert preview.get(path, Sec_Fetch_Site="cross-site").status == 403
    assert preview.get(path, Sec_Fetch_Site="same-site").status == 403


def test_it_only_reads(preview):
    assert preview.get("/", "POST").status == 405
    assert preview.get("/faq.yaml").status == 404
    assert preview.get("/../faq/faq.yaml").status == 404


def test_only_its_own_script_runs_and_no_page_frames_it(preview):
    policy = preview.get("/").getheader("Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_what_slipped_in_would_not_run(shown):
    tab = shown()
    slipped = """<img src="data:," onerror="document.title='broken'">"""
    with tab.expect_console_message(lambda message: "Content Security Policy" in message.text):
        tab.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", slipped)
    assert tab.title() == "Preview: House plants"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["yelow-leaves", "--browser"], "Did you mean yellow-leaves?"),
        ([], "Name an entry"),
    ],
)
def test_what_cannot_be_shown_is_said(arguments, complaint):
    done = subprocess.run(
        [SMP_BOT, "preview", *arguments, "--faq", SMALL_FAQ],
        env=clean_environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
