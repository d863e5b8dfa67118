"""The reply: plain data that every face renders, and that knows no face."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.faq.models import ALERT_LEVELS, AlertLevel, Entry, Referral

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
    """The signs of danger that were noticed, and what is said of them before anything else.

    `level` is the gravest, `causes` are the names of the alerts, the body's first. `gentle` says
    that nothing but the gentle form for a thought of suicide is said: an answer may follow.
    `crisis` says that a plain thought of suicide or self-harm is among it, `again` that it was
    said in full before and is now one line.
    """

    level: AlertLevel
    message: str
    causes: tuple[str, ...] = ()
    gentle: bool = False
    crisis: bool = False
    again: bool = False

    @property
    def alone(self) -> bool:
        """Whether nothing is said beneath it: in an emergency, and to a person in crisis."""
        return self.level == "emergency" or self.crisis

    @property
    def first_sentence(self) -> str:
        """What to do, as the message says it first."""
        return SENTENCE_END.split(self.message, maxsplit=1)[0]

    def after(self, earlier: RaisedAlert | None) -> RaisedAlert:
        """This alert, in one line where an earlier one has told all of it."""
        if earlier is None or not set(self.causes) <= set(earlier.causes):
            return self
        return replace(self, message=self.first_sentence, causes=earlier.causes, again=True)


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


def gravest(*alerts: RaisedAlert | None) -> RaisedAlert | None:
    """The gravest of the body's alerts now and in the ten minutes before: nothing says less."""
    raised = [alert for alert in alerts if alert and alert.level != "crisis"]
    return min(raised, key=lambda alert: ALERT_LEVELS.index(alert.level), default=None)
