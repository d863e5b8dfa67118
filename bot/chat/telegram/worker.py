"""A thread for what takes processor time, so that the event loop is free for everybody else."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import sys
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
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
        self._jobs: list[tuple[Any, ...]] = []
        self._waiting: Counter[Hashable] = Counter()
        self._numbers = itertools.count()
        self._busy: asyncio.Task[None] | None = None

    async def run(
        self, urgency: int, owner: Hashable, when: float, job: Callable[[], Result]
    ) -> Result:
        """Return what a job returns; `when` is the time that the newest are known by."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting[owner] += 1
        order = (urgency, self._waiting[owner], -when, next(self._numbers))
        heapq.heappush(self._jobs, (*order, job, done))
        if self._busy is None or self._busy.done():
            self._busy = asyncio.create_task(self._work())
        try:
            return await done
        finally:
            self._waiting[owner] -= 1
            if not self._waiting[owner]:
                del self._waiting[owner]

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._jobs:
            *_, job, done = heapq.heappop(self._jobs)
            if done.done():
                continue  # nobody waits for it any more
            try:
                result = await loop.run_in_executor(self._thread, job)
            except Exception as fault:
                if not done.done():
                    done.set_exception(fault)
            else:
                if not done.done():
                    done.set_result(result)
