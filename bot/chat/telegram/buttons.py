"""Taps on buttons. A button's data comes from outside and may be anything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from telegram import CallbackQuery, InlineKeyboardMarkup, MaybeInaccessibleMessage, Message

from bot.answering.context import START, Context
from bot.answering.reply import Reply
from bot.chat.blocks import Tap, Way
from bot.chat.rendering import check
from bot.chat.telegram import keyboards
from bot.chat.telegram.addressing import address
from bot.chat.telegram.keyboards import read_tap
from bot.chat.telegram.messages import Said, page
from bot.chat.telegram.serving import Turn
from bot.chat.telegram.worker import ANSWER
from bot.faq.models import Knowledge
from bot.records.port import best_effort

_MOST_OF_A_TOAST = 200


async def tapped(turn: Turn, query: CallbackQuery) -> None:
    """Do what a tapped button asks for."""
    replies = turn.answerer.knowledge.replies
    tap, under = read_tap(query.data), query.message
    if tap is None or under is None:
        await _toast(turn, query, replies.unknown_topic)
    elif turn.service.taps.verdict(query.from_user.id, time.time()) != "answer":
        await _toast(turn, query, replies.too_many)
    elif tap.action in ("helpful", "unhelpful"):
        # Who says that an answer did not help is asked what was not right.
        asks_on = tap.action == "unhelpful" and tap.of
        complaints = replies.faces.complaints if asks_on else ()
        said = replies.unhappy if complaints else replies.helpful_thanks
        feedback = _feedback(turn, under, tap, complaints)
        await asyncio.gather(_toast(turn, query, said), feedback)
    else:
        await asyncio.gather(_toast(turn, query, ""), _show(turn, under, tap))


async def _show(turn: Turn, under: MaybeInaccessibleMessage, tap: Tap) -> None:
    to, answerer, delivery = address(under, turn.talker[1]), turn.answerer, turn.service.delivery
    before = turn.service.conversations.recall(turn.talker, turn.written)
    reply: Reply | None = None
    match tap.action:
        case "page":
            # What is no topic stays above them.
            kept = keyboards.without(_keyboard(under), "topic", "page")
            topics = keyboards.topic_rows(answerer.knowledge, int(tap.of))
            keyboard = keyboards.markup([*kept, *topics])
            await delivery.edit_keyboard(to.chat_id, under.message_id, keyboard)
            return
        case "check" if tap.of:
            # The next question takes the place of the last.
            message = page(check(answerer.knowledge, tap.of))[0]
            await delivery.best_effort(lambda: delivery.edit(to, under.message_id, message))
            return
        case "check" | "topics":
            turn.say(to, Said(text=tap.action))
            return
        case "something_else":
            await turn.service.calm(turn.talker)
            turn.say(to, Said(text=tap.action, topics=True))
            return
        case "alert":
            reply = answerer.alarm(tap.of)
        case "none":
            reply = answerer.none_of_these(before)
        case "says":
            reply = await _said(turn, tap, _question(under, answerer.knowledge), before)
        case _:
            reply = answerer.topic(tap.of, before)
    if reply is None:
        turn.say(to, Said(text="unknown_topic", topics=True))
        return
    await turn.service.remember(turn.talker, reply, turn.written)
    prefaces = ("check_end",) if tap.action == "checked" else ()
    turn.say(to, Said(reply, prefaces=prefaces, asked=False))
    turn.counts = ("topic" if reply.answered or reply.alert else "none_of_these", reply, "")


async def _feedback(
    turn: Turn, under: MaybeInaccessibleMessage, tap: Tap, complaints: Sequence[str]
) -> None:
    """Count a yes or no once for each message; the complaints take its place."""
    place, service = (under.chat.id, under.message_id), turn.service
    if service.voted.seen(place, True):
        return
    if not tap.of or turn.answerer.topic(tap.of):
        await best_effort(
            lambda: service.records.feedback(tap.of or None, tap.action == "helpful"), None
        )
    if keyboard := _keyboard(under):
        ways = [Way(each, Tap("says", f"{n}.{tap.of}")) for n, each in enumerate(complaints)]
        left = keyboards.without(keyboard, "helpful", "unhelpful")
        left = [*keyboards.packed_rows(ways), *left]
        await service.delivery.edit_keyboard(*place, keyboards.markup(left))


async def _said(turn: Turn, tap: Tap, question: str, known: Context) -> Reply | None:
    """Reply to the words of a button as if they were typed after the answer it stands under.

    What was said before is read from the message itself, and so known to every process; of what
    is `known` of the person only the alert counts.
    """
    answerer = turn.answerer
    number, _, name = tap.of.partition(".")
    words = {str(n): each for n, each in enumerate(answerer.knowledge.replies.faces.complaints)}
    topic = answerer.topic(name)
    if topic is None or number not in words:
        return None
    entry_id, ids = topic.answered[0].entry.id, answerer.knowledge.ids

    def reply() -> Reply:
        asked = START.following(answerer.answer(question) if question else topic, turn.written)
        likely = (ids.get(each) for each in (*asked.offered, *asked.others))
        others = tuple(each for each in likely if each and each != entry_id)
        return answerer.answer(
            words[number], replace(known, answered=(entry_id,), others=others, last=None)
        )

    return await turn.service.worker.run(ANSWER, turn.talker, turn.written, reply)


def _question(under: MaybeInaccessibleMessage, knowledge: Knowledge) -> str:
    """The words that an answer says it was asked: they are kept nowhere else."""
    text = (under.text if isinstance(under, Message) else None) or ""
    before, _, after = knowledge.replies.faces.you_asked.partition("{question}")
    for line in text.splitlines()[:5]:
        if line.startswith(before) and line.endswith(after):
            return line[len(before) : len(line) - len(after)].strip("\u2068\u2069…")
    return ""


async def _toast(turn: Turn, query: CallbackQuery, text: str) -> None:
    """Stop the button's spinning; trouble with that holds nothing else up."""
    said = text[:_MOST_OF_A_TOAST] or None
    await turn.service.delivery.best_effort(lambda: query.answer(said))


def _keyboard(under: MaybeInaccessibleMessage) -> InlineKeyboardMarkup | None:
    return under.reply_markup if isinstance(under, Message) else None
