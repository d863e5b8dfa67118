"""The handlers with a small FAQ about bicycles, against the Bot API server of the tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from telegram import Update

from bot.answering.answerer import Answerer
from bot.chat.telegram.connection import Connection, make_connection
from bot.chat.telegram.delivery import Delivery
from bot.chat.telegram.intake import Intake, read_update
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.outbox import Outbox
from bot.chat.telegram.serving import Pieces, Service, Serving
from bot.faq.models import (
    Alert,
    Alerts,
    Entry,
    Faq,
    Knowledge,
    Points,
    Referral,
    Replies,
    Sign,
    Signs,
    SmallTalk,
)
from bot.records.port import Records
from bot.settings import Settings
from tests.telegram_api.messages import Message
from tests.telegram_api.people import Reader
from tests.telegram_api.server import TelegramServer

ENTRIES = (
    Entry(
        id="flat-tyre",
        kind="risk",
        title="A flat tyre",
        questions=(
            "Why is my tyre flat?",
            "my tyre has a puncture",
            "tyre loses air overnight",
            "broken neck and a flat tyre",
        ),
        answer="A thorn or glass may have gone in.\nLook at the tyre before you ride.",
        what_to_do="Do not ride on it.",
        get_help_if=("the rim is bent", "air hisses <loudly> & fast"),
        referral=Referral(to="technician", when="soon"),
        related=("squeaky-brakes", "chain-oil"),
    ),
    Entry(
        id="squeaky-brakes",
        kind="risk",
        title="Brakes that squeak",
        questions=("Why do my brakes squeak?", "brake noise", "squealing brake pads"),
        answer="The pads may be worn or dirty.",
        referral=Referral(to="technician", when="today"),
    ),
    Entry(
        id="chain-oil",
        title="Oiling the chain",
        questions=("How do I oil the chain?", "chain lubricant", "my chain is dry and rusty"),
        answer="Wipe it, oil it, wipe it again.",
        points=Points(heading="You need", items=("a rag", "oil")),
    ),
    Entry(
        id="gap-price",
        kind="gap",
        title="What a repair costs",
        questions=("How much does a repair cost?", "price of a new wheel"),
        answer="My documents do not say.",
    ),
)
REPLIES = Replies(
    photo="I cannot look at pictures.",
    media="I can only read text.",
    late="Sorry for the wait.",
    small_talk=(SmallTalk(says=("thanks", "thank you"), reply="You are welcome."),),
)
ALERTS = Alerts(
    alerts=(
        Alert(name="crash", level="urgent", message="Call for help now.\nStay where you are."),
        Alert(name="harm", level="crisis", message="Please talk to somebody now."),
    )
)
SIGNS = Signs(
    signs=(
        Sign(name="crash", alert="crash", catches="A fall.", said=("broken neck",)),
        Sign(name="harm", alert="harm", catches="Self-harm.", said=("kill myself",)),
    )
)
KNOWLEDGE = Knowledge(
    faq=Faq(title="Bicycle questions", entries=ENTRIES),
    replies=REPLIES,
    alerts=ALERTS,
    signs=SIGNS,
)
ANSWERER = Answerer(KNOWLEDGE)


@dataclass
class FixedServing:
    answerer: Answerer


@dataclass
class KeptRecords(Records):
    """Records in memory, to see what the handlers report."""

    questions: list[tuple[str, tuple[str, ...], str | None]] = field(default_factory=list)
    votes: list[tuple[str | None, bool]] = field(default_factory=list)
    misses: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    claims: dict[int, str] = field(default_factory=dict)
    parked: dict[int, str] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    parks: bool = True

    async def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        self.questions.append((kind, tuple(entry_ids), alert))

    async def feedback(self, entry_id: str | None, helpful: bool) -> None:
        self.votes.append((entry_id, helpful))

    async def missed(self, text: str, nearest: Sequence[str]) -> None:
        self.misses.append((text, tuple(nearest)))

    async def claim(self, update_id: int, *, urgent: bool = False) -> bool:
        return self.claims.setdefault(update_id, "claimed") != "settled"

    async def settle(self, update_id: int) -> None:
        self.claims[update_id] = "settled"
        self.parked.pop(update_id, None)

    async def release(self, update_id: int) -> None:
        del self.claims[update_id]

    async def park(self, update_id: int, answer: str) -> bool:
        self.claims[update_id] = "parked"
        self.parked[update_id] = answer
        return self.parks

    async def adopt(self) -> dict[int, str]:
        found, self.left = self.left, {}
        return found


SECOND = 0.02
"""How long a second of waiting lasts in these tests."""
HOLD = 50.0


def make_service(
    connection: Connection,
    serving: Serving,
    records: Records | None = None,
    metrics: Metrics | None = None,
    second: float = SECOND,
    pieces: Pieces | None = None,
) -> Service:
    """What the handlers share, with waits that are short."""
    bot, records, metrics = connection.bot, records or Records(), metrics or Metrics()
    delivery = Delivery(bot)
    now = connection.contact.now
    outbox = Outbox(
        delivery,
        lambda: serving.answerer.knowledge,
        records,
        metrics,
        clock=now,
        second=second,
        hold=HOLD,
    )
    pieces = pieces or Pieces(SECOND)
    return Service(bot, serving, delivery, outbox, records, metrics, pieces=pieces)


class Bench:
    """A bot's handlers on a server: `handle` gives them what people did since the last time."""

    def __init__(self, server: TelegramServer, connection: Connection, answerer: Answerer) -> None:
        self.server = server
        self.connection = connection
        self.bot = connection.bot
        self.contact = connection.contact
        self.records = KeptRecords()
        self.serving = FixedServing(answerer)
        self.service = make_service(connection, self.serving, self.records)
        self.outbox = self.service.outbox
        self.intake = Intake(self.service)

    def updates(self) -> list[Update]:
        with self.server.world.changed:
            waiting = [update.json() for update in self.server.world.updates.waiting(1000)]
        found = [read_update(data, self.bot) for data in waiting]
        return [update for update in found if update]

    async def handle(self) -> list[bool]:
        """Take all that waits; confirm it; say of each whether it was answered."""
        updates = self.updates()
        outcomes = await asyncio.gather(*(self.intake.take(update) for update in updates))
        self.confirm()
        return list(outcomes)

    def confirm(self) -> None:
        with self.server.world.changed:
            for update in self.server.world.updates.waiting(1000):
                self.server.world.updates.confirm(update.id)

    async def read(self, reader: Reader, count: int = 1) -> list[Message]:
        """What somebody reads, once so many messages are there."""
        return await asyncio.to_thread(reader.reads, count)

    async def soon(self, so: Callable[[], object]) -> None:
        """Wait until something is so in the bot itself."""
        async with asyncio.timeout(10):
            while not so():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def until(self, so: Callable[[], object], what: str) -> None:
        await asyncio.to_thread(self.server.wait_until, so, what, 10.0)

    async def hear(self, person: Any, *texts: str, **how: Any) -> list[Any]:
        """Let a person say something, and return what they then read."""
        for text in texts:
            person.says(text, **how)
            await self.handle()
        said = person.unread
        person._read += len(said)
        return said


@pytest.fixture
def knowledge() -> Knowledge:
    return KNOWLEDGE


@pytest.fixture
def settings_for() -> Callable[..., Settings]:
    def make(server: TelegramServer, **others: Any) -> Settings:
        token = SecretStr(server.token)
        return Settings(
            _env_file=None, telegram_bot_token=token, telegram_api_url=server.url, **others
        )

    return make


@pytest.fixture(scope="session")
def shared_telegram() -> Iterator[TelegramServer]:
    """One server for all benches: each test has people of its own."""
    with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture
async def bench(
    shared_telegram: TelegramServer, settings_for: Callable[..., Settings]
) -> AsyncIterator[Bench]:
    connection = make_connection(settings_for(shared_telegram))
    bot = connection.bot
    await bot.initialize()
    made = Bench(shared_telegram, connection, ANSWERER)
    yield made
    await made.intake.close(5)
    await bot.shutdown()
