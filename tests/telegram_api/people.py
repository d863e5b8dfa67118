"""People and groups, as a test plays them: what they do, and what they then read."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Protocol

from tests.telegram_api.messages import Button, Chat, Message, User, entities_of
from tests.telegram_api.updates import Update
from tests.telegram_api.world import Query, World

_PHOTO = [{"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 90}]
_STICKER = {
    "file_id": "sticker", "file_unique_id": "sticker", "type": "regular", "width": 512,
    "height": 512, "is_animated": False, "is_video": False,
}  # fmt: skip
_VOICE = {"file_id": "voice", "file_unique_id": "voice", "duration": 3}
_DOCUMENT = {"file_id": "document", "file_unique_id": "document"}
_VIDEO = {"file_id": "video", "file_unique_id": "video", "width": 9, "height": 9, "duration": 3}
MEDIA: dict[str, Any] = {
    "photo": _PHOTO,
    "sticker": _STICKER,
    "voice": _VOICE,
    "video": _VIDEO,
    "document": _DOCUMENT,
    "location": {"latitude": 51.5, "longitude": -0.1},
    "contact": {"phone_number": "0", "first_name": "Someone"},
}
"""What a message can hold beside text, by the field of the Bot API that holds it."""


class Waits(Protocol):
    """What people need of the server: to wait until something is so."""

    world: World

    def wait_until(self, so: Callable[[], object], what: str) -> None:
        """Return when it is so; fail the test when it takes too long."""


class Reader:
    """A chat that is read: messages of the bot that were not read yet."""

    def __init__(self, server: Waits, chat: Chat) -> None:
        self.server = server
        self.chat = chat
        self._read = 0

    @property
    def received(self) -> list[Message]:
        """Every message of the bot in this chat."""
        with self.server.world.changed:
            return self.chat.from_bot

    @property
    def unread(self) -> list[Message]:
        """The messages of the bot that `reads` has not returned yet."""
        return self.received[self._read :]

    def reads(self, count: int = 1) -> list[Message]:
        """Wait for so many new messages of the bot; return all that are new."""
        self.server.wait_until(
            lambda: len(self.chat.from_bot) >= self._read + count,
            f"{count} new message(s) to {self.chat.title}",
        )
        new = self.unread
        self._read += len(new)
        return new

    def reads_one(self) -> Message:
        """Wait for a new message, which must be the only new one so far."""
        new = self.reads()
        assert len(new) == 1, [message.text for message in new]
        return new[0]

    def reads_until(self, words: str) -> list[Message]:
        """Wait for a new message with these words in it; return all that are new."""
        self.server.wait_until(
            lambda: any(words in message.text for message in self.unread),
            f"{words!r} in a message to {self.chat.title}",
        )
        return self.reads()

    def sees_edit(self, message: Message, times: int = 1) -> Message:
        """Wait until the text of a message was edited so many times."""
        self.server.wait_until(
            lambda: len(message.earlier) >= times, f"an edit of {message.text[:40]!r}"
        )
        return message


class Group(Reader):
    """A group that the bot is in. It is shown every message, as an administrator is."""


class Tap:
    """A tap on a button, which spins until the bot answers it."""

    def __init__(self, server: Waits, query: Query) -> None:
        self._server = server
        self._query = query

    def toast(self) -> str:
        """Wait until the button stops spinning; return the words that pop up, if any."""
        self._server.wait_until(lambda: self._query.answer is not None, "an answer to a tap")
        assert self._query.answer is not None
        return str(self._query.answer["text"])


class InlineQuery:
    """An inline query: what a person types after the bot's name in any chat."""

    def __init__(self, server: Waits, query: Query) -> None:
        self._server = server
        self._query = query

    def answer(self) -> dict[str, Any]:
        """Wait for the answer: its `results`, `button`, `cache_time` and `is_personal`."""
        self._server.wait_until(
            lambda: self._query.answer is not None, "an answer to an inline query"
        )
        assert self._query.answer is not None
        return self._query.answer


class Person(Reader):
    """A person with a private chat with the bot."""

    def __init__(self, server: Waits, user: User, chat: Chat) -> None:
        super().__init__(server, chat)
        self.user = user
        self._queries = itertools.count(1)

    def says(
        self,
        text: str,
        to: Group | None = None,
        *,
        reply_to: Message | None = None,
        minutes_ago: float = 0,
    ) -> Message:
        """Send a message to the bot, or to a group."""
        return self._post(to, text, reply_to=reply_to, minutes_ago=minutes_ago)

    def sends(
        self, kind: str, to: Group | None = None, caption: str = "", *, minutes_ago: float = 0
    ) -> Message:
        """Send something of `MEDIA`, perhaps with words under it."""
        content = {kind: MEDIA[kind]} | ({"caption": caption} if caption else {})
        return self._post(to, "", minutes_ago=minutes_ago, **content)

    def _post(self, to: Group | None, text: str, **how: Any) -> Message:
        world = self.server.world
        with world.changed:
            return world.post((to or self).chat, self.user, text, **how)

    def edits(self, message: Message, text: str) -> None:
        """Edit an own message."""
        world = self.server.world
        with world.changed:
            message.earlier.append(message.text)
            message.text, message.entities = text, entities_of(text)
            message.edited = message.date + 1
            world.updates.add("edited_message", message.json(), message.chat.id)

    def taps(self, message: Message, label: str) -> Tap:
        """Tap the button under a message whose label holds these words."""
        button: Button = message.button(label)
        assert button.data, f"{button} opens a page: there is nothing to send"
        return self.taps_data(message, button.data)

    def taps_data(self, message: Message, data: str) -> Tap:
        """Send any callback data at all, as a hand-made client can."""
        world = self.server.world
        with world.changed:
            query = Query(f"{self.user.id}-{next(self._queries)}")
            world.taps[query.id] = query
            body = {
                "id": query.id,
                "from": self.user.json(),
                "message": message.json(),
                "chat_instance": str(message.chat.id),
                "data": data,
            }
            query.update = world.updates.add("callback_query", body, ("tap", self.user.id))
        return Tap(self.server, query)

    def types_inline(self, text: str) -> InlineQuery:
        """Type `@bot text` in some other chat."""
        world = self.server.world
        with world.changed:
            query = Query(f"{self.user.id}-{next(self._queries)}")
            world.inline_queries[query.id] = query
            body = {
                "id": query.id,
                "from": self.user.json(),
                "chat_type": "sender",
                "query": text,
                "offset": "",
            }
            query.update = world.updates.add("inline_query", body, ("inline", self.user.id))
        return InlineQuery(self.server, query)

    def blocks(self) -> Update:
        """Block the bot, which is told of it."""
        world = self.server.world
        with world.changed:
            self.chat.blocked = True
            member = {"user": world.me.json(), "status": "member"}
            body = {
                "chat": self.chat.json(),
                "from": self.user.json(),
                "date": 0,
                "old_chat_member": member,
                "new_chat_member": {**member, "status": "kicked", "until_date": 0},
            }
            return world.updates.add("my_chat_member", body, ("member", self.user.id))
