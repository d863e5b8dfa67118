"""Logging that holds no secret and nothing that people write, at any level."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections import Counter
from collections.abc import Iterable
from types import TracebackType
from typing import Final
from urllib.parse import quote

_LOG = logging.getLogger(__name__)

TOO_OLD: Final = (
    "they were written more than six hours ago. If the bot was not away then, a clock is wrong: "
    "set that of this machine (timedatectl set-ntp true)"
)
TOO_MANY: Final = "their person asks more than 10 in half a minute"
TOO_MANY_WAIT: Final = "Telegram holds too many answers to their person back"
GROUP_FULL: Final = "their group is at Telegram's limit"
_QUIET = 60.0
_LAYOUT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# These write what people sent, or what is kept of it: at no level.
_SILENT = ("telegram", "aiosqlite", "sqlalchemy")
# These write the address of each request, in which the token is.
_TALKATIVE = ("aiohttp", "asyncio")


class RedactingFormatter(logging.Formatter):
    """Formats a record, and takes every secret out of the finished text, traceback and all."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(_LAYOUT)
        spellings = {form for secret in secrets if secret for form in (secret, quote(secret, ""))}
        # The longest first: one secret may be a part of another.
        self._secrets = sorted(spellings, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, or lines, that a record is written as."""
        return self.redact(super().format(record))

    def redact(self, text: str) -> str:
        """Replace every secret in a text."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


class Unanswered:
    """Tells why messages get no answer: of the first at once, of the rest once a minute."""

    def __init__(self, quiet: float = _QUIET) -> None:
        self._quiet = quiet
        self._waiting: Counter[str] = Counter()

    def add(self, why: str) -> None:
        """A message gets no answer."""
        if why not in self._waiting:
            self._tell(why, 1)
        else:
            self._waiting[why] += 1

    def _tell(self, why: str, count: int) -> None:
        if count:
            _LOG.warning("%d message(s) not answered: %s", count, why)
            self._waiting[why] = 0
            loop = asyncio.get_running_loop()
            loop.call_later(self._quiet, lambda: self._tell(why, self._waiting.pop(why)))


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error, redacted; at DEBUG with what libraries say of connections."""
    formatter = RedactingFormatter(secrets)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(True)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel("DEBUG" if level == "DEBUG" else logging.CRITICAL)

    def last_words(_: object, fault: BaseException, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(None, fault, trace))
        print(formatter.redact(text), end="", file=sys.stderr)

    sys.excepthook = last_words
