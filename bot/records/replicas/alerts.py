"""The alert that somebody was told, for ten minutes: every process, and one that starts, knows it.

Every function is a statement or two in the caller's transaction, over people in rising order, so
that two processes never wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select, tuple_

from bot.records.port import Talker, Told
from bot.records.tables import alerts, upsert

KEPT_SECONDS: Final = 600.0


def tell(connection: Connection, told: Mapping[Talker, Told], now: float) -> None:
    """Keep what was told, in place of what was told before; without causes that is deleted."""
    if over := [each for each in told if not told[each].causes]:
        connection.execute(delete(alerts).where(_of(over)))
    rows = [
        {
            "chat": chat,
            "person": person,
            "causes": " ".join(each.causes),
            "told": each.at,
            "again": each.again,
            "expires": now + KEPT_SECONDS,
        }
        for (chat, person), each in sorted(told.items())
        if each.causes
    ]
    if rows:
        connection.execute(upsert(connection, alerts), rows)


def told(connection: Connection, people: Collection[Talker], now: float) -> dict[Talker, Told]:
    """What each was told in the last ten minutes; nothing where it is over."""
    found = dict.fromkeys(people, Told())
    if people:
        rows = select(alerts).where(_of(people), alerts.c.expires > now)
        for row in connection.execute(rows):
            found[row.chat, row.person] = Told(tuple(row.causes.split()), row.told, row.again)
    return found


def delete_expired(connection: Connection, now: float) -> None:
    """Delete what ten minutes have passed since."""
    connection.execute(delete(alerts).where(alerts.c.expires < now))


def _of(people: Collection[Talker]) -> ColumnElement[bool]:
    return tuple_(alerts.c.chat, alerts.c.person).in_(sorted(people))
