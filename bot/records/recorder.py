"""Recording while the bot serves: one thread alone touches the database.

What is counted goes into memory at once and to the database a second later, so the database can
be slow, full, locked or away, and no answer waits for it. Only claims are waited for, and not
for long.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, Self

from sqlalchemy import Engine, delete

from bot.faq.models import Knowledge
from bot.records import database, tables
from bot.records.names import FaqWords
from bot.records.port import BeingAnswered, Clock, Records, Talker, Told
from bot.records.redaction import redact
from bot.records.replicas import alerts, claims
from bot.records.replicas.lease import LEASE, Lease
from bot.records.replicas.outage import Outage
from bot.records.tally import Tally
from bot.settings import Settings

_LOG = logging.getLogger(__name__)

TICK: Final = 1.0
"""Seconds between two writings of counts."""
CLEANING: Final = 10.0
"""Seconds between two deletions of what has run out."""
ROUND: Final = 0.01
"""Seconds from one transaction to the next: what comes meanwhile is done together.

A transaction for each claim would cost half as much as the answer; a lone one waits for nothing.
"""
PATIENCE: Final = 1.5
"""Seconds that a claim may take; then the answer goes on without."""
GRACE: Final = 5.0
"""Seconds that a shared database may be away before updates are answered without a claim.

