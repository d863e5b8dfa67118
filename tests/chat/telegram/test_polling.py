"""What is confirmed to Telegram, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bot.chat.telegram import polling
from bot.chat.telegram.connection import Connection, make_connection
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.polling import Poller
from bot.errors import UsageError
from bot.settings import Settings
from tests.chat.telegram.conftest import ANSWERER, FixedServing, make_service
from tests.telegram_api import faults
from tests.telegram_api.server import TelegramServer


class Polled:
    """A poller on a server of its own."""

    def __init__(self, server: TelegramServer, connection: Connection) -> None:
        self.server = server
        bot = connection.bot
        service = make_service(connection, FixedServing(ANSWERER))
        self.intake = Intake(service)
        self.poller = Poller(bot, connection.updates, self.intake)
        self.task = asyncio.create_task(self.poller.run())

    async def until(self, so: Callable[[], object], what: str) -> None:
        await asyncio.to_thread(self.server.wait_until, so, what)

    async def stop(self, seconds: float) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.poller.close(seconds)
        await self.intake.close(0)


Start = Callable[[], AbstractAsyncContextManager[Polled]]


@pytest.fixture
def start(telegram: TelegramServer, settings_for: Callable[..., Settings]) -> Start:
    @asynccontextmanager
    async def started() -> AsyncIterator[Polled]:
        connection = make_connection(settings_for(telegram))
        bot = connection.bot
        await bot.initialize()
        polled = Polled(telegram, connection)
        try:
            yield polled
        finally:
            await polled.stop(5)
            await bot.shutdown()

    return started


async def test_an_update_is_confirmed_once_it_is_answered(
    telegram: TelegramServer, start: Start
) -> None:
    person = telegram.person()
    person.says("thanks")
    async with start() as polled:
        await polled.until(lambda: not telegram.world.updates.pending, "the confirmation")
    assert len(person.received) == 1


async def test_nothing_is_confirmed_before_it_is_answered_or_kept(
    telegram: TelegramServer, start: Start
) -> None:
    slow, quick = telegram.person(), telegram.person()
    telegram.fails("sendMessage", faults.too_many_requests(5000), to=slow)
    slow.says("thanks")
    async with start() as polled:
        await polled.until(lambda: telegram.calls("sendMessage"), "the refusal")
        quick.says("thanks")
        await polled.until(lambda: quick.received, "an answer to the quick one")
        await polled.until(lambda: telegram.world.polls > 3, "more polls")
        waiting = [update.body["chat"]["id"] for update in telegram.world.updates.waiting(9)]
        assert waiting == [slow.chat.id, quick.chat.id]
        await polled.stop(0.1)
        waiting = [update.body["chat"]["id"] for update in telegram.world.updates.waiting(9)]
        assert waiting == [slow.chat.id, quick.chat.id]
    async with start() as polled:
        await polled.until(lambda: slow.received, "the answer after the restart")


async def test_a_webhook_that_somebody_sets_is_told_once_and_left(
    telegram: TelegramServer,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polling, "_FIRST_PAUSE", 0.01)
    async with start() as polled:
        await polled.until(lambda: telegram.world.polls, "a poll")
        with telegram.world.changed:
            telegram.world.webhook.url = "http://127.0.0.1:9/elsewhere"
        refused = telegram.count("getUpdates") + 3
        telegram.person().says("thanks")
        await polled.until(lambda: telegram.count("getUpdates") >= refused, "three refusals")
        assert telegram.world.webhook.url
        assert not telegram.count("deleteWebhook")
        telegram.world.webhook.url = ""
    [record] = caplog.records
    assert "set a webhook" in record.getMessage()


async def test_a_stop_waits_for_what_was_taken_and_confirms_it(
    telegram: TelegramServer, start: Start
) -> None:
    person = telegram.person()
    telegram.fails("sendMessage", faults.too_many_requests(1), to=person)
    person.says("thanks")
    async with start() as polled:
        await polled.until(lambda: telegram.calls("sendMessage"), "the refusal")
        await polled.stop(5)
    assert len(person.received) == 1
    assert not telegram.world.updates.pending


async def test_one_that_is_stuck_never_stops_the_others(
    telegram: TelegramServer, start: Start
) -> None:
    stuck = telegram.person()
    telegram.fails("sendMessage", faults.too_many_requests(5000), times=None, to=stuck)
    stuck.says("thanks")
    others = [telegram.person() for _ in range(250)]
    for other in others:
        other.says("thanks")
    async with start() as polled:
        await polled.until(lambda: all(other.received for other in others), "250 answers")
        await polled.stop(0.1)
    assert all(len(other.received) == 1 for other in others)


async def test_an_update_that_makes_no_sense_hides_no_other(
    telegram: TelegramServer, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.push("message", {"marker": "word"})
    telegram.push("message", 7)
    telegram.push("unheard_of", {"marker": "word"})
    person = telegram.person()
    person.says("thanks")
    async with start() as polled:
        await polled.until(lambda: not telegram.world.updates.pending, "the confirmation")
    assert len(person.received) == 1
    assert len(caplog.records) == 2
    assert "marker" not in caplog.text


async def test_what_cannot_be_delivered_at_first_is_tried_again(
    telegram: TelegramServer, start: Start
) -> None:
    person = telegram.person()
    telegram.fails("sendMessage", faults.server_error(), times=5, to=person)
    person.says("thanks")
    async with start() as polled:
        await polled.until(lambda: not telegram.world.updates.pending, "the confirmation")
    assert len(person.received) == 1


async def test_a_conflict_is_logged_once_with_its_remedy(
    telegram: TelegramServer,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polling, "_FIRST_PAUSE", 0.01)
    planned = telegram.fails("getUpdates", faults.conflict(), times=3)
    person = telegram.person()
    person.says("thanks")
    async with start() as polled:
        await polled.until(lambda: person.received, "an answer after the conflict")
    assert planned.hits == 3
    [record] = caplog.records
    assert "Stop the other one" in record.getMessage()


async def test_an_outage_is_logged_at_its_beginning_and_its_end(
    telegram: TelegramServer,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polling, "_FIRST_PAUSE", 0.01)
    telegram.fails("getUpdates", faults.server_error(), times=3)
    person = telegram.person()
    person.says("thanks")
    async with start() as polled:
        await polled.until(lambda: person.received, "an answer after the outage")
    told = [record.getMessage() for record in caplog.records]
    assert told == ["Polling failed (NetworkError); trying on", "Polling works again"]


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"ok": true, "result": true}', b'{"ok": true, "result": {"a": 1}}']
)
async def test_an_answer_that_is_none_does_not_end_it(
    telegram: TelegramServer, start: Start, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(polling, "_FIRST_PAUSE", 0.01)
    telegram.fails("getUpdates", faults.gibberish(body), times=2)
    person = telegram.person()
    person.says("thanks")
    async with start() as polled:
        await polled.until(lambda: person.received, "an answer after it")


async def test_a_token_that_is_revoked_ends_it(telegram: TelegramServer, start: Start) -> None:
    async with start() as polled:
        telegram.fails("getUpdates", faults.unauthorised(), times=None)
        telegram.person().says("thanks")
        with pytest.raises(UsageError, match="TELEGRAM_BOT_TOKEN"):
            await asyncio.wait_for(polled.task, 40)
