"""Reading updates: what comes from outside may be anything."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from telegram import Bot, Update

from bot.chat.telegram.logs import describe_error

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


def read_update(data: object, bot: Bot | None) -> Update | None:
    """Read an update; None when it makes no sense, and that is logged without its content."""
    if not isinstance(data, Mapping) or not isinstance(data.get("update_id"), int):
        _LOG.warning("Something came that is no update")
        return None
    try:
        _Update.model_validate(data)
        return Update.de_json(dict(data), bot)
    except Exception as fault:  # the library trusts what it reads, and fails in many ways
        _LOG.warning("An update makes no sense: %s", describe_error(fault))
        return None
