"""What the models of all files of a FAQ folder are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SomeTexts = Annotated[tuple[Text, ...], Field(min_length=1)]
# 56 characters leave room for a prefix in the 64 bytes of Telegram's callback data, and these
# characters are the ones its deep links allow.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,55}$")]
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


class Model(BaseModel):
    """Base of all content models: frozen, and unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")
