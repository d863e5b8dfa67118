from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.chat.telegram.memory import TAPS
from bot.chat.telegram.messages import Said, pack, unpack
from bot.faq.models import Alerts, Faq, Knowledge, Points
from bot.faq.replies import (
    AskedPart,
    CheckAnswer,
    CheckQuestion,
    Faces,
    FollowUps,
    SmallTalk,
    TopicGroup,
)
from tests.chat.telegram.conftest import ANSWERER, ENTRIES, KNOWLEDGE, Bench
from tests.telegram_api import faults

COMPLAINTS = {
    "faces": Faces(complaints=("Not what I asked", "Too long", "Still worried")),
    "small_talk": (SmallTalk(says=("not what i asked",), reply="Then what?", offers="next"),),
}
GUIDE = {
    "groups": (
        TopicGroup(title="On the road", entries=("flat-tyre", "squeaky-brakes")),
        TopicGroup(title="At home", entries=("chain-oil", "gap-price")),
    ),
    **COMPLAINTS,
    "follow_ups": FollowUps(
        parts=(
            AskedPart(says=("too long",), shows=("gist", "what_to_do")),
            AskedPart(says=("still worried",), shows=("get_help_if",)),
        )
    ),
    "start_topics": ("gap-price", "chain-oil"),
    "self_check": (
        CheckQuestion(
            name="fall",
            ask="Did you fall?",
            answers=(
                CheckAnswer(label="Yes", alert="crash"),
                CheckAnswer(label="No", next="noise"),
            ),
        ),
        CheckQuestion(
            name="noise",
            ask="Does it squeak?",
            answers=(
                CheckAnswer(label="Yes", entry="squeaky-brakes"),
                CheckAnswer(label="No", entry="chain-oil"),
            ),
        ),
    ),
}


def guide(bench: Bench) -> None:
    """Give the bench groups of topics and a check."""
    replies = KNOWLEDGE.replies.model_copy(update=GUIDE)
    bench.serving.answerer = Answerer(KNOWLEDGE.model_copy(update={"replies": replies}))


async def _answer(bench: Bench, person: Any, text: str = "why is my tyre flat") -> Any:
    [answer] = await bench.hear(person, text)
    return answer


async def test_a_related_topic_is_shown_without_a_question(bench: Bench) -> None:
    person = bench.server.person()
    tap = person.taps(await _answer(bench, person), "brakes")
    await bench.handle()
    assert tap.toast() == ""
    [shown] = person.reads()
    assert shown.text.startswith("Brakes that squeak\n\nThe pads")
    assert bench.records.questions[-1] == ("topic", ("squeaky-brakes",), None)


async def test_all_topics_in_their_groups(bench: Bench) -> None:
    guide(bench)
    person = bench.server.person()
    person.taps(await _answer(bench, person), "all topics")
    await bench.handle()
    [topics] = person.reads()
    assert topics.text.startswith("Bicycle questions")
    assert [button.text for button in topics.buttons] == ["On the road", "At home"]
    person.taps(topics, "at home")
    await bench.handle()
    assert [button.text for button in topics.buttons] == [
        "Oiling the chain",
        "What a repair costs",
        "On the road",
        "• At home",
    ]
    assert not person.unread


async def test_feedback_is_thanked_counted_once_and_taken_away(bench: Bench) -> None:
    person = bench.server.person()
    answer = await _answer(bench, person)
    taps = [person.taps(answer, "yes"), person.taps(answer, "yes"), person.taps(answer, "yes")]
    await bench.handle()
    assert {tap.toast() for tap in taps} == {bench.service.knowledge.replies.helpful_thanks}
    assert bench.records.votes == [("flat-tyre", True)]
    assert [button.text for button in answer.buttons] == [
        "Brakes that squeak",
        "Oiling the chain",
        "All topics",
    ]


