"""What is said of dangers, how often, and what is not said beneath them; on a small FAQ."""

from __future__ import annotations

import pytest

from bot.answering.answerer import Answerer
from bot.answering.context import ALERT_LASTS, START, Context
from bot.faq.models import Alert, Alerts, Entry, Examples, Faq, Knowledge, Referral, Sign, Signs
from bot.faq.replies import Replies, SmallTalk


def _alert(name: str, level: str, text: str, form: str = "plain") -> Alert:
    return Alert(name=name, level=level, message=text, form=form)


def _sign(alert: str, *said: str) -> Sign:
    return Sign(name=alert, alert=alert, catches="It.", said=said)


KNOWN = Knowledge(
    faq=Faq(
        title="Roofs",
        entries=(
            Entry(
                id="tiles",
                title="Loose tiles",
                questions=("Why are my tiles loose?", "a tile fell down", "tiles slide"),
                answer="Wind.",
                referral=Referral(to="technician", when="soon"),
            ),
        ),
    ),
    alerts=Alerts(
        alerts=(
            _alert("any-emergency", "emergency", "Call now. It is grave."),
            _alert("fire", "emergency", "Call now. Leave the house."),
            _alert("gas", "emergency", "Call now. Open the windows."),
            _alert("mind", "crisis", "You deserve a person. Talk to one."),
            _alert("mind-gently", "crisis", "If you think of dying, talk.", "gentle"),
            _alert("leak", "urgent", "See a plumber today. Shut the tap."),
        )
    ),
    signs=Signs(
        signs=(
            _sign("fire", "house burn"),
            _sign("gas", "smell gas"),
            _sign("mind", "want-to die"),
            _sign("leak", "water pours"),
        )
    ),
    examples=Examples(danger={"harmless": ("the water pours in the film",)}),
    replies=Replies(small_talk=(SmallTalk(says=("help me", "sos"), reply="What is it?"),)),
)
ANSWERER = Answerer(KNOWN)


@pytest.mark.parametrize(
    ("said", "level", "causes", "message"),
    [
        ("my house burns", "emergency", ("fire",), "Call now. Leave the house."),
        ("water pours from the wall", "urgent", ("leak",), "See a plumber today. Shut the tap."),
        ("I want to die", "crisis", ("mind",), "You deserve a person. Talk to one."),
    ],
)
def test_each_cause_has_its_own_text(
    said: str, level: str, causes: tuple[str, ...], message: str
) -> None:
    alert = ANSWERER.answer(said).alert
    assert alert is not None
    assert (alert.level, alert.causes, alert.message) == (level, causes, message)


def test_two_causes_are_both_told_and_what_they_share_once() -> None:
    alert = ANSWERER.answer("my house burns and I smell gas").alert
    assert alert is not None
    assert alert.causes == ("fire", "gas")
    assert alert.message == "Call now. Leave the house.\n\nOpen the windows."


def test_a_crisis_hides_nothing_and_comes_after_the_body() -> None:
    alert = ANSWERER.answer("the water pours in and I want to die").alert
    assert alert is not None
    assert (alert.level, alert.causes) == ("crisis", ("leak", "mind"))
    assert alert.message.startswith("See a plumber today.")
    assert alert.alone


def test_a_lesser_cause_is_left_out_of_an_emergency() -> None:
    alert = ANSWERER.answer("my house burns, the water pours").alert
    assert alert is not None
    assert alert.causes == ("fire",)


def test_an_emergency_stands_alone_and_an_urgent_sign_above_the_answer() -> None:
    grave = ANSWERER.answer("a tile fell down. My house burns")
    assert (grave.kind, grave.answered, grave.suggested) == ("fallback", (), ())
    urgent = ANSWERER.answer("Why are my tiles loose? The water pours")
    assert [told.entry.id for told in urgent.answered] == ["tiles"]
    assert urgent.answered[0].referral == Referral(to="doctor", when="today")


@pytest.mark.parametrize("known", ["help me", "sos", "Loose tiles", "a tile fell down"])
def test_words_that_are_known_raise_nothing_by_likeness(known: str) -> None:
    assert ANSWERER.answer(known).alert is None


def test_a_harmless_example_to_the_letter_takes_an_alert_back() -> None:
    assert ANSWERER.answer("The water pours in the film!").alert is None


class TestMemory:
    """For ten minutes nothing says less than the last alert did."""

    def after(self, said: str, now: float = 0.0) -> Context:
        return START.following(ANSWERER.answer(said), now)

    def test_an_answer_refers_to_no_less(self) -> None:
        reply = ANSWERER.answer("a tile fell down", self.after("water pours here").at(599))
        assert reply.alert is None
        assert reply.answered[0].referral == Referral(to="doctor", when="today")

    def test_what_is_not_understood_says_it_too(self) -> None:
        reply = ANSWERER.answer("qwertz uiop", self.after("water pours here").at(1))
        assert reply.referral == "See a plumber today."

    def test_the_same_cause_is_one_line_and_another_is_told_in_full(self) -> None:
        before = self.after("my house burns")
        again = ANSWERER.answer("the house is burning", before.at(60)).alert
        assert again is not None
        assert (again.again, again.message, again.level) == (True, "Call now.", "emergency")
        other = ANSWERER.answer("I smell gas", before.at(60)).alert
        assert other is not None
        assert (other.again, other.message) == (False, "Call now. Open the windows.")

    def test_after_ten_minutes_or_when_it_is_something_else_it_is_over(self) -> None:
        before = self.after("water pours here", now=100)
        for context in (before.at(100 + ALERT_LASTS), before.calmed()):
            reply = ANSWERER.answer("a tile fell down", context)
            assert reply.answered[0].referral == Referral(to="technician", when="soon")

    def test_a_clock_that_was_set_back_ends_it_too(self) -> None:
        assert self.after("water pours here", now=100).at(50).alert is None
