"""Updates that no client of Telegram makes, and requests that Telegram did not send."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.faq.models import Knowledge
from tests.telegram_api import Person
from tests.telegram_api.process import SECRET, BotProcess

HEADER = "X-Telegram-Bot-Api-Secret-Token"
CHAT = {"id": 5, "type": "private", "first_name": "Nobody"}
BARE = {"message_id": 1, "date": 0, "chat": CHAT}
TAP = {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "Nobody"}}
NESTED: Any = json.loads("[" * 200 + "]" * 200)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("made_up_kind", {"a": 1}),
        ("made_up_kind", None),
        ("message", {}),
        ("message", None),
        ("message", []),
        ("message", "hello"),
        ("message", BARE),
        ("message", BARE | {"text": None}),
        ("message", BARE | {"text": 5, "from": TAP["from"]}),
        ("message", BARE | {"text": "hi", "entities": [{"type": "made-up"}]}),
        ("message", BARE | {"made_up_content": NESTED}),
        ("message", BARE | {"date": "yesterday", "text": "hi"}),
        ("edited_message", BARE),
        ("callback_query", {}),
        ("callback_query", TAP | {"chat_instance": "1", "data": "t:redness"}),
        ("callback_query", TAP | {"chat_instance": "1", "message": BARE}),
        ("inline_query", {}),
        ("inline_query", TAP | {"query": None, "offset": ""}),
        ("channel_post", BARE | {"text": "hello"}),
        ("poll", {"id": "1"}),
        ("my_chat_member", {}),
    ],
)
def test_what_makes_no_sense_is_let_go_and_logged_once(bot: BotProcess, kind, body):
    before = bot.log
    update = bot.server.push(kind, body)
    bot.server.wait_until(lambda: update.confirmed, f"{kind} to be confirmed")
    person = bot.server.person()
    person.says("hello")
    assert person.reads()
    printed = bot.log.removeprefix(before)
    assert "Traceback" not in printed
    assert len(printed.splitlines()) <= 1, printed
    assert "Nobody" not in printed


@pytest.mark.parametrize(
    "data",
    [
        "t:gone-entry", "t:", "t:<b>", "p:99999", "p:-1", "p:x", "p:" + "9" * 60, "y:gone-entry",
        "n:", "x:", "x", "nonsense", "", ":", "t" * 64, "😀", "\x00", "y:../../etc",
    ],
)  # fmt: skip
def test_callback_data_may_be_anything(bot: BotProcess, data):
    person = bot.server.person()
    person.says("hello")
    message = person.reads_one()
    person.taps_data(message, data).toast()
    person.says("hello again")
    assert person.reads()


def test_a_button_of_an_entry_that_is_gone_says_so(bot: BotProcess, served_knowledge: Knowledge):
    person = bot.server.person()
    person.says("hello")
    person.taps_data(person.reads_one(), "t:gone-entry")
    answer = person.reads_one()
    assert served_knowledge.replies.unknown_topic in answer.text
    assert answer.buttons


@pytest.fixture(scope="module")
def client():
    with httpx.Client(trust_env=False, verify=False, timeout=30) as opened:
        yield opened


@pytest.fixture
def update(webhook_bot: BotProcess) -> dict[str, Any]:
    """An update as Telegram would push it, from a person that the server knows."""
    person = webhook_bot.server.person()
    with webhook_bot.server.world.changed:
        person.chat.started = True
        number = 900_000_000 + webhook_bot.server.world.next_id()
    message = {
        "message_id": 1,
        "date": 2_000_000_000,
        "chat": person.chat.json(),
        "from": person.user.json(),
        "text": "hello",
    }
    return {"update_id": number, "message": message}


def push(client: httpx.Client, bot: BotProcess, content: Any, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {HEADER: secret}
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(bot.webhook_url, content=body, headers=headers).status_code


def people_of(bot: BotProcess, update: dict[str, Any]) -> Person:
    chat = bot.server.world.chats[update["message"]["chat"]["id"]]
    return Person(bot.server, bot.server.world.me, chat)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "é" * 20])
def test_without_the_secret_nothing_is_answered(client, webhook_bot, update, secret):
    encoded = secret.encode() if secret else secret
    assert push(client, webhook_bot, update, encoded) in (401, 403)
    assert not people_of(webhook_bot, update).received


def test_an_update_is_answered_before_it_is_accepted(client, webhook_bot, update):
    assert push(client, webhook_bot, update) == 200
    assert len(people_of(webhook_bot, update).received) == 1


def test_the_same_update_twice_is_answered_once(client, webhook_bot, update):
    for _ in range(3):
        assert push(client, webhook_bot, update) == 200
    assert len(people_of(webhook_bot, update).received) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not JSON", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"{" + b" " * (1 << 20) + b"}", 413),
        (b"[]", 200),
        (b"{}", 200),
        (b'{"update_id": "x"}', 200),
        (b'{"update_id": 1e999}', 200),
    ],
    ids=["empty", "words", "bytes", "deep", "1MiB", "list", "object", "id", "infinity"],
)
def test_a_body_that_is_no_update(client, webhook_bot, body, status):
    assert push(client, webhook_bot, body) == status


def test_only_the_webhook_takes_updates(client, webhook_bot):
    assert client.get(webhook_bot.webhook_url, headers={HEADER: SECRET}).status_code == 405
    elsewhere = webhook_bot.webhook_url + "/elsewhere"
    assert client.post(elsewhere, headers={HEADER: SECRET}, json={}).status_code == 404


def test_healthz_says_that_it_is_up_and_when_telegram_was_reached(client, webhook_bot):
    answer = client.get(webhook_bot.webhook_url.replace("/telegram", "/healthz"))
    assert answer.status_code == 200
    assert answer.json()["status"] == "up"
    assert answer.json()["last_contact"]


def test_metrics_count_questions_and_alerts_and_hold_no_person(client, webhook_bot):
    person = webhook_bot.server.person("Quillfeather")
    person.says("Why have my dots turned blue? xylophonist")
    person.says("my throat is closing and I can't breathe")
    person.reads(2)
    webhook_bot.server.wait_until_confirmed()
    page = client.get(webhook_bot.webhook_url.replace("/telegram", "/metrics")).text
    assert "blue-dots" in page
    assert "emergency" in page
    for words in ("Quillfeather", "xylophonist", str(person.user.id)):
        assert words not in page