async def test_a_no_asks_what_was_not_right_and_offers_what_the_question_may_have_meant(
    bench: Bench,
) -> None:
    guide(bench)
    person = bench.server.person()
    answer = await _answer(bench, person, "wheel: why is my tyre flat, and the price?")
    tap = person.taps(answer, "👎")
    await bench.handle()
    assert tap.toast() == bench.service.knowledge.replies.unhappy
    assert bench.records.votes == [("flat-tyre", False)]
    labels = [button.text for button in answer.buttons]
    assert labels[:3] == ["Not what I asked", "Too long", "Still worried"]
    person.taps(answer, "not what i asked")
    await bench.handle()
    [instead] = person.reads()
    assert instead.text.startswith("Then what?")
    offered = [button.data for button in instead.buttons]
    assert "t:gap-price" in offered  # it is in the words, and related to nothing
    assert "t:flat-tyre" not in offered
    person.taps(answer, "too long")
    await bench.handle()
    [short] = person.reads()
    assert short.text.startswith("From: A flat tyre\n\nA thorn or glass may have gone in. Do not")
    person.taps(answer, "still worried")
    await bench.handle()
    [worried] = person.reads()
    assert "the rim is bent" in worried.text
    assert "Ask your technician in the next few days." in worried.text
    await bench.hear(person, "I have a broken neck")
    person.taps(answer, "too long")
    await bench.handle()
    assert "See a doctor today." in person.reads()[-1].text  # an alert counts for what is tapped


async def test_none_of_these_ends_in_the_topics_and_a_referral(bench: Bench) -> None:
    person = bench.server.person()
    await _answer(bench, person)
    person.taps_data(person.received[0], "x:")
    await bench.handle()
    [miss] = person.reads()
    assert miss.text.startswith("I still do not have an answer")
    assert "ask a professional" in miss.text
    assert miss.button("A flat tyre")
    assert bench.records.questions[-1][0] == "none_of_these"


async def test_an_entry_that_is_gone_is_told_and_the_topics_offered(bench: Bench) -> None:
    person = bench.server.person()
    answer = await _answer(bench, person)
    without = Knowledge(faq=Faq(title="Fewer", entries=ENTRIES[:1]))
    bench.serving.answerer = Answerer(without)
    tap = person.taps(answer, "brakes")
    await bench.handle()
    assert tap.toast() == ""
    [told] = person.reads()
    assert told.text.startswith(without.replies.unknown_topic)
    assert told.button("A flat tyre")


async def test_an_id_of_before_still_opens_its_entry(bench: Bench) -> None:
    person = bench.server.person()
    answer = await _answer(bench, person)
    renamed = ENTRIES[1].model_copy(update={"id": "brakes", "was": ("squeaky-brakes",)})
    faq = Faq(title="Renamed", entries=(ENTRIES[0], renamed))
    now = Answerer(Knowledge(faq=faq, replies=KNOWLEDGE.replies.model_copy(update=COMPLAINTS)))
    bench.serving.answerer = now
    person.taps(answer, "brakes")
    await bench.handle()
    [tapped] = person.reads()
    [linked] = await bench.hear(bench.server.person(), "/start squeaky-brakes")
    assert tapped.text.startswith(renamed.title)
    assert linked.text.startswith(renamed.title)
    assert bench.records.questions[-1] == ("topic", ("brakes",), None)
    # It is offered in the place of another, and not in its own.
    for name, offered in (("flat-tyre", ["t:brakes"]), ("squeaky-brakes", [])):
        person.taps_data(answer, f"s:0.{name}")
        await bench.handle()
        [instead] = person.reads()
        assert [each.data for each in instead.buttons if each.data.startswith("t:")] == offered
    # The answer beside it still leads there, and one that waited to be sent is sent.
    assert (await bench.hear(person, "why is my tyre flat"))[0].button(renamed.title)
    waiting = Said(ANSWERER.topic("squeaky-brakes"))
    sent = unpack(pack(waiting, KNOWLEDGE), now.knowledge)
    assert sent.reply
    assert sent.reply.answered[0].entry == renamed


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "t",
        "t:no-such-entry",
        "p:999999",
        "p:-1",
        "q:x",
        "s:0.gone",
        "s:²",
        "y:made-up",
        "💥" * 16,
    ],
)
async def test_made_up_data_never_breaks_anything(
    bench: Bench, data: str, caplog: pytest.LogCaptureFixture
) -> None:
    person = bench.server.person()
    answer = await _answer(bench, person)
    person.taps_data(answer, data)
    assert await bench.handle() == [True]
    assert bench.records.votes == []
    assert not caplog.records


