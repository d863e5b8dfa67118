"""`smp-bot report` as a maintainer runs it, and the bot whose questions it shows."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys

import pytest

from bot.records.database import DEFAULT_URL
from tests.records.conftest import SMALL_FAQ, rows, until
from tests.records.filling import fill, fill_a_month
from tests.telegram_api.process import BotProcess

MARKER = "elephant"


@pytest.fixture
def report(smp_bot):
    def run(*arguments, cwd, entered="", **settings):
        given = {"FAQ_DIR": str(SMALL_FAQ), **settings}
        return smp_bot("report", *arguments, cwd=cwd, entered=entered, **given)

    return run


def test_without_a_database_it_says_so_kindly(tmp_path, report):
    done = report(cwd=tmp_path)
    assert done.returncode == 0
    assert "Nothing has been recorded in these days" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_shows_the_figures_of_the_database_in_the_working_folder(tmp_path, report):
    fill_a_month(f"sqlite:///{tmp_path / 'smp-bot.sqlite3'}")
    done = report(cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "Leaves that turn yellow 145 0 8 of 10" in lines
    assert "When to repot 0 4 –" in lines
    assert any(line.startswith("emergency 1") for line in lines)
    assert "6 times; nearest: Brown spots (brown-spots)" in lines
    assert "Soil for a fern (fern-soil)" in done.stdout
    assert "\x1b" not in done.stdout


def test_lines_to_paste_are_whole_in_a_pipe(tmp_path, report):
    fill_a_month(f"sqlite:///{tmp_path / 'smp-bot.sqlite3'}")
    lines = report(cwd=tmp_path, COLUMNS="60").stdout.splitlines()
    numbered = [found[1] for line in lines if (found := re.fullmatch(r" *\d+  (.*)", line))]
    assert 'vinegar for mildew: is it "safe"?' in numbered
    assert any(len(line) > 150 and line.endswith("rainwater") for line in numbered)


@pytest.fixture
def own_faq(tmp_path):
    folder = tmp_path / "faq"
    shutil.copytree(SMALL_FAQ, folder)
    (folder / "examples").mkdir(exist_ok=True)
    url = f"sqlite:///{tmp_path / 'smp-bot.sqlite3'}"
    missed = {
        (1, "vinegar for mildew", "watering"): 3,
        (1, "does [name] sell ferns", "watering"): 1,
    }
    fill(url, missed=missed)
    return folder


@pytest.fixture
def accept(report, tmp_path, own_faq):
    def run(number, entry, entered="y\n"):
        return report(
            "--faq", "faq", "--accept", str(number), entry, cwd=tmp_path, entered=entered
        )

    return run


def test_a_suggested_line_is_shown_and_added_when_it_is_wanted(tmp_path, own_faq, accept):
    examples = own_faq / "examples" / "brown-spots.txt"
    examples.write_text("spots on my fern", "utf-8")
    refused = accept(1, "brown-spots", entered="n\n")
    assert "vinegar for mildew" in refused.stdout
    assert examples.read_text("utf-8") == "spots on my fern"
    added = accept(1, "brown-spots")
    assert added.returncode == 0
    assert "Added to faq/examples/brown-spots.txt" in added.stdout
    assert examples.read_text("utf-8") == "spots on my fern\nvinegar for mildew\n"
    again = accept(1, "watering")
    assert again.returncode == 2
    assert "already among those of `brown-spots`" in again.stderr


@pytest.mark.parametrize(
    ("number", "entry", "said"),
    [
        (2, "watering", "A detail was taken out of this line ([name])"),
        (3, "watering", "`smp-bot report` numbers 2"),
        (0, "watering", "there is no such line"),
        (1, "wateing", "there is no entry called `wateing`"),
    ],
)
def test_a_line_that_cannot_be_added_is_refused(tmp_path, own_faq, number, entry, said, accept):
    done = accept(number, entry)
    assert done.returncode == 2
    assert said in done.stderr
    assert list((own_faq / "examples").iterdir()) == []


def test_fewer_days_show_less(tmp_path, report):
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    fill(url, asked={(ago, "answer", "none"): 1 for ago in range(20)})
    done = report("--days", "5", cwd=tmp_path, DATABASE_URL=url)
    assert "(5 days, UTC)" in done.stdout
    assert "All 5" in " ".join(done.stdout.split())


def test_the_page_is_written_and_needs_nothing_else(tmp_path, report):
    fill_a_month(f"sqlite:///{tmp_path / 'smp-bot.sqlite3'}")
    (tmp_path / "report.html").touch(0o644)  # as an earlier version wrote it
    done = report("--html", "report.html", cwd=tmp_path)
    assert done.stdout == "Written: report.html\n"
    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o600
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<script" not in page.lower()
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (["--html", "no/such/folder/x.html"], {}, "--html"),
        ([], {"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        (["--days", "0"], {}, "--days"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, arguments, environment, named, report):
    done = report(*arguments, cwd=tmp_path, **environment)
    assert done.returncode == 2
    assert named in done.stderr


def test_reading_changes_nothing(tmp_path, report):
    place = tmp_path / "smp-bot.sqlite3"
    fill_a_month(f"sqlite:///{place}")
    before = place.read_bytes()
    report(cwd=tmp_path)
    assert place.read_bytes() == before


# -- from a question on Telegram to the report ---------------------------------------------------


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_what_people_ask_is_in_the_report(telegram, tmp_path, webhook, report):
    with BotProcess(telegram, tmp_path, webhook=webhook, FAQ_DIR=str(SMALL_FAQ)) as bot:
        asks(bot, "Why are my leaves yellow?", f"what is {MARKER} for", "How much should I water?")
        shown = report(cwd=tmp_path).stdout  # while the bot runs
        assert "What people asked" in shown
        assert bot.terminate() == 0
    lines = [" ".join(line.split()) for line in report(cwd=tmp_path).stdout.splitlines()]
    assert "Leaves that turn yellow 1 0 –" in lines
    assert "How much to water 1 0 –" in lines
    assert "Answered 2 67%" in lines


def asks(bot, *questions):
    for question in questions:
        person = bot.server.person()
        person.says(question)
        person.reads_one()


def test_by_default_no_word_of_a_question_is_on_the_disk_or_in_a_log(telegram, tmp_path):
    with BotProcess(telegram, tmp_path, FAQ_DIR=str(SMALL_FAQ)) as bot:
        asks(bot, f"what is {MARKER} for", f"Why are my leaves yellow, {MARKER}?")
        bot.terminate()
    assert (tmp_path / "smp-bot.sqlite3").exists()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert MARKER.encode() not in file.read_bytes(), file.name
    assert MARKER not in bot.log


def test_words_that_are_asked_for_are_kept_redacted(telegram, tmp_path):
    with BotProcess(telegram, tmp_path, FAQ_DIR=str(SMALL_FAQ), QUESTION_LOG="redacted") as bot:
        asks(bot, f"I'm Priya, which compost has {MARKER}? priya@example.org")
        bot.terminate()
    kept = "".join(
        text for text, _, _ in rows(f"sqlite:///{tmp_path / 'smp-bot.sqlite3'}", "misses")
    )
    assert MARKER in kept
    assert "riya" not in kept


def test_the_bot_serves_where_nothing_can_be_written(telegram, tmp_path):
    url = f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}"
    with BotProcess(telegram, tmp_path, FAQ_DIR=str(SMALL_FAQ), DATABASE_URL=url) as bot:
        asks(bot, "Why are my leaves yellow?", "How much should I water?")
        until(lambda: "cannot be written" in bot.log, "the operator is told")
        asks(bot, "Why are my leaves yellow?")
    assert bot.log.count("The records cannot be written") == 1


def test_an_address_that_cannot_be_used_ends_it_at_once(telegram, tmp_path):
    bot = BotProcess(telegram, tmp_path, DATABASE_URL="mysql://someone:sesame@host/db")
    bot.start()
    try:
        assert bot.exit_code() == 2
    finally:
        bot.kill()
    assert "DATABASE_URL" in bot.log
    assert "sesame" not in bot.log


def test_a_start_that_fails_leaves_no_database_behind(telegram, tmp_path):
    bot = BotProcess(telegram, tmp_path, token="nonsense")
    bot.start()
    try:
        assert bot.exit_code() == 2
    finally:
        bot.kill()
    assert not (tmp_path / "smp-bot.sqlite3").exists()


def test_asking_in_the_terminal_does_not_load_the_records(tmp_path):
    code = (
        "import sys\nfrom bot.cli import app\n"
        "app(['ask', 'Why are my leaves yellow?'], standalone_mode=False)\n"
        "assert not any(name.startswith(('bot.records', 'sqlalchemy')) for name in sys.modules)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"FAQ_DIR": str(SMALL_FAQ)},
    )


def test_the_default_file_is_in_the_working_folder():
    assert DEFAULT_URL == "sqlite:///smp-bot.sqlite3"
