"""Several replicas behind nginx, sharing PostgreSQL, against a Bot API server on loopback.

Prints what 1, 2 and 3 replicas answer in a second and what an answer costs; how many answers
PostgreSQL can remember in a second, with no bot at work; and then the proof of the tests in full:
20,000 questions, 1 in 20 of them twice, while replicas are killed and stopped and PostgreSQL is
restarted. Telegram's limit of messages a second is off. All of it shares the machine, so what
more replicas gain depends on its cores. Ends with status 1 when a person got no answer or one too
many, or a count is wrong.

    python benchmarks/replicas.py
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles

from measuring import resident
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.answering.answerer import Answerer
from bot.faq.loading import load_knowledge
from bot.faq.models import Entry
from bot.faq.shipped import shipped_folder
from bot.records.database import open_database
from bot.records.recorder import Recorder
from tests.records.postgres import server
from tests.replicas.crowd import AT_ONCE, ONE_IN, Asked, Crowd, Stutter, answerable
from tests.replicas.fleet import Fleet, missing, running_fleet
from tests.replicas.proof import go_through

REPLICAS = (1, 2, 3)
WARM_UP = 300
MEASURED = 6_000
QUESTIONS = 20_000
REMEMBERED = 24_000
_TICKS = os.sysconf("SC_CLK_TCK")

progress = Console(stderr=True)


@dataclass(frozen=True)
class Figures:
    """What so many replicas did, and what it cost; times in milliseconds an answer."""

    a_second: float
    latency: float
    latency_99: float
    bot: float
    nginx: float
    database: float
    telegram: float
    memory: float
    """MiB of the largest replica."""


def processor_seconds(*pids: int) -> float:
    """Return the seconds that processes have spent on a processor."""
    fields = [Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2] for pid in pids]
    return sum(sum(map(int, each.split()[11:13])) for each in fields) / _TICKS


def spent(fleet: Fleet) -> dict[str, float]:
    """Return the processor time of each part so far."""
    return {
        "bot": processor_seconds(*(replica.bot.pid for replica in fleet.replicas)),
        "nginx": processor_seconds(fleet.proxy.pid),
        "database": processor_seconds(*fleet.records.processes()),
        "telegram": time.process_time(),
    }


def milliseconds(asked: list[Asked]) -> list[float]:
    """Return how long each answer took, from the push of its question."""
    return [1000 * (each.person.received[0].at - each.update.pushed) for each in asked]


def measure(count: int, entries: list[Entry]) -> Figures:
    """Let a crowd ask so many replicas, which are left alone."""
    with running_fleet(count) as fleet, Stutter(fleet.telegram) as stutter:
        crowd = Crowd(fleet.telegram, stutter, entries)
        crowd.asks_until(WARM_UP)
        crowd.wait_until_answered()
        before, start = spent(fleet), time.monotonic()
        crowd.asks_until(WARM_UP + MEASURED)
        crowd.wait_until_answered()
        seconds = time.monotonic() - start
        after = spent(fleet)
        cost = {part: 1000 * (after[part] - before[part]) / MEASURED for part in after}
        taken = milliseconds(crowd.asked[WARM_UP:])
        memory = max(resident(replica.bot.pid) for replica in fleet.replicas)
    return Figures(
        MEASURED / seconds, median(taken), quantiles(taken, n=100)[98], **cost, memory=memory
    )


def rates(entries: list[Entry]) -> Table:
    """Measure 1, 2 and 3 replicas."""
    table = Table("", *(f"{count} replica{'s' * (count > 1)}" for count in REPLICAS))
    found, database = [], []
    for count in REPLICAS:
        progress.print(f"asking {count} of them")
        found.append(measure(count, entries))
        progress.print(found[-1])
        database.append(remembered_a_second(count))
        progress.print(f"remembered a second: {database[-1]:.0f}")
    rows = {
        "answers a second": "a_second",
        "latency under full load, median, ms": "latency",
        "latency under full load, 99th, ms": "latency_99",
        "processor time an answer, bot, ms": "bot",
        "processor time an answer, nginx, ms": "nginx",
        "processor time an answer, PostgreSQL, ms": "database",
        "processor time an answer, Bot API server, ms": "telegram",
        "memory of a replica, MiB": "memory",
    }
    for what, name in rows.items():
        figures = [getattr(each, name) for each in found]
        table.add_row(what, *(f"{each:.1f}" if each < 20 else f"{each:.0f}" for each in figures))
    table.add_row(
        "answers that PostgreSQL remembers in a second, no bot at work",
        *(f"{each:,.0f}" for each in database),
    )
    return table


def remember(url: str, updates: range) -> None:
    """Claim, count and settle updates as a replica does; in a process of its own."""

    async def one(records: Recorder, update_id: int) -> None:
        await records.claim(update_id)
        await records.question("answer", ["an-entry"], None)
        await records.settle(update_id)

    async def every(records: Recorder) -> None:
        for start in updates[::AT_ONCE]:
            await asyncio.gather(*(one(records, start + each) for each in range(AT_ONCE)))

    with Recorder(open_database(url)) as records:
        asyncio.run(every(records))


def remembered_a_second(processes: int) -> float:
    """Return how many updates so many processes claim and settle in a second, all together."""
    everything = range(processes * REMEMBERED)
    parts = [everything[start : start + REMEMBERED] for start in everything[::REMEMBERED]]
    with server() as database, ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        url = database.new_database()
        list(pool.map(remember, [url] * processes, [range(0)] * processes))
        start = time.monotonic()
        list(pool.map(remember, [url] * processes, parts))
        return processes * REMEMBERED / (time.monotonic() - start)


def proof(entries: list[Entry]) -> Iterator[tuple[str, str, bool]]:
    """Go through the proof in full: what, the figure, and whether it is as it must be."""
    progress.print(f"asking {QUESTIONS:,} questions while this and that is killed")
    with running_fleet(max(REPLICAS)) as fleet, Stutter(fleet.telegram) as stutter:
        crowd = Crowd(fleet.telegram, stutter, entries)
        start = time.monotonic()
        found = go_through(fleet, crowd, QUESTIONS)
        seconds = time.monotonic() - start
        right = fleet.records.counted_entries() == crowd.entries()
        rows, size = fleet.records.size_of_claims()
    pushed = stutter.count
    yield "people who asked, one question each", f"{QUESTIONS:,}", True
    yield "updates that came twice", f"{pushed:,}", pushed == QUESTIONS // ONE_IN
    yield "seconds", f"{seconds:.0f}", True
    yield "no answer", f"{len(found.lost)}", not found.lost
    yield "another answer than the right one", f"{len(found.wrong)}", not found.wrong
    yield "answered twice", f"{len(found.twice)}", not found.twice
    yield "held by the two replicas when they were killed", f"{found.held}", found.held > 0
    yield "of these, answered and not yet noted", f"{found.on_the_way}", True
    yield "counted", f"{found.counted:,}", found.counted == QUESTIONS
    yield "each entry counted as often as it was asked for", "yes" if right else "no", right
    yield "bytes of PostgreSQL for each update it remembers", f"{size / rows:.0f}", True


def main() -> None:
    """Measure, go through the proof, and print both tables."""
    if names := missing():
        sys.exit(f"not installed: {names} (apt-get install {names})")
    entries = answerable(Answerer(load_knowledge(shipped_folder())))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(rates(entries))
    table = Table("what", "figure", "")
    good = True
    for what, figure, as_it_must_be in proof(entries):
        table.add_row(what, figure, "" if as_it_must_be else "WRONG")
        good &= as_it_must_be
    console.print(table)
    sys.exit(not good)


if __name__ == "__main__":
    main()