async def test_a_tap_on_a_message_too_old_to_see_still_opens_the_topic(bench: Bench) -> None:
    person = bench.server.person()
    bench.server.world.chats[person.chat.id].started = True
    bench.server.push(
        "callback_query",
        {
            "id": "1",
            "from": person.user.json(),
            "message": {"chat": person.chat.json(), "message_id": 5, "date": 0},
            "chat_instance": "1",
            "data": "t:flat-tyre",
        },
    )
    assert await bench.handle() == [True]
    assert person.reads()[0].text.startswith("A flat tyre")


async def test_too_many_taps_are_told_so(bench: Bench) -> None:
    person = bench.server.person()
    answer = await _answer(bench, person)
    taps = [person.taps_data(answer, "t:chain-oil") for _ in range(TAPS + 1)]
    await bench.handle()
    assert taps[-1].toast() == bench.service.knowledge.replies.too_many
    assert len(person.reads()) == TAPS


async def test_looking_through_the_topics_leaves_room_for_a_question(bench: Bench) -> None:
    person = bench.server.person()
    answer = await _answer(bench, person)
    for _ in range(15):
        person.taps_data(answer, "t:chain-oil")
    await bench.handle()
    person.reads()
    [again] = await bench.hear(person, "why is my tyre flat")
    assert again.text.startswith("A flat tyre")


async def test_trouble_with_the_spinning_holds_nothing_up_and_ends_it_in_the_end(
    bench: Bench,
) -> None:
    person = bench.server.person()
    answer = await _answer(bench, person)
    bench.server.fails("answerCallbackQuery", faults.too_many_requests(1))
    tap = person.taps(answer, "brakes")
    handled = asyncio.create_task(bench.handle())
    await bench.until(lambda: person.unread, "the topic")
    assert not handled.done()
    assert await handled == [True]
    assert tap.toast() == ""


async def test_in_a_group_the_topic_is_shown_as_a_reply(bench: Bench) -> None:
    group = bench.server.group()
    person = bench.server.person()
    person.says("/ask why is my tyre flat", group)
    await bench.handle()
    [answer] = group.reads()
    person.taps(answer, "chain")
    await bench.handle()
    [shown] = group.reads()
    assert shown.reply_to is answer


class TestCheck:
    async def test_a_miss_begins_with_it_and_never_lists_all_topics(self, bench: Bench) -> None:
        guide(bench)
        [miss] = await bench.hear(bench.server.person(), "moon landing")
        labels = [button.text for button in miss.buttons]
        assert labels == ["Check what I see", "On the road", "At home"]
        assert "helpful" not in miss.text

    async def test_it_is_tapped_through_in_one_message_to_an_answer(self, bench: Bench) -> None:
        guide(bench)
        person = bench.server.person()
        [question] = await bench.hear(person, "/check")
        assert question.text.startswith("Did you fall?")
        person.taps(question, "no")
        await bench.handle()
        assert question.text.startswith("Does it squeak?")
        assert "emergency number" in question.text
        person.taps(question, "yes")
        await bench.handle()
        [end] = person.reads()
        assert end.text.startswith("I cannot see it. If it gets worse, get help.")
        assert "Brakes that squeak" in end.text
        assert bench.records.questions == [("topic", ("squeaky-brakes",), None)]

    async def test_it_ends_at_an_alert_which_is_said_anew_and_remembered(
        self, bench: Bench
    ) -> None:
        guide(bench)
        person = bench.server.person()
        [miss] = await bench.hear(person, "moon landing")
        person.taps(miss, "check")
        await bench.handle()
        [question] = person.reads()
        person.taps(question, "yes")
        await bench.handle()
        [alert] = person.reads()
        assert alert.text == "Call for help now.\n\nStay where you are."
        assert question.text.startswith("Did you fall?")
        assert bench.records.questions[-1] == ("topic", (), "urgent")
        [answer] = await bench.hear(person, "why do my brakes squeak")
        assert "See a doctor today." in answer.text
        person.taps(alert, "it is something else")
        await bench.handle()
        [kind] = person.reads()
        assert kind.text.startswith("Tell me in a few words what it is.")
        assert kind.button("Check what I see")
        [answer] = await bench.hear(person, "why do my brakes squeak")
        assert "Contact your technician today." in answer.text

    @pytest.mark.parametrize("data", ["c:gone", "d:gone", "e:gone"])
    async def test_what_is_gone_says_so(self, bench: Bench, data: str) -> None:
        guide(bench)
        person = bench.server.person()
        [question] = await bench.hear(person, "/check")
        person.taps_data(question, data)
        await bench.handle()
        told = question if data == "c:gone" else person.reads()[0]
        assert told.text.startswith("That topic is not here any more.")

    async def test_a_faq_without_one_does_not_offer_it(self, bench: Bench) -> None:
        [said] = await bench.hear(bench.server.person(), "/check")
        assert said.text.startswith("That topic is not here any more.")
        assert "Check what I see" not in [button.text for button in said.buttons]


