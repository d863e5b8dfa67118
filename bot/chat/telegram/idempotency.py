"""A key for each message of an answer, by which a proxy on the way knows one that is sent again.

Telegram does not tell: what a process had just sent when it was killed, the one that takes over
sends again, with the same key. A proxy that outlives both hands it the first answer, and the
person gets one message (docs/operating.md, "Several processes"). Telegram ignores the header,
which is that of draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

HEADER: Final = "Idempotency-Key"

_keys: ContextVar[Iterator[str] | None] = ContextVar("keys", default=None)
_key: ContextVar[str | None] = ContextVar("key", default=None)


@contextmanager
def answering(bot_id: int, update_id: int) -> Iterator[None]:
    """What is sent inside answers an update; its messages are numbered as they come."""
    token = _keys.set(f"{bot_id}-{update_id}-{number}" for number in itertools.count())
    try:
        yield
    finally:
        _keys.reset(token)


@contextmanager
def one_message() -> Iterator[None]:
    """All calls inside are tries to send one and the same message."""
    keys = _keys.get()
    token = _key.set(next(keys) if keys else None)
    try:
        yield
    finally:
        _key.reset(token)


def headers() -> dict[str, str]:
    """The header of the message that is being sent; none for any other call."""
    key = _key.get()
    return {HEADER: key} if key else {}
