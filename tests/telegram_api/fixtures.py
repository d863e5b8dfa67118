"""Fixtures: a server, and the bot served by polling and by webhook."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.answering.answerer import Answerer
from bot.faq.models import Entry, Knowledge
from tests.shipped import shipped_answerer, shipped_knowledge
from tests.telegram_api.people import Group, Person
from tests.telegram_api.process import BotProcess
from tests.telegram_api.server import TelegramServer


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    """A server that no bot uses yet."""
    with TelegramServer() as server:
        yield server


def _served(folder: pytest.TempPathFactory, *, webhook: bool) -> Iterator[BotProcess]:
    with (
        TelegramServer() as server,
        BotProcess(server, folder.mktemp("bot"), webhook=webhook) as bot,
    ):
        yield bot


@pytest.fixture(scope="session")
def polling_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """A bot that polls; all tests of a run share it, each with people of its own."""
    yield from _served(tmp_path_factory, webhook=False)


@pytest.fixture(scope="session")
def webhook_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """A bot with a webhook; all tests of a run share it, each with people of its own."""
    yield from _served(tmp_path_factory, webhook=True)


@pytest.fixture(params=["polling", "webhook"])
def bot(request: pytest.FixtureRequest) -> BotProcess:
    """The bot, served in each of the two ways."""
    served: BotProcess = request.getfixturevalue(f"{request.param}_bot")
    return served


@pytest.fixture(scope="session")
def served_knowledge() -> Knowledge:
    """What the served bot knows."""
    return shipped_knowledge()


@pytest.fixture(scope="session")
def served_answerer() -> Answerer:
    """The answers that the served bot gives, before they are put in Telegram's form."""
    return shipped_answerer()


@pytest.fixture(scope="session")
def served_entries(served_knowledge: Knowledge) -> dict[str, Entry]:
    """The entries that the served bot answers with, by each id that they have or had."""
    now = {entry.id: entry for entry in served_knowledge.faq.entries}
    return {each: now[name] for each, name in served_knowledge.ids.items()}


@pytest.fixture(scope="session")
def served_alerts(served_knowledge: Knowledge) -> dict[str, str]:
    """The message of each alert, by its name."""
    return {alert.name: alert.message for alert in served_knowledge.alerts.alerts}


@pytest.fixture
def person(bot: BotProcess) -> Person:
    """Somebody new, who talks with the bot."""
    return bot.server.person("Marigold")


@pytest.fixture
def group(bot: BotProcess) -> Group:
    """A new group that the bot is in."""
    return bot.server.group()
