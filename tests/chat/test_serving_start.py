"""Starting the bot as a process: unusable settings, and a network that is not there."""

from __future__ import annotations

import socket

import pytest

from bot.records.database import open_database
from tests.records.older import make_newer
from tests.telegram_api import TelegramServer, faults, new_token
from tests.telegram_api.process import BotProcess

WAYS = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])


def ends(bot: BotProcess) -> tuple[int, str]:
    """Start a bot that cannot serve; return its exit code and what it printed."""
    bot.start()
    try:
        return bot.exit_code(), bot.log
    finally:
        bot.kill()


def test_a_wrong_token_ends_it_with_one_line(telegram, tmp_path):
    token = new_token()
    code, printed = ends(BotProcess(telegram, tmp_path, token=token))
    assert code == 2
    [line] = printed.strip().splitlines()
    assert line.startswith("TELEGRAM_BOT_TOKEN")
    assert "@BotFather" in line
    assert token.partition(":")[2] not in printed


@pytest.mark.parametrize("token", ["", "987654321:non sense"])
def test_a_missing_or_malformed_token_ends_it_before_any_call(telegram, tmp_path, token):
    code, printed = ends(BotProcess(telegram, tmp_path, token=token))
    assert code == 2
    [line] = printed.strip().splitlines()
    assert line.startswith("TELEGRAM_BOT_TOKEN")
    assert "@BotFather" in line
    assert not telegram.world.calls
    assert not token or token not in printed


def test_all_unusable_settings_are_named_at_once(telegram, tmp_path):
    wrong = {
        "WEBHOOK_PORT": "eighty",
        "WEBHOOK_URL": "example.org/hook",
        "TELEGRAM_API_URL": "ftp://127.0.0.1",
        "LOG_LEVEL": "LOUD",
    }
    code, printed = ends(BotProcess(telegram, tmp_path, **wrong))
    assert code == 2
    assert all(name in printed for name in wrong)
    assert "Traceback" not in printed
    assert telegram.token not in printed


def test_a_webhook_without_a_secret_is_not_served(telegram, tmp_path):
    bot = BotProcess(telegram, tmp_path, webhook=True, WEBHOOK_SECRET="too short")
    code, printed = ends(bot)
    assert code == 2
    assert printed.startswith("WEBHOOK_SECRET")
    assert "too short" not in printed


def test_a_port_that_is_taken_is_named(telegram, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, printed = ends(BotProcess(telegram, tmp_path, webhook=True, WEBHOOK_PORT=port))
    assert code == 2
    assert f"WEBHOOK_PORT {port}" in printed
    assert "Traceback" not in printed


def test_a_port_that_is_taken_stops_no_polling(telegram, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with BotProcess(telegram, tmp_path, WEBHOOK_PORT=port) as bot:
            person = telegram.person()
            person.says("hello")
            assert person.reads()
    assert f"No /healthz: WEBHOOK_HOST 127.0.0.1, WEBHOOK_PORT {port}" in bot.log


def test_a_broken_faq_is_never_served(telegram, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "faq.yaml").write_text("title: T\nentries:\n  - id: a\n    titel: typo\n")
    code, printed = ends(BotProcess(telegram, tmp_path, FAQ_DIR=str(folder)))
    assert code == 1
    assert "faq.yaml:4" in printed
    assert "Traceback" not in printed
    assert not telegram.world.calls


def test_a_database_of_a_newer_bot_is_not_served_with(telegram, tmp_path):
    newer = open_database(f"sqlite:///{tmp_path / 'smp-bot.sqlite3'}")
    make_newer(newer)
    newer.dispose()
    code, printed = ends(BotProcess(telegram, tmp_path))
    assert code == 2
    assert "DATABASE_URL" in printed
    assert "Install the newer one, or put back the backup" in printed
    assert "Traceback" not in printed
    assert not telegram.world.calls


def test_a_token_that_is_revoked_while_it_polls_ends_it(telegram, tmp_path):
    with BotProcess(telegram, tmp_path) as bot:
        telegram.fails("getUpdates", faults.unauthorised(), times=None)
        telegram.person().says("hello")
        assert bot.exit_code() == 2
        assert "TELEGRAM_BOT_TOKEN" in bot.log
        assert "Traceback" not in bot.log


@WAYS
def test_a_network_that_is_down_at_start_is_waited_out(tmp_path, webhook):
    telegram = TelegramServer()
    bot = BotProcess(telegram, tmp_path, webhook=webhook).start()
    try:
        bot.waits_for_log("cannot be reached")
        with telegram:
            person = telegram.person()
            person.says("hello")
            assert person.reads()
            assert bot.terminate() == 0
    finally:
        bot.kill()
    assert bot.log.count("cannot be reached") == 1


def test_a_network_that_goes_away_and_comes_back_loses_nothing(tmp_path):
    telegram = TelegramServer().start()
    person = telegram.person()
    with BotProcess(telegram, tmp_path) as bot:
        telegram.stop()
        person.says("hello")
        bot.waits_for_log("Polling failed")
        with telegram:
            assert person.reads()
            assert bot.terminate() == 0
