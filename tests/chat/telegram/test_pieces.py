"""Pieces of one message get one answer, and a lone one loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.answering.answerer import Answerer
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.serving import Pieces
from bot.faq.models import Examples
from tests.chat.telegram.conftest import ANSWERER, KNOWLEDGE, Bench, make_service
from tests.telegram_api import Person, faults

UNCLEAR = ("so", "it was last tuesday", "on the way home")
FLAT = "why is my tyre flat"
STORY = "And then we rode on along the old canal, and it rained all day. " * 64
FOR_EVER = 3600.0


CALM = Answerer(KNOWLEDGE, without=("alerts",))


class Patient:
    """A bot that waits for the next piece for as long as it takes, so that no clock decides."""

    def __init__(self, bench: Bench, answerer: Answerer = CALM) -> None:
        bench.serving.answerer = answerer
        pieces = Pieces(FOR_EVER)
        bench.service = make_service(bench.connection, bench.serving, bench.records, pieces=pieces)
        bench.intake = Intake(bench.service)
        self.bench, self.waiting = bench, pieces._waiting

    def take(self) -> asyncio.Future[list[bool]]:
        """Take what came, which is not given to it again."""
        updates = self.bench.updates()
        self.bench.confirm()
        return asyncio.gather(*map(self.bench.intake.take, updates))

    async def holds(self, person: Person, text: str) -> asyncio.Future[list[bool]]:
        """Let a person say something that waits for more, and return once it does."""
        number = person.says(text).id
        taken = self.take()

        def waits() -> bool:
            turns = [turn for turn, _ in self.waiting.values()]
            return number in [turn.update.effective_message.message_id for turn in turns]

        await self.bench.soon(waits)
        return taken


@pytest_asyncio.fixture
async def patient(bench: Bench) -> AsyncIterator[Patient]:
    made = Patient(bench)
    yield made
    await bench.intake.close(0)


async def test_short_messages_in_a_row_get_one_answer_once_it_is_clear(patient: Patient) -> None:
    person = patient.bench.server.person()
    for text in (*UNCLEAR, FLAT):
        person.says(text)
    assert await patient.take() == [True] * 4
    [answer] = person.received
    assert answer.title == "A flat tyre"
    assert "You asked: so it was last tuesday on the way home why is my tyre flat" in answer.text
    assert patient.bench.records.questions == [("answer", ("flat-tyre",), None)]
    assert set(patient.bench.records.claims.values()) == {"settled"}
    assert len(patient.bench.records.claims) == 4


async def test_a_story_that_telegram_cut_in_three_gets_one_answer(patient: Patient) -> None:
    person = patient.bench.server.person()
    taken = []
    for text in (f"{FLAT}? {STORY}"[:4096], STORY[:4032]):
        taken.append(await patient.holds(person, text))
        assert not person.received  # clear or not, the rest of it is on its way
    person.says(f"So {FLAT}?")
    taken.append(patient.take())
    assert await asyncio.gather(*taken) == [[True]] * 3
    [answer] = person.received
    assert answer.title == "A flat tyre"
    [(_, counted, _)] = patient.bench.records.questions
    assert counted == ("flat-tyre",)


async def test_what_waits_is_not_confirmed(patient: Patient) -> None:
    person = patient.bench.server.person()
    taken = await patient.holds(person, "so")
    assert not taken.done()
    assert set(patient.bench.records.claims.values()) == {"claimed"}
    assert patient.bench.records.parked == {}
    assert await patient.bench.intake.close(0) == 1
    assert await taken == [False]
    assert patient.bench.records.claims == {}
    assert not person.received


async def test_one_whose_answer_is_broken_off_takes_its_pieces_with_it(patient: Patient) -> None:
    patient.bench.records.parks = False
    person = patient.bench.server.person()
    patient.bench.server.fails("sendMessage", faults.too_many_requests(5000), to=person)
    person.says("so")
    person.says(FLAT)
    taken = patient.take()
    faulty = patient.bench.server.faults
    await patient.bench.until(lambda: faulty.hits("sendmessage"), "the refusal")
    await patient.bench.intake.close(0)
    assert await taken == [False, False]
    assert patient.bench.records.claims == {}


@pytest.mark.parametrize("text", [FLAT, "thanks", "/help", "broken neck"])
async def test_what_is_clear_is_answered_at_once(bench: Bench, text: str) -> None:
    patient = Patient(bench, ANSWERER)
    assert await patient.bench.hear(patient.bench.server.person(), text)


async def test_a_lone_unclear_one_is_answered_after_the_wait(bench: Bench) -> None:
    [answer] = await bench.hear(bench.server.person(), "moon landing")
    assert answer.text.startswith("I am not sure I understood")


async def test_a_danger_in_the_next_piece_is_told_and_nothing_after_it(bench: Bench) -> None:
    patient = Patient(bench, ANSWERER)
    person = patient.bench.server.person()
    taken = await patient.holds(person, "so")
    [alert] = await patient.bench.hear(person, "I want to kill myself")
    assert alert.text == "Please talk to somebody now."
    assert await taken == [True]
    assert len(person.received) == 1


async def test_a_crisis_told_meanwhile_stands_alone(bench: Bench) -> None:
    person = bench.server.person()
    person.says("so")
    person.says("I want to kill myself")
    assert await bench.handle() == [True, True]
    assert [message.text for message in person.received] == ["Please talk to somebody now."]


async def test_a_danger_that_only_the_whole_tells_of_is_told(bench: Bench) -> None:
    patient = Patient(bench, ANSWERER)
    person = bench.server.person()
    assert not ANSWERER.read("it is broken").alert
    assert not ANSWERER.read("neck").alert
    person.says("it is broken")
    person.says("neck")
    assert await patient.take() == [True, True]
    assert person.received[0].title == "Call for help now."


async def test_the_signs_of_a_piece_hold_though_the_whole_tells_of_none(bench: Bench) -> None:
    harmless = Examples(danger={"harmless": ("so, a broken neck",)})
    patient = Patient(bench, Answerer(KNOWLEDGE.model_copy(update={"examples": harmless})))
    assert not bench.serving.answerer.read("so\na broken neck").alert
    person = bench.server.person()
    taken = await patient.holds(person, "so")
    alert, *_ = await patient.bench.hear(person, "a broken neck")
    assert alert.title == "Call for help now."
    assert await taken == [True]


async def test_pieces_are_of_one_person_in_one_chat(patient: Patient) -> None:
    server = patient.bench.server
    ann, bob, group = server.person(), server.person(), server.group()
    taken = await patient.holds(ann, "so")
    bob.says(FLAT)
    ann.says(f"/ask {FLAT}", group)
    assert await patient.take() == [True, True]
    [to_bob], [to_group] = bob.reads(), group.reads()
    assert f"You asked: {FLAT}" in to_bob.text
    assert f"You asked: {FLAT}" in to_group.text
    assert not taken.done()
    [to_ann] = await patient.bench.hear(ann, FLAT)
    assert f"You asked: so {FLAT}" in to_ann.text
    assert await taken == [True]


async def test_what_was_written_long_before_is_answered_for_itself(patient: Patient) -> None:
    person = patient.bench.server.person()
    person.says("moon landing", minutes_ago=30)
    person.says(FLAT, minutes_ago=20)
    assert await patient.take() == [True, True]
    first, second = [message.text for message in person.received]
    assert "I am not sure I understood" in first
    assert f"You asked: {FLAT}" in second
