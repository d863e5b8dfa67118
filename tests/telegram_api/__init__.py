"""A Bot API server for the tests: real HTTP on loopback, as strict as Telegram."""

from tests.telegram_api.messages import Button, Message
from tests.telegram_api.people import MEDIA, Group, Person
from tests.telegram_api.server import PATIENCE, TelegramServer, new_token

__all__ = [
    "MEDIA",
    "PATIENCE",
    "Button",
    "Group",
    "Message",
    "Person",
    "TelegramServer",
    "new_token",
]
