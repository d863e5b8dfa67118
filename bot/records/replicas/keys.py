"""Numbers and keys by which processes know one update, and one message, from another."""

from __future__ import annotations

from typing import Final
from zlib import crc32

HEADER: Final = "Idempotency-Key"
"""Carries the key of a message: draft-ietf-httpapi-idempotency-key-header. Telegram ignores it."""


def message_key(claimed: int, part: int) -> str:
    """The key of a part, from 0, of the answer to the update that is claimed by this number.

    Telegram does not tell what it has taken: what a process had just sent when it was killed,
    the one that takes over sends again, with the same key. A proxy that outlives both hands it
    the first answer, and the person gets one message (docs/operating.md, "Several processes").
    """
    return f"{claimed}-{part}"


def claim_number(bot_id: int, update_id: int, when: object) -> int:
    """The number (63 bits) under which an update is claimed; the last 32 bits are its id.

    The id alone may come again: from another bot that shares the records, or because Telegram
    goes on from any id after a week without updates. So the bot and the time are in it too.
    """
    return (crc32(f"{bot_id} {when}".encode()) >> 1 << 32) | update_id % 2**32
