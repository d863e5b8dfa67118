from __future__ import annotations

import asyncio
import threading

import pytest

from bot.chat.telegram.worker import ALERT, ANSWER, READING, Worker


async def _order(*jobs: tuple[int, str, float]) -> list[int]:
    """The numbers of jobs in the order in which they are done, once all of them wait."""
    worker, done, begin = Worker(), [], threading.Event()
    first = asyncio.create_task(worker.run(READING, "first", 0.0, begin.wait))
    await asyncio.sleep(0)
    waiting = [
        asyncio.create_task(worker.run(*job, lambda number=number: done.append(number)))
        for number, job in enumerate(jobs)
    ]
    await asyncio.sleep(0)
    begin.set()
    await asyncio.gather(first, *waiting)
    return done


async def test_signs_are_read_first_then_alerts_are_answered_then_the_newest() -> None:
    jobs = ((ANSWER, "a", 1.0), (ANSWER, "b", 2.0), (ALERT, "c", 0.0), (READING, "d", 0.0))
    assert await _order(*jobs) == [3, 2, 1, 0]


async def test_nobody_waits_behind_anothers_flood() -> None:
    flood = [(READING, "flood", 5.0)] * 20
    assert (await _order(*flood, (READING, "other", 1.0))).index(20) <= 1


async def test_a_fault_is_its_owners_alone() -> None:
    worker = Worker()
    with pytest.raises(ZeroDivisionError):
        await worker.run(ANSWER, "a", 0.0, lambda: 1 // 0)
    assert await worker.run(ANSWER, "a", 0.0, lambda: 7) == 7
