from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.chat.telegram import intake
from bot.chat.telegram.connection import Connection, make_connection
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.web import (
    MOST_BYTES,
    SECRET_HEADER,
    listen,
    pages,
    read_secret,
    served,
    webhook,
)
from bot.errors import UsageError
from bot.settings import Settings
from tests.chat.telegram.conftest import Bench, make_service
from tests.telegram_api import faults
from tests.telegram_api.process import free_port

SECRET = "between-telegram-and-the-bot"


class Web:
    """The pages over HTTP, as Telegram and Prometheus reach them."""

    def __init__(self, bench: Bench, client: httpx.AsyncClient, metrics: Metrics) -> None:
        self.bench, self.client, self.metrics = bench, client, metrics

    async def push(self) -> list[int]:
        """Push what waits, as Telegram does; return the statuses."""
        with self.bench.server.world.changed:
            waiting = [each.json() for each in self.bench.server.world.updates.waiting(99)]
        self.bench.confirm()
        return [await self.post(json=update) for update in waiting]

    async def post(self, secret: str | None = SECRET, **content: Any) -> int:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        response = await self.client.post("/telegram", headers=headers, **content)
        return response.status_code


@asynccontextmanager
async def web_of(bench: Bench, connection: Connection) -> AsyncIterator[Web]:
    metrics = Metrics()
    service = make_service(bench.connection, bench.serving, bench.records, metrics)
    app = pages(connection.contact, metrics)
    app.add_routes([webhook(connection.bot, Intake(service), "/telegram", SECRET)])
    with socket.create_server(("127.0.0.1", 0)) as port:
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        async with (
            served(app, port),
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client,
        ):
            yield Web(bench, client, metrics)


@pytest_asyncio.fixture
async def web(bench: Bench) -> AsyncIterator[Web]:
    async with web_of(bench, bench.connection) as made:
        yield made


async def test_the_answer_is_there_when_the_200_comes(web: Web) -> None:
    person = web.bench.server.person()
    person.says("why is my tyre flat")
    assert await web.push() == [200]
    assert person.received[0].text.startswith("A flat tyre")


async def test_what_can_be_neither_delivered_nor_kept_is_asked_for_again(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PATIENCE", 0.1)
    web.bench.records.parks = False
    person = web.bench.server.person()
    planned = web.bench.server.fails("sendMessage", faults.server_error(), times=None, to=person)
    person.says("thanks")
    [update] = [each.json() for each in web.bench.server.world.updates.waiting(9)]
    assert await web.push() == [503]
    planned.stop()
    while await web.post(json=update) != 200:
        pass
    assert await web.post(json=update) == 200
    assert len(person.received) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "é"])
async def test_without_the_secret_nothing_is_read(web: Web, secret: str | None) -> None:
    headers = {} if secret is None else {SECRET_HEADER: secret.encode()}
    response = await web.client.post("/telegram", headers=headers, json={"update_id": 1})
    assert response.status_code == 403


async def test_a_body_of_more_than_a_mebibyte_is_refused(web: Web) -> None:
    assert await web.post(content=b" " * (MOST_BYTES + 1)) == 413


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_no_json_is_refused(web: Web, body: bytes) -> None:
    assert await web.post(content=body) == 400


@pytest.mark.parametrize("data", [5, [], {}, {"update_id": "x"}, {"update_id": 1, "message": 5}])
async def test_what_makes_no_sense_is_not_asked_for_again(web: Web, data: object) -> None:
    assert await web.post(json=data) == 200


async def test_health_tells_the_last_contact(web: Web) -> None:
    web.bench.contact.last = None
    health = (await web.client.get("/healthz")).json()
    assert health == {"status": "up", "last_contact": None}
    web.bench.server.person().says("thanks")
    await web.push()
    health = (await web.client.get("/healthz")).json()
    assert health["last_contact"].startswith("20")
    web.bench.contact.last = time.time() - 121
    away = await web.client.get("/healthz")
    assert (away.status_code, away.json()["status"]) == (503, "away")


async def test_figures_hold_counts_and_no_person(web: Web) -> None:
    person = web.bench.server.person()
    person.says("broken neck and a flat tyre")
    await web.push()
    web.bench.server.fails("sendMessage", faults.server_error(), to=person)
    person.says("thanks")
    await web.push()
    page = (await web.client.get("/metrics")).text
    assert 'smp_bot_questions_total{entry="flat-tyre",kind="answer"} 1.0' in page
    assert 'smp_bot_alerts_total{level="urgent"} 1.0' in page
    assert "smp_bot_update_seconds_count 2.0" in page
    assert 'smp_bot_failures_total{type="NetworkError"} 1.0' in page
    assert "broken neck" not in page
    assert str(person.user.id) not in page


async def test_before_telegram_is_reached_updates_are_put_off(
    bench: Bench, settings_for: Callable[..., Settings]
) -> None:
    connection = make_connection(settings_for(bench.server))
    async with web_of(bench, connection) as web:
        headers = {SECRET_HEADER: SECRET}
        response = await web.client.post("/telegram", headers=headers, json={"update_id": 1})
    assert response.status_code == 503
    # Telegram heeds it; by itself it would wait longer and longer.
    assert response.headers["Retry-After"] == "1"
    await connection.bot.shutdown()


@pytest.mark.parametrize(
    ("url", "secret", "named"),
    [
        ("http://bot.example", SECRET, "WEBHOOK_URL"),
        ("https://bot.example:8444/telegram", SECRET, "WEBHOOK_URL"),
        ("https://bot.example/healthz", SECRET, "WEBHOOK_URL"),
        ("https://bot.example", "", "WEBHOOK_SECRET"),
        ("https://bot.example", "x" * 257, "WEBHOOK_SECRET"),
        ("https://bot.example", "spaces are not allowed", "WEBHOOK_SECRET"),
    ],
)
def test_unusable_settings_are_named(url: str, secret: str, named: str) -> None:
    settings = Settings(_env_file=None, webhook_url=url, webhook_secret=SecretStr(secret))
    with pytest.raises(UsageError, match=f"^{named}") as fault:
        read_secret(settings)
    assert not secret or secret not in str(fault.value)


@pytest.mark.parametrize(("secret", "told"), [("x" * 16, 0), ("short", 1)])
def test_a_secret_that_can_be_guessed_is_told(
    caplog: pytest.LogCaptureFixture, secret: str, told: int
) -> None:
    settings = Settings(
        _env_file=None, webhook_url="https://bot.example", webhook_secret=SecretStr(secret)
    )
    assert read_secret(settings) == secret
    assert len(caplog.records) == told
    assert secret not in caplog.text.replace("short and can", "")


def test_a_port_that_is_taken_is_named() -> None:
    settings = Settings(_env_file=None, webhook_port=free_port())
    with listen(settings), pytest.raises(UsageError, match="WEBHOOK_PORT"):
        listen(settings)
