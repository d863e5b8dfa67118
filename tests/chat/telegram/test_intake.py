from __future__ import annotations

import asyncio
import copy
import logging

import pytest
from telegram import Update

from bot.chat.telegram.intake import Intake
from bot.records.port import BeingAnswered
from tests.chat.telegram.conftest import Bench, KeptRecords
from tests.telegram_api import Person, faults
from tests.telegram_api.faults import Fault
from tests.telegram_api.refusal import Refusal


def _only(bench: Bench) -> Update:
    [update] = bench.updates()
    bench.confirm()
    return update


async def test_the_same_update_is_answered_once(bench: Bench) -> None:
    person = bench.server.person()
    person.says("thanks")
    update = _only(bench)
    at_once = await asyncio.gather(*(bench.intake.take(update) for _ in range(5)))
    assert at_once == [True] * 5
    assert await bench.intake.take(update)
    assert len(person.received) == 1


async def test_each_person_is_answered_in_order_and_waits_for_nobody(bench: Bench) -> None:
    slow, quick = bench.server.person(), bench.server.person()
    bench.server.fails("sendMessage", faults.too_many_requests(1), to=slow)
    slow.says("why is my tyre flat")
    slow.says("why do my brakes squeak")
    quick.says("thanks")
    task = asyncio.create_task(bench.handle())
    await bench.until(lambda: quick.received, "an answer to the quick one")
    assert not slow.received
    await task
    titles = [message.text.splitlines()[0] for message in slow.received]
    assert titles == ["A flat tyre", "Brakes that squeak"]


async def test_the_oldest_message_without_an_answer_is_known(bench: Bench) -> None:
    assert bench.intake.oldest() == 0.0
    person = bench.server.person()
    bench.server.fails("sendMessage", faults.too_many_requests(1), to=person)
    person.says("why is my tyre flat")
    update = _only(bench)
    begun = bench.contact.now()
    task = asyncio.create_task(bench.intake.take(update))
    await bench.until(lambda: bench.outbox.waiting(), "an answer that waits")
    # Telegram dates a message by the whole second.
    assert 0.0 < bench.intake.oldest() <= bench.contact.now() - begun + 1
    await task
    assert bench.intake.oldest() == 0.0


async def test_a_broken_connection_does_not_break_the_answer(bench: Bench) -> None:
    person = bench.server.person()
    person.says("broken neck and a flat tyre")
    update = _only(bench)
    bench.server.fails("sendMessage", faults.slow(0.3), to=person, containing="A flat tyre")
    task = asyncio.create_task(bench.intake.take(update))
    await bench.until(lambda: person.received, "the alert")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await bench.intake.take(update)
    assert len(person.received) == 2


