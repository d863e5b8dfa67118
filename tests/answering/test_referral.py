"""A referral moves up by one step, and never says less than the alert above it."""

from __future__ import annotations

import pytest

from bot.answering.referral import moved_up, under_alert
from bot.faq.models import Professional, Referral, Urgency


@pytest.mark.parametrize(
    ("to", "when", "then_to", "then_when"),
    [
        ("technician", "soon", "doctor", "soon"),
        ("pharmacist", "soon", "doctor", "soon"),
        ("doctor", "soon", "doctor", "today"),
        ("dermatologist", "soon", "dermatologist", "today"),
        ("doctor", "today", "doctor", "now"),
        ("doctor", "now", "doctor", "now"),
    ],
)
def test_one_step_up_changes_who_or_when_and_not_both(
    to: Professional, when: Urgency, then_to: Professional, then_when: Urgency
) -> None:
    base = Referral(to=to, when=when, condition="If it lasts", note="With pus, go today.")
    assert moved_up(base) == Referral(to=then_to, when=then_when, note="With pus, go today.")


def test_under_an_alert_no_condition_is_left() -> None:
    signs = Referral(to="doctor", when="today", condition="If you have any of these signs")
    assert under_alert(signs, "urgent") == Referral(to="doctor", when="today")
    assert under_alert(Referral(to="technician", when="today"), "urgent").to == "doctor"
    assert under_alert(None, "emergency") == Referral(to="emergency", when="now")
