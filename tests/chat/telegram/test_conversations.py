"""What people see when they write: answers, alerts, edits, groups, limits, late questions."""

from __future__ import annotations

import pytest

from bot.answering.answerer import Answerer
from bot.chat.blocks import Title
from bot.chat.terminal import State, respond
from tests.chat.telegram.conftest import Bench
from tests.telegram_api.faults import blocked, not_parsed
from tests.telegram_api.formatting import utf16_length
from tests.telegram_api.people import MEDIA

FLAT = "why is my tyre flat"
ALERTING = "broken neck and a flat tyre"
ADMINISTRATOR = dict.fromkeys(
    (
        "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
        "can_manage_video_chats", "can_restrict_members", "can_promote_members",
        "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
        "can_delete_stories",
    ),
    False,
)  # fmt: skip


async def test_an_answer_holds_the_question_the_signs_and_the_referral(bench: Bench) -> None:
    [answer] = await bench.hear(bench.server.person(), "Why is my tyre flat? <b> & </b>")
    lines = answer.text.splitlines()
    assert lines[0] == "A flat tyre"
    assert lines[1] == "You asked: Why is my tyre flat? <b> & </b>"
    assert "• air hisses <loudly> & fast" in lines
    assert any(line.endswith("Ask your technician in the next few days.") for line in lines)
    labels = [button.text for button in answer.buttons]
    assert labels == ["👍 Yes", "👎 No", "Brakes that squeak", "Oiling the chain", "All topics"]


async def test_words_from_right_to_left_are_kept_apart(bench: Bench) -> None:
    [answer] = await bench.hear(bench.server.person(), f"{FLAT} (\u05e9\u05dc\u05d5\u05dd)?")
    assert f"You asked: \u2068{FLAT} (\u05e9\u05dc\u05d5\u05dd)?\u2069" in answer.text


async def test_an_endless_question_is_not_repeated_in_full(bench: Bench) -> None:
    [answer] = await bench.hear(bench.server.person(), "why is my tyre flat? " * 190)
    asked = next(line for line in answer.text.splitlines() if line.startswith("You asked"))
    assert len(asked) < 250


async def test_an_alert_is_a_message_of_its_own_before_the_answer(bench: Bench) -> None:
    alert, answer = await bench.hear(bench.server.person(), ALERTING)
    assert alert.text == "Call for help now.\n\nStay where you are."
    assert alert.entities[0] == {"type": "bold", "offset": 0, "length": 18}
    assert answer.text.startswith("A flat tyre")


async def test_in_a_crisis_nothing_else_is_said(bench: Bench) -> None:
    [alert] = await bench.hear(bench.server.person(), "I want to kill myself")
    assert alert.text == "Please talk to somebody now."
    assert [button.text for button in alert.buttons] == ["It is something else"]


async def test_a_second_miss_ends_in_the_topics_and_a_referral(bench: Bench) -> None:
    first, second = await bench.hear(bench.server.person(), "moon landing", "stock market")
    assert first.text.startswith("I am not sure I understood")
    assert second.text.startswith("I still do not have an answer")
    assert "ask a professional" in second.text
    assert second.button("A flat tyre").data == "t:flat-tyre"
    assert bench.records.questions == [("fallback", (), None)] * 2


async def test_a_miss_is_handed_to_the_records_but_not_one_with_an_alert(bench: Bench) -> None:
    await bench.hear(bench.server.person(), "wheel moon landing")
    await bench.hear(bench.server.person(), "broken neck on the moon")
    await bench.hear(bench.server.person(), FLAT)
    assert [text for text, _ in bench.records.misses] in (["wheel moon landing"], [])


async def test_a_follow_up_is_about_the_first_answer_in_every_face(
    bench: Bench, served_answerer: Answerer
) -> None:
    bench.serving.answerer = served_answerer
    person, state = bench.server.person(), State()
    for line in ("itchy, and my dots went blue", "how long does it last"):
        in_telegram = await bench.hear(person, line)
        blocks, state = respond(line, state, served_answerer, now=0.0)
        titles = [block.text for block in blocks if isinstance(block, Title)]
        assert [message.text.splitlines()[0] for message in in_telegram] == titles
    assert len(titles) == 1


