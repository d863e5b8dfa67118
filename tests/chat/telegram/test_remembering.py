"""For ten minutes after an alert nothing says less, in any process that shares the records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.chat.telegram.intake import Intake
from bot.records.database import open_database
from bot.records.port import Talker, Told
from bot.records.recorder import Recorder
from tests.chat.telegram.conftest import Bench, KeptRecords, make_service
from tests.records.conftest import rows
from tests.telegram_api import Person

ALERTING = "broken neck and a flat tyre"
CRISIS = "I want to kill myself"
OIL = "how do i oil the chain"
LESS, NO_LESS = "ask a professional", "Call for help now."


class Processes:
    """Processes on one database; each has a memory of its own."""

    def __init__(self, bench: Bench, url: str, stack: ExitStack) -> None:
        self.bench, self.url, self._stack = bench, url, stack

    def start(self) -> Intake:
        records = self._stack.enter_context(Recorder(open_database(self.url)))
        return Intake(make_service(self.bench.connection, self.bench.serving, records))

    async def hear(self, process: Intake, person: Person, text: str) -> list[str]:
        self.bench.intake = process
        return [message.text for message in await self.bench.hear(person, text)]

    async def kept(self, so: bool = True) -> None:
        await self.bench.soon(lambda: bool(self.rows()) is so)

    def rows(self) -> list[tuple[object, ...]]:
        return rows(self.url, "alerts")


def on_disk(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.iterdir())


@pytest.fixture
def processes(bench: Bench, tmp_path: Path) -> Iterator[Processes]:
    with ExitStack() as stack:
        yield Processes(bench, f"sqlite:///{tmp_path / 'records.sqlite3'}", stack)


async def test_the_same_cause_is_told_in_full_then_in_a_line_and_then_not(bench: Bench) -> None:
    person = bench.server.person()
    full, line, nothing = [await bench.hear(person, ALERTING) for _ in range(3)]
    assert [message.text for message in (full[0], line[0])] == [
        "Call for help now.\n\nStay where you are.",
        "Call for help now.",
    ]
    # The rest of the message is answered all the same.
    titles = [each[-1].title for each in (full, line, nothing)]
    assert titles == ["A flat tyre", "From: A flat tyre", "From: A flat tyre"]
    assert len(nothing) == 1


async def test_a_crisis_is_told_again_in_a_line_once_a_minute(bench: Bench) -> None:
    person = bench.server.person()
    heard = [await bench.hear(person, CRISIS, minutes_ago=ago) for ago in (3.0, 2.9, 2.8, 0.8)]
    assert [len(each) for each in heard] == [1, 1, 0, 1]


async def test_another_cause_is_told_in_full(bench: Bench) -> None:
    person = bench.server.person()
    for _ in range(3):
        await bench.hear(person, ALERTING)
    assert [each.text for each in await bench.hear(person, CRISIS)] == [
        "Please talk to somebody now."
    ]


async def test_a_topic_that_is_tapped_refers_to_no_less(bench: Bench) -> None:
    person = bench.server.person()
    answer = (await bench.hear(person, ALERTING))[-1]
    person.taps(answer, "Brakes that squeak")
    await bench.handle()
    [topic] = await bench.read(person)
    assert "See a doctor today" in topic.text
    person.taps(answer, "All topics")
    person.taps_data(answer, "x:")
    await bench.handle()
    *_, none = await bench.read(person, 2)
    assert NO_LESS in none.text
    assert LESS not in none.text


async def test_a_fixed_text_refers_to_no_less_until_it_is_something_else(bench: Bench) -> None:
    person = bench.server.person()
    await bench.hear(person, ALERTING)
    for less in (False, True):
        person.sends("photo")
        await bench.handle()
        [word] = await bench.read(person)
        assert word.text.startswith("I cannot look at pictures.")
        assert (NO_LESS in word.text, LESS in word.text) == (not less, less)
        assert all((LESS in each.text) == less for each in await bench.hear(person, "/help"))
        await bench.service.calm((person.chat.id, person.user.id))


async def test_a_wrong_clock_of_the_machine_does_not_end_an_alert(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, real = bench.server.person(), time.time
    assert bench.contact.known()
    monkeypatch.setattr(time, "time", lambda: real() + 7 * 3600)
    answer = (await bench.hear(person, ALERTING, minutes_ago=7 * 60))[-1]
    person.taps(answer, "Brakes that squeak")
    await bench.handle()
    [topic] = await bench.read(person)
    assert "See a doctor today" in topic.text


async def test_an_alert_outlives_a_restart(processes: Processes) -> None:
    person = processes.bench.server.person()
    await processes.hear(processes.start(), person, "broken neck")
    await processes.kept()
    later = processes.start()
    [answer] = await processes.hear(later, person, OIL)
    assert "See a doctor today" in answer
    line, _ = await processes.hear(later, person, "broken neck")
    assert line == NO_LESS


async def test_a_crisis_does_not_end_it_in_any_process(processes: Processes) -> None:
    person = processes.bench.server.person()
    one = processes.start()
    await processes.hear(one, person, "broken neck")
    await processes.kept()
    await processes.hear(one, person, CRISIS)
    await processes.bench.soon(lambda: "crash harm" in str(processes.rows()))
    for process in (one, processes.start()):
        [answer] = await processes.hear(process, person, OIL)
        assert "See a doctor today" in answer


async def test_it_holds_for_one_who_was_talking_with_another_process(
    processes: Processes,
) -> None:
    person, other = processes.bench.server.person(), processes.bench.server.person()
    one, two = processes.start(), processes.start()
    await processes.hear(one, person, OIL)
    await processes.hear(two, person, ALERTING)
    await processes.kept()
    [answer] = await processes.hear(one, person, OIL)
    assert "See a doctor today" in answer
    [answer] = await processes.hear(one, other, OIL)
    assert "See a doctor today" not in answer
    await one._service.calm((person.chat.id, person.user.id))
    await processes.kept(so=False)
    [answer] = await processes.hear(two, person, OIL)
    assert "See a doctor today" not in answer


async def test_no_word_and_no_name_is_kept_with_it(processes: Processes, tmp_path: Path) -> None:
    person = processes.bench.server.person("Wilhelmina")
    await processes.hear(processes.start(), person, "marmalade and a broken neck")
    await processes.kept()
    [(chat, who, causes, *_)] = processes.rows()
    assert (chat, who, causes) == (person.chat.id, person.user.id, "crash")
    disk = on_disk(tmp_path)
    assert b"crash" in disk
    assert b"marmalade" not in disk
    assert b"Wilhelmina" not in disk


async def test_what_was_told_while_the_records_were_asked_is_newer(bench: Bench) -> None:
    asked = asyncio.Event()

    class Slow(KeptRecords):
        async def told(self, talker: Talker, *, urgent: bool = False) -> Told:
            if not urgent:
                await asked.wait()
            return Told()

    person = bench.server.person()
    bench.intake = Intake(make_service(bench.connection, bench.serving, Slow()))
    person.says(OIL)
    person.says("broken neck")
    handling = asyncio.create_task(bench.handle())
    await bench.read(person, 2)
    asked.set()
    await handling
    assert "See a doctor today" in (await bench.read(person))[0].text
