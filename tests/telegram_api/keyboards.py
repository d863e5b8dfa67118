"""Keyboards under messages, checked as Telegram checks them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.telegram_api.formatting import utf16_length
from tests.telegram_api.refusal import bad_request

MAX_BUTTONS = 100
MAX_IN_A_ROW = 8
MAX_CALLBACK_DATA = 64
"""Bytes of UTF-8."""
MAX_COPY_TEXT = 256
"""UTF-16 units, to be on the safe side: the Bot API says characters."""
_OTHER_KINDS = (
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "login_url",
    "web_app",
    "copy_text",
    "pay",
    "callback_game",
)


def check_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a `reply_markup` that Telegram takes, or refuse it."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline_keyboard")
        for row in rows:
            for button in row:
                _check_inline_button(button)
        return {"inline_keyboard": rows} if any(rows) else None
    if "keyboard" in markup:
        for row in _rows(markup["keyboard"], "keyboard"):
            for button in row:
                label = button if isinstance(button, str) else _field(button, "text")
                if not label.strip():
                    raise bad_request("keyboard button text must be non-empty")
        return markup
    if "remove_keyboard" in markup or "force_reply" in markup:
        return markup
    return None


def _rows(rows: Any, name: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    if any(len(row) > MAX_IN_A_ROW for row in rows):
        raise bad_request(f"no more than {MAX_IN_A_ROW} buttons fit in a row")
    return rows


def _field(button: Any, name: str) -> str:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: must be an Object")
    value = button.get(name, "")
    if not isinstance(value, str):
        raise bad_request(
            f'can\'t parse inline keyboard button: field "{name}" must be of type String'
        )
    return value


def _check_inline_button(button: Any) -> None:
    if not _field(button, "text").strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if url := _field(button, "url"):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https", "tg") or not parts.netloc:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid")
    elif "callback_data" in button:
        if not 1 <= len(_field(button, "callback_data").encode()) <= MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif isinstance(copied := button.get("copy_text"), dict):
        if not 1 <= utf16_length(_field(copied, "text")) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif not any(kind in button for kind in _OTHER_KINDS):
        raise bad_request(
            "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
        )
