from __future__ import annotations

import asyncio
import socket
import time
from pathlib import Path

import httpx
import pytest

from bot.chat.telegram import health
from bot.chat.telegram.health import pages
from bot.chat.telegram.http import Contact
from bot.chat.telegram.metrics import NoMetrics, PrometheusMetrics
from tests.telegram_api.process import free_port


async def test_a_bot_that_polls_tells_whether_it_is_well() -> None:
    contact, port = Contact(last=time.time()), free_port()
    async with (
        pages("127.0.0.1", port, contact, PrometheusMetrics()),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        well = await client.get("/healthz")
        assert (well.status_code, well.json()["status"]) == (200, "up")
        assert b"smp_bot_questions" in (await client.get("/metrics")).content
        assert (await client.get("/elsewhere")).status_code == 404
        contact.last = time.time() - 121
        assert (await client.get("/healthz")).status_code == 503


async def test_before_the_first_contact_it_has_two_minutes() -> None:
    contact, port = Contact(), free_port()
    async with (
        pages("127.0.0.1", port, contact, NoMetrics()),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/metrics")).status_code == 404
        contact.since -= 121
        assert (await client.get("/healthz")).json() == {"status": "away", "last_contact": None}


async def test_a_port_that_is_taken_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with pages("127.0.0.1", port, Contact(), NoMetrics()):
            pass
    [record] = caplog.records
    assert str(port) in record.getMessage()


async def test_systemd_is_told_while_the_bot_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_WATCHDOG_SECONDS", 0.01)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    contact = Contact(last=time.time() - 121)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.setblocking(False)
        telling = asyncio.create_task(health.watchdog(contact))
        await asyncio.sleep(0.05)
        with pytest.raises(BlockingIOError):
            told.recv(20)
        contact.last = time.time()
        assert await asyncio.get_running_loop().sock_recv(told, 20) == b"WATCHDOG=1"
        telling.cancel()
