"""`replies.yaml`: every fixed text that people read, with English ones that fit any FAQ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from bot.faq.base import Id, Model, Professional, SomeTexts, Text, Urgency, Verdict
from bot.faq.packaged import packaged

ENGLISH: Mapping[str, Any] = packaged("english.yaml")
"""What is said in English where a FAQ has no such text."""
_HEADINGS, _TIME, _ORIGIN, _FACES, _FOLLOW_UPS = (
    ENGLISH[group] for group in ("headings", "time", "origin", "faces", "follow_ups")
)
Command = Literal["ask", "check", "topics", "help", "sources", "privacy", "about"]
Shown = Literal["gist", "answer", "points", "usually", "what_to_do", "get_help_if", "origin"]


def whole(choices: object) -> AfterValidator:
    """Refuse a group of texts that lacks one, so that none is said in another language."""

    def check(texts: Mapping[str, Any]) -> Mapping[str, Any]:
        if missing := [each for each in get_args(choices) if each not in texts]:
            raise ValueError(f"a text is missing here for `{'`, `'.join(missing)}`")
        return texts

    return AfterValidator(check)


def _with(*names: str) -> AfterValidator:
    """Refuse a text with braces that stand for none of these."""

    def check(text: str) -> str:
        try:
            text.format(**dict.fromkeys(names, ""))
        except (KeyError, IndexError, ValueError):
            allowed = ", ".join(f"{{{name}}}" for name in names)
            raise ValueError(f"braces in this text can only be {allowed}") from None
        return text

    return AfterValidator(check)


class SmallTalk(Model):
    """A kind of small talk (a greeting, thanks): how people say it, and the reply.

    With `offers: next` the topics that were next likeliest are offered below it.
    """

    says: SomeTexts
    reply: Text
    offers: Literal["next"] | None = None


class TopicGroup(Model):
    """A group of topics: what is offered in place of a list of all of them."""

    title: Text
    entries: Annotated[tuple[Id, ...], Field(min_length=1)]


class CheckAnswer(Model):
    """An answer to a question of the check: the next question, or an end that it leads to."""

    label: Text
    next: Id | None = None
    alert: Id | None = None
    entry: Id | None = None

    @model_validator(mode="after")
    def _leads_to_one(self) -> CheckAnswer:
        if sum(each is not None for each in (self.next, self.alert, self.entry)) != 1:
            raise ValueError("an answer leads to one of `next`, `alert` and `entry`")
        return self


class CheckQuestion(Model):
    """A question of "Check what I see". It is answered by a tap."""

    name: Id
    ask: Text
    answers: Annotated[tuple[CheckAnswer, ...], Field(min_length=2)]


class Headings(Model):
    """What stands above the parts of an answer, and of `/sources`."""

    general: Text = _HEADINGS["general"]
    usually: Text = _HEADINGS["usually"]
    what_to_do: Text = _HEADINGS["what_to_do"]
    get_help_if: Text = _HEADINGS["get_help_if"]
    origin: Text = _HEADINGS["origin"]
    documents: Text = _HEADINGS["documents"]
    references: Text = _HEADINGS["references"]


class TimeNotes(Model):
    """What is said to a person who tells how long ago it was."""

    past: Annotated[Text, _with("elapsed", "usual")] = _TIME["past"]
    within: Annotated[Text, _with("elapsed", "usual")] = _TIME["within"]
    under_a_day: Text = _TIME["under_a_day"]
    one_day: Text = _TIME["one_day"]
    days: Annotated[Text, _with("days")] = _TIME["days"]

    def days_in_words(self, days: float) -> str:
        """A number of days as people say it."""
        if days < 1:
            return self.under_a_day
        return self.one_day if round(days) == 1 else self.days.format(days=round(days))


class Origin(Model):
    """How the fold under an answer says where it comes from."""

    section: Annotated[Text, _with("sections")] = _ORIGIN["section"]
    sections: Annotated[Text, _with("sections")] = _ORIGIN["sections"]
    one_document: Annotated[Text, _with("document", "verdict")] = _ORIGIN["one_document"]
    documents: Annotated[Text, _with("verdict")] = _ORIGIN["documents"]
    known_from_copy: Text = _ORIGIN["known_from_copy"]
    checked: Annotated[Text, _with("date")] = _ORIGIN["checked"]


class Faces(Model):
    """The words on buttons, in menus and beside a question.

    `complaints` are buttons for who was not helped: a tap on one is as good as typing it.
    """

    helpful: Text = _FACES["helpful"]
    not_helpful: Text = _FACES["not_helpful"]
    complaints: tuple[Text, ...] = ()
    check: Text = _FACES["check"]
    something_else: Text = _FACES["something_else"]
    copy_questions: Text = _FACES["copy_questions"]
    all_topics: Text = _FACES["all_topics"]
    you_asked: Annotated[Text, _with("question")] = _FACES["you_asked"]
    copied: Annotated[Text, _with("topic")] = _FACES["copied"]
    copied_since: Annotated[Text, _with("since")] = _FACES["copied_since"]
    ask_the_bot: Text = _FACES["ask_the_bot"]
    no_match: Text = _FACES["no_match"]
    commands: Annotated[Mapping[Command, Text], whole(Command)] = _FACES["commands"]


class AskedPart(Model):
    """A part of an answer that people ask for when they have read it.

    `says` are the words that ask for it, anywhere in a short message. Of the entry are shown the
    fields of `shows` (`gist` is the first sentence of the answer) and the sentences of its answer
    with one of `words`; with neither, whom to ask alone.
    """

    says: SomeTexts
    shows: tuple[Shown, ...] = ()
    words: tuple[Text, ...] = ()


class Picks(Model):
    """Words that pick from what was offered; a number picks without being listed.

    `places` are those for the first, the second and so on.
    """

    agrees: tuple[Text, ...] = ()
    declines: tuple[Text, ...] = ()
    places: tuple[SomeTexts, ...] = ()


class FollowUps(Model):
    """The words that lean on the answer before, and what is said to them.

    `signs` is said where a part leaves out the warning signs that its referral may speak of,
    `nothing` where the entry has no such part, `again` and `still_here` where the same would be
    said twice in a row, `of_what` where nothing was answered before, `no_topic` of a number or a
    date alone.
    """

    source: Annotated[Text, Field(pattern=r"^[^{}]*\{title\}[^{}]*$")] = _FOLLOW_UPS["source"]
    whole: Text = _FOLLOW_UPS["whole"]
    signs: Text = _FOLLOW_UPS["signs"]
    nothing: Text = _FOLLOW_UPS["nothing"]
    again: Text = _FOLLOW_UPS["again"]
    still_here: Text = _FOLLOW_UPS["still_here"]
    of_what: Text = _FOLLOW_UPS["of_what"]
    no_topic: Text = _FOLLOW_UPS["no_topic"]
    which: Text = _FOLLOW_UPS["which"]
    parts: tuple[AskedPart, ...] = ()
    picks: Picks = Picks()


_Referrals = Annotated[
    Mapping[Professional, Annotated[Mapping[Urgency, Text], whole(Urgency)]], whole(Professional)
]


class Replies(Model):
    """`replies.yaml`: every fixed text.

    `referral` closes every reply that has no entry of its own to refer by; `referrals` are the
    sentences of the others, by professional and urgency. `verdicts` are what a document's claim
    is found to be. `groups` are all the topics, `start_topics` those that a welcome offers, and
    `self_check` the questions of the check, the first of them first.
    """

    welcome: Text = ENGLISH["welcome"]
    help: Text = ENGLISH["help"]
    about: Text = ENGLISH["about"]
    unsigned: Text = ENGLISH["unsigned"]
    disclaimer: Text = ENGLISH["disclaimer"]
    referral: Text = ENGLISH["referral"]
    fallback: Text = ENGLISH["fallback"]
    second_miss: Text = ENGLISH["second_miss"]
    suggest: Text = ENGLISH["suggest"]
    suggest_one: Text = ENGLISH["suggest_one"]
    suggest_also: Text = ENGLISH["suggest_also"]
    none_of_these: Text = ENGLISH["none_of_these"]
    related: Text = ENGLISH["related"]
    empty: Text = ENGLISH["empty"]
    media: Text = ENGLISH["media"]
    photo: Text = ENGLISH["photo"]
    unknown_command: Text = ENGLISH["unknown_command"]
    unknown_topic: Text = ENGLISH["unknown_topic"]
    too_many: Text = ENGLISH["too_many"]
    late: Text = ENGLISH["late"]
    away: Text = ENGLISH["away"]
    group_limit: Text = ENGLISH["group_limit"]
    group_welcome: Text = ENGLISH["group_welcome"]
    sources: Text = ENGLISH["sources"]
    privacy: Text = ENGLISH["privacy"]
    helpful_question: Text = ENGLISH["helpful_question"]
    helpful_thanks: Text = ENGLISH["helpful_thanks"]
    unhappy: Text = ENGLISH["unhappy"]
    something_else: Text = ENGLISH["something_else"]
    pick_topic: Text = ENGLISH["pick_topic"]
    other_topics: Text = ENGLISH["other_topics"]
    check_note: Text = ENGLISH["check_note"]
    check_end: Text = ENGLISH["check_end"]
    groups: tuple[TopicGroup, ...] = ()
    start_topics: tuple[Id, ...] = ()
    self_check: tuple[CheckQuestion, ...] = ()
    headings: Headings = Headings()
    time: TimeNotes = TimeNotes()
    origin: Origin = Origin()
    faces: Faces = Faces()
    follow_ups: FollowUps = FollowUps()
    referrals: _Referrals = ENGLISH["referrals"]
    verdicts: Annotated[Mapping[Verdict, Text], whole(Verdict)] = ENGLISH["verdicts"]
    small_talk: tuple[SmallTalk, ...] = ()
