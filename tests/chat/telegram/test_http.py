from __future__ import annotations

import asyncio
import email.utils
import time
import traceback
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.chat.telegram import connection
from bot.chat.telegram.connection import Contact, Line, proxy_for
from bot.errors import UsageError
from tests.chat.telegram.conftest import Bench
from tests.telegram_api import faults
from tests.telegram_api.faults import Fault
from tests.telegram_api.process import free_port
from tests.telegram_api.server import TelegramServer

PUBLIC = "https://api.telegram.org"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[Line]:
    made = Line(2)
    await made.initialize()
    yield made
    await made.shutdown()


def me(server: TelegramServer) -> str:
    return f"{server.url}/bot{server.token}/getMe"


@pytest.mark.parametrize("fault", [faults.dropped("before"), faults.server_error(502)])
async def test_a_broken_answer_is_a_network_error_without_the_token(
    opened: Line, shared_telegram: TelegramServer, fault: Fault
) -> None:
    shared_telegram.fails("getMe", fault)
    with pytest.raises(NetworkError) as raised:
        await opened.post(me(shared_telegram))
    assert not isinstance(raised.value, TimedOut)
    assert shared_telegram.token not in "".join(traceback.format_exception(raised.value))
    assert await opened.post(me(shared_telegram))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"5", b"{}", b'{"ok": true}', b'{"ok": false, "error_code": 5}'],
)
async def test_what_is_no_answer_of_telegram_is_a_fault_that_can_be_retried(
    opened: Line, shared_telegram: TelegramServer, body: bytes
) -> None:
    shared_telegram.fails("getMe", faults.gibberish(body))
    with pytest.raises(TelegramError):
        await opened.post(me(shared_telegram))
    assert await opened.post(me(shared_telegram))


async def test_of_a_message_that_was_sent_the_id_is_enough(
    bench: Bench, shared_telegram: TelegramServer
) -> None:
    shared_telegram.fails(
        "sendMessage", faults.gibberish(b'{"ok": true, "result": {"message_id": 5}}')
    )
    assert (await bench.bot.send_message(1, "words")).message_id == 5


async def test_every_word_arrives_as_it_is(bench: Bench) -> None:
    text = "50% + 1 = a&b; c#d? http://x.y/?a=b %41 'q' \"q\" é ж 漢 👍🏽 \u202e\n\ttab \x7f"
    person = bench.server.person()
    person.chat.started = True
    await bench.bot.send_message(person.chat.id, text)
    assert bench.server.calls("sendMessage")[-1].given["text"] == text


async def test_nobody_there_is_a_network_error(opened: Line) -> None:
    with pytest.raises(NetworkError):
        await opened.post(f"http://127.0.0.1:{free_port()}/bot1:x/getMe")


async def test_no_answer_is_a_time_out_and_holds_nobody_else_up(
    opened: Line, shared_telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "READ_SECONDS", 0.3)
    planned = shared_telegram.fails("getMe", faults.timed_out(2))
    stuck = asyncio.create_task(opened.post(me(shared_telegram)))
    await asyncio.to_thread(shared_telegram.wait_until, lambda: planned.hits, "the first")
    assert await opened.post(me(shared_telegram))
    with pytest.raises(TimedOut):
        await stuck


async def test_requests_beyond_the_connections_wait_for_as_long_as_it_takes(
    opened: Line, shared_telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "READ_SECONDS", 0.5)
    slow = shared_telegram.fails("getMe", faults.slow(0.15), times=None)
    answers = await asyncio.gather(*(opened.post(me(shared_telegram)) for _ in range(10)))
    slow.stop()
    assert len(answers) == 10


async def test_a_connection_is_kept_and_a_proxy_is_spoken_to() -> None:
    asked = []
    connections = 0

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while head := await reader.readuntil(b"\r\n\r\n"):
            asked.append(head.decode().splitlines()[0])
            body = b'{"ok": true, "result": 1}'
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await proxy(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    through = Line(1, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await through.initialize()
    for _ in range(2):
        assert await through.post("http://telegram.example/bot1:x/getMe") == 1
    await through.shutdown()
    server.close()
    assert asked == ["POST http://telegram.example/bot1:x/getMe HTTP/1.1"] * 2
    assert connections == 1


@pytest.mark.parametrize(
    ("named", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, "http://proxy.example:3128"),
        ({"ALL_PROXY": "https://proxy.example"}, "https://proxy.example"),
        ({"HTTP_PROXY": "http://proxy.example"}, None),
        ({"ALL_PROXY": "http://proxy.example", "NO_PROXY": "telegram.org"}, None),
        ({"ALL_PROXY": "gopher://proxy.example", "NO_PROXY": "*"}, None),
    ],
)
def test_the_environment_names_the_proxy(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, str], proxy: str | None
) -> None:
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(PUBLIC) == proxy


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://me:hidden@proxy.example:1080")
    with pytest.raises(UsageError, match="ALL_PROXY names a proxy of the kind gopher") as fault:
        proxy_for(PUBLIC)
    assert "hidden" not in str(fault.value)


def test_a_socks_proxy_takes_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://me:hidden@proxy.example:1080")
    assert proxy_for(PUBLIC) == "socks5://me:hidden@proxy.example:1080"
    monkeypatch.setattr(connection, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"smp-risk-bot\[socks\]") as fault:
        proxy_for(PUBLIC)
    assert "hidden" not in str(fault.value)


async def test_a_socks_proxy_is_spoken_to(shared_telegram: TelegramServer) -> None:
    passed = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly((await reader.readexactly(2))[1])
        writer.write(b"\x05\x00")
        await reader.readexactly(4)
        host = ".".join(map(str, await reader.readexactly(4)))
        port = int.from_bytes(await reader.readexactly(2))
        passed.append(f"{host}:{port}")
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        there, back = await asyncio.open_connection(host, port)
        await asyncio.gather(pipe(reader, back), pipe(there, writer))

    server = await asyncio.start_server(socks, "127.0.0.1", 0)
    through = Line(1, f"socks5://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await through.initialize()
    assert await through.post(me(shared_telegram))
    await through.shutdown()
    server.close()
    assert passed == [f"127.0.0.1:{shared_telegram.port}"]


async def test_a_clock_that_is_wrong_is_told_with_its_remedy_and_goes_by_telegrams(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    contact = Contact()
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 7 * 3600)
    for _ in range(2):
        contact.heard(email.utils.formatdate(real, usegmt=True))
    assert abs(contact.now() - real) < 2
    [record] = caplog.records
    assert "timedatectl" in record.getMessage()


async def test_a_clock_that_jumps_between_two_answers_jumps_for_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contact = Contact()
    assert contact.known() is None
    real = time.time()
    contact.heard(email.utils.formatdate(real, usegmt=True))
    monkeypatch.setattr(time, "time", lambda: real + 400 * 86_400)
    assert abs((contact.known() or 0) - real) < 60
    assert abs(contact.now() - real) < 60


async def test_every_answer_tells_telegrams_time(bench: Bench) -> None:
    bench.contact.ahead = 5.0
    bench.contact._compared = float("-inf")
    await bench.bot.get_me()
    assert bench.contact.ahead == 0.0
