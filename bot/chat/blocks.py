"""The pieces a reply is made of: frozen, without any face's markup.

`bot.chat.rendering` makes them, and so decides order and words; each face turns each piece into
its own form and adds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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

    @property
    def line(self) -> str:
        """The label as it stands in a text that has no bold: with a colon, but for a question."""
        return self.text if self.text.endswith("?") else f"{self.text}:"


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

    `of` is the id of an entry (empty: feedback on a miss), the number of a group of topics, the
    name of a question of the check or of an alert, or, for `says`, the number of its words, a dot
    and the id of the entry that they are about.
    """

    action: Action
    of: str = ""


@dataclass(frozen=True)
class Way:
    """A way on: its label, and what it asks for."""

    label: str
    tap: Tap


@dataclass(frozen=True)
class Choices:
    """Ways on, to pick one from: buttons in Telegram, numbers in the terminal.

    `suggestions` are "did you mean", the last perhaps that none is meant; `topics` one group of
    entries, `related` what is often asked next, `whole` leads from a part to all of its answer;
    `ways` are all other. Only topics and related have a heading.
    """

    purpose: Literal["suggestions", "topics", "related", "whole", "ways"]
    ways: tuple[Way, ...]
    heading: str = ""


Block = Words | Bullets | Fold | Choices
