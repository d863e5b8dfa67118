"""Claims of updates, so that of several processes one answers each.

Every function is a few statements in the caller's transaction. Ids go in rising order, so that
two processes which want the same ones never wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal

from sqlalchemy import Connection, Delete, Update, and_, bindparam, delete, or_, select, update

from bot.records.tables import claims, upsert

Verdict = Literal["ours", "taken", "answered"]

KEPT_SECONDS: Final = 25 * 3600.0
"""Telegram gives an update up after a day; until then it may come again."""
_MOST_DELETED = 5_000
"""Rows that are deleted at once, so that nobody waits for it."""


def claim(
    connection: Connection, update_ids: Collection[int], holder: str, now: float, expires: float
) -> dict[int, Verdict]:
    """Claim updates that nobody holds, or whose claim has run out; say how each one stands."""
    if not update_ids:
        return {}
    mine = and_(claims.c.holder == holder, claims.c.settled.is_(False))
    free = and_(claims.c.answer.is_(None), or_(claims.c.expires < now, mine))
    statement = upsert(connection, claims, where=free).returning(claims.c.update_id)
    ours = set(connection.scalars(statement, _rows(update_ids, holder, expires)))
    # What is not there any more was given back this very moment: it will be free the next time.
    verdicts: dict[int, Verdict] = dict.fromkeys(update_ids, "taken")
    verdicts |= dict.fromkeys(ours, "ours")
    if others := [each for each in update_ids if each not in ours]:
        done = or_(claims.c.settled, claims.c.answer.is_not(None))
        answered = select(claims.c.update_id).where(claims.c.update_id.in_(others), done)
        verdicts |= dict.fromkeys(connection.scalars(answered), "answered")
    return verdicts


def settle(connection: Connection, update_ids: Collection[int], holder: str, now: float) -> None:
    """Keep that updates were answered, whoever had claimed them."""
    if update_ids:
        rows = _rows(update_ids, holder, now + KEPT_SECONDS, settled=True)
        connection.execute(upsert(connection, claims), rows)


def park(connection: Connection, answers: Mapping[int, str], holder: str, expires: float) -> None:
    """Keep answers that wait to be sent, with the claims of their updates."""
    if answers:
        rows = _rows(answers, holder, expires)
        waiting = [row | {"answer": answers[row["update_id"]]} for row in rows]
        connection.execute(upsert(connection, claims), waiting)


def adopt(connection: Connection, holder: str, now: float, expires: float) -> dict[int, str]:
    """Take over answers whose holder is gone, to send them."""
    statement = (
        update(claims)
        .where(claims.c.answer.is_not(None), claims.c.expires < now)
        .values(holder=holder, expires=expires)
        .returning(claims.c.update_id, claims.c.answer)
    )
    return {row.update_id: row.answer for row in connection.execute(statement)}


def release(connection: Connection, update_ids: Collection[int], holder: str) -> None:
    """Give back claims that `holder` has not settled."""
    _each(connection, delete(claims), update_ids, holder)


def renew(
    connection: Connection, update_ids: Collection[int], holder: str, expires: float
) -> None:
    """Put off the end of claims that `holder` has not settled."""
    _each(connection, update(claims).values(expires=expires), update_ids, holder)


def delete_expired(connection: Connection, now: float) -> bool:
    """Delete claims that have run out; true when there may be more of them."""
    # An answer that waits outlives its holder, but not the day for which it is worth sending.
    gone_for = or_(claims.c.answer.is_(None), claims.c.expires < now - KEPT_SECONDS)
    old = select(claims.c.update_id).where(claims.c.expires < now, gone_for).limit(_MOST_DELETED)
    old = old.with_for_update(skip_locked=True)  # another process may be at the same rows
    gone = connection.execute(delete(claims).where(claims.c.update_id.in_(old)))
    return gone.rowcount == _MOST_DELETED


def _rows(
    update_ids: Collection[int], holder: str, expires: float, *, settled: bool = False
) -> list[dict[str, Any]]:
    row = {"holder": holder, "settled": settled, "expires": expires, "answer": None}
    return [{"update_id": each, **row} for each in sorted(update_ids)]


def _each(
    connection: Connection, statement: Update | Delete, update_ids: Collection[int], holder: str
) -> None:
    """Do something to each of these claims that `holder` has not settled."""
    if update_ids:
        chosen = claims.c.update_id == bindparam("id")
        statement = statement.where(chosen, claims.c.holder == holder, claims.c.settled.is_(False))
        connection.execute(statement, [{"id": each} for each in sorted(update_ids)])
