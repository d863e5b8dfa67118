"""Recording while the bot serves: one thread alone touches the database.

What is counted goes into memory at once and to the database a second later, so the database can
be slow, full, locked or away, and no answer waits for it. Only claims are waited for, and not
for long.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, Final, Self

from sqlalchemy import Engine

from bot.records import tables
from bot.records.database import durable, file_identity, upgrade
from bot.records.port import BeingAnswered, Clock, Records, Talker, Told
from bot.records.redaction import redact
from bot.records.replicas import alerts, claims
from bot.records.replicas.lease import LEASE, Lease
from bot.records.replicas.outage import Outage
from bot.records.requests import Key, Request, Step
from bot.records.retention import Retention
from bot.records.tally import Tally

_LOG = logging.getLogger(__name__)

TICK: Final = 1.0
"""Seconds between two writings of counts."""
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
_NO_UPDATE = -1  # what is asked for no update in particular: there is no claim of this number
_AWAITED = ("claim", "told")
_READ = ("tell", *_AWAITED)
_MOST_REQUESTS = 50_000
_CLOSING = 2.0


class Recorder(Records):
    """Counts, feedback, redacted misses and claims, in the database of `engine`.

    It is used as a context manager; at its end what is left is written. `keep_misses` is whether
    words of missed questions are kept, `miss_days` for how long; `known` gives those of the FAQ.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        keep_misses: bool = False,
        miss_days: int = 30,
        known: Callable[[], Collection[str]] = frozenset,
        lease: float = LEASE,
        today: Callable[[], date] | None = None,
    ) -> None:
        self._engine = engine
        self._keep_misses, self._known = keep_misses, known
        self._lease = Lease(lease)
        self._clock: Clock = time.time
        self._today = today or (lambda: datetime.fromtimestamp(self._now(), UTC).date())
        self._part = int(self._lease.holder, 16) % tables.PARTS
        # With SQLite nobody else could have claimed it: there is nothing to wait for.
        self._outage = Outage(GRACE if engine.dialect.name == "postgresql" else 0.0)
        self._retention = Retention(engine, miss_days, self._today, lambda: self._lease.run_out)
        self._tally = Tally()
        self._requests: dict[Key, Request] = {}
        self._numbers = itertools.count(1)
        self._wake = threading.Condition()
        self._stopping = threading.Event()
        self._file: tuple[int, int] | None = None
        self._ready = False
        self._written = self._worked = 0.0
        self._thread = threading.Thread(target=self._run, name="records", daemon=True)

    def __enter__(self) -> Self:
        self._written = time.monotonic()
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
        if not self._keep_misses:
            return
        if kept := redact(text, self._known()):
            with self._wake:
                self._tally.add(tables.misses, (self._today(), kept, " ".join(nearest)))

    async def claim(self, update_id: int, *, urgent: bool = False) -> bool:
        """Say whether an update is ours to answer; false when it was answered already.

        While the database is away it is, so that everybody gets an answer. What is `urgent` is
        ours as soon as the database is slow: an alert twice is better than one that is late.

        Raises:
            BeingAnswered: it is claimed by another process, or the database has just gone.
        """
        if self._outage.over_grace:
            return True
        asked = asyncio.wrap_future(self._submit(update_id, "claim"))
        try:
            patience = URGENT_PATIENCE if urgent else PATIENCE
            verdict = await asyncio.wait_for(asyncio.shield(asked), patience)
        except TimeoutError:
            if urgent:
                return True
            asked.cancel()
            self._outage.begin()
            if self._outage.over_grace:
                return True
            self._submit(update_id, "release")
            raise BeingAnswered from None
        if verdict == "taken":
            raise BeingAnswered
        return bool(verdict == "ours")

    async def settle(self, update_id: int) -> None:
        """Keep that a claimed update was answered, and with it the counts so far."""
        await self._submit_and_wait(update_id, "settle")

    async def release(self, update_id: int) -> None:
        """Give a claimed update back."""
        await self._submit_and_wait(update_id, "release")

    async def park(self, update_id: int, answer: str) -> bool:
        """Keep an answer that waits to be sent, on the disk; true when it is there."""
        return bool(await self._submit_and_wait(update_id, "park", answer))

    def away(self) -> float:
        """Seconds for which the database has been away; 0 while it is there."""
        return self._outage.seconds

    async def adopt(self) -> dict[int, str]:
        """Take over the answers that wait and whose process is gone, by their claims."""
        return await self._submit_and_wait(_NO_UPDATE, "adopt") or {}

    async def tell(self, talker: Talker, told: Told) -> None:
        """Keep for ten minutes what somebody was told, or that it is over; waits for nothing."""
        self._submit((talker, 0), "tell", told)

    async def told(self, talker: Talker, *, urgent: bool = False) -> Told | None:
        """Say what somebody was told last; None where the database is away, or slow."""
        found: Told | None = None
        if not self._outage.over_grace:
            asked = asyncio.wrap_future(self._submit((talker, next(self._numbers)), "told"))
            with suppress(TimeoutError):
                found = await asyncio.wait_for(asked, URGENT_PATIENCE if urgent else PATIENCE)
        return found

    async def _submit_and_wait(self, update_id: int, step: Step, what: Any = None) -> Any:
        """Wait until it is done, but not for long: then it is done when the database can."""
        done = asyncio.wrap_future(self._submit(update_id, step, what))
        if not self._outage.over_grace:
            with suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(done), PATIENCE)
        return None

    def _submit(self, key: Key, step: Step, what: Any = None) -> Future[Any]:
        request = Request(step, what)
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
            self._stopping.wait(max(0.0, self._worked + ROUND - time.monotonic()))
            stopping = self._stopping.is_set()
            try:
                self._work(due=self._due(stopping))
                self._worked = time.monotonic()
            except Exception as fault:  # whatever it is, the bot goes on, and this tries again
                self._failed(fault)
                self._stopping.wait(self._outage.pause)
        self._engine.dispose()

    def _due(self, stopping: bool) -> bool:
        waits = self._tally.counts or self._requests
        return bool(stopping and waits) or time.monotonic() - self._written >= TICK

    def _work(self, *, due: bool) -> None:
        requests, tally = self._take(due)
        if not (requests or due):
            return
        try:
            self._prepare(due)
            self._read(requests)
            self._write(requests, tally)
            if due:
                self._written = time.monotonic()
                self._renew()
                if self._clock() is not None:
                    self._retention.clean()
        except BaseException:
            self._put_back(requests, tally)
            raise
        with self._wake:
            lost, self._tally.lost = self._tally.lost, 0
        self._outage.end(lost)

    def _take(self, due: bool) -> tuple[dict[Key, Request], Tally]:
        """Take what waits. Counts go with their update: a crash loses both, or neither."""
        with self._wake:
            requests, self._requests = self._requests, {}
            for key in [each for each in requests if requests[each].done.cancelled()]:
                if requests[key].step in _AWAITED:
                    del requests[key]  # nobody waits for it any more
            tally = Tally()
            if due or any(each.step in ("settle", "park") for each in requests.values()):
                tally, self._tally = self._tally, tally
        return requests, tally

    def _put_back(self, requests: dict[Key, Request], tally: Tally) -> None:
        with self._wake:
            self._requests = {**requests, **self._requests}
            self._tally.take_back(tally)

    def _prepare(self, due: bool) -> None:
        """Make sure that the tables are there: somebody may have removed or replaced the file.

        When writing is due, the database is looked at even if there is nothing to write: it is
        better to know that it is away before somebody asks.
        """
        if self._ready and self._file != file_identity(self._engine):
            self._engine.dispose()
            self._ready = False
        if not self._ready:
            upgrade(self._engine)
            self._file = file_identity(self._engine)
        if due or not self._ready:
            with self._engine.connect() as connection:
                self._lease.set_clock(connection, self._now)
        self._ready = True

    def _read(self, requests: dict[Key, Request]) -> None:
        """Claim updates, and see what those who wrote were told; what was told just now first."""
        taken = {key: each for key, each in requests.items() if each.step in _READ}
        if not taken:
            return
        updates = [key for key in taken if isinstance(key, int)]
        people = {key: key[0] for key in taken if not isinstance(key, int)}
        new = {people[key]: taken[key].what for key in people if taken[key].step == "tell"}
        with self._engine.begin() as connection:
            alerts.tell(connection, new, self._lease.now)
            verdicts = self._lease.claim(connection, updates)
            told = alerts.told(connection, {*people.values()}, self._lease.now)
        for update_id, verdict in verdicts.items():
            if verdict == "ours" and not taken[update_id].done.cancelled():
                self._lease.held(update_id)
            taken[update_id].finish(verdict)
        for key, talker in people.items():
            taken[key].finish(told[talker])
        for each in taken:
            del requests[each]

    def _write(self, requests: dict[Key, Request], tally: Tally) -> None:
        asked = {key: each for key, each in requests.items() if isinstance(key, int)}
        settled = [each for each, request in asked.items() if request.step == "settle"]
        released = [each for each, request in asked.items() if request.step == "release"]
        parked = {each: request.what for each, request in asked.items() if request.step == "park"}
        if not (requests or tally.counts):
            return
        adopted: dict[int, str] = {}
        # With SQLite only what is parked must survive a crash of the machine.
        on_disk = parked or self._engine.dialect.name == "postgresql"
        engine = durable(self._engine) if on_disk else self._engine
        with engine.begin() as connection:
            claims.settle(connection, settled, self._lease.holder, self._lease.now)
            claims.release(connection, released, self._lease.holder)
            self._lease.park(connection, parked)
            if _NO_UPDATE in requests:
                adopted = self._lease.adopt(connection)
            tally.write(connection, self._part)
        tally.counts.clear()
        self._lease.ended((*settled, *released))
        self._lease.held(*parked, *adopted)
        for update_id, request in asked.items():
            request.finish(adopted if update_id == _NO_UPDATE else True)
        requests.clear()

    def _renew(self) -> None:
        if due := self._lease.due():
            with self._engine.begin() as connection:
                self._lease.renew(connection, due)

    def _failed(self, fault: Exception) -> None:
        self._outage.begin()
        self._outage.tell(fault)
        self._lease.doubt()
        self._ready = False
        with suppress(Exception):
            self._engine.dispose()
        if self._outage.over_grace:
            with self._wake:
                for key, request in list(self._requests.items()):
                    if request.step in _AWAITED:
                        del self._requests[key]
                        request.finish("ours" if request.step == "claim" else None)
