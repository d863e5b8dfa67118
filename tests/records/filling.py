"""A database with known figures in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table

from bot.records.database import open_database, upgrade
from bot.records.tables import entries, feedback, misses, questions
from bot.records.tally import Tally

Rows = Mapping[tuple[Any, ...], int]


def fill(
    url: str,
    *,
    asked: Rows | None = None,
    shown: Rows | None = None,
    votes: Rows | None = None,
    missed: Rows | None = None,
) -> None:
    """Write counts; each key is (days ago, …the rest of the table's key)."""
    given: list[tuple[Table, Rows | None]] = [
        (questions, asked), (entries, shown), (feedback, votes), (misses, missed),
    ]  # fmt: skip
    today = datetime.datetime.now(datetime.UTC).date()
    tally = Tally()
    for table, rows in given:
        for (ago, *rest), count in (rows or {}).items():
            tally.add(table, (today - datetime.timedelta(days=ago), *rest), count)
    engine = open_database(url)
    upgrade(engine)
    with engine.begin() as connection:
        tally.write(connection)
    engine.dispose()


def fill_a_month(url: str) -> None:
    """Fill in a month of the small FAQ, with words that must be escaped."""
    fill(
        url,
        asked={
            **{(ago, "answer", "none"): 3 + ago % 7 for ago in range(30)},
            **{(ago, "suggest", "none"): ago % 3 for ago in range(1, 30) if ago % 3},
            **{(ago, "fallback", "none"): 1 for ago in range(0, 30, 4)},
            (2, "answer", "urgent"): 2,
            (5, "fallback", "emergency"): 1,
            (1, "small_talk", "none"): 9,
            (1, "topic", "none"): 4,
        },
        shown={
            **{(ago, "yellow-leaves", "answer"): 2 + ago % 7 for ago in range(30)},
            **{(ago, "watering", "answer"): 1 for ago in range(30)},
            (1, "repotting", "topic"): 4,
            (3, "an-entry-that-went", "answer"): 1,
        },
        votes={
            (1, "yellow-leaves", True): 8,
            (1, "yellow-leaves", False): 2,
            (1, "", False): 3,
        },
        missed={
            (0, 'vinegar for mildew: is it "safe"?', "brown-spots watering"): 4,
            (1, "is vinegar ok for mildew", "brown-spots"): 2,
            (2, "<script>document.title='broken'</script> & <b>bold</b>", "watering"): 1,
            (3, "do " + "very " * 30 + "thirsty cactuses need rainwater", "watering"): 1,
            (9, "yes", ""): 2,
        },
    )
