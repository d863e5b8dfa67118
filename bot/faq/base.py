"""What the models of all files of a FAQ folder are made of."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# 56 characters leave room for a prefix in the 64 bytes of Telegram's callback data, and these
# characters are the ones its deep links allow.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,55}$")]


Kind = Literal["risk", "guide", "general", "gap"]
Professional = Literal[
    "technician", "pharmacist", "doctor", "dermatologist", "scan-staff", "emergency"
]
Urgency = Literal["before-booking", "soon", "today", "now"]
Verdict = Literal[
    "supported",
    "partly-supported",
    "overstated",
    "unverified",
    "incorrect",
    "promotional",
    "not-covered",
]
AlertLevel = Literal["emergency", "crisis", "urgent"]
ALERT_LEVELS: tuple[AlertLevel, ...] = get_args(AlertLevel)
"""The levels of alert, the gravest first."""


class Model(BaseModel):
    """Base of all content models: frozen, strict, and unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Signature(Model):
    """A clinician's word that a text is right, for as long as the text has this hash."""

    role: Text
    date: datetime.date
    text_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
