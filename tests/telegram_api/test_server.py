"""The server over HTTP, called as a bot calls it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn

from tests.telegram_api import faults
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
        return body["description"]


@pytest.fixture
def api(telegram: TelegramServer) -> Iterator[Bot]:
    with httpx.Client(timeout=20, trust_env=False, verify=False) as client:
        yield Bot(telegram, client)


@pytest.fixture
def ada(telegram):
    person = telegram.person("Ada")
    person.says("hello")
    return person


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


# -- tokens and bodies -------------------------------------------------------------------------


def test_the_token_decides(telegram, api):
    assert api.result("getMe")["username"] == "scalp_facts_bot"
    other = telegram.token[:-1] + ("a" if telegram.token[-1] != "a" else "b")
    for token, status in ((other, 401), ("nonsense", 404), ("123:short", 404)):
        assert api.client.post(f"{telegram.url}/bot{token}/getMe").status_code == status
    assert api.call("getNothing").status_code == 404


def test_parameters_come_by_form_json_multipart_and_query(api, ada):
    given = {"chat_id": ada.user.id, "text": "hi ünïcode"}
    url = f"{api.base}/sendMessage"
    api.client.post(url, data=given)
    api.client.post(url, json=given)
    api.client.post(url, data=given, files={"unused": b"x"})
    api.client.get(url, params=given)
    assert [message.text for message in ada.received] == ["hi ünïcode"] * 4


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"chat_id": "x", "text": "a"}, 'parameter "chat_id" must be an Integer'),
        ({"chat_id": 7, "text": "a"}, "chat not found"),
        ({"chat_id": "", "text": "a"}, "chat_id is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "<b>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ({"text": "a", "reply_markup": []}, "Object expected as reply_markup"),
        ({"text": "a", "reply_parameters": {"message_id": 999}}, "to be replied not found"),
    ],
)
def test_a_message_must_be_right(api, ada, given, reason):
    assert reason in api.refusal("sendMessage", **({"chat_id": ada.user.id} | given))
    assert not ada.received


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "", "callback_data": "a"}, "text must be non-empty"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "ü" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a"}, "text buttons are unallowed"),
        ({"text": "a", "url": "javascript:alert()"}, "is invalid"),
        ("a", "must be an Object"),
    ],
)
def test_a_button_must_be_right(api, ada, button, reason):
    given = {"chat_id": ada.user.id, "text": "a", "reply_markup": keyboard(button)}
    assert reason in api.refusal("sendMessage", **given)


def test_64_bytes_of_callback_data_are_taken(api, ada):
    markup = keyboard({"text": "a", "callback_data": "ü" * 32})
    api.result("sendMessage", chat_id=ada.user.id, text="a", reply_markup=markup)
    assert ada.reads_one().button("a").data == "ü" * 32


def test_a_missing_message_may_be_replied_to_when_the_bot_allows_it(api, ada):
    reply = {"message_id": 999, "allow_sending_without_reply": True}
    assert api.result("sendMessage", chat_id=ada.user.id, text="a", reply_parameters=reply)


def test_a_bot_cannot_begin_and_not_go_on_when_blocked(telegram, api, ada):
    stranger = telegram.person()
    assert "can't initiate" in api.refusal("sendMessage", chat_id=stranger.user.id, text="a")
    ada.blocks()
    assert "blocked by the user" in api.refusal("sendMessage", chat_id=ada.user.id, text="a")


def test_an_edit_must_change_something_and_be_of_an_own_message(api, ada):
    sent = api.result("sendMessage", chat_id=ada.user.id, text="one")
    where = {"chat_id": ada.user.id, "message_id": sent["message_id"]}
    assert "message is not modified" in api.refusal("editMessageText", text="one", **where)
    assert api.result("editMessageText", text="two", **where)["text"] == "two"
    assert "not modified" in api.refusal("editMessageReplyMarkup", **where)
    message = ada.reads_one()
    assert (message.text, message.earlier) == ("two", ["one"])
    where["message_id"] = min(ada.chat.messages)
    assert "can't be edited" in api.refusal("editMessageText", text="x", **where)
    where["message_id"] = 999
    assert "message to edit not found" in api.refusal("editMessageText", text="x", **where)


def test_a_tap_is_answered_once(api, ada):
    markup = keyboard({"text": "Yes please", "callback_data": "y"})
    api.result("sendMessage", chat_id=ada.user.id, text="a", reply_markup=markup)
    tap = ada.taps(ada.reads_one(), "yes")
    [query] = [u["callback_query"] for u in api.result("getUpdates") if "callback_query" in u]
    assert query["data"] == "y"
    assert query["message"]["text"] == "a"
    assert api.result("answerCallbackQuery", callback_query_id=query["id"], text="Thanks")
    assert tap.toast() == "Thanks"
    for query_id in (query["id"], "made-up"):
        reason = api.refusal("answerCallbackQuery", callback_query_id=query_id)
        assert "query ID is invalid" in reason


def article(number: int | str, **changes: Any) -> dict[str, Any]:
    content = {"message_text": "<b>x</b>", "parse_mode": "HTML"}
    card = {"type": "article", "id": str(number), "title": "T", "input_message_content": content}
    return card | changes


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article(n) for n in range(51)], "too many inline query results"),
        ([article(1), article(1)], "RESULT_ID_DUPLICATE"),
        ([article("x" * 65)], "RESULT_ID_INVALID"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article(1, title="")], "TITLE_EMPTY"),
        ([article(1, input_message_content={"message_text": "<b>", "parse_mode": "HTML"})],
         "can't parse entities"),
        ([article(1, input_message_content=None)], "input message content is not specified"),
    ],
)  # fmt: skip
def test_inline_results_must_be_right(telegram, api, ada, results, reason):
    ada.types_inline("mri")
    [query_id] = telegram.world.inline_queries
    given = {"inline_query_id": query_id, "results": results}
    assert reason in api.refusal("answerInlineQuery", **given)


def test_an_inline_query_is_answered_with_cards(api, ada):
    inline = ada.types_inline("mri")
    query = api.result("getUpdates")[-1]["inline_query"]
    assert query["query"] == "mri"
    button = {"text": "Ask me", "start_parameter": "mri-scan"}
    results = [article(n) for n in range(50)]
    given = {"inline_query_id": query["id"], "results": results, "button": button}
    assert api.result("answerInlineQuery", **given, cache_time=60)
    assert len(inline.answer()["results"]) == 50
    assert inline.answer()["cache_time"] == 60


def test_commands_and_descriptions_have_limits(telegram, api):
    right = [{"command": "help", "description": "What I can do"}]
    scope = {"type": "all_group_chats"}
    assert api.result("setMyCommands", commands=right, scope=scope)
    assert telegram.world.profile["commands:all_group_chats"] == right
    wrong = [{"command": "Help", "description": "x"}]
    assert "BOT_COMMAND_INVALID" in api.refusal("setMyCommands", commands=wrong)
    assert api.result("setMyShortDescription", short_description="x" * 120)
    assert "too long" in api.refusal("setMyShortDescription", short_description="x" * 121)
    assert "too long" in api.refusal("setMyDescription", description="x" * 513)


# -- updates -----------------------------------------------------------------------------------


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


# -- faults ------------------------------------------------------------------------------------


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


# -- people ------------------------------------------------------------------------------------


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