async def test_an_alert_has_a_button_to_its_helpline(bench: Bench) -> None:
    message = "Talk to somebody: https://helpline.example/find. They are kind."
    alerts = tuple(
        alert.model_copy(update={"message": message}) for alert in KNOWLEDGE.alerts.alerts
    )
    known = KNOWLEDGE.model_copy(update={"alerts": Alerts(alerts=alerts)})
    bench.serving.answerer = Answerer(known)
    [alert] = await bench.hear(bench.server.person(), "I want to kill myself")
    link, other = alert.buttons
    assert (link.text, link.url) == ("helpline.example/find", "https://helpline.example/find")
    assert other.text == "It is something else"


async def test_questions_to_ask_can_be_copied_and_fit_the_button(bench: Bench) -> None:
    items = ("Is it my tyre?", "Long " * 50 + "?", "May I ride?")
    entry = ENTRIES[2].model_copy(update={"points": Points(heading="Ask", items=items)})
    bench.serving.answerer = Answerer(Knowledge(faq=Faq(title="Asked", entries=(entry,))))
    person = bench.server.person()
    [answer] = await bench.hear(person, "how do i oil the chain, it has been 5 days")
    [copied] = [
        button["copy_text"]["text"]
        for row in answer.markup["inline_keyboard"]
        for button in row
        if "copy_text" in button
    ]
    assert copied == (
        "Oiling the chain\nIt has been about 5 days.\n- Is it my tyre?\n- May I ride?"
    )


class TestCommands:
    async def test_start_begins_with_the_check_and_what_people_ask_most(
        self, bench: Bench
    ) -> None:
        guide(bench)
        [welcome] = await bench.hear(bench.server.person(), "/start")
        assert [button.text for button in welcome.buttons] == [
            "Check what I see",
            "What a repair costs",
            "Oiling the chain",
            "On the road",
            "At home",
        ]

    async def test_start_welcomes_with_the_topics(self, bench: Bench) -> None:
        [welcome] = await bench.hear(bench.server.person(), "/start")
        assert welcome.text.startswith("Hello.")
        assert welcome.button("A flat tyre")

    async def test_a_deep_link_opens_its_entry(self, bench: Bench) -> None:
        [shown] = await bench.hear(bench.server.person(), "/start chain-oil")
        assert shown.text.startswith("Oiling the chain")
        assert bench.records.questions == [("topic", ("chain-oil",), None)]

    async def test_a_dead_deep_link_is_told(self, bench: Bench) -> None:
        [told] = await bench.hear(bench.server.person(), "/start no-such-entry")
        assert told.text.startswith("That topic is not here any more.")
        assert told.button("A flat tyre")

    @pytest.mark.parametrize(
        ("command", "begins"),
        [
            ("/help", "Type your question"),
            ("/HELP", "Type your question"),
            ("/help@Scalp_Facts_Bot", "Type your question"),
            ("/topics", "Bicycle questions"),
            ("/sources", "My answers come from"),
            ("/privacy", "I do not keep your words"),
            ("/about", "I answer common questions"),
            ("/ask why is my tyre flat", "A flat tyre\nYou asked: why is my tyre flat"),
            ("/ask", "I did not see a question"),
            ("/made_up", "I do not know that command"),
            ("/unheard_of@" + "x" * 40, "I am not sure I understood"),
        ],
    )
    async def test_every_command(self, bench: Bench, command: str, begins: str) -> None:
        [said] = await bench.hear(bench.server.person(), command)
        assert said.text.startswith(begins)

    @pytest.mark.parametrize("command", ["/start", "/help", "/made_up", "/topics"])
    async def test_a_sign_of_danger_behind_a_command_is_not_missed(
        self, bench: Bench, command: str
    ) -> None:
        alert, _ = await bench.hear(bench.server.person(), f"{command} I have a broken neck")
        assert alert.text.startswith("Call for help now.")

    async def test_about_tells_version_date_and_number_of_entries(self, bench: Bench) -> None:
        import datetime

        from bot import __version__

        dated = tuple(
            entry.model_copy(update={"reviewed": datetime.date(2026, 3, number + 1)})
            for number, entry in enumerate(ENTRIES)
        )
        bench.serving.answerer = Answerer(Knowledge(faq=Faq(title="Dated", entries=dated)))
        [said] = await bench.hear(bench.server.person(), "/about")
        assert f"Version {__version__}" in said.text
        assert "4 topics" in said.text
        assert "4 March 2026" in said.text


