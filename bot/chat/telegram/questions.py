"""Free text: from a message, or an edit of it, to its answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from telegram import Message as Incoming

from bot.answering.context import Context
from bot.answering.reply import Reply
from bot.chat.telegram.addressing import address, language_code, talker
from bot.chat.telegram.delivery import Address
from bot.chat.telegram.messages import Message, notice, reply_messages, with_preface
from bot.chat.telegram.serving import Answered, Service
from bot.faq.models import Replies

LATE_SECONDS = 300.0
"""A question that waited this long is answered with a word of apology."""
OLDEST_SECONDS = 6 * 3600.0
"""A question that waited longer is left alone, unless it holds a sign of danger."""


async def ask(service: Service, message: Incoming, text: str, *, edited: bool = False) -> None:
    """Answer the words of a message; an edited question has its answer edited.

    Past the limit of a person, and for a question of yesterday, only an alert is answered:
    whatever else is left out, a sign of danger never is.
    """
    answerer = service.serving.answerer
    replies = answerer.knowledge.replies
    sent = message.edit_date or message.date
    waited = time.time() - sent.timestamp()
    verdict = service.limits.verdict(talker(message)[1], sent.timestamp())
    place = (message.chat.id, message.message_id)
    earlier = service.answers.get(place) if edited else None
    before = earlier.before if earlier else service.conversations.recall(talker(message))
    before = replace(before, language_code=language_code(message))
    to = address(message)
    async with service.delivery.typing(to):
        reply = await service.answer(answerer, text, before)
        if not reply.alert and (verdict != "answer" or waited > OLDEST_SECONDS):
            if verdict == "notice" and waited <= OLDEST_SECONDS:
                await service.delivery.send(to, notice(replies.too_many, answerer.knowledge))
            return
        messages = reply_messages(reply, answerer.knowledge)
        if word := _word_on_media(message, replies):
            messages = with_preface(messages, word)
        if waited > LATE_SECONDS:
            messages = with_preface(messages, replies.late)
        service.conversations.note(talker(message), reply)
        await _deliver(service, place, to, reply, messages, before, earlier)
    await service.note(reply.kind, reply, text)


async def reply_to_media(service: Service, message: Incoming) -> None:
    """Say a kind word on what cannot be read: a photo, a sticker, a voice note, a place."""
    word = _word_on_media(message, service.knowledge.replies)
    if not word:
        return
    if message.media_group_id and service.albums.seen(message.media_group_id, True):
        return
    if await admitted(service, message):
        await service.delivery.send(address(message), notice(word, service.knowledge))


async def admitted(service: Service, message: Incoming) -> bool:
    """Whether a message without a question in it is to be answered; says so once if not."""
    sent = message.date.timestamp()
    if time.time() - sent > OLDEST_SECONDS:
        return False
    verdict = service.limits.verdict(talker(message)[1], sent)
    if verdict == "notice":
        said = notice(service.knowledge.replies.too_many, service.knowledge)
        await service.delivery.send(address(message), said)
    return verdict == "answer"


async def _deliver(
    service: Service,
    place: tuple[int, int],
    to: Address,
    reply: Reply,
    messages: Sequence[Message],
    before: Context,
    earlier: Answered | None,
) -> None:
    # An edit makes no sound on the phone: an alert that was not there before is sent anew.
    if earlier and not (reply.alert and not earlier.alerted):
        ids = await _replace(service, to, earlier.message_ids, messages)
    else:
        ids = await service.delivery.send(to, messages)
    service.answers.put(place, Answered(tuple(ids), reply.alert is not None, before))


async def _replace(
    service: Service, to: Address, old_ids: Sequence[int], messages: Sequence[Message]
) -> list[int]:
    ids = []
    for index, message in enumerate(messages):
        old = old_ids[index] if index < len(old_ids) else None
        if old is not None and await service.delivery.edit(to, old, message):
            ids.append(old)
        else:
            ids += await service.delivery.send(to, [message])
    await service.delivery.delete(to.chat_id, old_ids[len(messages) :])
    return ids


def _word_on_media(message: Incoming, replies: Replies) -> str:
    if message.photo:
        return replies.photo
    return replies.media if message.effective_attachment else ""
