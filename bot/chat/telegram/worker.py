"""A thread for what takes processor time, so that the event loop is free for everybody else."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import PriorityQueue
from typing import Any, Final, TypeVar

Result = TypeVar("Result")

READING: Final = 0
"""Noticing signs of danger goes before all answers."""
ALERT: Final = 1
ANSWER: Final = 2
_SWITCH_SECONDS = 0.0005


class Worker:
    """Does one job at a time: the most urgent first, of those whose owner has fewest waiting.

    So nobody waits behind another's hundred messages. Of what is equal the newest goes first.
    """

    def __init__(self) -> None:
        # The loop asks for the interpreter at each message; by default it would wait 5 ms.
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._thread = ThreadPoolExecutor(1, "worker")
        self._jobs: PriorityQueue[tuple[Any, ...]] = PriorityQueue()
        self._waiting: Counter[Hashable] = Counter()
        self._numbers = itertools.count()

    async def run(
        self, urgency: int, owner: Hashable, when: float, job: Callable[[], Result]
    ) -> Result:
        """Return what a job returns; `when` is the time that the newest are known by."""
        done: Future[Result] = Future()
        self._waiting[owner] += 1
        order = (urgency, self._waiting[owner], -when, next(self._numbers))
        self._jobs.put((*order, job, done))
        self._thread.submit(self._do_next)
        try:
            return await asyncio.wrap_future(done)
        finally:
            self._waiting[owner] -= 1
            if not self._waiting[owner]:
                del self._waiting[owner]

    def _do_next(self) -> None:
        *_, job, done = self._jobs.get()
        if done.set_running_or_notify_cancel():  # else nobody waits for it any more
            try:
                done.set_result(job())
            except Exception as fault:
                done.set_exception(fault)
