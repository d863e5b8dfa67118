"""Reading updates: what comes from outside may be anything."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from telegram import Bot, Update

from bot.errors import describe_error

_LOG = logging.getLogger(__name__)

_Count = Annotated[int, Field(ge=0)]


class _Form(BaseModel):
    """What the handlers read of an update, in the types that the Bot API gives it."""

    model_config = ConfigDict(strict=True)


class _Chat(_Form):
    id: int
    type: str


class _User(_Form):
    id: int
    is_bot: bool


class _Entity(_Form):
    type: str
    offset: _Count
    length: _Count
    user: _User | None = None


class _Message(_Form):
    message_id: int
    date: _Count
    chat: _Chat
    sender: _User | None = Field(None, alias="from")
    sender_chat: _Chat | None = None
    text: str | None = None
    caption: str | None = None
    entities: tuple[_Entity, ...] = Field((), strict=False)
    caption_entities: tuple[_Entity, ...] = Field((), strict=False)
    reply_to_message: _Message | None = None
    message_thread_id: int | None = None
    media_group_id: str | None = None
    edit_date: _Count | None = None


class _Tap(_Form):
    id: str
    sender: _User = Field(alias="from")
    message: _Message | None = None
    data: str | None = None


class _InlineQuery(_Form):
    id: str
    sender: _User = Field(alias="from")
    query: str


class _Update(_Form):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Tap | None = None
    inline_query: _InlineQuery | None = None


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
    _Update.model_validate(data)
    # The library changes what it reads, so it gets a copy.
    return Update.de_json(json.loads(json.dumps(data)), bot)
