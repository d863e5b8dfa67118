"""Taps on buttons. A button's data comes from outside and may be anything."""

from __future__ import annotations

import asyncio
import time

from telegram import CallbackQuery, InlineKeyboardMarkup
from telegram import Message as Incoming

from bot.chat.telegram import keyboards
from bot.chat.telegram.addressing import is_private
from bot.chat.telegram.delivery import Address
from bot.chat.telegram.keyboards import Tap, read_tap
from bot.chat.telegram.said import Said
from bot.chat.telegram.serving import Turn
from bot.records.port import best_effort

_MOST_OF_A_TOAST = 200


async def tapped(turn: Turn, query: CallbackQuery) -> None:
    """Do what a tapped button asks for."""
    replies = turn.answerer.knowledge.replies
    tap = read_tap(query.data)
    if tap is None or query.message is None:
        await _toast(turn, query, replies.unknown_topic)
    elif turn.service.taps.verdict(query.from_user.id, time.time()) != "answer":
        await _toast(turn, query, replies.too_many)
    elif tap.action in ("helpful", "unhelpful"):
        thanks = _toast(turn, query, replies.helpful_thanks)
        await asyncio.gather(thanks, _feedback(turn, query, tap))
    else:
        await asyncio.gather(_toast(turn, query, ""), _show(turn, query, tap))


async def _show(turn: Turn, query: CallbackQuery, tap: Tap) -> None:
    to, service = _address(query), turn.service
    if tap.action == "page":
        keyboard = keyboards.turned(_keyboard(query), turn.answerer.knowledge, int(tap.of))
        await service.delivery.edit_keyboard(to.chat_id, _message_id(query), keyboard)
        return
    if tap.action == "topics":
        turn.say(to, Said(text="topics"))
        return
    none, before = tap.action == "none", service.conversations.recall(turn.talker, turn.written)
    answerer = turn.answerer
    reply = answerer.none_of_these(before) if none else answerer.topic(tap.of, before)
    if reply is None:
        turn.say(to, Said(text="unknown_topic", topics=True))
        return
    service.conversations.note(turn.talker, reply, turn.written)
    turn.say(to, Said(reply, asked=False))
    turn.counts = ("topic" if reply.answered else "none_of_these", reply, "")


async def _feedback(turn: Turn, query: CallbackQuery, tap: Tap) -> None:
    """Count a yes or no once for each message, and take the two buttons away."""
    to, message_id, service = _address(query), _message_id(query), turn.service
    if service.voted.seen((to.chat_id, message_id), True):
        return
    if not tap.of or turn.answerer.topic(tap.of):
        await best_effort(service.records.feedback(tap.of or None, tap.action == "helpful"), None)
    if keyboard := _keyboard(query):
        left = keyboards.without_feedback(keyboard)
        await service.delivery.edit_keyboard(to.chat_id, message_id, left)


async def _toast(turn: Turn, query: CallbackQuery, text: str) -> None:
    """Stop the button's spinning; trouble with that holds nothing else up."""
    said = text[:_MOST_OF_A_TOAST] or None
    bot = turn.service.bot
    await turn.service.delivery.best_effort(lambda: bot.answer_callback_query(query.id, said))


def _address(query: CallbackQuery) -> Address:
    message = query.message
    if message is None:
        raise ValueError("a tap without a message is answered before this")
    if not isinstance(message, Incoming):
        return Address(message.chat.id, person_id=query.from_user.id)
    thread = message.message_thread_id if message.is_topic_message else None
    reply_to = None if is_private(message) else message.message_id
    return Address(message.chat.id, thread, reply_to, query.from_user.id)


def _message_id(query: CallbackQuery) -> int:
    return query.message.message_id if query.message else 0


def _keyboard(query: CallbackQuery) -> InlineKeyboardMarkup | None:
    return query.message.reply_markup if isinstance(query.message, Incoming) else None
