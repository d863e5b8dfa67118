"""What outlives the process, and what a wrong clock of its machine does not touch."""

from __future__ import annotations

import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.answering.reply import SENTENCE_END
from bot.faq.models import Entry
from bot.records.database import open_database, upgrade
from tests.telegram_api import TelegramServer
from tests.telegram_api.process import BotProcess

INFECTION = "there is pus coming out of my scalp and the redness is spreading"
_400_DAYS_AHEAD = """
import sys, time

honest = time.time
time.time = lambda: honest() + 400 * 86_400

from bot.cli import main

sys.argv = ["smp-bot", "run"]
sys.exit(main())
"""


def test_an_alert_is_remembered_though_the_bot_was_killed(
    telegram: TelegramServer, tmp_path: Path, served_alerts: dict[str, str]
) -> None:
    person = telegram.person()
    with BotProcess(telegram, tmp_path) as bot:
        person.says(INFECTION)
        assert person.reads(2)[0].holds(served_alerts["infection-signs"])
        telegram.wait_until_confirmed()
        bot.kill()
    line = SENTENCE_END.split(served_alerts["infection-signs"], maxsplit=1)[0]
    with BotProcess(telegram, tmp_path):
        person.says("qwertz uiop")
        [miss] = person.reads()
        assert line in miss.text
        person.says(INFECTION)
        assert person.reads(2)[0].text == line


def test_a_clock_that_is_400_days_ahead_drops_no_question_and_deletes_no_word(
    telegram: TelegramServer, tmp_path: Path, served_entries: dict[str, Entry]
) -> None:
    file, today = tmp_path / "smp-bot.sqlite3", datetime.now(UTC).date().isoformat()
    engine = open_database(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    with sqlite3.connect(file) as records:
        records.execute("INSERT INTO misses VALUES (?, 'wibble', 'redness', 0, 1)", [today])
    command = (sys.executable, "-c", _400_DAYS_AHEAD)
    entry = served_entries["blue-dots"]
    with BotProcess(telegram, tmp_path, command=command, QUESTION_LOG="redacted") as bot:
        for _ in range(2):
            person = telegram.person()
            person.says(entry.questions[0])
            assert person.reads_one().title == entry.title
            telegram.wait_until_confirmed()
        assert bot.terminate() == 0
        assert "The clock of this machine is wrong" in bot.log
    records = sqlite3.connect(file)
    assert records.execute("SELECT text FROM misses").fetchall() == [("wibble",)]
    assert records.execute("SELECT DISTINCT day FROM questions").fetchall() == [(today,)]
    records.close()
