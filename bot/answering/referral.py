"""Moving a referral up: for a trouble that lasts too long, and under an alert."""

from __future__ import annotations

from bot.faq.models import AlertLevel, Professional, Referral, Urgency

_SOONER: dict[Urgency, Urgency] = {"before-booking": "soon", "soon": "today", "today": "now"}
_MEDICAL = ("doctor", "dermatologist", "scan-staff", "emergency")
_HIGHER: dict[Professional, Professional] = {"technician": "doctor", "pharmacist": "doctor"}


def moved_up(referral: Referral) -> Referral:
    """Return the referral one step up: to a doctor if it was to someone else, or else sooner.

    A technician judges looks and a pharmacist a first trouble; what goes on too long is for a
    doctor. The condition is met then, and left out.
    """
    if referral.to in _HIGHER:
        return referral.model_copy(update={"to": _HIGHER[referral.to], "condition": None})
    sooner = _SOONER.get(referral.when, referral.when)
    return referral.model_copy(update={"when": sooner, "condition": None})


def under_alert(referral: Referral | None, level: AlertLevel) -> Referral:
    """Return a referral that says no less than the alert above the answer."""
    if level == "emergency":
        return Referral(to="emergency", when="now")
    if referral is not None and referral.when in ("now", "today") and referral.to in _MEDICAL:
        return referral.model_copy(update={"condition": None})
    return Referral(to="doctor", when="today")
