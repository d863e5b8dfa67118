"""Inline mode: `@bot mri` in any chat shows entries as cards to send."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.constants import ParseMode

from bot.answering.answerer import Answerer
from bot.chat.blocks import AlertText
from bot.chat.telegram.messages import card, page
from bot.chat.telegram.serving import Turn
from bot.chat.telegram.worker import ANSWER

PLAIN_START: Final = "start"
"""The deep link that means no entry: the way in from here."""
MOST_CARDS = 10
CACHE_SECONDS = 300
"""The same words give the same cards to everybody, until the FAQ changes."""
_MOST_OF_A_BUTTON = 64


async def search(turn: Turn, query: InlineQuery) -> None:
    """Show the entries that fit the words, an alert before them; else the way to the bot.

    Past a person's limit nothing is shown: what they type next comes soon.
    """
    service = turn.service
    if service.inline.verdict(query.from_user.id, time.time()) != "answer":
        return
    made = partial(_cards, turn.answerer, query.query, query.from_user.language_code)
    cards = await service.worker.run(ANSWER, turn.talker, turn.written, made)
    words = turn.answerer.knowledge.replies.faces
    label = words.ask_the_bot if cards else words.no_match
    button = InlineQueryResultsButton(label[:_MOST_OF_A_BUTTON], start_parameter=PLAIN_START)
    await service.delivery.best_effort(
        lambda: query.answer(cards, CACHE_SECONDS, is_personal=False, button=button)
    )


def _cards(answerer: Answerer, text: str, code: str | None) -> list[InlineQueryResultArticle]:
    cards = []
    alert = answerer.read(text, code).alert if text.strip() else None
    if alert:
        first = alert.message.strip().splitlines()[0]
        html = page([AlertText(alert.message)])[0].html
        cards.append(_article(":alert", first, alert.message, html))
    for entry in answerer.search(text, MOST_CARDS - len(cards)):
        if reply := answerer.topic(entry.id):
            html = card(reply, answerer.knowledge)
            cards.append(_article(entry.id, entry.title, entry.questions[0], html))
    return cards


def _article(key: str, title: str, description: str, html: str) -> InlineQueryResultArticle:
    content = InputTextMessageContent(html, ParseMode.HTML, disable_web_page_preview=True)
    return InlineQueryResultArticle(key, title, content, description=description)
