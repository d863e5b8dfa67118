from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator

import pytest

from bot.chat.telegram.logs import RedactingFormatter, Unanswered, set_up_logging
from bot.errors import describe_error

TOKEN = "123456789:AAsecret-secret_secret-secret_secret"


@pytest.fixture(autouse=True)
def set_up_as_before() -> Iterator[None]:
    """Put this process's own logging back after each test."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    levels = {
        name: logger.level
        for name, logger in logging.root.manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    # Otherwise the set-up would close the handlers of pytest.
    root.handlers.clear()
    yield
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    logging.captureWarnings(False)


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
@pytest.mark.parametrize(
    "name", ["aiohttp.client", "telegram.Bot", "aiohttp.server", "bot", "made.up"]
)
def test_the_token_is_in_no_line_of_any_logger(
    capsys: pytest.CaptureFixture[str], level: str, name: str
) -> None:
    set_up_logging(level, [TOKEN, ""])
    try:
        int(f"https://api.example/bot{TOKEN}/getMe")
    except ValueError:
        logging.getLogger(name).exception("failed at %s", f"/bot{TOKEN}/", stack_info=True)
    logging.getLogger(name).debug("GET %s", TOKEN.replace(":", "%3A"))
    logging.getLogger(name).critical("still %s logged", "is")
    written = capsys.readouterr().err
    assert TOKEN.partition(":")[2] not in written
    assert "still is logged" in written


def test_an_error_that_ends_the_process_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", [TOKEN])
    fault = ValueError(f"token {TOKEN}")
    sys.excepthook(ValueError, fault, None)
    assert capsys.readouterr().err == "ValueError: token [secret]\n"


def test_libraries_keep_quiet_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", [])
    logging.getLogger("aiohttp.client").error("what somebody wrote")
    logging.getLogger("telegram.ext.AIORateLimiter").error("what somebody wrote")
    assert capsys.readouterr().err == ""
    set_up_logging("DEBUG", [])
    logging.getLogger("aiohttp.client").debug("asked for")
    assert "asked for" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["telegram.Bot", "sqlalchemy.engine.Engine", "aiosqlite"])
def test_what_people_write_is_logged_at_no_level(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    set_up_logging("DEBUG", [])
    logging.getLogger(name).debug("what somebody wrote")
    logging.getLogger(name).error("what somebody wrote")
    assert capsys.readouterr().err == ""


def test_a_secret_within_another_leaves_nothing() -> None:
    assert RedactingFormatter(["abc", "abcdef"]).redact("abcdef abc") == "[secret] [secret]"


def test_a_fault_is_told_by_type_and_place_and_not_by_its_words() -> None:
    try:
        int("my name is Ann")
    except ValueError as fault:
        told = describe_error(fault)
    assert told.startswith("ValueError at ")
    assert "test_logs.py" in told
    assert "Ann" not in told
    assert describe_error(KeyError("Ann")) == "KeyError"


async def test_of_many_unanswered_the_first_is_told_at_once_and_the_rest_as_a_sum(
    caplog: pytest.LogCaptureFixture,
) -> None:
    unanswered = Unanswered(quiet=0.05)
    for why in ("it rains", "it rains", "it snows", "it rains"):
        unanswered.add(why)

    def told() -> list[str]:
        return [record.getMessage() for record in caplog.records]

    assert told() == ["1 message(s) not answered: it rains", "1 message(s) not answered: it snows"]
    async with asyncio.timeout(10):
        while len(told()) < 3 or unanswered._waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert told()[2:] == ["2 message(s) not answered: it rains"]
    unanswered.add("it rains")
    assert told()[3:] == ["1 message(s) not answered: it rains"]
