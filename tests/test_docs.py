"""What the documents tell people to do works, and what they show is what is."""

from __future__ import annotations

import math
import re
import shlex
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
import typer
from sqlalchemy import make_url

from bot.chat.telegram.metrics import Metrics
from bot.cli import app
from bot.faq.checking import Checked, check_faq
from bot.faq.loading import load_knowledge
from bot.faq.printing import as_text, summary
from tests.records import postgres
from tests.records.conftest import rows
from tests.records.filling import fill
from tests.replicas.proxy import program as nginx

ROOT = Path(__file__).parents[1]
FAQ = ROOT / "faq"
EDITING = ROOT / "docs/editing.md"
OPERATING = ROOT / "docs/operating.md"
GROWTH = ROOT / "docs/growth.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
SHELL = {"console", "sh", "bash", "shell"}
NOT_RUN = "(not run by the tests)"
SCREEN = 50
"""Lines that a window shows at once."""
MAKE = "tests/test_make.py::test_the_first_time_installs_and_the_next_time_does_not"
POSTGRES_BACKUP = "tests/test_docs.py::test_a_backup_of_postgresql_brings_back_what_was_there"
TESTED_ELSEWHERE = {
    "make chat": MAKE,
    "python3 -m venv .venv": MAKE,
    ".venv/bin/pip install --editable .": MAKE,
    "make test": "tests/test_make.py::test_every_target_is_listed",
    ".venv/bin/smp-bot chat": "tests/chat/test_terminal.py::test_ctrl_c_and_ctrl_d_end_kindly",
    "smp-bot chat --watch": (
        "tests/chat/test_terminal.py::test_watching_says_what_is_wrong_and_keeps_answering"
    ),
    "smp-bot preview --browser blue-dots": (
        "tests/chat/test_preview_in_browser.py"
        "::test_a_saved_change_and_a_slip_are_shown_while_the_page_is_open"
    ),
    "smp-bot check": "tests/faq/test_check_command.py::test_a_sound_faq_ends_with_0",
    'smp-bot new "Airport scanners"': (
        "tests/faq/test_template.py::test_it_is_pasted_below_the_entries_that_are_there"
    ),
    "smp-bot report": (
        "tests/records/test_report_command.py"
        "::test_it_shows_the_figures_of_the_database_in_the_working_folder"
    ),
    "smp-bot report --accept 1 blue-dots": (
        "tests/test_recipes.py::test_each_recipe_does_what_it_says_and_leaves_all_sound"
    ),
    "smp-bot report --days 7 --html report.html": (
        "tests/records/test_report_command.py::test_the_page_is_written_and_needs_nothing_else"
    ),
    "smp-bot run": "tests/chat/test_serving_navigation.py::test_a_command_is_answered",
    "smp-bot eval --floor tests/floor.yaml tests/questions/report": (
        "tests/test_questions.py::test_figures_are_above_their_floor_and_those_of_the_readme_hold"
    ),
    "(umask 077; pg_dump --format custom --file backup.dump smp_bot)": POSTGRES_BACKUP,
    "pg_restore --clean --dbname smp_bot backup.dump": POSTGRES_BACKUP,
    "curl --silent http://127.0.0.1:8080/healthz": (
        "tests/chat/test_serving_bad_updates.py"
        "::test_healthz_says_that_it_is_up_and_when_telegram_was_reached"
    ),
    "curl --silent http://127.0.0.1:8080/metrics": (
        "tests/chat/test_serving_bad_updates.py"
        "::test_metrics_count_questions_and_alerts_and_hold_no_person"
    ),
}


class Block(NamedTuple):
    """A fenced block: its language, its text, and the paragraph or step above it."""

    language: str
    text: str
    above: str


def blocks(markdown: str) -> list[Block]:
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)
    return [
        Block(each[1], each[2], re.split(r"\n\n|\n```\n", markdown[: each.start()])[-1])
        for each in found
    ]


def section(page: Path, heading: str) -> str:
    parts = re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"{heading}\n"))


def block(heading: str, language: str, page: Path = EDITING) -> str:
    return next(each.text for each in blocks(section(page, heading)) if each.language == language)


def block_of(command: str, page: Path) -> str:
    """The block of a page that begins with a command."""
    found = (each.text for each in blocks(page.read_text("utf-8")))
    return next(text for text in found if text.startswith(command))


