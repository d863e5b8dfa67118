"""The methods of the Bot API: each takes the world and the parameters, and returns a result.

`getUpdates` is not among them: it waits, see `server`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_api.formatting import read_text, utf16_length
from tests.telegram_api.keyboards import check_markup
from tests.telegram_api.messages import Chat, Message
from tests.telegram_api.parameters import Parameters
from tests.telegram_api.refusal import Refusal, bad_request
from tests.telegram_api.world import Query, Webhook, World

Method = Callable[[World, Parameters], Any]
METHODS: dict[str, Method] = {}
"""Every method by its name in lower case: Telegram does not mind the case either."""

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip
_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip
_PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_MAX_INLINE_RESULTS = 50
_MAX_TOAST = 200


def method(name: str) -> Callable[[Method], Method]:
    """Enter a function as the method of this name."""

    def enter(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return enter


@method("getMe")
def get_me(world: World, given: Parameters) -> dict[str, Any]:
    return {
        **world.me.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("sendMessage")
def send_message(world: World, given: Parameters) -> dict[str, Any]:
    formatted = read_text(given.text("text"), given.text("parse_mode"), given.text("entities"))
    given.json("link_preview_options", dict)
    for name in ("disable_notification", "protect_content"):
        given.boolean(name)
    markup = check_markup(given.json("reply_markup", dict))
    chat = _writable_chat(world, given)
    message = Message(
        world.next_id(),
        chat,
        world.me,
        formatted.text.strip(),
        formatted.entities,
        source=given.text("text"),
        parse_mode=given.text("parse_mode"),
        markup=markup,
        reply_to=_replied_to(chat, given),
    )
    chat.messages[message.id] = message
    return message.json()


def _chat(world: World, given: Parameters) -> Chat:
    if not given.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(given.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    return chat


def _writable_chat(world: World, given: Parameters) -> Chat:
    chat = _chat(world, given)
    if chat.blocked and chat.private:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    if chat.blocked:
        raise Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
    if chat.private and not chat.started:
        raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
    return chat


def _replied_to(chat: Chat, given: Parameters) -> Message | None:
    reply = given.json("reply_parameters", dict) or {}
    message_id = reply.get("message_id", given.integer("reply_to_message_id"))
    if not isinstance(message_id, int):
        raise bad_request("can't parse reply parameters: message_id must be an Integer")
    if not message_id:
        return None
    message = chat.messages.get(message_id)
    tolerant = reply.get("allow_sending_without_reply") or given.boolean(
        "allow_sending_without_reply"
    )
    if message is None and not tolerant:
        raise bad_request("message to be replied not found")
    return message


def _own_message(world: World, given: Parameters, what: str) -> Message:
    if given.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    message = _chat(world, given).messages.get(given.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {what} not found")
    if message.sender != world.me:
        raise bad_request(f"message can't be {'edited' if what == 'edit' else 'deleted'}")
    return message


def _changed(message: Message, text: str, entities: tuple[Any, ...], markup: Any) -> None:
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    if text != message.text:
        message.earlier.append(message.text)
    message.text, message.entities, message.markup = text, entities, markup
    message.edited = int(time.time())


@method("editMessageText")
def edit_message_text(world: World, given: Parameters) -> dict[str, Any]:
    formatted = read_text(given.text("text"), given.text("parse_mode"), given.text("entities"))
    markup = check_markup(given.json("reply_markup", dict))
    message = _own_message(world, given, "edit")
    _changed(message, formatted.text.strip(), formatted.entities, markup)
    message.source, message.parse_mode = given.text("text"), given.text("parse_mode")
    return message.json()


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, given: Parameters) -> dict[str, Any]:
    markup = check_markup(given.json("reply_markup", dict))
    message = _own_message(world, given, "edit")
    _changed(message, message.text, message.entities, markup)
    return message.json()


@method("deleteMessage")
def delete_message(world: World, given: Parameters) -> bool:
    message = _own_message(world, given, "delete")
    del message.chat.messages[message.id]
    return True


@method("sendChatAction")
def send_chat_action(world: World, given: Parameters) -> bool:
    if given.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    _writable_chat(world, given).actions.append(given.text("action"))
    return True


def _open_query(queries: dict[str, Query], query_id: str) -> Query:
    query = queries.get(query_id)
    if query is None or query.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


@method("answerCallbackQuery")
def answer_callback_query(world: World, given: Parameters) -> bool:
    if utf16_length(given.text("text")) > _MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query = _open_query(world.taps, given.text("callback_query_id"))
    given.integer("cache_time")
    query.answer = {"text": given.text("text"), "show_alert": given.boolean("show_alert")}
    return True


@method("answerInlineQuery")
def answer_inline_query(world: World, given: Parameters) -> bool:
    results = given.json("results", list)
    if results is None:
        raise bad_request("results are not specified")
    if len(results) > _MAX_INLINE_RESULTS:
        raise bad_request("too many inline query results specified")
    seen: set[str] = set()
    for result in results:
        _check_inline_result(result, seen)
    button = given.json("button", dict)
    if button is not None:
        if not button.get("text", "").strip():
            raise bad_request("can't parse inline query results button: text must be non-empty")
        if "web_app" not in button and not _START_PARAMETER.fullmatch(
            button.get("start_parameter", "")
        ):
            raise bad_request("START_PARAM_INVALID")
    if len(given.text("next_offset").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = _open_query(world.inline_queries, given.text("inline_query_id"))
    query.answer = {
        "results": results,
        "button": button,
        "cache_time": given.integer("cache_time", 300),
        "is_personal": given.boolean("is_personal"),
    }
    return True


def _check_inline_result(result: Any, seen: set[str]) -> None:
    wrong = "can't parse inline query result: "
    if not isinstance(result, dict):
        raise bad_request(f"{wrong}Inline query result must be an object")
    result_id = result.get("id", "")
    if not isinstance(result_id, str) or not 1 <= len(result_id.encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if result_id in seen:
        raise bad_request("RESULT_ID_DUPLICATE")
    seen.add(result_id)
    if result.get("type") != "article":
        raise bad_request(f"{wrong}only articles are served here, not {result.get('type')!r}")
    if not str(result.get("title", "")).strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if not isinstance(content, dict):
        raise bad_request(f"{wrong}input message content is not specified")
    read_text(str(content.get("message_text", "")), str(content.get("parse_mode", "")))
    markup = result.get("reply_markup")
    check_markup(markup if isinstance(markup, dict) else None)


def _key(world: World, what: str, given: Parameters) -> str:
    scope = given.json("scope", dict) or {"type": "default"}
    if scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if str(scope["type"]).startswith("chat") and not scope.get("chat_id"):
        raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
    language = given.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return ":".join(filter(None, (what, str(scope["type"]), language)))


@method("setMyCommands")
def set_my_commands(world: World, given: Parameters) -> bool:
    commands = given.json("commands", list) or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        if not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        description = str(command.get("description", "")).strip()
        if not description:
            raise bad_request("command description must be non-empty")
        if len(description) > 256:
            raise bad_request("command description length must not exceed 256")
    world.profile[_key(world, "commands", given)] = commands
    return True


@method("getMyCommands")
def get_my_commands(world: World, given: Parameters) -> list[Any]:
    commands: list[Any] = world.profile.get(_key(world, "commands", given), [])
    return commands


@method("deleteMyCommands")
def delete_my_commands(world: World, given: Parameters) -> bool:
    world.profile.pop(_key(world, "commands", given), None)
    return True


def _profile_text(name: str) -> None:
    camel = "".join(word.capitalize() for word in name.split("_"))

    @method(f"setMy{camel}")
    def set_text(world: World, given: Parameters) -> bool:
        text = given.text(name).strip()
        if len(text) > _PROFILE_LIMITS[name]:
            raise bad_request(f"{name.replace('_', ' ')} is too long")
        world.profile[_key(world, name, given)] = text
        return True

    @method(f"getMy{camel}")
    def get_text(world: World, given: Parameters) -> dict[str, str]:
        return {name: world.profile.get(_key(world, name, given), "")}


for _name in _PROFILE_LIMITS:
    _profile_text(_name)


@method("getChat")
def get_chat(world: World, given: Parameters) -> dict[str, Any]:
    return {**_chat(world, given).json(), "accent_color_id": 0, "max_reaction_count": 11}


@method("leaveChat")
def leave_chat(world: World, given: Parameters) -> bool:
    _chat(world, given).blocked = True
    return True


@method("setWebhook")
def set_webhook(world: World, given: Parameters) -> bool:
    url = given.text("url")
    if not url:
        delete_webhook(world, given)
        return True
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = given.text("secret_token")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token is too long or contains unallowed characters")
    connections = given.integer("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be in 1-100")
    world.updates.allow(given.json("allowed_updates", list))
    _drop_pending(world, given)
    world.webhook = Webhook(url, secret, connections)
    return True


@method("deleteWebhook")
def delete_webhook(world: World, given: Parameters) -> bool:
    _drop_pending(world, given)
    world.webhook = Webhook()
    return True


def _drop_pending(world: World, given: Parameters) -> None:
    if given.boolean("drop_pending_updates"):
        for update_id in list(world.updates.pending):
            world.updates.confirm(update_id)


@method("getWebhookInfo")
def get_webhook_info(world: World, given: Parameters) -> dict[str, Any]:
    webhook = world.webhook
    info: dict[str, Any] = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error
    if world.updates.allowed:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


@method("logOut")
def log_out(world: World, given: Parameters) -> bool:
    return True


@method("close")
def close(world: World, given: Parameters) -> bool:
    return True
