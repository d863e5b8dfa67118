"""Faults on demand."""

from __future__ import annotations

import contextlib
import gc
import socket
import threading
import warnings

import httpx
import pytest

from tests.telegram_api import faults
from tests.telegram_api.conftest import Bot
from tests.telegram_api.server import TelegramServer


def test_refusals_on_demand_count_down_and_keep_to_their_chat(telegram, api, ada):
    bob = telegram.person("Bob")
    bob.says("hello")
    planned = telegram.fails("sendMessage", faults.too_many_requests(3), times=2, to=ada)
    assert api.result("sendMessage", chat_id=bob.user.id, text="a")
    for _ in range(2):
        answer = api.call("sendMessage", chat_id=ada.user.id, text="a")
        assert answer.status_code == 429
        assert answer.json()["parameters"] == {"retry_after": 3}
    assert api.result("sendMessage", chat_id=ada.user.id, text="a")
    assert planned.hits == 2


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.server_error(500), 500),
        (faults.server_error(502), 502),
        (faults.blocked(), 403),
        (faults.conflict(), 409),
        (faults.unauthorised(), 401),
        (faults.not_parsed(), 400),
    ],
)
def test_every_status_can_be_had(telegram, api, ada, fault, status):
    telegram.fails("sendMessage", fault)
    assert api.call("sendMessage", chat_id=ada.user.id, text="a").status_code == status
    assert not ada.received


def test_gibberish_is_no_json(telegram, api):
    telegram.fails("getMe", faults.gibberish())
    answer = api.call("getMe")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


@pytest.mark.parametrize(("when", "sent"), [("before", 0), ("midway", 1), ("after", 1)])
def test_a_connection_can_be_dropped(telegram, api, ada, when, sent):
    telegram.fails("sendMessage", faults.dropped(when))
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        api.call("sendMessage", chat_id=ada.user.id, text="a")
    assert len(ada.received) == sent


def test_a_call_can_take_too_long(telegram, api):
    telegram.fails("getMe", faults.timed_out())
    api.client.timeout = 0.3
    with pytest.raises(httpx.ReadTimeout):
        api.call("getMe")


def test_the_network_can_be_down_and_come_back():
    telegram = TelegramServer()
    with httpx.Client(trust_env=False, verify=False) as client:
        api = Bot(telegram, client)
        with pytest.raises(httpx.ConnectError):
            api.call("getMe")
        for _ in range(2):
            with telegram:
                assert api.result("getMe")
            with pytest.raises(httpx.ConnectError):
                api.call("getMe")


def test_a_server_that_is_stopped_while_people_connect_leaves_nothing_open():
    def connect(port: int, stopped: threading.Event) -> None:
        with contextlib.ExitStack() as held:
            while not stopped.is_set():
                with contextlib.suppress(OSError):
                    held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))

    with warnings.catch_warnings(record=True, action="always") as seen:
        for _ in range(20):
            server, stopped = TelegramServer().start(), threading.Event()
            people = threading.Thread(target=connect, args=(server.port, stopped))
            people.start()
            server.stop()
            stopped.set()
            people.join()
        gc.collect()
    assert not [str(each.message) for each in seen]