async def test_a_reply_to_an_older_answer_is_about_that_one(
    bench: Bench, served_answerer: Answerer
) -> None:
    bench.serving.answerer = served_answerer
    person = bench.server.person()
    [redness] = await bench.hear(person, "redness after smp")
    [itchy] = await bench.hear(person, "why is my scalp so itchy")
    assert redness.title != itchy.title
    for older, newer in ((redness, itchy), (itchy, redness)):
        person.says("how long does this last?", reply_to=older)
        await bench.handle()
        [answer] = await bench.read(person)
        assert older.title in answer.title
        assert newer.title not in answer.title


async def test_a_reply_to_somebody_elses_answer_in_a_group_is_about_it(
    bench: Bench, served_answerer: Answerer
) -> None:
    bench.serving.answerer = served_answerer
    ann, bob, group = bench.server.person(), bench.server.person(), bench.server.group()
    ann.says("/ask redness after smp", group)
    await bench.handle()
    [answer] = await bench.read(group)
    bob.says("how long does this last?", group, reply_to=answer)
    await bench.handle()
    [to_bob] = await bench.read(group)
    assert answer.title in to_bob.title


async def test_a_reply_to_what_tells_of_no_topic_is_read_as_any_other(bench: Bench) -> None:
    person = bench.server.person()
    await bench.hear(person, FLAT)
    [miss] = await bench.hear(person, "moon landing")
    own = person.says("A flat tyre")
    await bench.handle()
    await bench.read(person)
    for before, asked in ((miss, "chain lubricant"), (own, "squealing brake pads")):
        person.says(asked, reply_to=before)
        await bench.handle()
        title = (await bench.read(person))[0].title
        assert title in ("Oiling the chain", "Brakes that squeak")


async def test_two_people_in_a_group_have_conversations_of_their_own(bench: Bench) -> None:
    group = bench.server.group()
    ann, bob = bench.server.person(), bench.server.person()
    ann.says("@scalp_facts_bot moon landing", group)
    bob.says("@scalp_facts_bot stock market", group)
    await bench.handle()
    assert [m.text.startswith("I am not sure") for m in group.reads(2)] == [True, True]


@pytest.mark.parametrize(
    "text", ["", " ", "🙂🙂", "\u202e\u200f", "?" * 4096, "\x00\x07", "<b>", "x" * 4096, "&amp;"]
)
async def test_whatever_is_written_gets_a_short_kind_reply(bench: Bench, text: str) -> None:
    person = bench.server.person()
    message = bench.server.world.post(person.chat, person.user, text or " ")
    assert await bench.handle() == [True]
    [reply] = person.reads()
    assert utf16_length(reply.text) < 1000
    assert "professional" in reply.text
    assert message.text


class TestEdits:
    async def test_an_edited_question_edits_its_answer(self, bench: Bench) -> None:
        person = bench.server.person()
        question = person.says(FLAT)
        await bench.handle()
        [answer] = person.reads()
        person.edits(question, "why do my brakes squeak")
        await bench.handle()
        assert answer.text.startswith("Brakes that squeak")
        assert len(person.received) == 1

    async def test_an_edit_that_changes_nothing_is_no_fault(self, bench: Bench) -> None:
        person = bench.server.person()
        question = person.says(FLAT)
        await bench.handle()
        person.edits(question, FLAT)
        assert await bench.handle() == [True]
        assert len(person.received) == 1

    async def test_an_alert_that_an_edit_brings_is_sent_anew(self, bench: Bench) -> None:
        person = bench.server.person()
        question = person.says(FLAT)
        await bench.handle()
        person.edits(question, ALERTING)
        await bench.handle()
        _, alert, answer = person.received
        assert alert.text.startswith("Call for help")
        assert answer.text.startswith("A flat tyre")

    async def test_an_alert_that_an_edit_takes_away_goes(self, bench: Bench) -> None:
        person = bench.server.person()
        question = person.says(ALERTING)
        await bench.handle()
        person.edits(question, FLAT)
        await bench.handle()
        [only] = person.received
        assert only.text.startswith("A flat tyre")

    async def test_an_edit_of_an_unknown_question_is_answered_anew(self, bench: Bench) -> None:
        person = bench.server.person()
        question = person.says("@somebody")
        await bench.handle()
        bench.outbox.sent._kept.clear()
        person.edits(question, FLAT)
        await bench.handle()
        assert person.received[-1].text.startswith("A flat tyre")


