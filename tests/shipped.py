"""The bot as it is shipped, made once a process: it takes more than a second."""

from __future__ import annotations

from functools import cache

from bot.answering.answerer import Answerer
from bot.faq.loading import load_knowledge
from bot.faq.models import Knowledge
from bot.faq.shipped import shipped_folder


@cache
def shipped_knowledge() -> Knowledge:
    """What the bot knows as it is shipped."""
    return load_knowledge(shipped_folder())


@cache
def shipped_answerer() -> Answerer:
    """The bot as it is shipped."""
    return Answerer(shipped_knowledge())
