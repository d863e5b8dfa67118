"""A bot without a program: calls made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.telegram_api.people import Person
from tests.telegram_api.server import TelegramServer


class Bot:
    """Calls the server, by form as the library does."""

    def __init__(self, telegram: TelegramServer, client: httpx.Client) -> None:
        self.base = f"{telegram.url}/bot{telegram.token}"
        self.client = client

    def call(self, method: str, **given: Any) -> httpx.Response:
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in given.items()
        }
        return self.client.post(f"{self.base}/{method}", data=form)

    def result(self, method: str, **given: Any) -> Any:
        answer = self.call(method, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def refusal(self, method: str, **given: Any) -> str:
        answer = self.call(method, **given)
        body = answer.json()
        assert body["ok"] is False
        assert body["error_code"] == answer.status_code
        return str(body["description"])


@pytest.fixture
def api(telegram: TelegramServer) -> Iterator[Bot]:
    with httpx.Client(timeout=20, trust_env=False, verify=False) as client:
        yield Bot(telegram, client)


@pytest.fixture
def ada(telegram: TelegramServer) -> Person:
    person = telegram.person("Ada")
    person.says("hello")
    return person
