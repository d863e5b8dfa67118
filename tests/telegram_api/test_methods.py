"""The methods over HTTP: what they take, and what they refuse in which words."""

from __future__ import annotations

from typing import Any

import pytest


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


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
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
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
