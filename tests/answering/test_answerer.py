import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.context import Context
from bot.answering.words import MAX_CHARACTERS
from bot.faq.models import Entry, Faq, Knowledge, Referral, Usually

AFTER_REDNESS = Context(answered=("redness",))


def answered(reply):
    return [told.entry.id for told in reply.answered]


def test_a_plain_question_gets_its_entry_with_a_referral(answerer):
    reply = answerer.answer("why have my dots gone blue")
    assert (reply.kind, answered(reply)) == ("answer", ["blue-dots"])
    assert reply.answered[0].referral is not None
    assert reply.referral
    assert reply.disclaimer


def test_scores_stay_chances_where_a_phrasing_holds_another_entrys(answerer):
    # Whole and part are then both as good as certain, of different entries.
    phrasings = [
        phrasing
        for entry in answerer.knowledge.faq.entries
        for phrasing in entry.questions
        if ", " in phrasing
    ][::20]
    scores = [score for asked in phrasings for score in answerer.answer(asked).scores.values()]
    assert min(scores) >= 0
    assert max(scores) <= 1


def test_two_things_asked_at_once_are_both_answered(answerer):
    reply = answerer.answer("my scalp is itchy and my dots went blue")
    assert set(answered(reply)) == {"itchy-scalp", "blue-dots"}


@pytest.mark.parametrize("question", ["how long", "is it normal", "what should I do?"])
def test_words_that_fit_any_topic_are_never_answered_alone(answerer, question):
    assert answerer.answer(question).kind in ("suggest", "fallback")


def test_the_same_words_are_understood_right_after_an_answer(answerer):
    assert answered(answerer.answer("how long does it last?", AFTER_REDNESS)) == ["redness"]


def test_a_new_topic_after_an_answer_is_not_taken_for_a_follow_up(answerer):
    reply = answerer.answer("can I have an MRI scan", AFTER_REDNESS)
    assert answered(reply) == ["mri-scan"]


def test_something_else_after_an_answer_is_not_taken_for_a_follow_up(answerer):
    assert answered(answerer.answer("my knee is swollen", AFTER_REDNESS)) != ["redness"]


def test_an_unknown_entry_before_is_as_none(answerer):
    question = "how long does it last?"
    assert answerer.answer(question, Context(answered=("gone",))) == answerer.answer(question)


@pytest.mark.parametrize(
    "question", ["what is the capital of France", "how do I bake bread", "qwertz uiop"]
)
def test_what_is_off_topic_is_not_answered(answerer, question):
    reply = answerer.answer(question)
    assert reply.answered == ()
    assert reply.referral


def test_a_second_miss_offers_all_topics_and_never_asks_again(answerer):
    first = answerer.answer("how do I bake bread")
    second = answerer.answer("is it normal", Context(misses=1))
    assert first.kind == second.kind == "fallback"
    assert second.offer_topics
    assert second.suggested == ()
    assert second.message != first.message


@pytest.mark.parametrize("message", ["", "   ", "🙂🙂", "\u202e\u200b", "???", "\x00\x07"])
def test_a_message_without_words_is_told_what_the_bot_can_do(answerer, message):
    reply = answerer.answer(message)
    assert (reply.kind, reply.message) == ("fallback", answerer.knowledge.replies.empty)


def test_greetings_and_thanks_are_returned(answerer):
    assert answerer.answer("hello!").kind == "small_talk"
    assert answerer.answer("thanks a lot").kind == "small_talk"


def test_a_crisis_gets_its_message_and_nothing_pushed_on_it(answerer):
    reply = answerer.answer("my dots went blue and I want to kill myself")
    assert (reply.kind, reply.alert.level) == ("fallback", "crisis")
    assert reply.answered == reply.suggested == ()
    assert reply.message == ""


def test_an_emergency_stands_alone(answerer):
    reply = answerer.answer("my scalp is red and I can't breathe")
    assert (reply.kind, reply.alert.level) == ("fallback", "emergency")
    assert reply.answered == reply.suggested == ()
    assert reply.message == ""


def test_under_an_alert_no_answer_refers_to_less_than_the_alert(answerer):
    urgent = answerer.answer("my scalp is itchy and there is pus coming out")
    assert urgent.answered
    assert {told.referral.when for told in urgent.answered} <= {"today", "now"}


def test_a_sign_is_noticed_behind_the_part_that_is_read_for_matching(answerer):
    message = "my scalp is a little red. " * (MAX_CHARACTERS // 20) + "I can't breathe"
    assert len(message) > MAX_CHARACTERS
    assert answerer.answer(message).alert.level == "emergency"


def test_past_the_usual_time_the_answer_says_so_and_the_referral_moves_up(answerer):
    late = answerer.answer("my scalp is still red 5 days later").answered[0]
    early = answerer.answer("my scalp is red since yesterday").answered[0]
    assert late.entry.id == early.entry.id == "redness"
    assert "longer than" in late.time_note
    assert "within" in early.time_note
    assert late.referral.to == "doctor"
    assert early.referral == late.entry.referral != late.referral


def test_a_topic_is_told_by_its_id(answerer):
    assert answered(answerer.topic("mri-scan")) == ["mri-scan"]
    assert answerer.topic("gone") is None


def test_searching_ranks_what_a_few_letters_may_mean(answerer):
    assert answerer.search("mri")[0].id == "mri-scan"
    assert answerer.search("", limit=4) == answerer.knowledge.faq.entries[:4]
    assert answerer.search("how do I bake bread") == ()


def test_an_explanation_names_the_words_and_the_candidates(answerer):
    explanation = answerer.explain("why is my scalp ittchy")
    assert explanation.band == "answer"
    assert explanation.candidates[0].entry_id == "itchy-scalp"
    notes = {token.token: token.note for token in explanation.tokens}
    assert "ittchy" in notes["itchy"]


def test_words_of_time_make_no_question_strange(answerer):
    plain = answerer.answer("my scalp is itchy")
    timed = answerer.answer("on tuesday 17 at 9 my scalp is itchy")
    assert answered(plain) == answered(timed) == ["itchy-scalp"]


def test_another_faq_is_served_with_nothing_but_entries():
    entry = Entry(
        id="leak",
        title="Leaks",
        questions=("why does my tap drip", "the tap is leaking"),
        answer="The washer is worn.",
        usually=Usually(text="A new washer lasts years.", settles_within_days=1),
        referral=Referral(to="technician", when="soon"),
    )
    plumber = Answerer(Knowledge(faq=Faq(title="Plumbing", entries=(entry,))))
    assert answered(plumber.answer("the tap is leaking")) == ["leak"]
    assert plumber.answer("what about football").answered == ()


@settings(deadline=None)
@given(st.text())
def test_any_message_gets_a_reply_with_a_referral(answerer, text):
    reply = answerer.answer(text)
    assert reply.referral or reply.alert or reply.language or "emergency" in reply.message
    assert all(0 <= score <= 1 for score in reply.scores.values())
    assert len(reply.answered) <= 2
    assert len(reply.suggested) <= 3
    assert reply == answerer.answer(text)


def test_no_entry_is_pushed_on_a_thought_of_suicide_even_beside_an_emergency(answerer):
    reply = answerer.answer("I can't breathe and I want to die. How long does redness last?")
    assert reply.alert.level == "emergency"
    assert "findahelpline.com" in reply.alert.message
    assert not reply.answered
    assert not reply.suggested
