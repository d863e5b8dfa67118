"""Taps on buttons. A button's data comes from outside and may be anything."""

from __future__ import annotations

import asyncio
import time

from telegram import CallbackQuery, InlineKeyboardMarkup
from telegram import Message as Incoming

from bot.answering.answerer import Answerer
from bot.chat.telegram import keyboards, messages
from bot.chat.telegram.addressing import is_private
from bot.chat.telegram.delivery import Address
from bot.chat.telegram.keyboards import Tap, read_tap
from bot.chat.telegram.serving import Service, best_effort

_MOST_OF_A_TOAST = 200


async def tapped(service: Service, query: CallbackQuery) -> None:
    """Do what a tapped button asks for."""
    answerer = service.serving.answerer
    replies = answerer.knowledge.replies
    tap = read_tap(query.data)
    if tap is None or query.message is None:
        await _toast(service, query, replies.unknown_topic)
    elif service.taps.verdict(query.from_user.id, time.time()) != "answer":
        await _toast(service, query, replies.too_many)
    elif tap.action in ("helpful", "unhelpful"):
        await asyncio.gather(
            _toast(service, query, replies.helpful_thanks),
            _feedback(service, query, tap, answerer),
        )
    else:
        await asyncio.gather(_toast(service, query, ""), _show(service, query, tap, answerer))


async def _show(service: Service, query: CallbackQuery, tap: Tap, answerer: Answerer) -> None:
    knowledge = answerer.knowledge
    to = _address(query)
    place = (to.chat_id, query.from_user.id)
    if tap.action == "page":
        keyboard = keyboards.turned(_keyboard(query), knowledge, int(tap.of))
        await service.delivery.edit_keyboard(to.chat_id, _message_id(query), keyboard)
        return
    if tap.action == "topics":
        await service.delivery.send(to, messages.topic_list(knowledge))
        return
    reply = answerer.none_of_these() if tap.action == "none" else answerer.topic(tap.of)
    if reply is None:
        said = messages.notice(knowledge.replies.unknown_topic, knowledge, topics=True)
        await service.delivery.send(to, said)
        return
    service.conversations.note(place, reply)
    await service.delivery.send(to, messages.reply_messages(reply, knowledge, asked=False))
    await service.note("topic" if reply.answered else "none_of_these", reply)


async def _feedback(service: Service, query: CallbackQuery, tap: Tap, answerer: Answerer) -> None:
    """Count a yes or no once for each message, and take the two buttons away."""
    to, message_id = _address(query), _message_id(query)
    if service.voted.seen((to.chat_id, message_id), True):
        return
    if not tap.of or answerer.topic(tap.of):
        await best_effort(service.records.feedback(tap.of or None, tap.action == "helpful"), None)
    keyboard = _keyboard(query)
    if keyboard:
        left = keyboards.without_feedback(keyboard)
        await service.delivery.edit_keyboard(to.chat_id, message_id, left)


async def _toast(service: Service, query: CallbackQuery, text: str) -> None:
    """Stop the button's spinning; trouble with that holds nothing else up."""
    said = text[:_MOST_OF_A_TOAST] or None
    await service.delivery.best_effort(lambda: service.bot.answer_callback_query(query.id, said))


def _address(query: CallbackQuery) -> Address:
    message = query.message
    if message is None:
        raise ValueError("a tap without a message is answered before this")
    if not isinstance(message, Incoming):
        return Address(message.chat.id)
    thread = message.message_thread_id if message.is_topic_message else None
    return Address(message.chat.id, thread, None if is_private(message) else message.message_id)


def _message_id(query: CallbackQuery) -> int:
    return query.message.message_id if query.message else 0


def _keyboard(query: CallbackQuery) -> InlineKeyboardMarkup | None:
    return query.message.reply_markup if isinstance(query.message, Incoming) else None
