from __future__ import annotations

import asyncio
import time

import pytest

from bot.chat.telegram import delivery as delivery_room
from bot.chat.telegram.delivery import Address, Undelivered
from bot.chat.telegram.messages import Message
from tests.chat.telegram.conftest import Bench
from tests.telegram_api import faults


def _to(person: object) -> Address:
    return Address(person.chat.id)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "fault",
    [
        faults.server_error(500),
        faults.server_error(502),
        faults.dropped("before"),
        faults.dropped("midway"),
        faults.gibberish(),
        faults.unauthorised(),
    ],
)
async def test_passing_trouble_only_delays_a_message(bench: Bench, fault: faults.Fault) -> None:
    person = bench.server.person()
    person.chat.started = True
    bench.server.fails("sendMessage", fault, times=3, to=person)
    ids = await bench.service.delivery.send(_to(person), [Message("<b>hello</b>")])
    assert [message.text for message in person.reads()][-1] == "hello"
    assert person.received[-1].id == ids[0]


async def test_lasting_trouble_is_given_up_after_bounded_tries(bench: Bench) -> None:
    person = bench.server.person()
    planned = bench.server.fails("sendMessage", faults.server_error(), times=None, to=person)
    with pytest.raises(Undelivered, match="NetworkError"):
        await bench.service.delivery.send(_to(person), [Message("hello")])
    assert planned.hits == 4
    planned.stop()


async def test_a_wait_that_telegram_asks_for_is_kept_by_that_chat_alone(bench: Bench) -> None:
    ann, bob = bench.server.person(), bench.server.person()
    ann.chat.started = bob.chat.started = True
    planned = bench.server.fails("sendMessage", faults.too_many_requests(1), to=ann)
    begun = time.monotonic()
    waiting = asyncio.create_task(bench.service.delivery.send(_to(ann), [Message("to Ann")]))
    await bench.until(lambda: planned.hits, "the refusal")
    await bench.service.delivery.send(_to(bob), [Message("to Bob")])
    assert bob.received
    assert not ann.received
    await waiting
    assert ann.received
    assert time.monotonic() - begun >= 1


async def test_a_wait_longer_than_a_minute_is_not_sat_out(bench: Bench) -> None:
    person = bench.server.person()
    bench.server.fails("sendMessage", faults.too_many_requests(61), to=person)
    with pytest.raises(Undelivered, match="RetryAfter"):
        await bench.service.delivery.send(_to(person), [Message("hello")])


async def test_typing_is_shown_when_it_takes_longer_than_a_moment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_room, "A_MOMENT", 0.01)
    person = bench.server.person()
    person.chat.started = True
    async with bench.service.delivery.typing(_to(person)):
        await bench.until(lambda: person.chat.actions, "typing")
    assert person.chat.actions == ["typing"]


async def test_a_quick_answer_shows_no_typing(bench: Bench) -> None:
    person = bench.server.person()
    await bench.hear(person, "thanks")
    assert not person.chat.actions


async def test_in_a_crowd_no_typing_takes_the_place_of_answers(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_room, "A_MOMENT", 0.01)
    monkeypatch.setattr(delivery_room, "_A_CROWD", 1)
    people = [bench.server.person() for _ in range(3)]
    for person in people:
        bench.server.fails("sendMessage", faults.slow(0.3), to=person)
        person.says("thanks")
    await bench.handle()
    assert [person.chat.actions for person in people] == [[], [], []]


async def test_trouble_with_typing_is_no_trouble(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_room, "A_MOMENT", 0.0)
    person = bench.server.person()
    planned = bench.server.fails("sendChatAction", faults.server_error(), to=person)
    async with bench.service.delivery.typing(_to(person)):
        await bench.until(lambda: planned.hits, "typing")


async def test_an_edit_says_whether_it_was_made(bench: Bench) -> None:
    person = bench.server.person()
    person.chat.started = True
    to = _to(person)
    [sent] = await bench.service.delivery.send(to, [Message("one")])
    assert await bench.service.delivery.edit(to, sent, Message("two"))
    assert await bench.service.delivery.edit(to, sent, Message("two"))
    assert not await bench.service.delivery.edit(to, sent + 1_000_000, Message("two"))
    assert [message.text for message in person.received] == ["two"]


def test_the_pauses_grow_and_end() -> None:
    pauses = delivery_room.PAUSES
    assert list(pauses) == sorted(pauses)
    assert sum(pauses) < 20
