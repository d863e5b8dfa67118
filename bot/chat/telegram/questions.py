"""Free text: from a message, or an edit of it, to its answer."""

from __future__ import annotations

from dataclasses import replace

from telegram import Message as Incoming

from bot.chat.telegram.addressing import address
from bot.chat.telegram.logs import TOO_MANY, TOO_MANY_WAIT, TOO_OLD
from bot.chat.telegram.messages import Said
from bot.chat.telegram.outbox import MOST_HELD
from bot.chat.telegram.serving import Turn, is_clear, is_cut

OLDEST_SECONDS = 6 * 3600.0
"""A question that waited longer gets one quiet line, unless it holds a sign of danger."""


async def ask(turn: Turn, message: Incoming, shown: str = "", *, edited: bool = False) -> None:
    """Answer the words of a message; an edited question has its answer edited.

    Past a person's limit, and for a question of yesterday, only a sign of danger is answered in
    full. `shown` are the words as they were written, where they differ.
    """
    service = turn.service
    if not turn.urgent and not admitted(turn, message):
        return
    if not edited and await service.pieces.join(turn):
        shown = ""
    place = (message.chat.id, message.message_id)
    before = service.asked.get(place) if edited else None
    context = before or service.conversations.recall(turn.talker, turn.written)
    if topic := _topic(turn, message.reply_to_message):
        context = replace(context, answered=(topic,))
    async with service.delivery.typing(address(message)):
        reply = await turn.reply(context)
        waits = not reply.alert and (is_cut(turn) or not is_clear(reply))
        if message.text and not edited and waits:
            taken = await service.pieces.taken(turn)
            told = service.conversations.recall(turn.talker, turn.written).alert
            if taken or (told and told.alone and told is not context.alert):
                return
    if message.media_group_id:
        service.albums.put(message.media_group_id, True)
    if shown and reply.question:
        reply = replace(reply, question=" ".join(shown.split()))
    if not reply.alert and _age(turn) > OLDEST_SECONDS:
        service.outbox.unanswered.add(TOO_OLD)
        if not service.away.seen(turn.talker, True):
            turn.say(address(message), Said(reply, text="away", quiet=True))
        return
    service.asked.put(place, context)
    if not edited:
        # The same may have been told meanwhile: nothing waits for the answer before an alert.
        now = service.conversations.recall(turn.talker, turn.written)
        heeded = now.heeding(reply, turn.written)
        if heeded is None or (turn.verdict != "answer" and not heeded.alert):
            return
        reply = heeded
    await service.remember(turn.talker, reply, turn.written)
    word = _word_on_media(message)
    said = Said(reply, prefaces=(word,) if word else ())
    turn.say(address(message), said, message.message_id, edited=edited)
    turn.counts = (reply.kind, reply, turn.words)


def reply_to_media(turn: Turn, message: Incoming) -> None:
    """Say a kind word on what cannot be read: a photo, a sticker, a voice note, a place."""
    word, album = _word_on_media(message), message.media_group_id
    if not word or (album and turn.service.albums.seen(album, True)):
        return
    if _age(turn) > OLDEST_SECONDS:
        turn.service.outbox.unanswered.add(TOO_OLD)
    elif admitted(turn, message):
        turn.say(address(message), Said(text=word))


def admitted(turn: Turn, message: Incoming) -> bool:
    """Whether a message without an alert is to be answered; says so once if not."""
    service, talker = turn.service, turn.talker
    if service.outbox.held[talker] >= MOST_HELD:
        told, why = service.crowded.seen(talker, True), TOO_MANY_WAIT
    elif turn.verdict == "answer":
        return True
    else:
        told, why = turn.verdict == "silence", TOO_MANY
    service.outbox.unanswered.add(why)
    if not told and _age(turn) <= OLDEST_SECONDS:
        turn.say(address(message), Said(text="too_many"))
    return False


def _topic(turn: Turn, before: Incoming | None) -> str:
    """The id of the entry that a message of the bot tells of, by its title; "" for any other."""
    if before is None or before.from_user is None or before.from_user.id != turn.service.bot.id:
        return ""
    titles = {entry.title: entry.id for entry in turn.answerer.knowledge.faq.entries}
    # The title is a line of its own, or ends one that says where a part of an answer is from.
    lines = (before.text or "").splitlines()
    ends = (end for line in lines for end in (line, line.partition(": ")[2]))
    return next((titles[end] for end in ends if end in titles), "")


def _age(turn: Turn) -> float:
    return turn.service.outbox.clock() - turn.written


def _word_on_media(message: Incoming) -> str:
    if message.photo:
        return "photo"
    return "media" if message.effective_attachment else ""
