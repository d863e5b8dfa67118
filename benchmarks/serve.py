"""The whole bot under load: `smp-bot run` as one process against a Bot API server on loopback.

Prints one table; what is going on meanwhile goes to standard error. The bot has one core and the
server the other, so two cores are needed, and for fair figures nothing beside; the load of the
machine is in the table. Parts may be named: `python benchmarks/serve.py backlog copies`.

    python benchmarks/serve.py
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles

from measuring import resident, timed
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.answering.answerer import Answerer
from bot.faq.loading import load_knowledge
from bot.faq.shipped import shipped_folder
from tests.records.postgres import server as postgresql
from tests.replicas.crowd import answerable
from tests.telegram_api import Person, TelegramServer, faults
from tests.telegram_api.faults import Fault
from tests.telegram_api.process import BotProcess

SMALL_FAQ = str(Path(__file__).resolve().parents[1] / "tests" / "small_faq")
"""Answers from it cost next to nothing."""
EMERGENCY = "i cant breathe"
PEOPLE = 1_000
MESSAGES = (5_000, 10_000)
"""After how many messages memory is read. Nobody asks more often than the bot allows."""
ALONE = 200
STARTS = 3
IN_DANGER = 60
"""How many others need help while one chat floods the bot."""
BACKLOG = 5_000
PLACES = (50, 900, 2_500, 4_999)
BAN = faults.too_many_requests(35)
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
    "confirmed after 6 s": faults.slow(6),
}

progress = Console(stderr=True)


@contextmanager
def served(
    *, webhook: bool, server: TelegramServer | None = None, **settings: str
) -> Iterator[BotProcess]:
    """Serve the bot on a core of its own, with only errors logged."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])  # the process that starts now inherits it
    try:
        with tempfile.TemporaryDirectory() as folder, server or TelegramServer() as given:
            bot = BotProcess(given, Path(folder), webhook=webhook, LOG_LEVEL="ERROR", **settings)
            with bot:
                os.sched_setaffinity(0, cores[1:] or cores)
                yield bot
    finally:
        os.sched_setaffinity(0, cores)


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


