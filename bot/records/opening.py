"""The recorder that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable

from bot.faq.models import Knowledge
from bot.records.database import database_url, open_database, refuse_newer
from bot.records.names import FaqWords
from bot.records.recorder import Recorder
from bot.settings import Settings


def open_records(settings: Settings, knowledge: Callable[[], Knowledge]) -> Recorder:
    """Return the recorder of a bot that serves this FAQ.

    Raises:
        UsageError: `DATABASE_URL` cannot be used, or is of a newer version.
    """
    engine = open_database(database_url(settings))
    refuse_newer(engine)
    return Recorder(
        engine,
        keep_misses=settings.question_log == "redacted",
        miss_days=settings.question_log_days,
        known=FaqWords(knowledge),
    )