class TestInline:
    async def test_words_find_cards_that_can_be_sent(self, bench: Bench) -> None:
        query = bench.server.person().types_inline("squeak")
        await bench.handle()
        answer = query.answer()
        assert [card["id"] for card in answer["results"]] == ["squeaky-brakes"]
        content = answer["results"][0]["input_message_content"]
        assert "Contact your technician today." in content["message_text"]
        assert answer["cache_time"] == 300
        assert not answer["is_personal"]

    async def test_passing_trouble_only_delays_the_cards(self, bench: Bench) -> None:
        bench.server.fails("answerInlineQuery", faults.dropped("before"), times=2)
        query = bench.server.person().types_inline("squeak")
        await bench.handle()
        assert query.answer()["results"][0]["title"] == "Brakes that squeak"

    async def test_nothing_typed_shows_the_first_entries(self, bench: Bench) -> None:
        query = bench.server.person().types_inline("")
        await bench.handle()
        assert len(query.answer()["results"]) == 4

    async def test_no_match_opens_the_bot(self, bench: Bench) -> None:
        query = bench.server.person().types_inline("moon landing")
        await bench.handle()
        answer = query.answer()
        assert answer["results"] == []
        assert answer["button"]["start_parameter"] == "start"
        [welcome] = await bench.hear(bench.server.person(), "/start start")
        assert welcome.text.startswith("Hello.")

    async def test_a_sign_of_danger_is_the_first_card(self, bench: Bench) -> None:
        query = bench.server.person().types_inline("broken neck")
        await bench.handle()
        first = query.answer()["results"][0]
        assert first["title"] == "Call for help now."

    async def test_a_card_of_a_long_entry_keeps_its_referral(self, bench: Bench) -> None:
        long = ENTRIES[1].model_copy(update={"answer": "Many words. " * 900})
        bench.serving.answerer = Answerer(Knowledge(faq=Faq(title="Long", entries=(long,))))
        query = bench.server.person().types_inline("brakes squeak")
        await bench.handle()
        [card] = query.answer()["results"]
        text = card["input_message_content"]["message_text"]
        assert len(text) <= 4096
        assert "Contact your technician today." in text


async def test_an_answer_longer_than_a_message_has_its_buttons_at_the_end(bench: Bench) -> None:
    long = ENTRIES[1].model_copy(update={"answer": "\n".join(["Many words here. " * 40] * 12)})
    bench.serving.answerer = Answerer(Knowledge(faq=Faq(title="Long", entries=(long,))))
    parts = await bench.hear(bench.server.person(), "/start squeaky-brakes")
    assert len(parts) > 1
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
