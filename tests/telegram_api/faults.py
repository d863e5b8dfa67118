"""Faults that the server makes on demand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from tests.telegram_api.refusal import Refusal, bad_request


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call.

    First the server waits `delay` seconds. Then it refuses, sends `garbage` instead of JSON, or
    drops the connection: `before` the call is carried out, in the middle of the answer, or
    `after` it was carried out. With none of these the call goes on as usual.
    """

    refusal: Refusal | None = None
    garbage: bytes | None = None
    drop: Literal["before", "midway", "after"] | None = None
    delay: float = 0


def too_many_requests(retry_after: int = 1) -> Fault:
    """429: the bot is to wait."""
    text = f"Too Many Requests: retry after {retry_after}"
    return Fault(Refusal(429, text, retry_after=retry_after))


def server_error(code: int = 502) -> Fault:
    """A 5xx, with the description that belongs to it."""
    names = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}
    return Fault(Refusal(code, names.get(code, "Internal Server Error")))


def dropped(when: Literal["before", "midway", "after"] = "before") -> Fault:
    """The connection is closed with no answer, or with half of one."""
    return Fault(drop=when)


def timed_out(seconds: float = 60) -> Fault:
    """No answer at all for that long; then the connection is closed."""
    return Fault(drop="before", delay=seconds)


def slow(seconds: float) -> Fault:
    """The call is carried out, late."""
    return Fault(delay=seconds)


def blocked() -> Fault:
    """403: the person has blocked the bot."""
    return Fault(Refusal(403, "Forbidden: bot was blocked by the user"))


def conflict() -> Fault:
    """409: another process polls with the same token."""
    return Fault(
        Refusal(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot "
            "instance is running",
        )
    )


def unauthorised() -> Fault:
    """401: the token is not valid."""
    return Fault(Refusal(401, "Unauthorized"))


def refused(description: str) -> Fault:
    """400: Telegram does not do that, with its words for it."""
    return Fault(bad_request(description))


def not_parsed() -> Fault:
    """400: Telegram does not like the markup."""
    return Fault(
        bad_request('can\'t parse entities: Unsupported start tag "made-up" at byte offset 0')
    )


def gibberish(body: bytes = b"<html><title>gateway</title>") -> Fault:
    """200, with a body that is no JSON, or another that no Bot API sends."""
    return Fault(garbage=body)


@dataclass
class Planned:
    """A fault that waits for its calls; `hits` counts those it met, `left` is None for ever."""

    method: str
    fault: Fault
    left: int | None
    chat_id: int | None = None
    containing: str = ""
    hits: int = 0

    def stop(self) -> None:
        """Make no more of it."""
        self.left = 0


class Faults:
    """The faults that were planned, the oldest first."""

    def __init__(self) -> None:
        self._planned: list[Planned] = []
        self._met: Counter[str] = Counter()

    def plan(
        self,
        method: str,
        fault: Fault,
        times: int | None = 1,
        chat_id: int | None = None,
        containing: str = "",
    ) -> Planned:
        """Plan a fault for the next calls of a method, in one chat, or with a text in it."""
        planned = Planned(method.lower(), fault, times, chat_id, containing)
        self._planned.append(planned)
        return planned

    def hits(self, method: str) -> int:
        """Return how many calls of a method have met a fault."""
        return self._met[method]

    def take(self, method: str, given: dict[str, str]) -> Fault | None:
        """Return the fault that meets this call, and count it."""
        for planned in self._planned:
            if (
                planned.left != 0
                and planned.method in ("*", method)
                and (planned.chat_id is None or given.get("chat_id") == str(planned.chat_id))
                and (not planned.containing or planned.containing in given.get("text", ""))
            ):
                planned.hits += 1
                self._met[method] += 1
                if planned.left is not None:
                    planned.left -= 1
                return planned.fault
        return None