class TestGroups:
    @pytest.mark.parametrize(
        "text",
        [
            FLAT,
            "/help",
            "/topics",
            "/made_up",
            "/ask@other_bot why is my tyre flat",
            "@other_bot why is my tyre flat",
            "mail me at a@scalp_facts_bot.example",
            "broken neck",
        ],
    )
    async def test_what_is_not_for_the_bot_is_left_alone(self, bench: Bench, text: str) -> None:
        group = bench.server.group()
        bench.server.person().says(text, group)
        assert await bench.handle() == [True]
        assert not group.received

    @pytest.mark.parametrize(
        "text",
        [
            "@scalp_facts_bot why is my tyre flat",
            "why is my tyre flat @SCALP_FACTS_BOT",
            "/ask why is my tyre flat",
            "/ask@scalp_facts_bot why is my tyre flat",
        ],
    )
    async def test_a_mention_and_ask_are_answered_to_the_asker(
        self, bench: Bench, text: str
    ) -> None:
        group = bench.server.group()
        question = bench.server.person().says(text, group)
        await bench.handle()
        [answer] = group.reads()
        assert answer.text.startswith("A flat tyre\nYou asked: why is my tyre flat\n")
        assert answer.reply_to is question

    async def test_a_reply_to_the_bot_is_answered(self, bench: Bench) -> None:
        group = bench.server.group()
        person = bench.server.person()
        person.says("/ask moon landing", group)
        await bench.handle()
        [first] = group.reads()
        person.says(FLAT, group, reply_to=first)
        await bench.handle()
        [answer] = group.reads()
        assert answer.text.startswith("A flat tyre")

    async def test_a_mention_inside_a_sentence_keeps_the_sentence_whole(
        self, bench: Bench
    ) -> None:
        person, group = bench.server.person(), bench.server.group()
        asked = "guys, @scalp_facts_bot, why is my tyre flat?"
        person.says(asked, group)
        await bench.handle()
        assert f"You asked: {asked}" in group.received[0].text

    async def test_a_group_that_adds_the_bot_is_told_how_to_ask(self, bench: Bench) -> None:
        person, group = bench.server.person(), bench.server.group()
        me = {"user": bench.server.world.me.json()}
        for before, after in (("left", "member"), ("member", "administrator")):
            body = {
                "chat": group.chat.json(),
                "from": person.user.json(),
                "date": 2_000_000_000,
                "old_chat_member": me | {"status": before, "until_date": 0},
                "new_chat_member": me | {"status": after} | ADMINISTRATOR,
            }
            bench.server.push("my_chat_member", body)
            await bench.handle()
        [welcome] = group.received
        assert "/ask" in welcome.text

    async def test_the_bots_commands_need_its_name(self, bench: Bench) -> None:
        group = bench.server.group()
        bench.server.person().says("/help@scalp_facts_bot", group)
        await bench.handle()
        assert group.reads()[0].text.startswith("Type your question")


class TestMedia:
    @pytest.mark.parametrize("kind", ["sticker", "voice", "video", "document", "location"])
    async def test_what_cannot_be_read_gets_a_kind_word(self, bench: Bench, kind: str) -> None:
        person = bench.server.person()
        person.sends(kind)
        await bench.handle()
        assert person.reads()[0].text.startswith("I can only read text.")

    async def test_a_photo_gets_its_own_word_and_a_referral(self, bench: Bench) -> None:
        person = bench.server.person()
        person.sends("photo")
        await bench.handle()
        [reply] = person.reads()
        assert reply.text.startswith("I cannot look at pictures.")
        assert "ask a professional" in reply.text

    async def test_a_caption_is_answered_with_a_word_on_the_photo(self, bench: Bench) -> None:
        person = bench.server.person()
        person.sends("photo", caption=ALERTING)
        await bench.handle()
        alert, answer = person.reads(2)
        assert alert.text.startswith("Call for help")
        assert answer.text.startswith("I cannot look at pictures.\n\nA flat tyre")

    async def test_photos_sent_together_get_one_reply(self, bench: Bench) -> None:
        person = bench.server.person()
        photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
        for _ in range(3):
            bench.server.world.post(person.chat, person.user, photo=photo, media_group_id="7")
        await bench.handle()
        assert len(person.received) == 1

    async def test_photos_with_words_under_one_get_one_reply(self, bench: Bench) -> None:
        person = bench.server.person()
        with bench.server.world.changed:
            for caption in (FLAT, ""):
                bench.server.world.post(
                    person.chat, person.user, "", photo=MEDIA["photo"], media_group_id="7",
                    **({"caption": caption} if caption else {}),
                )  # fmt: skip
        await bench.handle()
        [answer] = person.received
        assert "A flat tyre" in answer.text

    async def test_ask_under_a_photo_in_a_group_is_a_question(self, bench: Bench) -> None:
        person, group = bench.server.person(), bench.server.group()
        person.sends("photo", group, caption=f"/ask {FLAT}")
        await bench.handle()
        assert "A flat tyre" in group.received[0].text

    async def test_a_sticker_in_a_group_is_left_alone(self, bench: Bench) -> None:
        group = bench.server.group()
        bench.server.person().sends("sticker", group)
        await bench.handle()
        assert not group.received


