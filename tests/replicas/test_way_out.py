"""nginx on the way to Telegram, as docs/operating.md has it: nothing is sent twice."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.records.replicas.keys import HEADER
from tests.replicas.proxy import Nginx, program
from tests.telegram_api import Person, TelegramServer, faults

pytestmark = pytest.mark.skipif(
    not program() and not os.environ.get("CI"), reason="nginx is not installed"
)


@pytest.fixture
def nginx(telegram: TelegramServer, tmp_path: Path) -> Iterator[Nginx]:
    with Nginx(tmp_path, [1], telegram.port) as running:
        yield running


@pytest.fixture
def person(telegram: TelegramServer) -> Person:
    made = telegram.person()
    made.chat.started = True
    return made


def send(nginx: Nginx, to: Person, text: str, key: str = "") -> httpx.Response:
    url = f"{nginx.api_url}/bot{to.server.world.token}/sendMessage"
    given = {"chat_id": to.chat.id, "text": text}
    headers = {HEADER: key} if key else {}
    return httpx.post(url, json=given, headers=headers, trust_env=False, timeout=20)


def texts(person: Person) -> list[str]:
    return [each.text for each in person.received]


def test_the_same_key_again_gets_the_first_answer_of_telegram(
    nginx: Nginx, person: Person
) -> None:
    first, again = (send(nginx, person, text, "1-7-0") for text in ("hello", "hello again"))
    assert first.json()["result"]["message_id"] == again.json()["result"]["message_id"]
    assert send(nginx, person, "more", "1-7-1").is_success
    assert texts(person) == ["hello", "more"]


def test_what_has_no_key_is_always_sent(nginx: Nginx, person: Person) -> None:
    for _ in range(2):
        assert send(nginx, person, "hello").is_success
    assert texts(person) == ["hello", "hello"]


@pytest.mark.parametrize(
    "fault", [faults.too_many_requests(), faults.server_error(), faults.not_parsed()]
)
def test_what_telegram_refused_may_be_tried_again(
    nginx: Nginx, person: Person, telegram: TelegramServer, fault: Any
) -> None:
    telegram.fails("sendMessage", fault)
    refused = send(nginx, person, "hello", "1-7-0")
    assert refused.status_code == fault.refusal.code
    assert "description" in refused.json()
    assert send(nginx, person, "hello", "1-7-0").is_success
    assert texts(person) == ["hello"]


def test_what_was_begun_is_sent_once_though_the_sender_is_gone(
    nginx: Nginx, person: Person, telegram: TelegramServer
) -> None:
    slow = telegram.fails("sendMessage", faults.slow(1.0))
    body = f'{{"chat_id": {person.chat.id}, "text": "hello"}}'
    host, port = nginx.api_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as sender:
        sender.sendall(
            f"POST /bot{telegram.token}/sendMessage HTTP/1.1\r\n"
            f"Host: {host}\r\n{HEADER}: 1-7-0\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        telegram.wait_until(lambda: slow.hits, "the message to be on its way")
    again = send(nginx, person, "hello", "1-7-0")
    assert again.is_success
    assert [each.id for each in person.received] == [again.json()["result"]["message_id"]]


def test_the_token_and_the_words_are_in_no_log(
    nginx: Nginx, person: Person, telegram: TelegramServer, tmp_path: Path
) -> None:
    assert send(nginx, person, "xylophone", "1-7-0").is_success
    telegram.stop()
    assert send(nginx, person, "xylophone", "1-7-1").status_code == 502
    logs = list(tmp_path.glob("*.log"))
    assert len(logs) == 2
    for log in logs:
        assert telegram.token.encode() not in log.read_bytes()
        assert b"xylophone" not in log.read_bytes()
