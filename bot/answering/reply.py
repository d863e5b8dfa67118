"""The reply: plain data that every face renders, and that knows no face."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.faq.models import ALERT_LEVELS, Alert, AlertLevel, Entry, Referral

SENTENCE_END = re.compile(r"(?<=[.!?؟۔।])\s|(?<=[。！？])")

ReplyKind = Literal["answer", "suggest", "small_talk", "fallback"]


@dataclass(frozen=True, slots=True)
class Part:
    """What is told of an entry to a person who has just read the whole of it.

    Sentences, then its `points`, its warning `signs`, the `origin` of it; its referral always is,
    and `refers` says that it is what was asked for.
    """

    sentences: tuple[str, ...] = ()
    points: bool = False
    signs: bool = False
    origin: bool = False
    refers: bool = False

    def __bool__(self) -> bool:
        """Whether it answers anything."""
        return self != Part()


@dataclass(frozen=True, slots=True)
class AnsweredEntry:
    """An entry as it is told to one person: the whole of it, or one `part`.

    `time_note` says how the time they gave stands beside the usual course; `referral` is the
    entry's own, moved up one step when they are past that time.
    """

    entry: Entry
    referral: Referral | None
    time_note: str | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """The alerts that a message raises, as they are said before anything else.

    The body's come first. `again` says that all of it was said in full before: now it is one line.
    """

    alerts: tuple[Alert, ...]
    again: bool = False

    @property
    def level(self) -> AlertLevel:
        """The gravest level."""
        return _gravest(self.alerts).level

    @property
    def message(self) -> str:
        """What is said; a first sentence that alerts share is said once."""
        if self.again:
            return first_sentence(self.alerts[0].message)
        said: list[str] = []
        opened: set[str] = set()
        for alert in self.alerts:
            opening, *rest = SENTENCE_END.split(alert.message, maxsplit=1)
            said.append(rest[0] if rest and opening in opened else alert.message)
            opened.add(opening)
        return "\n\n".join(said)

    @property
    def causes(self) -> tuple[str, ...]:
        """The names of the alerts."""
        return tuple(alert.name for alert in self.alerts)

    @property
    def gentle(self) -> bool:
        """Whether only the gentle form for a thought of suicide is said: an answer may follow."""
        return all(alert.form == "gentle" for alert in self.alerts)

    @property
    def alone(self) -> bool:
        """Whether nothing is said beneath it: in an emergency, and to a person in crisis."""
        return any(
            alert.level == "emergency" or (alert.level == "crisis" and alert.form == "plain")
            for alert in self.alerts
        )

    @property
    def of_body(self) -> Alert | None:
        """The gravest of the body's: for ten minutes nothing refers to less."""
        body = [alert for alert in self.alerts if alert.level != "crisis"]
        return _gravest(body) if body else None

    def after(self, earlier: RaisedAlert | None) -> RaisedAlert:
        """This alert, in one line where an earlier one has told all of it."""
        again = earlier is not None and set(self.causes) <= set(earlier.causes)
        return replace(self, again=again)

    def beside(self, earlier: RaisedAlert | None) -> RaisedAlert:
        """This alert with what was told before: what is remembered of both."""
        told = {alert.name: alert for alert in (earlier.alerts if earlier else ())}
        return replace(self, alerts=tuple((told | {a.name: a for a in self.alerts}).values()))


def first_sentence(message: str) -> str:
    """What to do, as the message of an alert says it first."""
    return SENTENCE_END.split(message, maxsplit=1)[0]


def _gravest(alerts: Iterable[Alert]) -> Alert:
    return min(alerts, key=lambda alert: ALERT_LEVELS.index(alert.level))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says to one message.

    `question` is the message as it was read, `answered` holds at most two entries and
    `suggested` at most three, the likeliest first; under an answer these are what another part
    of the message may ask for. `scores` are those of the best five
    entries, 0..1, by id. `elapsed_days` is the time since treatment that the person stated.
    `message` is the fixed text of a `suggest`, `small_talk` or `fallback`; `referral` and
    `disclaimer` close every reply. `offer_topics` asks the face to show the ways on.
    `language` is the code of the language that the fixed text is in, None for English.
    """

    question: str
    kind: ReplyKind
    referral: str
    disclaimer: str
    alert: RaisedAlert | None = None
    answered: tuple[AnsweredEntry, ...] = ()
    suggested: tuple[Entry, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    elapsed_days: float | None = None
    message: str = ""
    offer_topics: bool = False
    language: str | None = None

    @property
    def said(self) -> Reply:
        """The reply without the person's words: two that say the same are equal."""
        return replace(self, question="", scores={}, elapsed_days=None)
