"""Reading updates: the library fails as a whole at one part of a message that it does not know."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from telegram import Bot, Update

from bot.errors import describe_error

_LOG = logging.getLogger(__name__)

_NEEDED = frozenset({"update_id", "message_id", "date", "chat", "from", "id", "chat_instance"})
"""Without these there is nobody to answer."""


def read_update(data: object, bot: Bot | None) -> Update | None:
    """Read an update; None when it makes no sense, and that is logged without its content.

    Parts of it that cannot be read are left out, and the rest is answered.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("update_id"), int):
        _LOG.warning("Something came that is no update")
        return None
    try:
        return _read(data, bot)
    except Exception as fault:  # the library trusts what it reads, and fails in many ways
        _LOG.warning("An update makes no sense: %s", describe_error(fault))
    [(kind, body)] = [each for each in data.items() if each[0] != "update_id"][:1] or [("", None)]
    if not isinstance(body, Mapping):
        return None
    rest = {name: part for name, part in body.items() if name in _NEEDED}
    for name, part in body.items():
        with suppress(Exception):
            _read({"update_id": 0, kind: {**rest, name: part}}, bot)
            rest[name] = part
    with suppress(Exception):
        return _read({"update_id": data["update_id"], kind: rest}, bot)
    return None


def _read(data: Mapping[str, Any], bot: Bot | None) -> Update | None:
    # The library changes what it reads, so it gets a copy.
    return Update.de_json(json.loads(json.dumps(data)), bot)
