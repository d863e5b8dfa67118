"""Logging that holds no secret and nothing that people write, at any level."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from urllib.parse import quote

_LAYOUT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# These write what people sent, or what is kept of it: at no level.
_SILENT = ("telegram", "aiosqlite", "sqlalchemy")
# These write the address of each request, in which the token is.
_TALKATIVE = ("aiohttp", "uvicorn", "asyncio")


class RedactingFormatter(logging.Formatter):
    """Formats a record, then takes every secret out of the text, traceback and all.

    It works on the finished text, so nothing can pass it by: neither arguments, nor an
    exception, nor a library's logger.
    """

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


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error, redacted; at DEBUG with what libraries say of connections."""
    formatter = RedactingFormatter(secrets)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(True)
    for name in (*_SILENT, *_TALKATIVE):
        loud = level == "DEBUG" and name in _TALKATIVE
        logging.getLogger(name).setLevel(level if loud else logging.CRITICAL)

    def last_words(
        kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        text = "".join(traceback.format_exception(kind, fault, trace))
        print(formatter.redact(text), end="", file=sys.stderr)

    sys.excepthook = last_words
