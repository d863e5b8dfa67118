"""Updates: long polling, webhooks, and what people do to cause them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from typing import Any

import httpx
import pytest
import uvicorn

from tests.telegram_api.conftest import Bot


def test_an_offset_confirms(telegram, api, ada):
    ada.says("second")
    first, second = api.result("getUpdates")
    assert [u["message"]["text"] for u in (first, second)] == ["hello", "second"]
    assert [u["update_id"] for u in api.result("getUpdates", limit=1)] == [first["update_id"]]
    assert api.result("getUpdates", offset=second["update_id"]) == [second]
    assert telegram.world.updates.all[first["update_id"]].confirmed
    assert not telegram.world.updates.all[second["update_id"]].confirmed


def test_a_long_poll_returns_when_something_comes(telegram, api):
    ada = telegram.person()
    timer = threading.Timer(0.2, lambda: ada.says("/start mri-scan"))
    timer.start()
    started = time.monotonic()
    [update] = api.result("getUpdates", timeout=15)
    assert time.monotonic() - started < 10
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    timer.join()


def test_a_long_poll_ends_with_nothing(api):
    assert api.result("getUpdates", timeout=1) == []


def test_of_two_pollers_the_first_is_sent_away(telegram, api):
    refused = []
    first = threading.Thread(target=lambda: refused.append(api.refusal("getUpdates", timeout=20)))
    first.start()
    telegram.wait_until(lambda: telegram.world.polls == 1, "the first poll")
    with httpx.Client(timeout=20, trust_env=False, verify=False) as client:
        Bot(telegram, client).result("getUpdates", timeout=1)
    first.join()
    assert "terminated by other getUpdates request" in refused[0]


def test_only_allowed_updates_come(telegram, api, ada):
    assert api.result("getUpdates", allowed_updates=["callback_query"])
    ada.says("not seen")
    assert [u["message"]["text"] for u in api.result("getUpdates")] == ["hello"]
    telegram.push("no_such_kind", {})
    assert "no_such_kind" in api.result("getUpdates")[-1]


def test_polling_and_a_webhook_exclude_each_other(api):
    assert "HTTPS URL" in api.refusal("setWebhook", url="http://example.org/")
    api.result("setWebhook", url="http://127.0.0.1:9/", allowed_updates=["message"])
    assert "while webhook is active" in api.refusal("getUpdates")
    assert api.result("getWebhookInfo")["url"] == "http://127.0.0.1:9/"
    api.result("deleteWebhook")
    assert api.result("getUpdates") == []


class Hook:
    """A webhook that keeps what it is sent, and answers as it is told to."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.seen: list[tuple[str, str]] = []
        self.at_once = self.most_at_once = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event["body"], event["more_body"]
        secret = dict(scope["headers"]).get(b"x-telegram-bot-api-secret-token", b"").decode()
        self.seen.append((json.loads(body)["message"]["text"], secret))
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(0.02)
        self.at_once -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def listen():
    """Serve a webhook; return its address."""
    servers = []

    def listening(hook: Hook) -> str:
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        config = uvicorn.Config(
            hook, interface="asgi3", ws="none", lifespan="off", log_config=None
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{sock.getsockname()[1]}/hook"

    yield listening
    for server, thread in servers:
        server.should_exit = server.force_exit = True
        thread.join()


def test_updates_are_pushed_with_the_secret_and_confirmed(telegram, api, ada, listen):
    hook = Hook()
    api.result("setWebhook", url=listen(hook), secret_token="s3cret")
    ada.says("second")
    telegram.wait_until_confirmed()
    assert hook.seen == [("hello", "s3cret"), ("second", "s3cret")]


def test_what_is_refused_is_pushed_again_and_holds_back_only_its_chat(telegram, api, ada, listen):
    hook = Hook(500, 503)
    api.result("setWebhook", url=listen(hook))
    telegram.wait_until(lambda: telegram.world.webhook.last_error, "a failure")
    ada.says("second")
    telegram.person().says("somebody else")
    telegram.wait_until_confirmed()
    own = [text for text, _ in hook.seen if text != "somebody else"]
    assert own.count("hello") == 3 or ("somebody else", "") in hook.seen[:3]
    assert own[-1] == "second"
    assert "50" in api.result("getWebhookInfo")["last_error_message"]


def test_no_more_connections_than_the_bot_asked_for(telegram, api, listen):
    hook = Hook()
    api.result("setWebhook", url=listen(hook), max_connections=3)
    for _ in range(30):
        telegram.person().says("hello")
    telegram.wait_until_confirmed()
    assert len(hook.seen) == 30
    assert 2 <= hook.most_at_once <= 3


def test_commands_and_mentions_are_marked_as_telegram_marks_them(telegram, api):
    group, ada = telegram.group(), telegram.person()
    ada.says("😀 @scalp_facts_bot hi, a/b not/cmd, mail@example.org", group)
    ada.says("/ask@scalp_facts_bot is it safe", group)
    first, second = (u["message"] for u in api.result("getUpdates"))
    assert first["chat"]["type"] == "supergroup"
    assert first["entities"] == [{"type": "mention", "offset": 3, "length": 16}]
    assert second["entities"] == [{"type": "bot_command", "offset": 0, "length": 20}]


def test_edits_media_and_old_messages(telegram, api, ada):
    message = ada.says("first", minutes_ago=90)
    ada.edits(message, "second")
    ada.sends("photo", caption="look")
    _, old, edited, photo = api.result("getUpdates")
    assert time.time() - old["message"]["date"] > 5000
    assert edited["edited_message"]["text"] == "second"
    assert edited["edited_message"]["message_id"] == message.id
    assert photo["message"]["photo"]
    assert photo["message"]["caption"] == "look"


def test_waiting_in_vain_fails_and_says_for_what(telegram):
    with pytest.raises(AssertionError, match="waited 0 s for nothing; last calls"):
        telegram.wait_until(lambda: False, "nothing", patience=0.05)
