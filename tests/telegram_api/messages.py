"""Users, chats and messages, as the server keeps them and as it sends them in JSON."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_api.formatting import utf16_length

_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}")


@dataclass(frozen=True)
class User:
    """An account: a person's, or the bot's own."""

    id: int
    first_name: str
    username: str = ""
    is_bot: bool = False
    language_code: str = "en"

    def json(self) -> dict[str, Any]:
        """Return the `User` object of the Bot API."""
        user: dict[str, Any] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        if self.username:
            user["username"] = self.username
        if not self.is_bot:
            user["language_code"] = self.language_code
        return user


@dataclass(frozen=True)
class Button:
    """A button of an inline keyboard: its label, and what a tap on it does."""

    text: str
    data: str = ""
    url: str = ""


@dataclass
class Message:
    """A message in a chat.

    `text` is what people see, `source` what was sent before its markup was parsed, `earlier`
    the texts it had before it was edited, `content` holds what is no text (a photo), and `at`
    is when it came, by the monotonic clock.
    """

    id: int
    chat: Chat
    sender: User
    text: str = ""
    entities: tuple[dict[str, Any], ...] = ()
    content: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    parse_mode: str = ""
    markup: dict[str, Any] | None = None
    reply_to: Message | None = None
    date: int = field(default_factory=lambda: int(time.time()))
    edited: int = 0
    earlier: list[str] = field(default_factory=list)
    at: float = field(default_factory=time.monotonic)

    @property
    def buttons(self) -> list[Button]:
        """The buttons under the message, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [
            Button(button["text"], button.get("callback_data", ""), button.get("url", ""))
            for row in rows
            for button in row
        ]

    def button(self, label: str) -> Button:
        """Return the first button whose label holds these words, whatever their case."""
        for button in self.buttons:
            if label.lower() in button.text.lower():
                return button
        labels = [button.text for button in self.buttons]
        raise AssertionError(f"no button {label!r} under {self.text[:60]!r}, only {labels}")

    @property
    def title(self) -> str:
        """The first line."""
        return self.text.split("\n", 1)[0]

    def holds(self, text: str) -> bool:
        """Return whether every line of a text is in the message."""
        return all(line.strip() in self.text for line in text.splitlines())

    def marked(self, kind: str) -> list[str]:
        """Return the parts of the text with an entity of this kind."""
        units = self.text.encode("utf-16-le", "surrogatepass")
        spans = [(e["offset"], e["length"]) for e in self.entities if e["type"] == kind]
        return [
            units[2 * start : 2 * (start + length)].decode("utf-16-le") for start, length in spans
        ]

    def json(self) -> dict[str, Any]:
        """Return the `Message` object of the Bot API."""
        message = self._json()
        if self.reply_to is not None:
            message["reply_to_message"] = self.reply_to._json()
        return message

    def _json(self) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender.json(),
            "chat": self.chat.json(),
            "date": self.date,
            **self.content,
        }
        if self.text:
            message["text"] = self.text
        if self.entities:
            message["entities"] = list(self.entities)
        if self.markup and "inline_keyboard" in self.markup:
            message["reply_markup"] = self.markup
        if self.edited:
            message["edit_date"] = self.edited
        return message


@dataclass
class Chat:
    """A private chat with a person, or a group; `messages` is the transcript by message id."""

    id: int
    title: str
    private: bool
    members: set[int] = field(default_factory=set)
    started: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """Return the `Chat` object of the Bot API."""
        if self.private:
            return {"id": self.id, "type": "private", "first_name": self.title}
        return {"id": self.id, "type": "supergroup", "title": self.title}

    @property
    def from_bot(self) -> list[Message]:
        """What the bot has sent here, the oldest first."""
        return [message for message in self.messages.values() if message.sender.is_bot]


def entities_of(text: str) -> tuple[dict[str, Any], ...]:
    """Return the commands and mentions that Telegram marks in what a person types."""
    marked = [("bot_command", found) for found in _COMMAND.finditer(text)]
    marked += [
        ("mention", found)
        for found in _MENTION.finditer(text)
        if not any(a.start() < found.start() < a.end() for _, a in marked)
    ]
    return tuple(
        {
            "type": kind,
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found[0]),
        }
        for kind, found in sorted(marked, key=lambda pair: pair[1].start())
    )