So long a restart of PostgreSQL may take, and Telegram sends again what was refused meanwhile.
"""
URGENT_PATIENCE: Final = 0.3
"""The same where there is an alert to tell."""
_AWAITED = ("claim", "told")
_READ = ("tell", *_AWAITED)
_MOST_REQUESTS = 50_000
_CLOSING = 2.0

_Step = Literal["claim", "settle", "release", "park", "adopt", "tell", "told"]


@dataclass(frozen=True, slots=True)
class _Request:
    """A step, what it is about, and the future of its outcome."""

    step: _Step
    about: Any
    done: Future[Any] = field(default_factory=Future)


def _by_step(requests: Iterable[_Request]) -> Mapping[_Step, list[Any]]:
    """What is to be done of each step."""
    steps: Mapping[_Step, list[Any]] = defaultdict(list)
    for each in requests:
        steps[each.step].append(each.about)
    return steps


def open_records(settings: Settings, knowledge: Callable[[], Knowledge]) -> Recorder:
    """The recorder that the settings ask for; `UsageError` where `DATABASE_URL` cannot be used."""
    engine = database.open_database(database.database_url(settings))
    database.refuse_newer(engine)
    return Recorder(
        engine,
        keep_misses=settings.question_log == "redacted",
        miss_days=settings.question_log_days,
        known=FaqWords(knowledge),
    )


class Recorder(Records):
    """Records in the database of `engine`, from `with` on; at its end what is left is written.

    `keep_misses` is whether words of missed questions are kept, `miss_days` for how long; `known`
    gives those of the FAQ.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        keep_misses: bool = False,
        miss_days: int = 30,
        known: Callable[[], Collection[str]] = frozenset,
        lease: float = LEASE,
    ) -> None:
        self._engine = engine
        self._keep_misses, self._miss_days, self._known = keep_misses, miss_days, known
        self._lease = Lease(lease)
        self._clock: Clock = time.time
        self._part = int(self._lease.holder, 16) % tables.PARTS
        # With SQLite nobody else could have claimed it: there is nothing to wait for.
        self._outage = Outage(GRACE if engine.dialect.name == "postgresql" else 0.0)
        self._tally = Tally()
        # By update, or by who is told something: the last step of one is what counts.
        self._requests: dict[Hashable, _Request] = {}
        self._wake = threading.Condition()
        self._stopping = threading.Event()
        self._file: tuple[int, int] | None = None
        self._ready = False
        self._written, self._next_cleaning = time.monotonic(), 0.0
        self._thread = threading.Thread(target=self._run, name="records", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with self._wake:
            self._wake.notify()
        self._thread.join(_CLOSING)
        if self._tally.counts:
            _LOG.warning("Counts of the last moments could not be written")

    def go_by(self, clock: Clock) -> None:
        """Go by this clock in place of the machine's, and delete nothing while it is not known."""
        self._clock = clock

    def _now(self) -> float:
        return self._clock() or time.time()

    def _today(self) -> date:
        return datetime.fromtimestamp(self._now(), UTC).date()

    async def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        """Count a question: the kind of the reply, the entries, the level of the alert."""
        today = self._today()
        with self._wake:
            self._tally.add(tables.questions, (today, kind, alert or "none"))
            for entry_id in entry_ids:
                self._tally.add(tables.entries, (today, entry_id, kind))

    async def feedback(self, entry_id: str | None, helpful: bool) -> None:
        """Count a yes or no to "Was this helpful?"; None stands for a miss."""
        with self._wake:
            self._tally.add(tables.feedback, (self._today(), entry_id or "", helpful))

    async def missed(self, text: str, nearest: Sequence[str]) -> None:
        """Keep a question that was missed, redacted, if the settings ask for it."""
        if self._keep_misses and (kept := redact(text, self._known())):
            with self._wake:
                self._tally.add(tables.misses, (self._today(), kept, " ".join(nearest)))

    async def claim(self, update_id: int, *, urgent: bool = False) -> bool:
        """Say whether an update is ours; all are while the database is away, after the grace."""
        if self._outage.over_grace:
            return True
        verdict = await self._ask(update_id, "claim", update_id, urgent=urgent)
        if verdict is None and not urgent:
            self._outage.begin()
            if not self._outage.over_grace:
                self._submit(update_id, "release", update_id)
                raise BeingAnswered
        if verdict == "taken":
            raise BeingAnswered
        return bool(verdict != "answered")

    async def settle(self, update_id: int) -> None:
        """Keep that a claimed update was answered, and with it the counts so far."""
        await self._ask(update_id, "settle", update_id)

    async def release(self, update_id: int) -> None:
        """Give a claimed update back."""
        await self._ask(update_id, "release", update_id)

    async def park(self, update_id: int, answer: str) -> bool:
        """Keep an answer that waits to be sent, on the disk; true when it is there."""
        return bool(await self._ask(update_id, "park", (update_id, answer)))

    def away(self) -> float:
        """Seconds for which the database has been away; 0 while it is there."""
        return self._outage.seconds

    async def adopt(self) -> dict[int, str]:
        """Take over the answers that wait and whose process is gone, by their claims."""
        return await self._ask("adopt", "adopt", None) or {}

    async def tell(self, talker: Talker, told: Told) -> None:
        """Keep for ten minutes what somebody was told, or that it is over; waits for nothing."""
        self._submit(talker, "tell", (talker, told))

    async def told(self, talker: Talker, *, urgent: bool = False) -> Told | None:
        """Say what somebody was told last; None where the database is away, or slow."""
        found: Told | None = await self._ask(object(), "told", talker, urgent=urgent)
        return found

    async def _ask(self, key: Hashable, step: _Step, about: Any, *, urgent: bool = False) -> Any:
        """Wait for the outcome, but not for long: then it is None, and done all the same."""
        done = asyncio.wrap_future(self._submit(key, step, about))
        if not self._outage.over_grace:
            with suppress(TimeoutError):
                # Not `wait_for`, which up to Python 3.11 may lose a stop, and so never end.
                async with asyncio.timeout(URGENT_PATIENCE if urgent else PATIENCE):
                    return await asyncio.shield(done)
        return None

    def _submit(self, key: Hashable, step: _Step, about: Any) -> Future[Any]:
        request = _Request(step, about)
        with self._wake:
            if len(self._requests) < _MOST_REQUESTS or key in self._requests:
                self._requests[key] = request
            self._wake.notify()
        return request.done

    def _run(self) -> None:
        stopping = False
        while not stopping:
            with self._wake:
                self._wake.wait_for(lambda: self._requests or self._stopping.is_set(), TICK)
            stopping = self._stopping.is_set()
            due = time.monotonic() - self._written >= TICK or (stopping and self._tally.counts)
            if due or self._requests:
                self._work(due=bool(due or stopping))
        self._engine.dispose()

    def _work(self, *, due: bool) -> None:
        with self._wake:
            requests, self._requests = self._requests, {}
            tally = Tally()
            # Counts go with their update: a crash loses both, or neither.
            if due or any(each.step in ("settle", "park") for each in requests.values()):
                tally.counts, self._tally.counts = self._tally.counts, tally.counts
        try:
            self._prepare(due)
            self._read([each for each in requests.values() if each.step in _READ])
            self._write([each for each in requests.values() if each.step not in _READ], tally)
            if due:
                self._written = time.monotonic()
                self._renew()
                if self._clock() is not None:
                    self._clean()
        except Exception as fault:  # whatever it is, the bot goes on, and this tries again
            left = {key: each for key, each in requests.items() if not each.done.done()}
            with self._wake:
                self._requests = {**left, **self._requests}
                self._tally.take_back(tally)
            self._failed(fault)
            self._stopping.wait(self._outage.pause)
        else:
            with self._wake:
                lost, self._tally.lost = self._tally.lost, 0
            self._outage.end(lost)
            self._stopping.wait(ROUND)

    def _prepare(self, due: bool) -> None:
        """Make sure that the tables are there: somebody may have removed or replaced the file."""
        if self._file != database.file_identity(self._engine):
            self._engine.dispose()
            self._ready = False
        if not self._ready:
            database.upgrade(self._engine)
            self._file = database.file_identity(self._engine)
        if due or not self._ready:  # though nothing is to write: to know before somebody asks
            with self._engine.connect() as connection:
                self._lease.set_clock(connection, self._now)
        self._ready = True

    def _read(self, requests: Sequence[_Request]) -> None:
        """Claim updates, and see what those who wrote were told; what was told just now first."""
        if not requests:
            return
        steps, lease = _by_step(requests), self._lease
        with self._engine.begin() as connection:
            alerts.tell(connection, dict(steps["tell"]), lease.now)
            verdicts = claims.claim(
                connection, steps["claim"], lease.holder, lease.run_out, lease.expires
            )
            told = alerts.told(connection, steps["told"], lease.now)
        lease.held(*(each for each, verdict in verdicts.items() if verdict == "ours"))
        for each in requests:
            outcomes: Mapping[Any, Any] = verdicts if each.step == "claim" else told
            each.done.set_result(outcomes.get(each.about))

    def _write(self, requests: Sequence[_Request], tally: Tally) -> None:
        if not (requests or tally.counts):
            return
        steps, lease = _by_step(requests), self._lease
        settled, released, parked = steps["settle"], steps["release"], dict(steps["park"])
        adopted: dict[int, str] = {}
        # With SQLite only what is parked must survive a crash of the machine.
        on_disk = parked or self._engine.dialect.name == "postgresql"
        engine = database.durable(self._engine) if on_disk else self._engine
        with engine.begin() as connection:
            claims.settle(connection, settled, lease.holder, lease.now)
            claims.release(connection, released, lease.holder)
            claims.park(connection, parked, lease.holder, lease.expires)
            if "adopt" in steps:
                adopted = claims.adopt(connection, lease.holder, lease.run_out, lease.expires)
            tally.write(connection, self._part)
        tally.counts.clear()
        lease.ended(*settled, *released)
        lease.held(*parked, *adopted)
        for each in requests:
            each.done.set_result(adopted if each.step == "adopt" else True)

    def _renew(self) -> None:
        if due := self._lease.due():
            with self._engine.begin() as connection:
                claims.renew(connection, due, self._lease.holder, self._lease.expires)
            self._lease.held(*due)

    def _clean(self) -> None:
        """Delete what has been kept for long enough: the words of missed questions for good."""
        if time.monotonic() < self._next_cleaning:
            return
        last = self._today() - timedelta(days=self._miss_days)
        with self._engine.begin() as connection:
            alerts.delete_expired(connection, self._lease.run_out)
            more = claims.delete_expired(connection, self._lease.run_out)
            words = connection.execute(delete(tables.misses).where(tables.misses.c.day <= last))
        self._next_cleaning = time.monotonic() + (0.0 if more else CLEANING)
        if words.rowcount and self._engine.dialect.name == "sqlite":
            # Until then they are in the write-ahead log.
            with closing(self._engine.raw_connection()) as of_the_driver:
                of_the_driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _failed(self, fault: Exception) -> None:
        self._outage.begin(fault)
        self._lease.doubt()
        self._ready = False
        with suppress(Exception):
            self._engine.dispose()
        if self._outage.over_grace:
            with self._wake:
                for key, request in list(self._requests.items()):
                    if request.step in _AWAITED:
                        del self._requests[key]
                        request.done.set_result("ours" if request.step == "claim" else None)