def rates(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure answers a second by polling and by webhook, of the shipped FAQ and of a tiny one."""
    for what, faq, asked in (
        ("the shipped engine", {}, texts),
        ("an answerer that costs nothing", {"FAQ_DIR": SMALL_FAQ}, ("why are my leaves yellow?",)),
    ):
        for way in ("polling", "webhook"):
            progress.print(f"answers a second by {way}, {what}")
            spent = processor_time()
            with served(webhook=way == "webhook", **faq) as bot:
                server, count = bot.server, MESSAGES[0] // 2
                people = [server.person() for _ in range(count // 5)]
                stalls: list[float] = []
                over = threading.Event()
                watching = threading.Thread(target=watch, args=(bot, stalls, over))
                watching.start()
                start = time.monotonic()
                for number in range(count):
                    people[number % len(people)].says(asked[number % len(asked)])
                server.wait_until(
                    lambda: sum(len(each.chat.from_bot) for each in people) >= count,  # noqa: B023
                    f"{count} answers",
                    PATIENCE,
                )
                taken = time.monotonic() - start
                over.set()
                watching.join()
            each = 1000 * (processor_time() - spent) / count
            yield f"answers a second by {way}, {what}", f"{count / taken:.0f}"
            yield f"processor time an answer, its start included: {way}, {what}", f"{each:.1f} ms"
            longest = max(stalls, default=0.0)
            yield f"longest stall of the event loop: {way}, {what}", f"{1000 * longest:.0f} ms"


def watch(bot: BotProcess, stalls: list[float], over: threading.Event) -> None:
    """Ask for `/healthz` again and again: it waits for as long as the event loop does."""
    url = f"http://127.0.0.1:{bot.settings['WEBHOOK_PORT']}/healthz"
    while not over.wait(0.02):
        start = time.monotonic()
        with suppress(OSError), urllib.request.urlopen(url, timeout=30):
            stalls.append(time.monotonic() - start)


def matching(answerer: Answerer, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure the part of an answer that is no serving, to compare with on the same machine."""
    alone = timed(answerer.answer, list(texts)).median / 1000
    yield "processor time an answer: matching alone", f"{alone:.1f} ms"


def grown(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure memory on the way."""
    with served(webhook=True) as bot:
        server = bot.server
        yield "memory at the start", f"{resident(bot.pid):.0f} MiB"
        people = [server.person() for _ in range(PEOPLE)]
        done = 0
        for goal in MESSAGES:
            progress.print(f"asking until {goal:,} messages")
            for number in range(done, goal):
                people[number % PEOPLE].says(texts[number % len(texts)])
            server.wait_until(
                lambda: server.count("sendMessage") >= goal,  # noqa: B023, used at once
                f"{goal} answers",
                PATIENCE,
            )
            yield f"memory after {goal:,} messages", f"{resident(bot.pid):.0f} MiB"
            done = goal


def one_at_a_time(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure the latency of a bot that has nothing else to do."""
    progress.print("asking one at a time")
    with served(webhook=True) as bot:
        people = [bot.server.person() for _ in range(ALONE)]
        for number, person in enumerate(people):
            person.says(texts[number % len(texts)])
            person.reads()
        yield "a lone question, median and 99th", percentiles(latencies(people))


def alerts_in_a_group(server: TelegramServer) -> None:
    """One person, 300 alerts in a group that takes 20 messages and then no more."""
    flooding, group = server.person(), server.group()
    server.fails("sendMessage", faults.slow(0), times=20, to=group)
    server.fails("sendMessage", BAN, times=None, to=group)
    for _ in range(300):
        flooding.says(f"/ask {EMERGENCY}", group)


def one_chat(fault: Fault) -> Callable[[TelegramServer], None]:
    """One person, 130 alerts in a chat for which every send meets a fault."""

    def flood(server: TelegramServer) -> None:
        flooding = server.person()
        server.fails("sendMessage", fault, times=None, to=flooding)
        for _ in range(130):
            flooding.says(EMERGENCY)

    return flood


def inline(server: TelegramServer) -> None:
    """One person, 400 inline queries."""
    flooding = server.person()
    for number in range(400):
        flooding.types_inline(f"red scalp after {number} days")


def long_messages(server: TelegramServer) -> None:
    """One person, 300 messages of 500 characters with signs."""
    flooding = server.person()
    for number in range(300):
        words = (
            f"{number} my lips are swelling and i can not breathe properly since the treatment "
        )
        flooding.says((words * 7)[:500])


FLOODS: dict[str, Callable[[TelegramServer], None]] = {
    "alerts in a group": alerts_in_a_group,
    "a chat under 429": one_chat(BAN),
    "a chat under 502": one_chat(faults.server_error(502)),
    "400 inline queries": inline,
    "300 long messages": long_messages,
}


def floods(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure how long an emergency waits beside one chat that floods the bot, and beside many."""
    ways = [("polling", name) for name in FLOODS]
    ways += [("webhook", name) for name in list(FLOODS)[:2]]
    for way, name in ways:
        progress.print(f"an emergency beside {name}, by {way}")
        with served(webhook=way == "webhook") as bot:
            FLOODS[name](bot.server)
            time.sleep(1)
            yield f"an emergency beside {name}, by {way}", emergencies(bot.server)
    for way in ("polling", "webhook"):
        with served(webhook=way == "webhook") as bot:
            over = threading.Event()
            asking = threading.Thread(target=ask, args=(bot.server, texts, over))
            asking.start()
            waited = emergencies(bot.server)
            over.set()
            asking.join()
            yield f"an emergency beside 20 messages a second, by {way}", waited


def ask(server: TelegramServer, texts: Sequence[str], over: threading.Event) -> None:
    """Let others ask, 20 a second, until it is over."""
    number = 0
    while not over.wait(0.05):
        server.person().says(texts[number % len(texts)])
        number += 1


def emergencies(server: TelegramServer) -> str:
    """Let others need help, one each tenth of a second; tell how long they wait."""
    people = []
    for _ in range(IN_DANGER):
        people.append((server.person(), time.monotonic()))
        people[-1][0].says(EMERGENCY)
        time.sleep(0.1)
    with suppress(AssertionError):
        server.wait_until(lambda: all(each.chat.from_bot for each, _ in people), "alerts", 60.0)
    taken = [1000 * (who.received[0].at - at) for who, at in people if who.received]
    lost = len(people) - len(taken)
    return percentiles(taken) + (f", {lost} without an answer in 60 s" if lost else "")


def database(_: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure how long an emergency waits while PostgreSQL hangs, is locked or is stopped."""
    with postgresql() as records, served(webhook=True, DATABASE_URL=records.url()) as bot:
        bot.server.person().says("hello")
        bot.server.wait_until_confirmed()
        records.hang()
        yield "an emergency while PostgreSQL hangs", emergencies(bot.server)
        records.go_on()
        bot.server.wait_until_confirmed()
        with create_engine(records.url()).begin() as other:
            other.execute(text("LOCK TABLE claims IN ACCESS EXCLUSIVE MODE"))
            yield "an emergency while its table is locked", emergencies(bot.server)
        bot.server.wait_until_confirmed()
        records.stop()
        yield "an emergency while PostgreSQL is stopped", emergencies(bot.server)
        records.start()


def backlog(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure how long emergencies wait in a backlog, by polling, and one that comes meanwhile."""
    server = TelegramServer()
    people = [server.person() for _ in range(BACKLOG)]
    for place, person in enumerate(people, 1):
        person.says(EMERGENCY if place in PLACES else texts[place % len(texts)], minutes_ago=3)
    with served(webhook=False, server=server):
        begun = time.monotonic()
        time.sleep(5)
        late, came = server.person(), time.monotonic()
        late.says(EMERGENCY)
        everybody = [*people, late]
        server.wait_until(
            lambda: all(each.chat.from_bot for each in everybody), "every answer", PATIENCE
        )
        over = time.monotonic() - begun
        for place in PLACES:
            waited = people[place - 1].received[0].at - begun
            yield f"backlog of {BACKLOG:,}: the emergency at place {place:,}", f"{waited:.1f} s"
        yield f"backlog of {BACKLOG:,}: a new emergency", f"{late.received[0].at - came:.1f} s"
        yield f"backlog of {BACKLOG:,}: all answered, none lost", f"{over:.0f} s"


def copies(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Count copies and losses where sends meet faults, each three times in each chat."""
    with served(webhook=True) as bot:
        for name, fault in FAULTS.items():
            progress.print(f"fault: {name}")
            people = [bot.server.person() for _ in range(10)]
            for person in people:
                # Plain text, which is tried next, is never refused for its markup.
                times = 1 if fault is FAULTS["markup refused"] else 3
                bot.server.fails("sendMessage", fault, times, to=person)
                person.says(texts[0])
            start = time.monotonic()
            with suppress(AssertionError):
                bot.server.wait_until(
                    lambda: all(each.received for each in people),  # noqa: B023, used at once
                    "answers",
                    120.0,
                )
            waited = time.monotonic() - start
            time.sleep(2 if fault.delay == 0 else 2 * fault.delay)
            most = max(len(each.received) for each in people)
            lost = sum(not each.received for each in people)
            yield f"fault: {name}", f"{waited:.1f} s, copies {most}, lost {lost}"
        person = bot.server.person()
        bot.server.fails("sendMessage", faults.slow(6), times=None, to=person)
        person.says(EMERGENCY)
        person.reads()
        time.sleep(20)
        yield "copies of an alert, sends confirmed after 6 s", f"{len(person.received)}"


def starts(_: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Measure how long a start takes until the bot polls, or could be pushed to."""
    for way, webhook in (("first poll", False), ("webhook set", True)):
        progress.print(f"starting until {way}")
        taken = []
        for _ in range(STARTS):
            start = time.monotonic()
            with served(webhook=webhook):
                taken.append(time.monotonic() - start)
        yield f"seconds from start to {way}", f"{median(taken):.2f}"


def machine(_: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Tell how busy the machine is; the bot and the server alone make a load of about 1.5."""
    yield "load of the machine, last minute", f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


PARTS = (machine, rates, one_at_a_time, floods, database, backlog, copies, grown, starts)


def main() -> None:
    """Measure everything, or the parts that are named, and print the table."""
    answerer = Answerer(load_knowledge(shipped_folder()))
    texts = [entry.questions[0] for entry in answerable(answerer)]
    table = Table("what", "figure")
    named = sys.argv[1:]
    parts = [part for part in PARTS if not named or part.__name__ in named]
    if not parts:
        raise SystemExit(f"No such part; there are {', '.join(part.__name__ for part in PARTS)}.")
    for part in parts:
        for what, figure in part(texts):
            progress.print(f"{what}: {figure}")
            table.add_row(what, figure)
    for what, figure in matching(answerer, texts):
        table.add_row(what, figure)
    Console(highlight=False, width=None if sys.stdout.isatty() else 110).print(table)


if __name__ == "__main__":
    main()
