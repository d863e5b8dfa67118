from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.chat.telegram import web
from bot.chat.telegram.connection import Contact
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.web import Pulse, pages, served


@asynccontextmanager
async def looking(contact: Contact) -> AsyncIterator[httpx.AsyncClient]:
    with socket.create_server(("127.0.0.1", 0)) as port:
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        async with (
            served(pages(contact, Metrics()), port),
            httpx.AsyncClient(base_url=url, trust_env=False) as client,
        ):
            yield client


async def test_a_bot_that_polls_tells_whether_it_is_well() -> None:
    contact = Contact(last=time.time())
    async with looking(contact) as client:
        well = await client.get("/healthz")
        assert (well.status_code, well.json()["status"]) == (200, "up")
        assert "server" not in well.headers
        assert b"smp_bot_questions" in (await client.get("/metrics")).content
        assert (await client.get("/elsewhere")).status_code == 404
        contact.last = time.time() - 121
        assert (await client.get("/healthz")).status_code == 503


async def test_before_the_first_contact_it_has_two_minutes() -> None:
    contact = Contact()
    async with looking(contact) as client:
        assert (await client.get("/healthz")).status_code == 200
        contact.since -= 121
        assert (await client.get("/healthz")).json() == {"status": "away", "last_contact": None}


async def test_figures_are_read_when_they_are_asked_for() -> None:
    metrics, pulse = Metrics(), Pulse()
    metrics.watch(
        {"smp_bot_faq_refused": lambda: True, "smp_bot_loop_stall_seconds": pulse.longest}
    )
    beating = asyncio.create_task(pulse.beat())
    await asyncio.sleep(0)
    time.sleep(0.5)  # noqa: ASYNC251, the loop stands still for longer than a beat
    await asyncio.sleep(0.3)
    beating.cancel()
    page = metrics.page().decode()
    assert "smp_bot_faq_refused 1.0" in page
    assert "smp_bot_records_away_seconds 0.0" in page
    assert float(re.search(r"^smp_bot_loop_stall_seconds (\S+)$", page, re.M)[1]) > 0.2
    assert "smp_bot_loop_stall_seconds 0.0" in metrics.page().decode()


async def test_systemd_is_told_while_the_bot_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_WATCHDOG_SECONDS", 0.01)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    contact = Contact(last=time.time() - 121)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.setblocking(False)
        telling = asyncio.create_task(web.watchdog(contact))
        await asyncio.sleep(0.05)
        with pytest.raises(BlockingIOError):
            told.recv(20)
        contact.last = time.time()
        assert await asyncio.get_running_loop().sock_recv(told, 20) == b"WATCHDOG=1"
        telling.cancel()
