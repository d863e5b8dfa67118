"""What the bot knows, as frozen data: one model for each file of a FAQ folder."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from bot.faq.base import Id, Model, Professional, SomeTexts, Text, Urgency, Verdict
from bot.faq.replies import ENGLISH, Command, Replies, SmallTalk, whole
from bot.faq.weights import Weights

__all__ = ["Professional", "Replies", "SmallTalk", "Urgency", "Verdict"]

Kind = Literal["risk", "guide", "general", "gap"]
AlertLevel = Literal["emergency", "crisis", "urgent"]
ALERT_LEVELS: tuple[AlertLevel, ...] = get_args(AlertLevel)
"""The levels of alert, the gravest first."""
ListName = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""The code of a language, as in Telegram's `language_code`."""
LanguageKind = Literal["emergency", "crisis", "ordinary"]
"""What a message in another language is about."""


class Signature(Model):
    """A clinician's word that a text is right, for as long as the text has this hash."""

    role: Text
    date: datetime.date
    text_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class Usually(Model):
    """The usual course of a risk."""

    text: Text
    settles_within_days: Annotated[int, Field(ge=0, le=3650)] | None = None


class Points(Model):
    """A short list under a heading: a checklist, days of healing, questions to ask."""

    heading: Text
    items: SomeTexts


class Referral(Model):
    """Which professional, and how soon; `note` is a sentence of its own added behind."""

    to: Professional
    when: Urgency
    condition: Text | None = None
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

    `id`, `title`, `questions` and `answer` are needed, and in the file of a FAQ `referral`; what
    else a good entry holds is asked for by the editorial checks.
    """

    id: Id
    was: tuple[Id, ...] = ()
    kind: Kind = "guide"
    title: Text
    questions: SomeTexts
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
    signed: Signature | None = None


class Faq(Model):
    """`faq.yaml`: the entries."""

    title: Text
    language: Text = "en"
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]


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
    attributed_as: SomeTexts
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


class Sign(Model):
    """One sign of danger: the alert it raises, what it catches, and the ways people say it.

    How a line of `said` is written: `bot.answering.sign_lines`.
    """

    name: Text
    alert: Id
    catches: Text
    said: SomeTexts


class Signs(Model):
    """`signs.yaml`: the signs of danger, and the words that they are made of.

    `words` are lists of words that serve alike, parted by slashes, each under a NAME in
    capitals that a line may use.
    """

    words: Mapping[ListName, Text] = {}
    signs: tuple[Sign, ...] = ()


class Language(Model):
    """One language: what is said to people who write it.

    `number` is how its texts name the emergency number, and `commands` are described in the menu;
    without them that is in English. `read_by` are the native speakers who have read them.
    """

    code: Code
    name: Text
    read_by: tuple[Text, ...] = ()
    number: Text
    commands: Annotated[Mapping[Command, Text], whole(Command)] = Field({})
    reply: Text
    emergency: Text
    crisis: Text


class Languages(Model):
    """`languages.yaml`: the languages, and in English what is said to everybody else."""

    others: Text = ENGLISH["others"]
    languages: tuple[Language, ...] = ()


class Examples(Model):
    """`examples/`: messages that teach the engine, by the file that they stand in.

    `entries` are more ways to ask for an entry, by its id; `off_topic` is what no entry answers;
    `danger` holds, by level, messages with a sign of danger, and under `harmless` those that only
    sound like one. `languages` holds, by code and kind, what people type who write no English.
    """

    entries: Mapping[Id, tuple[Text, ...]] = {}
    off_topic: tuple[Text, ...] = ()
    danger: Mapping[AlertLevel | Literal["harmless"], tuple[Text, ...]] = {}
    languages: Mapping[Code, Mapping[LanguageKind, tuple[Text, ...]]] = {}


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
        names = (entry.id, *entry.was)
        examples = (text for each in names for text in self.examples.entries.get(each, ()))
        return (*entry.questions, *examples)
