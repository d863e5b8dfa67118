"""Claims of updates, so that of several processes one answers each.

Every function is a few statements in the caller's transaction. Ids go in rising order, so that
two processes which want the same ones never wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.records.tables import claims

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
    insert = _insert(connection)
    statement = insert.on_conflict_do_update(
        index_elements=[claims.c.update_id],
        set_={
            "holder": insert.excluded.holder,
            "settled": insert.excluded.settled,
            "expires": insert.excluded.expires,
        },
        where=and_(
            claims.c.answer.is_(None),
            or_(
                claims.c.expires < now,
                and_(claims.c.holder == holder, claims.c.settled.is_(False)),
            ),
        ),
    ).returning(claims.c.update_id)
    rows = _rows(update_ids, holder, False, expires)
    found: dict[int, Verdict] = dict.fromkeys(connection.scalars(statement, rows), "ours")
    others = [each for each in update_ids if each not in found]
    if others:
        done = or_(claims.c.settled, claims.c.answer.is_not(None))
        rest = select(claims.c.update_id, done).where(claims.c.update_id.in_(others))
        for update_id, answered in connection.execute(rest):
            found[update_id] = "answered" if answered else "taken"
    # Not there any more: given back this very moment, so it will be free the next time.
    return {each: found.get(each, "taken") for each in update_ids}


def settle(connection: Connection, update_ids: Collection[int], holder: str, now: float) -> None:
    """Keep that updates were answered, whoever had claimed them."""
    if not update_ids:
        return
    insert = _insert(connection)
    statement = insert.on_conflict_do_update(
        index_elements=[claims.c.update_id],
        set_={
            "settled": insert.excluded.settled,
            "expires": insert.excluded.expires,
            "answer": None,
        },
    )
    connection.execute(statement, _rows(update_ids, holder, True, now + KEPT_SECONDS))


def park(connection: Connection, answers: Mapping[int, str], holder: str, expires: float) -> None:
    """Keep answers that wait to be sent, with the claims of their updates."""
    if not answers:
        return
    insert = _insert(connection)
    names = ("holder", "settled", "expires", "answer")
    statement = insert.on_conflict_do_update(
        index_elements=[claims.c.update_id],
        set_={name: insert.excluded[name] for name in names},
    )
    rows = _rows(answers, holder, False, expires)
    connection.execute(statement, [row | {"answer": answers[row["update_id"]]} for row in rows])


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
    if update_ids:
        statement = delete(claims).where(_held(holder))
        connection.execute(statement, [{"id": each} for each in sorted(update_ids)])


def renew(
    connection: Connection, update_ids: Collection[int], holder: str, expires: float
) -> None:
    """Put off the end of claims that `holder` has not settled."""
    if update_ids:
        statement = update(claims).where(_held(holder)).values(expires=expires)
        connection.execute(statement, [{"id": each} for each in sorted(update_ids)])


def delete_expired(connection: Connection, now: float) -> bool:
    """Delete claims that have run out; true when there may be more of them."""
    # An answer that waits outlives its holder, but not the day for which it is worth sending.
    gone_for = or_(claims.c.answer.is_(None), claims.c.expires < now - KEPT_SECONDS)
    old = select(claims.c.update_id).where(claims.c.expires < now, gone_for).limit(_MOST_DELETED)
    old = old.with_for_update(skip_locked=True)  # another process may be at the same rows
    gone = connection.execute(delete(claims).where(claims.c.update_id.in_(old)))
    return gone.rowcount == _MOST_DELETED


def _insert(connection: Connection) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(claims)


def _rows(
    update_ids: Collection[int], holder: str, settled: bool, expires: float
) -> list[dict[str, Any]]:
    return [
        {"update_id": each, "holder": holder, "settled": settled, "expires": expires}
        for each in sorted(update_ids)
    ]


def _held(holder: str) -> Any:
    return and_(
        claims.c.update_id == bindparam("id"),
        claims.c.holder == holder,
        claims.c.settled.is_(False),
    )
