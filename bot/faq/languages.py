"""`languages.yaml`: what is said to people who do not write English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.faq.base import Model, Text
from bot.faq.replies import ENGLISH, Command, whole

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""The code of a language, as in Telegram's `language_code`."""
LanguageKind = Literal["emergency", "crisis", "ordinary"]
"""What a message in another language is about."""


class Language(Model):
    """One language: its fixed texts.

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
