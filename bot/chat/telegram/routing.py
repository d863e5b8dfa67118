"""From an update to its handler. What no handler is for is let go."""

from __future__ import annotations

from typing import Final

from telegram import Message, Update

from bot.chat.telegram import buttons, commands, inline, questions
from bot.chat.telegram.addressing import is_ours_to_read, question, read_command
from bot.chat.telegram.serving import Service

ALLOWED_UPDATES: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
)
"""The kinds of update that Telegram is asked for."""


async def route(service: Service, update: Update) -> None:
    """Hand an update to its handler."""
    if update.callback_query:
        await buttons.tapped(service, update.callback_query)
    elif update.inline_query:
        await inline.search(service, update.inline_query)
    elif update.message:
        await _message(service, update.message, edited=False)
    elif update.edited_message:
        await _message(service, update.edited_message, edited=True)


async def _message(service: Service, message: Message, *, edited: bool) -> None:
    if not is_ours_to_read(message):
        return
    command = read_command(message, service.bot)
    if command and command.name == "ask":
        await questions.ask(service, message, command.rest, edited=edited)
    elif command:
        if not edited:
            await commands.handle_command(service, message, command)
    else:
        text = question(message, service.bot)
        if text or (text is not None and message.text):
            await questions.ask(service, message, text, edited=edited)
        elif text is not None and not edited:
            await questions.reply_to_media(service, message)


def talker_key(update: Update) -> tuple[int, int]:
    """Whose update it is: those of one person in one chat are answered in their order."""
    chat, person = update.effective_chat, update.effective_user
    return (chat.id if chat else 0, person.id if person else 0)