def commands(page: Path) -> list[str]:
    """The commands of a page that are to be run; a here-document belongs to its command."""
    shell = [
        each.text
        for each in blocks(page.read_text("utf-8"))
        if each.language in SHELL and NOT_RUN not in " ".join(each.above.split())
    ]
    pattern = re.compile(r".+<<'END'\n(?s:.*?)\nEND$|.+", re.MULTILINE)
    return [re.sub(r"\s+# .*", "", each) for text in shell for each in pattern.findall(text)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what the commands need: a FAQ, another one, and records."""
    shutil.copytree(FAQ, tmp_path / "faq")
    shutil.copytree(ROOT / "tests/small_faq", tmp_path / "path/to/another/faq")
    shutil.copy(ROOT / ".env.example", tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    url = f"sqlite:///{tmp_path}/smp-bot.sqlite3"
    fill(url, missed={(0, "xylophone on my scalp", "blue-dots"): 1})
    return tmp_path


def bash(script: str, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_run(page: Path, checkout: Path) -> None:
    to_run = [each for each in commands(page) if each not in TESTED_ELSEWHERE]
    bash("\n".join(["PATH=$PWD/.venv/bin:$PATH", *dict.fromkeys(to_run)]), checkout)


def test_commands_that_are_tested_elsewhere_are_in_a_page_and_have_that_test() -> None:
    shown = {command for page in PAGES for command in commands(page)}
    assert set(TESTED_ELSEWHERE) <= shown
    for place in TESTED_ELSEWHERE.values():
        file, name = place.split("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), place


def test_every_command_is_told_of_and_none_that_is_not_there() -> None:
    interface = typer.main.get_command(app)
    text = " ".join(" ".join(page.read_text("utf-8").split()) for page in PAGES)
    used = re.findall(r"`smp-bot ([a-z]+)((?: [^`]*)?)`", text)
    for page in PAGES:
        lines = "\n".join(each.text for each in blocks(page.read_text("utf-8")))
        used += re.findall(r"\bsmp-bot ([a-z]+)(.*)", lines)
    assert {name for name, _ in used} == set(interface.commands)
    for name, rest in used:
        options = {option for each in interface.commands[name].params for option in each.opts}
        given = {each for each in shlex.split(rest, comments=True) if each.startswith("--")}
        assert given <= options, f"smp-bot {name}{rest}"


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", link):
            continue
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), link


# -- docs/editing.md ------------------------------------------------------------------------------


def append(file: Path, text: str) -> None:
    file.write_text(f"{file.read_text('utf-8').rstrip()}\n{text}", "utf-8")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")


def check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    monkeypatch.chdir(folder.parent)
    entries = load_knowledge(FAQ).faq.entries
    return check_faq(Path("faq"), today=max(entry.reviewed for entry in entries if entry.reviewed))


def shown(checked: Checked) -> str:
    return f"{as_text(checked.problems, checked.lines)}\n{summary(checked.problems)}\n"


def anywhere(text: str) -> str:
    """A report of the check without its line numbers, which change with the FAQ."""
    return re.sub(r"(?m)^(\S+):\d+:(?=\d+:)", r"\1:", text)


def test_a_slip_is_shown_as_the_check_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "faq"
    shutil.copytree(FAQ, folder)
    append(folder / "faq.yaml", f"\n{block('Add an entry', 'yaml')}")
    group = "      - gap-aftercare\n"
    replace(folder / "replies.yaml", group, f"{group}      - airport-scanners\n")
    slips = blocks(section(EDITING, "When the check finds something"))
    # The new entry has no other problem than the one that is put in.
    before, after = "Wait until you have asked. Tell the staff", "Do not worry, and tell the staff"
    replace(folder / "faq.yaml", before, after)
    assert anywhere(shown(check(folder, monkeypatch))) == anywhere(slips[1].text)
    phrasing = "      - day 2: still red and sore\n"
    replace(
        folder / "faq.yaml",
        "    title: Redness\n    questions:\n",
        f"    title: Redness\n    questions:\n{phrasing}",
    )
    assert anywhere(shown(check(folder, monkeypatch))) == anywhere(slips[0].text)


def test_every_rule_is_explained() -> None:
    explained = set(re.findall(r"`([a-z-]+)`", section(EDITING, "What the check asks of a text")))
    words = (ROOT / "bot/faq/problems.yaml").read_text("utf-8")
    editorial = words.partition("# -- What an entry must hold --")[2]
    rules = set(re.findall(r"^([a-z-]+)(?=[/:])", editorial, flags=re.MULTILINE))
    assert len(rules) > 35
    assert rules <= explained


def test_each_recipe_fits_a_screen() -> None:
    for part in re.split(r"^## ", EDITING.read_text("utf-8"), flags=re.MULTILINE):
        assert len(part.splitlines()) <= SCREEN, part.splitlines()[0]


# -- docs/operating.md ----------------------------------------------------------------------------


def test_kept_words_are_in_a_backup_and_gone_from_the_files_when_deleted(checkout: Path) -> None:
    with closing(sqlite3.connect(checkout / "smp-bot.sqlite3")) as bot:
        # While the bot has the files open, SQLite leaves what was deleted in one of them.
        bot.execute("SELECT count(*) FROM misses").fetchall()
        for heading in ("Backups", "What is stored, and how to delete it"):
            script = block(heading, "console", OPERATING)
            bash(f"PATH=$PWD/.venv/bin:$PATH\n{script}", checkout)
        files = list(checkout.glob("smp-bot.sqlite3*"))
        assert len(files) > 1
        assert not [each for each in files if b"xylophone" in each.read_bytes()]
    assert stat.S_IMODE((checkout / "backup.sqlite3").stat().st_mode) == 0o600
    with closing(sqlite3.connect(checkout / "backup.sqlite3")) as backup:
        assert backup.execute("SELECT text FROM misses").fetchall() == [("xylophone on my scalp",)]


def test_a_backup_of_postgresql_brings_back_what_was_there(tmp_path: Path) -> None:
    backup, restore = block_of("(umask 077; pg_dump", OPERATING).splitlines()
    with postgres.server() as server:
        server.execute("CREATE DATABASE smp_bot")
        url = server.url("smp_bot")
        fill(url, asked={(0, "answer", "none"): 7})
        place = make_url(url)
        reach = f"export PGHOST={place.host} PGPORT={place.port} PGUSER={place.username}"
        path = f"PATH=$PATH:{postgres.programs()}"
        bash(f"{path}\n{reach}\n{backup}", tmp_path)
        assert stat.S_IMODE((tmp_path / "backup.dump").stat().st_mode) == 0o600
        fill(url, asked={(0, "answer", "none"): 90})
        assert rows(url, "questions") == [("answer", "none", 97)]
        bash(f"{path}\n{reach}\n{restore}", tmp_path)
        assert rows(url, "questions") == [("answer", "none", 7)]


def test_every_figure_is_explained_and_none_that_is_not_there() -> None:
    told = set(re.findall(r"smp_bot_[a-z_]+?(?=_total|_bucket|`)", OPERATING.read_text("utf-8")))
    page = Metrics().page().decode()
    assert told == set(
        re.findall(r"# TYPE (\w+?)(?:_total)? (?:counter|(?<!_created )gauge|histogram)", page)
    )


@pytest.mark.skipif(not nginx(), reason="nginx is not installed")
def test_nginx_takes_both_examples_with_their_certificates(tmp_path: Path) -> None:
    certificate = "/etc/letsencrypt/live/bot.example.org/"
    site = block("Behind nginx or Caddy", "nginx", OPERATING).replace(certificate, "")
    way_out = block("Several processes", "nginx", OPERATING)
    # Telegram is not looked up here.
    site += way_out.replace("server api.telegram.org:443;", "server 127.0.0.1:443;")
    openssl = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=bot.example.org"
    bash(f"{openssl} -keyout privkey.pem -out fullchain.pem", tmp_path)
    folders = "".join(
        f"{each}_temp_path {tmp_path}/{each};\n"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{site}}}", "utf-8"
    )
    bash(f"{nginx()} -t -e stderr -p {tmp_path} -c {tmp_path}/nginx.conf", tmp_path)


@pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")
def test_caddy_takes_the_example(tmp_path: Path) -> None:
    (tmp_path / "Caddyfile").write_text(block("Behind nginx or Caddy", "text", OPERATING), "utf-8")
    # It would make folders of its own in the home folder.
    bash(f"HOME={tmp_path} caddy validate --config {tmp_path}/Caddyfile", tmp_path)


# -- docs/growth.md -------------------------------------------------------------------------------


def figure(cell: str) -> float:
    """The first number in a cell of a table; "1.5 million" is one."""
    found = re.search(r"[\d.,]*\d", cell)
    assert found, cell
    return float(found[0].replace(",", "")) * (1_000_000 if "million" in cell else 1)


def test_growth_is_reckoned_from_what_was_measured() -> None:
    text = " ".join(GROWTH.read_text("utf-8").split())

    def said(pattern: str) -> float:
        [found] = re.findall(pattern, text)
        return figure(found)

    lines = GROWTH.read_text("utf-8").splitlines()
    tables = [[part.strip() for part in line.split("|")[1:-1]] for line in lines if "|" in line]
    rows = {first: cells for first, *cells in tables}
    database = max(map(figure, rows["processor time an answer: PostgreSQL, ms"])) / 1000
    bot = figure(rows["processor time an answer in people's own words: bot, ms"][0])
    most = said(r"as good for ([\d,]+) answers a second")
    assert most == pytest.approx(1000 / bot, rel=0.1)
    replica = said(r"memory of the replicas, at (\d+) MiB")
    assert replica >= max(map(figure, rows["memory of a replica, MiB"]))
    size = said(r"remembered takes (\d+) bytes")
    for column, questions in enumerate((1_000, 1_000_000, 100_000_000)):
        average = questions / 86_400
        busiest = 5 * average
        replicas = 1 if questions == 1_000 else math.ceil(busiest / most) + 1
        remembered = questions * 25 / 24
        reckoned = {
            "a second, on average": average,
            "a second, at the busiest": busiest,
            "replicas, so that one can fail": replicas,
            "cores for the bot, at the busiest": busiest / most,
            f"memory of the replicas, at {replica:.0f} MiB": replicas * replica / 1024,
            "rows of updates remembered": remembered,
            "their size": remembered * size / 1e9,
            "cores for PostgreSQL, at the busiest": busiest * database,
        }
        for what, value in reckoned.items():
            cell = rows[what][column]
            if "none" not in cell:  # by polling nothing is claimed, and SQLite has no process
                assert figure(cell) == pytest.approx(value, rel=0.25), (what, cell, value)
