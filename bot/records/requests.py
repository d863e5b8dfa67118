"""What the faces ask of the thread that touches the database, and what they get for it."""

from __future__ import annotations

from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.records.port import Talker

Step = Literal["claim", "settle", "release", "park", "adopt", "tell", "told"]
Key = int | tuple[Talker, int]
"""An update, or what somebody was told (0 to keep it): the last step of one is what counts."""


@dataclass(frozen=True, slots=True)
class Request:
    """A step, what it needs to know, and the future of its outcome."""

    step: Step
    what: Any = None
    done: Future[Any] = field(default_factory=Future)

    def finish(self, outcome: Any) -> None:
        """Hand the outcome over, if anybody still waits for it."""
        with suppress(InvalidStateError):
            self.done.set_result(outcome)
