"""What people say once they have an answer, in `replies.yaml`: a part of it, a pick, a yes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.faq.base import Model, Text

Shown = Literal["gist", "answer", "points", "usually", "what_to_do", "get_help_if", "origin"]
_Says = Annotated[tuple[Text, ...], Field(min_length=1)]


class AskedPart(Model):
    """A part of an answer that people ask for when they have read it.

    `says` are the words that ask for it, anywhere in a short message. Of the entry are shown the
    fields of `shows` (`gist` is the first sentence of the answer) and the
    sentences of its answer with one of `words`; with neither, whom to ask alone.
    """

    says: _Says
    shows: tuple[Shown, ...] = ()
    words: tuple[Text, ...] = ()


class Picks(Model):
    """Words that pick from what was offered; a number picks without being listed.

    `places` are those for the first, the second and so on.
    """

    agrees: tuple[Text, ...] = ()
    declines: tuple[Text, ...] = ()
    places: tuple[_Says, ...] = ()


class FollowUps(Model):
    """The words that lean on the answer before, and what is said to them.

    `signs` is said where a part leaves out the warning signs that its referral may speak of,
    `nothing` where the entry has no such part, `again` and `still_here` where the same would be
    said twice in a row, `of_what` where nothing was answered before, `no_topic` of a number or a
    date alone.
    """

    source: Annotated[Text, Field(pattern=r"^[^{}]*\{title\}[^{}]*$")] = "From: {title}"
    whole: Text = "The whole answer"
    signs: Text = "The signs to watch for are in the whole answer."
    nothing: Text = "I have nothing more on that."
    again: Text = "I have said all that I have on it."
    still_here: Text = "I am still here. Ask me in other words."
    of_what: Text = "What do you mean by that? Tell me in a few words what it is about."
    no_topic: Text = "I cannot tell what that stands for. Ask me in a few words."
    which: Text = "Which of these do you mean?"
    parts: tuple[AskedPart, ...] = ()
    picks: Picks = Picks()
