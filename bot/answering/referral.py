"""Moving a referral up when a trouble lasts longer than it usually does."""

from __future__ import annotations

from bot.faq.models import Professional, Referral, Urgency

_SOONER: dict[Urgency, Urgency] = {"before-booking": "soon", "soon": "today", "today": "now"}
_HIGHER: dict[Professional, Professional] = {"technician": "doctor", "pharmacist": "doctor"}


def moved_up(referral: Referral) -> Referral:
    """Return the referral one step sooner, and to a doctor where it was to someone else.

    A technician judges looks and a pharmacist a first trouble; what goes on too long is for a
    doctor.
    """
    return referral.model_copy(
        update={
            "to": _HIGHER.get(referral.to, referral.to),
            "when": _SOONER.get(referral.when, referral.when),
        }
    )