class TestLateAndTooMuch:
    async def test_a_question_that_waited_gets_an_apology(self, bench: Bench) -> None:
        [answer] = await bench.hear(bench.server.person(), FLAT, minutes_ago=30)
        assert answer.text.startswith("Sorry for the wait.\n\nA flat tyre")

    async def test_a_question_of_yesterday_gets_one_quiet_line_and_a_button(
        self, bench: Bench
    ) -> None:
        person = bench.server.person()
        [line] = await bench.hear(person, FLAT, FLAT, minutes_ago=361)
        assert line.text == bench.service.knowledge.replies.away
        assert line.button("A flat tyre").data == "t:flat-tyre"
        assert bench.server.calls("sendMessage")[-1].given["disable_notification"] == "true"
        [welcome] = await bench.hear(person, "/start", minutes_ago=361)
        assert welcome.text.startswith("Hello.")

    async def test_what_is_not_answered_is_logged_with_the_reason_and_without_a_word(
        self, bench: Bench, caplog: pytest.LogCaptureFixture
    ) -> None:
        old, many = bench.server.person("Wilhelmina"), bench.server.person()
        await bench.hear(old, FLAT, FLAT, minutes_ago=361)
        old.sends("photo", minutes_ago=361)
        await bench.handle()
        assert not old.unread
        await bench.hear(many, *["thanks"] * 13)
        told = [record.getMessage() for record in caplog.records]
        assert [each.split(". ")[0] for each in told] == [
            "1 message(s) not answered: they were written more than six hours ago",
            "1 message(s) not answered: their person asks more than 10 in half a minute",
        ]
        assert "timedatectl" in told[0]
        assert "tyre" not in caplog.text
        assert "Wilhelmina" not in caplog.text

    async def test_a_sign_of_danger_is_answered_however_late(self, bench: Bench) -> None:
        alert, answer = await bench.hear(bench.server.person(), ALERTING, minutes_ago=400)
        assert alert.text.startswith("Call for help")
        assert answer.text.startswith("Sorry for the wait.")

    async def test_after_ten_messages_one_notice_and_still_every_alert(self, bench: Bench) -> None:
        person = bench.server.person()
        await bench.hear(person, *["thanks"] * 10)
        [notice] = await bench.hear(person, FLAT)
        assert notice.text.startswith("That is a lot at once.")
        assert not await bench.hear(person, FLAT, "/help")
        assert not await bench.hear(person, "thanks")
        alert, *_ = await bench.hear(person, "broken neck")
        assert alert.text.startswith("Call for help")

    async def test_a_flood_of_one_danger_is_read_no_further_once_it_was_told(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person = bench.server.person()
        for _ in range(40):
            person.says("broken neck")
        assert all(await bench.handle())
        assert len(person.received) <= 14
        alerts = [message.text for message in person.received if "Call" in message.title]
        assert alerts == ["Call for help now.\n\nStay where you are.", "Call for help now."]
        person.reads(0)
        [other] = await bench.hear(person, "kill myself")  # another danger is told even so
        assert other.text == "Please talk to somebody now."


class TestRefusals:
    async def test_markup_that_telegram_refuses_goes_out_as_plain_text(
        self, bench: Bench, caplog: pytest.LogCaptureFixture
    ) -> None:
        bench.server.fails("sendMessage", not_parsed())
        [answer] = await bench.hear(bench.server.person(), f"{FLAT}? <b> & </b>")
        assert answer.parse_mode == ""
        assert "• air hisses <loudly> & fast" in answer.text
        assert "You asked: why is my tyre flat? <b> & </b>" in answer.text
        assert "<i>" not in answer.text
        assert answer.buttons
        assert "entry flat-tyre" in caplog.text
        assert "tyre flat?" not in caplog.text

    async def test_a_blocked_bot_is_no_fault(
        self, bench: Bench, caplog: pytest.LogCaptureFixture
    ) -> None:
        person = bench.server.person()
        bench.server.fails("sendMessage", blocked(), to=person)
        person.says(ALERTING)
        assert await bench.handle() == [True]
        assert not person.received
        assert not caplog.records
