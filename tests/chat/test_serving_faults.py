"""Everything that can go wrong between the bot and Telegram, at the same time.

`aftermath` lets a storm of faults loose on a bot that polls and on one with a webhook, one
fault to a person; the tests then look at what each person got, and at the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from bot.chat.rendering import referral_sentence
from bot.faq.models import Entry, Knowledge
from tests.telegram_api import Message, Person, TelegramServer, faults
from tests.telegram_api.faults import Planned
from tests.telegram_api.process import BotProcess

SURVIVED = {
    "429": (faults.too_many_requests(1), 2),
    "500": (faults.server_error(500), 2),
    "502": (faults.server_error(502), 1),
    "dropped": (faults.dropped("before"), 2),
    "cut off": (faults.dropped("midway"), 1),
    "answer lost": (faults.dropped("after"), 1),
    "slow": (faults.slow(6), 1),
    "gibberish": (faults.gibberish(), 1),
    "401 once": (faults.unauthorised(), 1),
}
"""Faults after which the person still gets the answer, and how often each happens."""
SURNAME = "Quillfeather"
QUESTION_MARK = "xylophonist"
"""Words of a question and a name that nobody else uses: no log may hold them."""


@dataclass
class Storm:
    """The bot in it, its people by what befalls them, and the plans."""

    bot: BotProcess
    people: dict[str, Person] = field(default_factory=dict)
    plans: dict[str, Planned] = field(default_factory=dict)

    def befalls(self, name: str, fault: faults.Fault, times: int | None = 1) -> Person:
        """Make somebody whose messages meet this fault."""
        person = self.people[name] = self.bot.server.person(f"{name} {SURNAME}")
        self.plans[name] = self.bot.server.fails("sendMessage", fault, times, to=person)
        return person


@pytest.fixture(scope="module")
def entry(served_knowledge: Knowledge) -> Entry:
    return next(entry for entry in served_knowledge.faq.entries if entry.id == "blue-dots")


@pytest.fixture(scope="module")
def aftermath(
    tmp_path_factory: pytest.TempPathFactory, entry: Entry
) -> Iterator[dict[str, Storm]]:
    """Both storms, side by side, once they are over."""
    with ExitStack() as stack:
        storms = {}
        for way, level in (("polling", "DEBUG"), ("webhook", "INFO")):
            server = stack.enter_context(TelegramServer())
            for method in ("setMyCommands", "setMyDescription", "setMyShortDescription"):
                server.fails(method, faults.server_error(500), times=1)
            bot = BotProcess(
                server,
                tmp_path_factory.mktemp(way),
                webhook=way == "webhook",
                LOG_LEVEL=level,
            )
            storms[way] = Storm(stack.enter_context(bot))
        for storm in storms.values():
            break_out(storm, f"{entry.questions[0]} {QUESTION_MARK}")
        for storm in storms.values():
            blow_over(storm)
        yield storms


def break_out(storm: Storm, question: str) -> None:
    server = storm.bot.server
    server.fails("getUpdates", faults.conflict(), times=2)
    for name, (fault, times) in SURVIVED.items():
        storm.befalls(name, fault, times)
    storm.befalls("not parsed", faults.not_parsed(), 1)
    blocked = storm.befalls("blocked", faults.slow(0))
    storm.befalls("never", faults.server_error(500), None)
    for person in storm.people.values():
        if person is blocked:
            person.says("/start")
            person.reads()
            person.blocks()
        person.says(question)
    undisturbed = storm.people["undisturbed"] = server.person(f"Someone {SURNAME}")
    undisturbed.says(question)
    undisturbed.reads()


def blow_over(storm: Storm) -> None:
    for name in (*SURVIVED, "not parsed"):
        storm.people[name].reads()
    storm.bot.server.wait_until(lambda: storm.plans["never"].hits >= 3, "three tries")


@pytest.fixture(params=["polling", "webhook"])
def storm(request: pytest.FixtureRequest, aftermath: dict[str, Storm]) -> Storm:
    return aftermath[request.param]


def is_the_answer(message: Message, entry: Entry, knowledge: Knowledge) -> bool:
    title, referral = entry.title, referral_sentence(entry.referral, knowledge.replies)
    return message.text.startswith(title) and referral in message.text


@pytest.mark.parametrize("name", SURVIVED)
def test_the_person_still_gets_the_answer(storm, entry, served_knowledge, name):
    assert storm.plans[name].hits == SURVIVED[name][1]
    received = storm.people[name].received
    assert received
    assert all(is_the_answer(message, entry, served_knowledge) for message in received)


def test_nobody_waits_for_anybody_elses_trouble(storm):
    first, later = (storm.people[name].received[0].at for name in ("undisturbed", "slow"))
    assert first < later


def test_a_refusal_is_said_once_whatever_else_happens(storm):
    assert len(storm.people["undisturbed"].received) == 1
    assert len(storm.people["429"].received) == 1
    assert len(storm.people["500"].received) == 1


def test_what_telegram_cannot_parse_is_sent_as_plain_text_and_logged(
    storm, entry, served_knowledge
):
    [message] = storm.people["not parsed"].received
    assert message.parse_mode in ("", "None")
    assert is_the_answer(message, entry, served_knowledge)
    assert "<" not in message.text
    assert "&amp;" not in message.text
    assert message.buttons
    assert f"entry {entry.id}" in storm.bot.log


def test_a_person_who_blocked_the_bot_is_let_go_quietly(storm):
    blocked = storm.people["blocked"]
    calls = [
        call
        for call in storm.bot.server.calls("sendMessage")
        if call.given["chat_id"] == str(blocked.user.id)
    ]
    assert [call.status for call in calls] == [200, 403]


def test_a_blocked_bot_is_not_worth_a_line_in_the_log(aftermath):
    assert "Forbidden" not in aftermath["webhook"].bot.log
    assert "blocked" not in aftermath["webhook"].bot.log


def test_tries_without_an_end_in_sight_grow_further_apart(storm):
    never = str(storm.people["never"].user.id)
    at = [
        call.at for call in storm.bot.server.calls("sendMessage") if call.given["chat_id"] == never
    ]
    assert at[2] - at[1] > (at[1] - at[0]) * 1.3


def test_commands_and_descriptions_that_failed_at_start_are_set_in_the_end(storm):
    profile = storm.bot.server.world.profile
    storm.bot.server.wait_until(
        lambda: profile.get("commands:all_group_chats") and profile.get("description:default"),
        "the commands and the description",
    )
    names = {command["command"] for command in profile["commands:all_private_chats"]}
    assert {"topics", "help", "sources", "privacy", "about"} <= names
    assert "ask" in {command["command"] for command in profile["commands:all_group_chats"]}


def test_a_conflict_is_logged_once_with_its_remedy(aftermath):
    storm = aftermath["polling"]
    told = [line for line in storm.bot.log.splitlines() if "same token" in line]
    assert len(told) == 1, told
    assert "Stop the other" in told[0]


def test_no_log_holds_the_token(storm):
    secret = storm.bot.server.token.partition(":")[2]
    assert secret not in storm.bot.log
    assert storm.bot.settings.get("WEBHOOK_SECRET", secret) not in storm.bot.log


def test_no_log_holds_anything_of_a_person_at_debug_either(storm):
    assert "entry blue-dots" in storm.bot.log
    for words in (QUESTION_MARK, SURNAME, "person_"):
        assert words not in storm.bot.log
    for person in storm.people.values():
        assert str(person.user.id) not in storm.bot.log


def test_nothing_of_a_person_is_left_in_a_file(storm):
    for path in storm.bot.log_file.parent.rglob("*"):
        if path.is_file() and path != storm.bot.log_file:
            content = path.read_bytes()
            for words in (QUESTION_MARK, SURNAME, storm.bot.server.token):
                assert words.encode() not in content, path
