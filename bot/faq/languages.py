"""`languages.yaml`: what is said to people who do not write English, and how they say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Field, StringConstraints

from bot.faq.base import Model, Text
from bot.faq.replies import Command, whole

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""The code of a language, as in Telegram's `language_code`."""
_Texts = Annotated[tuple[Text, ...], Field(min_length=1)]


class Language(Model):
    """One language: its fixed texts, and the phrases by which it and a danger are known.

    `number` is how its texts name the emergency number, and `commands` are described in the menu;
    without them that is in English. `read_by` are the native speakers who have read them.
    """

    code: Code
    name: Text
    read_by: tuple[Text, ...] = ()
    number: Text
    commands: Annotated[Mapping[Command, Text], whole(get_args(Command))] = Field({})
    reply: Text
    emergency: Text
    crisis: Text
    emergency_said: _Texts
    crisis_said: _Texts
    asked: _Texts


class Languages(Model):
    """`languages.yaml`: the languages, and in English what is said to everybody else."""

    others: Text = (
        "I can only read English. If you cannot breathe, your face or throat swells, or you "
        "faint, call your emergency number now: EU 112, UK 999, US and Canada 911, "
        "Australia 000."
    )
    languages: tuple[Language, ...] = ()
