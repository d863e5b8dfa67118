from __future__ import annotations

import pytest

from bot.answering.referral import moved_up, under_alert
from bot.faq.models import Referral


@pytest.mark.parametrize(
    ("to", "when", "higher", "sooner"),
    [
        ("technician", "soon", "doctor", "soon"),
        ("pharmacist", "today", "doctor", "today"),
        ("doctor", "before-booking", "doctor", "soon"),
        ("doctor", "soon", "doctor", "today"),
        ("dermatologist", "today", "dermatologist", "now"),
        ("emergency", "now", "emergency", "now"),
    ],
)
def test_what_lasts_too_long_is_for_a_doctor_or_sooner(
    to: str, when: str, higher: str, sooner: str
) -> None:
    found = moved_up(Referral(to=to, when=when, condition="it lasts"))
    assert (found.to, found.when, found.condition) == (higher, sooner, None)


@pytest.mark.parametrize(
    ("referral", "level", "to", "when"),
    [
        (Referral(to="technician", when="soon"), "emergency", "emergency", "now"),
        (None, "emergency", "emergency", "now"),
        (None, "urgent", "doctor", "today"),
        (Referral(to="technician", when="today"), "urgent", "doctor", "today"),
        (Referral(to="doctor", when="soon"), "urgent", "doctor", "today"),
        (Referral(to="dermatologist", when="today"), "urgent", "dermatologist", "today"),
        (Referral(to="scan-staff", when="now"), "urgent", "scan-staff", "now"),
    ],
)
def test_under_an_alert_a_referral_says_no_less_than_the_alert(
    referral: Referral | None, level: str, to: str, when: str
) -> None:
    found = under_alert(referral, level)
    assert (found.to, found.when) == (to, when)


def test_a_condition_is_left_out_under_an_alert() -> None:
    found = under_alert(Referral(to="doctor", when="today", condition="you like"), "urgent")
    assert found.condition is None
