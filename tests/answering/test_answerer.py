import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.context import Context
from bot.answering.words import MAX_CHARACTERS
from bot.faq.models import Entry, Faq, Knowledge, Referral, Usually

AFTER_REDNESS = Context(answered=("redness",))
PARTS = {
    "how long is that": ("With ordinary tattoos it can take about a week.", False),
    "what can i do about it": ("Do not rub or scratch.", False),
    "when should i see a doctor": ("", True),
    "how much longer, is it serious": ("With ordinary tattoos it can take about a week.", False),
}


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


@pytest.mark.parametrize("question", PARTS)
def test_a_follow_up_gets_the_part_that_it_asks_for_with_the_referral(answerer, question):
    reply = answerer.answer(question, AFTER_REDNESS)
    [told] = reply.answered
    sentence, signs = PARTS[question]
    assert (told.entry.id, told.part.signs) == ("redness", signs)
    assert sentence in " ".join(told.part.sentences)
    assert len(told.part.sentences) <= 3
    assert told.referral == told.entry.referral


def test_under_an_alert_a_part_refers_to_no_less(answerer):
    reply = answerer.answer("how long does it last, there is pus coming out", AFTER_REDNESS)
    assert reply.alert
    assert {told.referral.when for told in reply.answered} <= {"today", "now"}


@pytest.mark.parametrize("title", [True, False])
def test_a_title_and_a_question_to_the_letter_win_over_the_topic_before(answerer, title):
    entries = answerer.knowledge.faq.entries
    for entry, before in zip(entries, (entries[-1], *entries), strict=False):
        said = entry.title if title else entry.questions[1]
        reply = answerer.answer(said, Context(answered=(before.id,)))
        assert answered(reply)[:1] == [entry.id] or reply.alert, said
        assert not any(told.part for told in reply.answered)


def test_an_entry_that_was_edited_since_is_told_whole(answerer):
    entries = [
        entry.model_copy(update={"answer": f"New. {entry.answer}"})
        for entry in answerer.knowledge.faq.entries
    ]
    faq = answerer.knowledge.faq.model_copy(update={"entries": tuple(entries)})
    edited = Answerer(answerer.knowledge.model_copy(update={"faq": faq}))
    context = Context().following(answerer.answer("my scalp is itchy"), 0.0)
    assert answerer.answer("my scalp is itchy", context).answered[0].part
    assert not edited.answer("my scalp is itchy", context).answered[0].part


def test_what_was_next_likeliest_is_kept_for_who_was_not_helped(answerer):
    context = Context().following(answerer.answer("why have my dots gone blue"), 0.0)
    unhappy = answerer.answer("that didn't help", context)
    assert unhappy.kind == "small_talk"
    assert 0 < len(unhappy.suggested) <= 3
    assert "blue-dots" not in [entry.id for entry in unhappy.suggested]
    assert answerer.answer("that didn't help").suggested == ()


def test_no_words_of_the_person_are_kept_for_the_next_message(answerer):
    reply = answerer.answer("my scalp is itchy, I am Jo Bloggs")
    assert "Bloggs" in reply.question
    assert "Bloggs" not in repr(Context().following(reply, 0.0))


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


def test_a_second_miss_is_answered_in_other_words_and_a_third_in_others_again(answerer):
    context, messages = Context(), []
    for _ in range(3):
        reply = answerer.answer("how do I bake bread", context)
        assert (reply.kind, reply.offer_topics) == ("fallback", True)
        context = context.following(reply, 0.0)
        messages.append(reply.message)
    assert len({*messages}) == 3


def test_after_a_miss_what_is_unclear_is_still_offered(answerer):
    assert answerer.answer("who is the right person for this", Context(misses=1)).suggested


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


SAID = (
    "is mri safe",
    "how long",
    "2",
    "yes",
    "no",
    "ok",
    "who do i ask",
    "too long",
    "👎",
    "5 days",
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(SAID) | st.text(max_size=12), max_size=8))
def test_in_any_conversation_nothing_is_said_twice_in_a_row_and_all_refers(answerer, lines):
    context = Context()
    for now, line in enumerate(lines):
        reply = answerer.answer(line, context.at(now))
        heard = reply.alert or reply.language or not reply.referral
        assert heard or reply.said != context.last, line
        assert reply.referral or reply.alert or reply.language or "emergency" in reply.message
        context = context.at(now).following(reply, now)


def test_no_entry_is_pushed_on_a_thought_of_suicide_even_beside_an_emergency(answerer):
    reply = answerer.answer("I can't breathe and I want to die. How long does redness last?")
    assert reply.alert.level == "emergency"
    assert "findahelpline.com" in reply.alert.message
    assert not reply.answered
    assert not reply.suggested
