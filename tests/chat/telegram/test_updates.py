"""Updates with one part that is not what the Bot API says: wrong, or missing."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from telegram import Update

from bot.chat.telegram.intake import Intake, read_update
from tests.chat.telegram.conftest import Bench
from tests.telegram_api import Person

USER = {"id": 7, "is_bot": False, "first_name": "Ada"}
BOT = {"id": 8, "is_bot": True, "first_name": "Bot"}
CHAT = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -7, "type": "supergroup", "title": "Bicycles"}
ENTITIES = [
    {"type": "mention", "offset": 0, "length": 16},
    {"type": "text_mention", "offset": 17, "length": 3, "user": USER},
]
ASKED = {
    "message_id": 9,
    "date": 2_000_000_000,
    "chat": CHAT,
    "from": USER,
    "text": "@scalp_facts_bot why is my tyre flat",
    "entities": ENTITIES,
}
IN_A_GROUP = ASKED | {
    "chat": GROUP,
    "sender_chat": GROUP,
    "is_topic_message": True,
    "message_thread_id": 4,
    "reply_to_message": ASKED | {"from": BOT},
}
PHOTO = {
    "message_id": 9,
    "date": 2_000_000_000,
    "chat": CHAT,
    "from": USER,
    "caption": "why is my tyre flat",
    "caption_entities": [{"type": "bold", "offset": 0, "length": 3}],
    "photo": [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}],
    "media_group_id": "5",
}
BUTTONS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y:flat-tyre"}]]}
TAP = {
    "id": "5",
    "from": USER,
    "chat_instance": "1",
    "data": "y:flat-tyre",
    "message": ASKED | {"from": BOT, "reply_markup": BUTTONS},
}
WRONG = (None, 5, -1, 1.5, "word", [], [None], {"a": 1}, True)

Path = tuple[str | int, ...]


def paths(whole: Any, before: Path = ()) -> Iterator[Path]:
    """Every place in an update, but for the whole of it."""
    inside: Sequence[tuple[str | int, Any]] = []
    if isinstance(whole, dict):
        inside = list(whole.items())
    elif isinstance(whole, list):
        inside = list(enumerate(whole))
    for key, part in inside:
        yield (*before, key)
        yield from paths(part, (*before, key))


def spoilt(whole: Any) -> Iterator[Any]:
    """The update with each of its parts wrong in each way, or gone."""
    for path in paths(whole):
        for wrong in (*WRONG, paths):
            copied = copy.deepcopy(whole)
            place = copied
            for key in path[:-1]:
                place = place[key]
            if wrong is paths:
                del place[path[-1]]
            else:
                place[path[-1]] = wrong
            yield copied


def of(person: Person, body: Any) -> Any:
    """An update's body with somebody that the server knows in the place of number 7."""
    if isinstance(body, dict):
        return {key: of(person, part) for key, part in body.items()}
    if isinstance(body, list):
        return [of(person, part) for part in body]
    return person.user.id if body == 7 else body


async def _until_taken(intake: Intake, update: Update) -> None:
    while not await intake.take(update):
        pass


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message", ASKED),
        ("message", IN_A_GROUP),
        ("message", PHOTO),
        ("edited_message", ASKED | {"edit_date": 2_000_000_001}),
        ("callback_query", TAP),
        ("callback_query", TAP | {"data": "p:1"}),
        ("inline_query", {"id": "5", "from": USER, "query": "tyre", "offset": ""}),
    ],
    ids=["message", "group", "photo", "edit", "vote", "page", "inline"],
)
async def test_whatever_one_part_is_an_update_stops_nothing(
    bench: Bench, caplog: pytest.LogCaptureFixture, kind: str, body: dict[str, Any]
) -> None:
    body = of(bench.server.person(), body)
    taken = []
    for number, each in enumerate(spoilt(body), 800_000_000):
        update = read_update({"update_id": number, kind: each}, bench.bot)
        if update is not None:
            taken.append(_until_taken(bench.intake, update))
    await asyncio.gather(*taken)
    assert "my tyre" not in caplog.text
    assert read_update({"update_id": 800_000_000, kind: body}, bench.bot)


async def test_an_update_with_one_part_that_cannot_be_read_is_answered_from_the_rest(
    bench: Bench,
) -> None:
    person = bench.server.person()
    person.says("why is my tyre flat")
    [update] = bench.server.world.updates.waiting(1)
    data = update.json()
    bench.confirm()
    data["message"]["poll"] = {"id": "1", "question": "of an older server"}
    found = read_update(data, bench.bot)
    assert found is not None
    assert await bench.intake.take(found)
    assert person.received
