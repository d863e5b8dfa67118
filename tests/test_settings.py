from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import cli
from bot.chat.telegram.connection import proxy_for
from bot.errors import UsageError
from bot.settings import Settings, load_settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"
SETTING = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


OF_OTHERS = {"HTTPS_PROXY", "POSTGRES_PASSWORD"}


def test_the_example_names_every_setting_once_and_no_other() -> None:
    named = [name for name, _ in SETTING.findall(EXAMPLE.read_text("utf-8"))]
    assert sorted(named) == sorted(OF_OTHERS | {name.upper() for name in Settings.model_fields})


def test_the_example_shows_the_defaults_and_explains_each_setting() -> None:
    text = EXAMPLE.read_text("utf-8")
    defaults = Settings()
    for name, shown in SETTING.findall(text):
        default = getattr(defaults, name.lower(), None)
        if default is not None:
            assert shown == str(default), name
    for paragraph in text.split("\n\n"):
        if SETTING.search(paragraph):
            assert paragraph.startswith("# "), paragraph


def test_a_copy_of_the_example_can_be_used_as_it_is() -> None:
    Path(".env").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert load_settings() == Settings(_env_file=None)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("WEBHOOK_PORT=1111\nLOG_LEVEL=debug\n", "utf-8")
    monkeypatch.setenv("WEBHOOK_PORT", "2222")
    read = load_settings()
    assert (read.webhook_port, read.log_level) == (2222, "DEBUG")


def test_every_unusable_setting_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEBHOOK_PORT", "secret-one")
    monkeypatch.setenv("QUESTION_LOG", "secret-two")
    monkeypatch.setenv("TELEGRAM_API_URL", "secret-three")
    with pytest.raises(UsageError) as fault:
        load_settings()
    for name in ("WEBHOOK_PORT", "QUESTION_LOG", "TELEGRAM_API_URL"):
        assert name in str(fault.value)
    assert "secret" not in str(fault.value)
    assert fault.value.exit_code == 2


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("TELEGRAM_BOT_TOKE=secret", "TELEGRAM_BOT_TOKEN"),
        ("QUESTION_LOG_DAY=7", "QUESTION_LOG_DAYS"),
        ("export WEBHOK_ULR=secret", "WEBHOOK_URL"),
        ("loglevel=debug", "LOG_LEVEL"),
    ],
)
def test_a_misspelt_name_is_told_with_the_name_that_is_meant(line: str, meant: str) -> None:
    Path(".env").write_text(f"WEBHOOK_PORT=8081\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match=rf"Did you mean {meant}\?") as fault:
        load_settings()
    assert "secret" not in str(fault.value)
    assert fault.value.exit_code == 2


def test_names_of_other_programs_are_let_be() -> None:
    Path(".env").write_text("POSTGRES_PASSWORD=a\nHTTPS_PROXY=b\nLANG=C\nMY_HOST=c\n", "utf-8")
    assert load_settings() == Settings(_env_file=None)


@pytest.mark.parametrize(
    ("name", "value", "example"),
    [
        ("WEBHOOK_PORT", "eighty", "from 1 to 65535, such as 8080"),
        ("WEBHOOK_PORT", "70000", "from 1 to 65535, such as 8080"),
        ("WEBHOOK_URL", "bot.example.org", "such as https://bot.example.org/telegram"),
        ("TELEGRAM_API_URL", "ftp://x", "such as https://api.telegram.org"),
        ("QUESTION_LOG", "all", "off or redacted"),
        ("QUESTION_LOG_DAYS", "0", "from 1 to 3650, such as 30"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_what_a_setting_may_be_is_said_with_an_example(
    name: str, value: str, example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as fault:
        load_settings()
    first, *_ = str(fault.value).splitlines()
    assert first.startswith(f"{name} must be ")
    assert example in first
    assert not re.search("pattern|Input|string|literal|validat", first)


def test_the_file_may_name_the_proxy_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    Path(".env").write_text("HTTPS_PROXY=http://127.0.0.1:1\nNO_PROXY=other.example\n", "utf-8")
    monkeypatch.setenv("NO_PROXY", "mine.example")
    cli._take_from_env_file()
    assert proxy_for("https://api.telegram.org") == "http://127.0.0.1:1"
    assert proxy_for("https://mine.example") is None
    assert proxy_for("https://other.example") == "http://127.0.0.1:1"


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_a_setting_takes_any_text_or_says_what_it_may_be(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "any text")
    refused = ""
    try:
        load_settings()
    except UsageError as fault:
        refused = str(fault)
    assert not refused or re.match(rf"{name} must be (an? .+, such as|\w+.* or \w+)", refused)


def test_a_file_that_is_no_text_is_told_in_one_line() -> None:
    Path(".env").write_bytes(b"LOG_LEVEL=\xff\xfe")
    with pytest.raises(UsageError, match=r"^\.env cannot be read"):
        load_settings()


def test_no_secret_shows_in_the_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET", "DATABASE_URL"):
        monkeypatch.setenv(name, "marker")
    assert "marker" not in repr(load_settings())
