"""The pieces a reply is made of: frozen, without any face's markup.

`bot.chat.rendering` makes them, and so decides order and words; each face turns each piece into
its own form and adds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.faq.models import Entry


@dataclass(frozen=True)
class Words:
    """A text that is shown in one form; only an `AlertText` has line breaks."""

    text: str


class AlertText(Words):
    """The fixed message of an alert; always the first block."""


class Title(Words):
    """The title of an entry: an answer begins here."""


class Heading(Words):
    """A short label, without a colon, of the blocks behind it."""


class Paragraph(Words):
    """One paragraph of plain words."""


class ReferralText(Words):
    """Which professional and how soon, as sentences. Every reply holds one, or is an alert."""


class SmallPrint(Words):
    """The disclaimer: one line, the least of the blocks."""


@dataclass(frozen=True)
class Bullets:
    """A short list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Fold:
    """What most people skip: to be folded away where a face can, and shown small elsewhere."""

    title: str
    blocks: tuple[Words | Bullets, ...]


@dataclass(frozen=True)
class Choices:
    """Entries to pick from: buttons in Telegram, numbers in the terminal.

    `suggestions` are the "did you mean" of a reply, `topics` one group of all the topics under
    its heading, `related` what people often ask next, `whole` the entries that a part was shown
    of, each picked by the words of the heading. Only `suggestions` have no heading, and they alone
    have `otherwise`: the words to pick when none of them is meant.
    """

    purpose: Literal["suggestions", "topics", "related", "whole"]
    entries: tuple[Entry, ...]
    heading: str = ""
    otherwise: str = ""


Action = Literal[
    "topic",
    "topics",
    "page",
    "helpful",
    "unhelpful",
    "none",
    "check",
    "alert",
    "checked",
    "something_else",
    "says",
]


@dataclass(frozen=True)
class Tap:
    """What a picked button or number asks for.

    `of` is the id of an entry (empty: the feedback is on a miss), the number of a group of
    topics, the name of a question of the check or of an alert, or for what a button `says` the
    number of its words, a dot and the id of the entry that they are about.
    """

    action: Action
    of: str = ""


@dataclass(frozen=True)
class Way:
    """A way on that is no entry: its label, and what it asks for."""

    label: str
    tap: Tap


@dataclass(frozen=True)
class Ways:
    """Ways on, to pick one from: buttons in Telegram, numbers in the terminal."""

    ways: tuple[Way, ...]


Block = Words | Bullets | Fold | Choices | Ways
