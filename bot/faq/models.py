"""What the bot knows, as frozen data: one model for each file of a FAQ folder."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import chain
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.faq.base import (
    ALERT_LEVELS,
    AlertLevel,
    Id,
    Kind,
    Model,
    Professional,
    Signature,
    Text,
    Urgency,
    Verdict,
)
from bot.faq.languages import Language, Languages
from bot.faq.replies import Replies, SmallTalk
from bot.faq.weights import Weights

# Names of the modules beside that are imported from here.
__all__ = [
    "ALERT_LEVELS",
    "AlertLevel",
    "Kind",
    "Language",
    "Languages",
    "Professional",
    "Replies",
    "Signature",
    "SmallTalk",
    "Urgency",
    "Verdict",
]


class Usually(Model):
    """The usual course of a risk."""

    text: Text = Field(
        description="What usually happens, and how long it takes.",
        examples=["The redness usually goes within a day or two."],
    )
    settles_within_days: Annotated[int, Field(ge=0, le=3650)] | None = Field(
        default=None,
        description=(
            "After how many days it is usually over, where a document says so. A person who "
            "writes that it has lasted longer is referred one step sooner."
        ),
        examples=[2],
    )


class Points(Model):
    """A short list under a heading: a checklist, days of healing, questions to ask."""

    heading: Text = Field(
        description="The line above the list.", examples=["Questions to ask before you book"]
    )
    items: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="The list, one item a line.",
        examples=[["How do you sterilise what you use again?"]],
    )


class Referral(Model):
    """Which professional, and how soon; `note` is a sentence of its own added behind."""

    to: Professional = Field(
        description=(
            "Who to turn to. A technician only for how it looks; what may be illness goes to a "
            "pharmacist, a doctor or a dermatologist."
        ),
        examples=["dermatologist"],
    )
    when: Urgency = Field(description="How soon.", examples=["soon"])
    condition: Text | None = Field(
        default=None,
        description="When it applies, put before the referral; none where it always does.",
        examples=["If you have any of these signs"],
    )
    note: Text | None = Field(
        default=None,
        description="One more sentence, shown after the referral.",
        examples=["Take the name of the pigment with you."],
    )


class Citation(Model):
    """A section of one of the documents."""

    document: Id = Field(
        description="The id of a document in sources.yaml.", examples=["smp-clinic"]
    )
    section: Id = Field(description="The id of one of its sections.", examples=["B8"])


class Evidence(Model):
    """How sure we are of an entry, why, and by which references."""

    verdict: Verdict = Field(
        description="How what the documents say stands beside independent sources.",
        examples=["partly-supported"],
    )
    note: Text | None = Field(
        default=None,
        description="One sentence that says why. Needed for every verdict but `supported`.",
        examples=["The depth of the pigment gives the blue look, not a bruise."],
    )
    references: tuple[Id, ...] = Field(
        default=(),
        description="The ids of references in sources.yaml that the verdict rests on.",
        examples=[["blowout-case-report"]],
    )


class Entry(Model):
    """One topic that the bot can answer.

    `id`, `title`, `questions` and `answer` are needed, and in the file of a FAQ `referral`; what
    else a good entry holds is asked for by the editorial checks.
    """

    id: Id = Field(
        description=(
            "A short name for links and counts, never shown: letters, digits and hyphens. It "
            "stays the same when the title changes."
        ),
        examples=["blue-dots"],
    )
    was: tuple[Id, ...] = Field(
        default=(),
        description=(
            "Ids that this entry had before, and those of entries that it took the place of: "
            "links, buttons, counts and files of examples that name them go on working."
        ),
        examples=[["green-dots"]],
    )
    kind: Kind = Field(
        default="guide",
        description=(
            "`risk`: something that can go wrong. `guide`: how to do or judge something. "
            "`general`: what the documents do not cover and other sources do. `gap`: what "
            "neither covers."
        ),
        examples=["risk"],
    )
    title: Text = Field(
        description="The heading of the reply, and the name of the topic in lists and buttons.",
        examples=["Dots that turn blue"],
    )
    questions: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description=(
            "How people ask it, in their own words, at least 8 that differ. The first is shown "
            "as the question."
        ),
        examples=[["Why have my dots turned blue?", "my SMP looks green"]],
    )
    answer: Text = Field(
        description="The risk in plain words: what it is, what it looks or feels like. No markup.",
        examples=["Dots can look blue when the pigment sits too deep in the skin."],
    )
    points: Points | None = Field(
        default=None, description="A short list, shown after the answer."
    )
    usually: Usually | None = Field(default=None, description="What usually happens.")
    what_to_do: Text | None = Field(
        default=None,
        description="What to do now.",
        examples=["Take a photo in daylight every few days, so that you can see a change."],
    )
    get_help_if: tuple[Text, ...] = Field(
        default=(),
        description="Warning signs, each a thing that a person can see or feel.",
        examples=[["Your scalp gets hot or swollen.", "You have a fever."]],
    )
    referral: Referral | None = Field(
        default=None, description="Which professional to turn to. No answer leaves without one."
    )
    sources: tuple[Citation, ...] = Field(
        default=(), description="The sections of the documents that this entry was made from."
    )
    evidence: Evidence | None = Field(
        default=None, description="How sure we are, shown with the sources."
    )
    related: tuple[Id, ...] = Field(
        default=(),
        description="The ids of entries to read next, shown as buttons.",
        examples=[["choosing-a-practitioner"]],
    )
    reviewed: datetime.date | None = Field(
        default=None,
        description="The day somebody last read this entry through, as year-month-day.",
        examples=["2026-01-31"],
    )
    signed: Signature | None = Field(
        default=None,
        description="The signature of a clinician; it is void when the text changes.",
    )


class Faq(Model):
    """`faq.yaml`: the entries."""

    title: Text = Field(
        description="What the FAQ is about.", examples=["Risks of scalp micropigmentation"]
    )
    language: Text = Field(
        default="en", description="The language of the texts, as a code.", examples=["en"]
    )
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)] = Field(
        description="The entries, in the order in which topics are listed."
    )


class Section(Model):
    """A section of a document, the claim it makes, and what is found of it.

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

    `kind` is the word for it in a sentence, such as "article". `attributed_as` are the ways an
    entry may name it when it repeats a claim of it, such as "an article by a seller of wigs".
    """

    id: Id
    title: Text
    kind: Text = "document"
    publisher: Text
    interest: Text
    attributed_as: Annotated[tuple[Text, ...], Field(min_length=1)]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]


class Reference(Model):
    """An independent source: an official or peer-reviewed page.

    `url` is the publisher's own address, absent where only a copy was read (`known_from`).
    `checked` is the day on which it was last compared with what the FAQ says of it.
    """

    id: Id
    publisher: Text
    title: Text
    year: int | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    known_from: Literal["page", "copy"] = "page"
    checked: datetime.date | None = None


class Sources(Model):
    """`sources.yaml`: the documents and the independent references."""

    documents: tuple[Document, ...] = ()
    references: tuple[Reference, ...] = ()


class Vocabulary(Model):
    """`vocabulary.yaml`: each line lists words or short phrases that are treated as one."""

    synonyms: tuple[Annotated[tuple[Text, ...], Field(min_length=2)], ...] = ()


class Alert(Model):
    """A fixed message that is said before anything else when a sign of danger is noticed.

    The gentle form is for words that may be a thought of suicide: an answer follows beneath.
    """

    name: Id
    level: AlertLevel
    message: Text
    form: Literal["plain", "gentle"] = "plain"
    signed: Signature | None = None


class Alerts(Model):
    """`alerts.yaml`: the alerts, in the order in which they are said."""

    alerts: tuple[Alert, ...] = ()


ListName = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,}$")]


class Sign(Model):
    """One sign of danger: the alert it raises, what it catches, and the ways people say it.

    How a line of `said` is written: `bot.answering.signs`.
    """

    name: Text
    alert: Id
    catches: Text
    said: Annotated[tuple[Text, ...], Field(min_length=1)]


class Signs(Model):
    """`signs.yaml`: the signs of danger, and the words that they are made of.

    `words` are lists of words that serve alike, parted by slashes, each under a NAME in
    capitals that a line may use.
    """

    words: Mapping[ListName, Text] = Field(default_factory=dict)
    signs: tuple[Sign, ...] = ()


class Examples(Model):
    """`examples/`: messages that teach the engine, by the file that they stand in.

    `entries` are more ways to ask for an entry, by its id; `off_topic` is what no entry answers;
    `danger` holds, by level, messages with a sign of danger, and under `harmless` those that only
    sound like one.
    """

    entries: Mapping[Id, tuple[Text, ...]] = Field(default_factory=dict)
    off_topic: tuple[Text, ...] = ()
    danger: Mapping[AlertLevel | Literal["harmless"], tuple[Text, ...]] = Field(
        default_factory=dict
    )


class Knowledge(Model):
    """All that one FAQ folder holds."""

    faq: Faq
    sources: Sources = Sources()
    alerts: Alerts = Alerts()
    signs: Signs = Signs()
    examples: Examples = Examples()
    replies: Replies = Replies()
    vocabulary: Vocabulary = Vocabulary()
    languages: Languages = Languages()
    weights: Weights | None = None

    @property
    def ids(self) -> dict[str, str]:
        """The id of an entry for each that it has or had."""
        return {each: entry.id for entry in self.faq.entries for each in (entry.id, *entry.was)}

    def phrasings(self, entry: Entry) -> tuple[str, ...]:
        """Every known way to ask for an entry: its questions, then its examples."""
        files = (self.examples.entries.get(each, ()) for each in (entry.id, *entry.was))
        return (*entry.questions, *chain.from_iterable(files))
