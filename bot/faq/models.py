"""What the bot knows, as frozen data: one model for each file of a FAQ folder."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# 56 characters leave room for a prefix in the 64 bytes of Telegram's callback data, and these
# characters are the ones its deep links allow.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,55}$")]

Kind = Literal["risk", "guide", "gap"]
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


class Model(BaseModel):
    """Base of all content models: frozen, strict, and unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Usually(Model):
    """The usual course of a risk."""

    text: Text
    settles_within_days: Annotated[int, Field(ge=0, le=3650)] | None = None


class Points(Model):
    """A short list under a heading: a checklist, days of healing, questions to ask."""

    heading: Text
    items: Annotated[tuple[Text, ...], Field(min_length=1)]


class Referral(Model):
    """Which professional, and how soon; `note` is a sentence of its own added behind."""

    to: Professional
    when: Urgency
    note: Text | None = None


class Citation(Model):
    """A section of one of the documents."""

    document: Id
    section: Id


class Evidence(Model):
    """How sure we are of an entry, why, and by which references."""

    verdict: Verdict
    note: Text | None = None
    references: tuple[Id, ...] = ()


class Entry(Model):
    """One topic that the bot can answer.

    Only `id`, `title`, `questions` and `answer` are needed to serve; what else a good entry
    holds is asked for by the editorial checks.
    """

    id: Id
    kind: Kind = "guide"
    title: Text
    questions: Annotated[tuple[Text, ...], Field(min_length=1)]
    answer: Text
    points: Points | None = None
    usually: Usually | None = None
    what_to_do: Text | None = None
    get_help_if: tuple[Text, ...] = ()
    referral: Referral | None = None
    sources: tuple[Citation, ...] = ()
    evidence: Evidence | None = None
    related: tuple[Id, ...] = ()
    reviewed: datetime.date | None = None


class Faq(Model):
    """`faq.yaml`: the entries."""

    title: Text
    language: Text = "en"
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]


class Section(Model):
    """A section of a document, the claim it makes, and how that claim stands.

    `left_out` is the reason why no entry cites it. `references` are ids of references.
    """

    id: Id
    heading: Text
    claim: Text
    verdict: Verdict
    note: Text
    references: tuple[Id, ...] = ()
    left_out: Text | None = None


class Document(Model):
    """A document the FAQ was made from.

    `attributed_as` are the ways an entry may name it when it repeats a claim of it, such as
    "an article by a hair-system seller".
    """

    id: Id
    title: Text
    publisher: Text
    interest: Text
    attributed_as: Annotated[tuple[Text, ...], Field(min_length=1)]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]


class Reference(Model):
    """An independent source: an official or peer-reviewed page.

    `url` is absent where only the original study or notice can be named.
    """

    id: Id
    publisher: Text
    title: Text
    year: int | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None


class Sources(Model):
    """`sources.yaml`: the documents and the independent references."""

    documents: tuple[Document, ...] = ()
    references: tuple[Reference, ...] = ()


class SmallTalk(Model):
    """A kind of small talk (a greeting, thanks): how people say it, and the reply."""

    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    reply: Text


class Replies(Model):
    """`replies.yaml`: every fixed text. Each has a default that fits any FAQ.

    `referral` closes every reply that has no entry of its own to refer by.
    """

    welcome: Text = (
        "Hello. I am a bot that answers common questions. Ask in your own words. "
        "I match your words with answers that people wrote; I am not a person."
    )
    help: Text = (
        "Type your question in your own words. /topics shows all I can answer, /sources where "
        "it comes from, /privacy what is kept."
    )
    about: Text = "I answer common questions from a fixed list that people keep up to date."
    disclaimer: Text = "General information, not advice for your own case."
    referral: Text = (
        "For your own case, ask a professional. If it is about your health, ask a pharmacist "
        "or a doctor."
    )
    fallback: Text = "I am not sure I understood, so I would rather not guess."
    second_miss: Text = "I still do not have an answer to that. Here are all my topics."
    suggest: Text = "I am not sure which of these you mean. Did you mean:"
    none_of_these: Text = "None of these"
    empty: Text = "I did not see a question there. Ask me in a few words."
    media: Text = "I can only read text. I cannot look at or listen to this."
    photo: Text = (
        "I cannot look at pictures. If you are worried about what it shows, show it to a "
        "pharmacist or a doctor. You can also tell me in words."
    )
    unknown_command: Text = "I do not know that command. Ask in your own words, or try /help."
    unknown_topic: Text = "That topic is not here any more. Here are the ones I have."
    too_many: Text = "That is a lot at once. Give me half a minute, then ask again."
    late: Text = "Sorry for the wait: I was away when you wrote."
    sources: Text = "My answers come from these documents and references."
    privacy: Text = (
        "I do not keep your words, your name or your account. I count how often each topic is "
        "asked, with no person in it."
    )
    helpful_question: Text = "Was this helpful?"
    helpful_thanks: Text = "Thank you. That helps to make the answers better."
    small_talk: tuple[SmallTalk, ...] = ()


class Vocabulary(Model):
    """`vocabulary.yaml`: words that mean the same, and examples of what is out of scope.

    Each line of `synonyms` lists words or short phrases that are treated as one.
    """

    synonyms: tuple[Annotated[tuple[Text, ...], Field(min_length=2)], ...] = ()
    out_of_scope: tuple[Text, ...] = ()


class Sign(Model):
    """One sign of danger and the ways people say it; see `bot.answering.red_flags`."""

    name: Text
    said: Annotated[tuple[Text, ...], Field(min_length=1)]


class Alert(Model):
    """One level of alert: the fixed message shown before anything else, and its signs."""

    level: AlertLevel
    message: Text
    signs: Annotated[tuple[Sign, ...], Field(min_length=1)]


class RedFlags(Model):
    """`red_flags.yaml`: the alerts, the gravest first."""

    alerts: tuple[Alert, ...] = ()


class Knowledge(Model):
    """All that one FAQ folder holds."""

    faq: Faq
    sources: Sources = Sources()
    red_flags: RedFlags = RedFlags()
    replies: Replies = Replies()
    vocabulary: Vocabulary = Vocabulary()
