"""Reading updates: what comes from outside may be anything."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.chat.telegram.line import Line
from bot.chat.telegram.logs import where
from bot.chat.telegram.memory import ShortMemory

_LOG = logging.getLogger(__name__)

# While others are being answered, polling gives the same update many times.
_TOLD: ShortMemory[int, bool] = ShortMemory(1000, 86_400.0)

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
        if not _TOLD.seen(data["update_id"], True):
            _LOG.warning("An update makes no sense: %s", where(fault))
        return None


class PollingLine(Line):
    """HTTP for getUpdates: one update that makes no sense does not hide the others."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; what is no update that we know becomes one of an unknown kind."""
        answer = Line.parse_json_payload(payload)
        if "result" not in answer:
            return answer
        updates = answer["result"]
        if not isinstance(updates, list):
            raise TelegramError("Invalid server response")
        answer["result"] = [
            each if _makes_sense(each) else {"update_id": each["update_id"]}
            for each in updates
            if isinstance(each, dict) and isinstance(each.get("update_id"), int)
        ]
        return answer


def _makes_sense(update: dict[str, Any]) -> bool:
    # The library changes what it reads, so it gets a copy.
    return read_update(json.loads(json.dumps(update)), None) is not None
