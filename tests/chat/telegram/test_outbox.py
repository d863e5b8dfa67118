"""What goes out when Telegram is slow, forbids or fails: when, how often, and in which order."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from bot.answering.context import Context
from bot.chat.telegram import delivery as calls
from bot.chat.telegram import outbox as room
from bot.chat.telegram import routing
from bot.chat.telegram.connection import Line
from bot.chat.telegram.delivery import Address
from bot.chat.telegram.messages import Message, Said
from bot.chat.telegram.outbox import Letter
from tests.chat.telegram.conftest import ANSWERER, Bench, make_service
from tests.telegram_api import Message as Received
from tests.telegram_api import faults

FLAT = "why is my tyre flat"
ALERTING = "broken neck and a flat tyre"
FOR_LONG = faults.too_many_requests(70)


def titles(messages: list[Received]) -> list[str]:
    return [message.text.splitlines()[0] for message in messages]


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
    ids=["500", "502", "dropped", "cut off", "gibberish", "401"],
)
async def test_passing_trouble_only_delays_an_answer(bench: Bench, fault: faults.Fault) -> None:
    person = bench.server.person()
    bench.server.fails("sendMessage", fault, times=3, to=person)
    person.says(FLAT)
    assert await bench.handle() == [True]
    assert titles(await bench.read(person))[0] == "A flat tyre"


async def test_one_chat_holds_up_no_other(bench: Bench) -> None:
    stuck, other = bench.server.person(), bench.server.person()
    planned = bench.server.fails("sendMessage", faults.server_error(), times=None, to=stuck)
    for _ in range(5):
        stuck.says(FLAT)
    other.says("thanks")
    assert await bench.handle() == [True] * 6
    assert other.received
    assert not stuck.received
    planned.stop()
    await bench.read(stuck, 5)


class TestParking:
    async def test_an_update_is_confirmed_once_its_answer_is_on_the_disk(
        self, bench: Bench
    ) -> None:
        person = bench.server.person()
        planned = bench.server.fails("sendMessage", FOR_LONG, to=person)
        asked = person.says(f"Wibble, {FLAT}?")
        assert await bench.handle() == [True]
        assert not person.received
        [row] = bench.records.parked.values()
        assert "flat-tyre" in row
        assert "ibble" not in row
        assert planned.hits == 1
        [answer] = await bench.read(person)
        assert planned.hits == 1  # it waited for all of the 70 seconds
        assert len([each for each in bench.server.calls("sendMessage") if _to(each, person)]) == 2
        assert "You asked" not in answer.text
        assert answer.reply_to is asked
        await bench.soon(lambda: not bench.records.parked)

    async def test_without_records_it_is_confirmed_once_it_is_sent(self, bench: Bench) -> None:
        bench.records.parks = False
        person = bench.server.person()
        bench.server.fails("sendMessage", faults.too_many_requests(60), to=person)
        person.says(FLAT)
        assert await bench.handle() == [True]
        assert person.received

    async def test_what_another_process_left_is_sent_from_where_it_stopped(
        self, bench: Bench
    ) -> None:
        person = bench.server.person()
        person.chat.started = True
        reply = ANSWERER.answer(ALERTING)
        letter = Letter(Address(person.chat.id), Said(reply), 77, ids=[5], written=time.time())
        bench.records.left = {77: letter.row(ANSWERER.knowledge)}
        adopting = asyncio.create_task(bench.outbox.adopt())
        await bench.until(lambda: person.received, "the rest of the answer")
        adopting.cancel()
        assert titles(person.received) == ["A flat tyre"]
        await bench.soon(lambda: bench.records.claims == {77: "settled"})

    async def test_an_entry_that_is_gone_meanwhile_is_told(self, bench: Bench) -> None:
        person = bench.server.person()
        person.chat.started = True
        reply = ANSWERER.topic("flat-tyre")
        row = Letter(Address(person.chat.id), Said(reply), 77).row(ANSWERER.knowledge)
        bench.records.left = {77: row.replace("flat-tyre", "gone")}
        adopting = asyncio.create_task(bench.outbox.adopt())
        await bench.until(lambda: person.received, "a word")
        adopting.cancel()
        assert titles(person.received) == [
            "That topic is not here any more. Here are the ones I have."
        ]

    @pytest.mark.parametrize("before", [(), ("flat-tyre",)])
    @pytest.mark.parametrize("text", [FLAT, ALERTING, "thanks", "moon landing", "kill myself", ""])
    def test_a_row_says_the_same_again_without_the_words(
        self, text: str, before: tuple[str, ...]
    ) -> None:
        known = ANSWERER.knowledge
        reply = ANSWERER.answer(text, Context(answered=before))
        said = Said(reply, prefaces=("photo",))
        again = room.unpack(json.loads(json.dumps(room.pack(said, known))), known)
        words = [
            each.html.replace(f"\n<i>You asked: {text}</i>", "")
            for each in room.render(said, known)
        ]
        assert [each.html for each in room.render(again, known)] == words


class TestOrder:
    async def test_an_alert_goes_before_what_waits_in_its_chat(self, bench: Bench) -> None:
        person = bench.server.person()
        banned = bench.server.fails("sendMessage", faults.too_many_requests(51), None, person)
        person.says(FLAT)
        await bench.handle()
        person.says(ALERTING)
        await bench.handle()
        banned.stop()
        await bench.read(person, 3)
        assert titles(person.received) == [
            "Call for help now.",
            "From: A flat tyre",
            "A flat tyre",
        ]

    async def test_answers_of_one_chat_stay_in_order(self, bench: Bench) -> None:
        person = bench.server.person()
        bench.server.fails("sendMessage", faults.server_error(), times=2, to=person)
        for text in (FLAT, "why do my brakes squeak", "how do i oil the chain"):
            person.says(text)
        await bench.handle()
        await bench.read(person, 3)
        assert titles(person.received) == ["A flat tyre", "Brakes that squeak", "Oiling the chain"]

    async def test_an_alert_that_waits_is_not_said_twice(self, bench: Bench) -> None:
        person = bench.server.person()
        banned = bench.server.fails("sendMessage", faults.too_many_requests(51), None, person)
        for _ in range(8):
            person.says("broken neck")
        assert all(await bench.handle())
        banned.stop()
        await bench.read(person, 1)
        assert len(person.received) <= 2

    async def test_a_group_at_its_limit_gets_one_notice_and_then_only_alerts(
        self, bench: Bench, caplog: pytest.LogCaptureFixture
    ) -> None:
        group, people = bench.server.group(), [bench.server.person() for _ in range(3)]
        banned = bench.server.fails("sendMessage", faults.too_many_requests(51), None, group)
        for person in people:
            person.says(f"/ask {FLAT}", group)
        await bench.handle()
        for person in people:
            person.says(f"/ask {FLAT}", group)
        people[0].says("/ask broken neck", group)
        assert all(await bench.handle())
        banned.stop()
        await bench.soon(lambda: not bench.outbox._lanes)
        said = titles(group.received)
        assert said[0] == "Call for help now."
        notice = ANSWERER.knowledge.replies.group_limit
        assert said.count(notice) == 1
        assert "1 message(s) not answered: their group is at Telegram's limit" in caplog.text

    async def test_a_person_has_a_few_answers_waiting_at_most_and_is_told(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(routing, "MOST_HELD", 2)
        person = bench.server.person()
        banned = bench.server.fails("sendMessage", faults.too_many_requests(51), None, person)
        for _ in range(5):
            person.says(FLAT)
            assert await bench.handle() == [True]
        banned.stop()
        await bench.soon(lambda: not bench.outbox._lanes)
        assert titles(person.received)[2:] == [
            "That is a lot at once. Give me half a minute, then ask again."
        ]

    async def test_an_alert_does_not_wait_for_a_send_of_its_group_that_hangs(
        self, bench: Bench
    ) -> None:
        group, slow, other = bench.server.group(), bench.server.person(), bench.server.person()
        hangs = bench.server.fails("sendMessage", faults.slow(1.0), to=group)
        slow.says(f"/ask {FLAT}", group)
        handling = asyncio.create_task(bench.handle())
        await bench.until(lambda: hangs.hits, "a send that hangs")
        other.says("/ask kill myself", group)
        await bench.handle()
        await handling
        await bench.read(group, 2)
        assert titles(group.received) == ["Please talk to somebody now.", "A flat tyre"]


class TestLimits:
    async def test_once_three_chats_are_limited_all_wait_but_alerts(self, bench: Bench) -> None:
        limited = [bench.server.person() for _ in range(3)]
        for person in limited:
            bench.server.fails("sendMessage", faults.too_many_requests(100), to=person)
            person.chat.started = True
        outbox = make_service(bench.connection, bench.serving, bench.records, second=0.02).outbox
        other = bench.server.person()
        other.chat.started = True
        for person in limited:
            outbox.put(Letter(Address(person.chat.id), Said(ANSWERER.answer(FLAT))))
        await bench.until(lambda: bench.server.faults.hits("sendmessage") >= 3, "three refusals")
        await asyncio.sleep(0.05)
        ordinary = Letter(Address(other.chat.id), Said(ANSWERER.answer(FLAT)))
        outbox.put(ordinary)
        urgent = Letter(Address(other.chat.id), Said(ANSWERER.answer(ALERTING)))
        outbox.put(urgent)
        await urgent.done
        assert not ordinary.done.done()
        await ordinary.done
        await outbox.close()


class TestOnce:
    @pytest.mark.parametrize(("text", "copies"), [("thanks", 2), ("kill myself", 3)])
    async def test_a_send_that_is_never_answered_is_not_sent_for_ever(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch, text: str, copies: int
    ) -> None:
        monkeypatch.setattr(Line, "read_timeout", 0.1)
        monkeypatch.setattr("bot.chat.telegram.connection.READ_SECONDS", 0.1)
        person = bench.server.person()
        planned = bench.server.fails("sendMessage", faults.slow(0.4), times=None, to=person)
        person.says(text)
        assert await bench.handle() == [True]
        await asyncio.to_thread(person.reads, copies)
        await asyncio.sleep(0.3)
        assert len(person.received) == copies
        planned.stop()

    async def test_one_that_is_answered_slowly_is_sent_once(self, bench: Bench) -> None:
        person = bench.server.person()
        bench.server.fails("sendMessage", faults.slow(0.5), to=person)
        person.says(FLAT)
        assert await bench.handle() == [True]
        await bench.read(person)
        assert len(person.received) == 1

    async def test_every_part_has_a_key_of_its_own(self, bench: Bench) -> None:
        person = bench.server.person()
        bench.server.fails("sendMessage", faults.server_error(), times=1, to=person)
        person.says(ALERTING)
        await bench.handle()
        await bench.read(person, 2)
        keys = [each.key for each in bench.server.calls("sendMessage") if _to(each, person)]
        [number] = bench.records.claims
        assert keys == [f"{number}-0", f"{number}-0", f"{number}-1"]


class TestTopics:
    @pytest.mark.parametrize("words", ["message thread not found", "TOPIC_CLOSED"])
    async def test_where_the_topic_is_gone_an_alert_comes_in_private(
        self, bench: Bench, words: str
    ) -> None:
        person, group = bench.server.person(), bench.server.group()
        person.chat.started = True
        bench.server.fails("sendMessage", faults.refused(words), to=group)
        to = Address(group.chat.id, 7, None, person.user.id)
        await bench.service.delivery.send(to, Message("<b>alert</b>", alert=True))
        assert [message.text for message in person.received] == ["alert"]
        assert not group.received

    async def test_a_person_who_never_wrote_gets_it_beside_the_topic(self, bench: Bench) -> None:
        person, group = bench.server.person(), bench.server.group()
        bench.server.fails("sendMessage", faults.refused("message thread not found"), to=group)
        to = Address(group.chat.id, 7, None, person.user.id)
        await bench.service.delivery.send(to, Message("<b>alert</b>", alert=True))
        assert [message.text for message in group.received] == ["alert"]

    async def test_anything_else_goes_beside_the_topic(self, bench: Bench) -> None:
        person = bench.server.person()
        person.chat.started = True
        bench.server.fails("sendMessage", faults.refused("message thread not found"), to=person)
        await bench.service.delivery.send(Address(person.chat.id, 7), Message("words"))
        assert [message.text for message in person.received] == ["words"]


async def test_only_the_first_message_makes_a_sound_and_every_alert(bench: Bench) -> None:
    person = bench.server.person()
    person.says(ALERTING)
    person.says(FLAT, minutes_ago=20)
    await bench.handle()
    sent = [each.given for each in bench.server.calls("sendMessage") if _to(each, person)]
    assert [each.get("disable_notification") for each in sent] == [None, "true", "true"]


async def test_typing_is_shown_when_it_takes_longer_than_a_moment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "A_MOMENT", 0.01)
    person = bench.server.person()
    person.chat.started = True
    planned = bench.server.fails("sendChatAction", faults.server_error(), to=person)
    async with bench.service.delivery.typing(Address(person.chat.id)):
        await bench.until(lambda: planned.hits, "typing")  # trouble with it is no trouble


async def test_in_a_crowd_no_typing_takes_the_place_of_answers(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "A_MOMENT", 0.0)
    monkeypatch.setattr(calls, "_A_CROWD", 0)
    person = bench.server.person()
    async with bench.service.delivery.typing(Address(person.chat.id)):
        await asyncio.sleep(0.05)
    assert not person.chat.actions


async def test_an_edit_says_whether_it_was_made(bench: Bench) -> None:
    person = bench.server.person()
    person.chat.started = True
    to = Address(person.chat.id)
    sent = await bench.service.delivery.send(to, Message("one"))
    assert await bench.service.delivery.edit(to, sent, Message("two"))
    assert await bench.service.delivery.edit(to, sent, Message("two"))
    assert not await bench.service.delivery.edit(to, sent + 1_000_000, Message("two"))
    assert [message.text for message in person.received] == ["two"]


def _to(call: object, person: object) -> bool:
    return call.given["chat_id"] == str(person.chat.id)  # type: ignore[attr-defined]