async def test_a_fault_of_ours_is_told_without_a_word_of_theirs(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(text: str, *_: object) -> None:
        raise ValueError(f"cannot answer {text}")

    monkeypatch.setattr(bench.serving.answerer, "answer", fails)
    person = bench.server.person()
    person.says("my marker word")
    assert await bench.handle() == [True]
    [told] = person.reads()
    assert "ask a professional" in told.text
    assert told.button("A flat tyre")
    [record] = caplog.records
    assert "ValueError at" in record.getMessage()
    assert "marker" not in caplog.text
    assert str(person.user.id) not in caplog.text


async def test_a_refusal_is_final_and_told_to_the_operator(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    person = bench.server.person()
    person.says("my marker word")
    update = _only(bench)
    del bench.server.world.chats[person.chat.id]
    assert await bench.intake.take(update)
    assert "Chat not found" in caplog.text
    assert "marker" not in caplog.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("poll_answer", {"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["0"]}),
        ("made_up_kind", {"a": [1, {"b": None}]}),
        ("message", {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}}),
        (
            "message",
            {
                "message_id": 1,
                "date": 0,
                "chat": {"id": -5, "type": "supergroup", "title": "T"},
                "from": {"id": 7, "is_bot": False, "first_name": "A"},
                "new_chat_title": "T",
            },
        ),
        (
            "callback_query",
            {
                "id": "1",
                "from": {"id": 7, "is_bot": False, "first_name": "A"},
                "chat_instance": "1",
                "inline_message_id": "x",
                "data": "t:flat-tyre",
            },
        ),
        ("callback_query", {"id": "1", "from": {"id": 7, "is_bot": False, "first_name": "A"},
                            "chat_instance": "1", "game_short_name": "x"}),
        ("channel_post", {"message_id": 1, "date": 0, "chat": {"id": -7, "type": "channel",
                          "title": "T"}, "text": "why is my tyre flat"}),
    ],
)  # fmt: skip
async def test_updates_of_every_form_are_let_go(
    bench: Bench, kind: str, body: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    bench.server.push(kind, body)
    sent = len(bench.server.calls("sendMessage"))
    assert await bench.handle() == [True]
    assert len(bench.server.calls("sendMessage")) == sent
    assert not caplog.records


@pytest.mark.parametrize("body", [5, "text", {}, {"message_id": "x"}, {"chat": 5}, [1], None])
async def test_a_message_that_makes_no_sense_is_logged_once_without_its_content(
    bench: Bench, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    bench.server.push("message", body)
    assert await bench.handle() == ([True] if body is None else [])
    assert len(caplog.records) == (0 if body is None else 1)


def _moves(bench: Bench, before: Person, now: Person) -> None:
    moved = Refusal(400, "Bad Request: moved", migrate_to_chat_id=now.chat.id)
    bench.server.fails("sendMessage", Fault(moved), to=before)


async def test_a_group_that_has_moved_is_answered_where_it_is_now(bench: Bench) -> None:
    before, now = bench.server.person(), bench.server.person()
    now.chat.started = True
    _moves(bench, before, now)
    before.says("thanks")
    assert await bench.handle() == [True]
    assert len(now.received) == 1


async def test_a_group_that_moves_back_and_forth_is_not_followed_for_ever(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    before, now = bench.server.person(), bench.server.person()
    _moves(bench, before, now)
    _moves(bench, now, before)
    before.says("thanks")
    assert await bench.handle() == [True]
    [record] = caplog.records
    assert record.getMessage().endswith("Telegram refused an answer: ChatMigrated")


async def test_the_bot_does_not_answer_what_was_sent_through_it(bench: Bench) -> None:
    person = bench.server.person()
    me = bench.server.world.me.json()
    bench.server.world.post(person.chat, person.user, "why is my tyre flat", via_bot=me)
    assert await bench.handle() == [True]
    assert not person.received


class TestSharedWithOtherProcesses:
    async def test_what_another_process_answered_is_not_answered_again(self, bench: Bench) -> None:
        person = bench.server.person()
        person.says("thanks")
        update = _only(bench)
        bench.records.claims[bench.intake.number(update)] = "settled"
        assert await Intake(bench.service).take(update)
        assert not person.received

    async def test_an_answered_update_is_settled(self, bench: Bench) -> None:
        bench.server.person().says("thanks")
        update = _only(bench)
        assert await Intake(bench.service).take(update)
        assert bench.records.claims == {bench.intake.number(update): "settled"}

    async def test_the_same_number_at_another_time_is_another_update(self, bench: Bench) -> None:
        bench.server.person().says("thanks")
        update = _only(bench)
        body = update.to_dict()
        later = copy.deepcopy(body)
        later["message"]["date"] += 8 * 86_400
        tap = {"id": "5", "from": body["message"]["from"], "chat_instance": "1"}
        updates = [
            body,
            later,
            {"update_id": update.update_id, "callback_query": tap},
            {"update_id": update.update_id, "callback_query": tap | {"id": "6"}},
        ]
        numbers = {
            bench.intake.number(Update.de_json(copy.deepcopy(each), bench.bot)) for each in updates
        }
        assert len(numbers) == 4
        assert {number % 2**32 for number in numbers} == {update.update_id}

    async def test_what_is_broken_off_is_released(self, bench: Bench) -> None:
        bench.records.parks = False
        person = bench.server.person()
        bench.server.fails("sendMessage", faults.too_many_requests(5000), to=person)
        person.says("thanks")
        taken = asyncio.create_task(bench.intake.take(_only(bench)))
        await bench.until(lambda: bench.server.faults.hits("sendmessage"), "the refusal")
        assert await bench.intake.close(0.0) == 1
        assert not await taken
        assert bench.records.claims == {}

    async def test_one_that_another_process_has_under_way_is_asked_for_again(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def claim(_: KeptRecords, update_id: int, *, urgent: bool = False) -> bool:
            raise BeingAnswered

        monkeypatch.setattr(KeptRecords, "claim", claim)
        person = bench.server.person()
        person.says("thanks")
        assert not await Intake(bench.service).take(_only(bench))
        assert not person.received

    async def test_records_that_fail_never_stop_an_answer(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def away(*_: object, **__: object) -> bool:
            raise ConnectionError("database for marker is away")

        for name in ("claim", "settle", "release", "question", "missed", "feedback"):
            monkeypatch.setattr(KeptRecords, name, away)
        person = bench.server.person()
        person.says("wheel moon landing")
        assert await Intake(bench.service).take(_only(bench))
        assert person.received
        assert "ConnectionError" in caplog.text
        assert "marker" not in caplog.text
        assert all(record.levelno == logging.WARNING for record in caplog.records)
