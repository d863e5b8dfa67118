"""The commands, from `/start` to one that does not exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from telegram import Message as Incoming

from bot import __version__
from bot.answering.context import Context
from bot.chat.telegram import messages, questions
from bot.chat.telegram.addressing import Command, address, is_private, language_code, talker
from bot.chat.telegram.messages import Message
from bot.chat.telegram.serving import Service
from bot.faq.models import Knowledge

PLAIN_START = "start"
"""The deep link that means no entry: the bot's own way in from inline mode."""

Words = Callable[[Knowledge], Sequence[Message]]


def _about(knowledge: Knowledge) -> list[Message]:
    reviews = [entry.reviewed for entry in knowledge.faq.entries if entry.reviewed]
    newest = f"last reviewed on {max(reviews):%d %B %Y}" if reviews else "no date of review"
    facts = f"Version {__version__}. {len(knowledge.faq.entries)} topics, {newest}."
    return messages.notice(f"{knowledge.replies.about}\n{facts}", knowledge)


_FIXED: dict[str, Words] = {
    "help": lambda knowledge: messages.notice(knowledge.replies.help, knowledge),
    "topics": messages.topic_list,
    "sources": messages.sources,
    "privacy": lambda knowledge: messages.notice(knowledge.replies.privacy, knowledge),
    "about": _about,
}
DESCRIPTIONS = {
    "topics": "All I can answer",
    "help": "How to ask",
    "sources": "Where my answers come from",
    "privacy": "What is kept of you",
    "about": "What this bot is",
}
"""What Telegram's menu says of each command."""


async def handle_command(service: Service, message: Incoming, command: Command) -> None:
    """Answer a command; a sign of danger behind it goes before whatever it stands for."""
    if command.name == "ask" or await _warns(service, message, command):
        await questions.ask(service, message, command.rest)
        return
    if not await questions.admitted(service, message):
        return
    if command.name == "start":
        await _start(service, message, command.rest)
        return
    knowledge = service.knowledge
    words = _FIXED.get(command.name)
    if words:
        said = words(knowledge)
    elif is_private(message):
        said = messages.notice(knowledge.replies.unknown_command, knowledge)
    else:
        return
    await service.delivery.send(address(message), said)


async def _warns(service: Service, message: Incoming, command: Command) -> bool:
    """Whether the words behind a command hold a sign of danger; the link of an entry is none."""
    if len(command.rest.split()) < (2 if command.name == "start" else 1):
        return False
    context = Context(language_code=language_code(message))
    reply = await service.answer(service.serving.answerer, command.rest, context)
    return reply.alert is not None


async def _start(service: Service, message: Incoming, entry_id: str) -> None:
    """Welcome a person, or show the entry whose link they followed."""
    answerer = service.serving.answerer
    knowledge = answerer.knowledge
    reply = answerer.topic(entry_id) if entry_id else None
    if reply:
        service.conversations.note(talker(message), reply)
        said = messages.reply_messages(reply, knowledge, asked=False)
    elif entry_id in ("", PLAIN_START):
        said = messages.notice(knowledge.replies.welcome, knowledge, topics=True)
    else:
        said = messages.notice(knowledge.replies.unknown_topic, knowledge, topics=True)
    await service.delivery.send(address(message), said)
    if reply:
        await service.note("topic", reply)
