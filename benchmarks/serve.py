"""The whole bot under load: `smp-bot run` as one process against a Bot API server on loopback.

Prints one table; what is going on meanwhile goes to standard error. Telegram's limit of messages
a second is off. The server shares the machine with the bot, so two cores are needed for a fair
figure; the load of the machine is in the table, and where it is more than about 1.5 the processor
time of an answer is the figure to trust.

    python benchmarks/serve.py
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from measuring import timed
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.answering.answerer import Answerer
from bot.faq.loading import load_knowledge
from bot.faq.shipped import shipped_folder
from tests.telegram_api import Person, TelegramServer, faults
from tests.telegram_api.faults import Fault
from tests.telegram_api.process import BotProcess

PEOPLE = 1_000
MESSAGES = (5_000, 10_000)
"""After how many messages memory is read. Nobody asks more often than the bot allows."""
ALONE = 200
STARTS = 3
PATIENCE = 600.0
FAULTS: dict[str, Fault] = {
    "none": faults.slow(0),
    "429, retry after 1 s": faults.too_many_requests(1),
    "500": faults.server_error(500),
    "502": faults.server_error(502),
    "connection dropped": faults.dropped("before"),
    "answer cut off": faults.dropped("midway"),
    "no JSON": faults.gibberish(),
    "markup refused": faults.not_parsed(),
    "no answer (time-out)": faults.timed_out(),
}

progress = Console(stderr=True)


def questions(answerer: Answerer) -> list[str]:
    """Return the first question of each entry that it answers, and no other with it."""
    return [
        entry.questions[0]
        for entry in answerer.knowledge.faq.entries
        if [a.entry for a in answerer.answer(entry.questions[0]).answered] == [entry]
    ]


@contextmanager
def served(*, webhook: bool) -> Iterator[BotProcess]:
    """Serve the bot, with only errors logged."""
    with (
        tempfile.TemporaryDirectory() as folder,
        TelegramServer() as server,
        BotProcess(server, Path(folder), webhook=webhook, LOG_LEVEL="ERROR") as bot,
    ):
        yield bot


def memory(bot: BotProcess) -> float:
    """Return the resident memory of the bot, in MiB."""
    shown = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(bot.pid)], capture_output=True, text=True, check=True
    )
    return int(shown.stdout) / 1024


def latencies(people: list[Person]) -> list[float]:
    """Return the milliseconds from each push of a question to its answer."""
    server = people[0].server
    pushed = {
        (update.body["chat"]["id"], update.body["message_id"]): update.pushed
        for update in server.world.updates.all.values()
    }
    taken = []
    for person in people:
        asked = [m for m in person.chat.messages.values() if not m.sender.is_bot]
        for question, answer in zip(asked, person.chat.from_bot, strict=True):
            taken.append(1000 * (answer.at - pushed[person.chat.id, question.id]))
    return taken


def percentiles(taken: list[float]) -> str:
    """Return the median and the 99th percentile, in words."""
    return f"{median(taken):.0f} and {quantiles(taken, n=100)[98]:.0f} ms"


def processor_time() -> float:
    """Return the seconds that processes which have ended spent on a processor."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def load(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Measure answers a second, latency, processor time, and memory on the way."""
    spent, own = processor_time(), time.process_time()
    with served(webhook=True) as bot:
        server = bot.server
        server.person().says(texts[0])
        server.wait_until_confirmed()
        yield "memory at the start", f"{memory(bot):.0f} MiB"
        people = [server.person() for _ in range(PEOPLE)]
        done, before, held = 0, server.count("sendMessage"), []
        for goal in MESSAGES:
            progress.print(f"asking until {goal:,} messages")
            start = time.monotonic()
            for number in range(done, goal):
                people[number % PEOPLE].says(texts[number % len(texts)])
            server.wait_until(
                lambda: server.count("sendMessage") - before >= goal,  # noqa: B023, used at once
                f"{goal} answers",
                PATIENCE,
            )
            rate = (goal - done) / (time.monotonic() - start)
            yield f"answers a second, messages {done + 1:,} to {goal:,}", f"{rate:.0f}"
            held.append(memory(bot))
            yield f"memory after {goal:,} messages", f"{held[-1]:.0f} MiB"
            done = goal
        yield f"growth between {MESSAGES[0]:,} and {goal:,}", f"{held[-1] - held[0]:+.1f} MiB"
        yield "latency under full load, median and 99th", percentiles(latencies(people))
        each = 1000 * (time.process_time() - own) / done
    yield "processor time an answer: the server of the benchmark", f"{each:.1f} ms"
    each = 1000 * (processor_time() - spent) / done
    yield "processor time an answer: the bot, its start included", f"{each:.1f} ms"


def matching(answerer: Answerer, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Measure the part of an answer that is no serving, to compare with on the same machine."""
    alone = timed(answerer.answer, texts).median / 1000
    yield "processor time an answer: matching alone", f"{alone:.1f} ms"


def one_at_a_time(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Measure the latency of a bot that has nothing else to do."""
    progress.print("asking one at a time")
    with served(webhook=True) as bot:
        people = [bot.server.person() for _ in range(ALONE)]
        for number, person in enumerate(people):
            person.says(texts[number % len(texts)])
            person.reads()
        yield "latency one at a time, median and 99th", percentiles(latencies(people))


def starts() -> Iterator[tuple[str, str]]:
    """Measure how long a start takes until the bot polls, or could be pushed to."""
    for way, webhook in (("first poll", False), ("webhook set", True)):
        progress.print(f"starting until {way}")
        taken = []
        for _ in range(STARTS):
            start = time.monotonic()
            with served(webhook=webhook):
                taken.append(time.monotonic() - start)
        yield f"seconds from start to {way}", f"{median(taken):.2f}"


def costs(text: str) -> Iterator[tuple[str, str]]:
    """Measure how long the person waits when the first attempt to answer meets a fault."""
    with served(webhook=True) as bot:
        for name, fault in FAULTS.items():
            progress.print(f"fault: {name}")
            person = bot.server.person()
            bot.server.fails("sendMessage", fault, to=person)
            start = time.monotonic()
            person.says(text)
            person.reads()
            waited = f"{time.monotonic() - start:.2f} s"
            bot.server.wait_until_confirmed()
            copies = len(person.received)
            yield f"answer after fault: {name}", waited + (" (twice)" if copies > 1 else "")


def machine() -> Iterator[tuple[str, str]]:
    """Tell how busy the machine is; the bot and the server alone make a load of about 1.5."""
    yield "load of the machine, last minute", f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main() -> None:
    """Measure everything and print the table."""
    answerer = Answerer(load_knowledge(shipped_folder()))
    texts = questions(answerer)
    table = Table("what", "figure")
    parts: list[Callable[[], Iterator[tuple[str, str]]]] = [
        machine,
        lambda: matching(answerer, texts),
        lambda: load(texts),
        machine,
        lambda: one_at_a_time(texts),
        starts,
        lambda: costs(texts[0]),
    ]
    for part in parts:
        for what, figure in part():
            progress.print(f"{what}: {figure}")
            table.add_row(what, figure)
    Console(highlight=False, width=None if sys.stdout.isatty() else 100).print(table)


if __name__ == "__main__":
    main()
