"""`replies.yaml`: every fixed text that people read, with English ones that fit any FAQ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import AfterValidator, Field, model_validator

from bot.faq.base import Id, Model, Professional, Text, Urgency, Verdict
from bot.faq.follow_ups import FollowUps

_ENGLISH: Mapping[str, Any] = yaml.safe_load(
    files("bot.faq").joinpath("english.yaml").read_text("utf-8")
)


def whole(choices: Collection[str]) -> AfterValidator:
    """Refuse a group of texts that lacks one, so that none is said in another language."""

    def check(texts: Mapping[str, Any]) -> Mapping[str, Any]:
        if missing := [each for each in choices if each not in texts]:
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

    says: Annotated[tuple[Text, ...], Field(min_length=1)]
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

    general: Text = "General advice"
    usually: Text = "What usually happens"
    what_to_do: Text = "What to do now"
    get_help_if: Text = "Get help if"
    origin: Text = "Where this comes from"
    documents: Text = "Documents"
    references: Text = "References"


class TimeNotes(Model):
    """What is said to a person who tells how long ago it was."""

    past: Annotated[Text, _with("elapsed", "usual")] = (
        "You say it has been about {elapsed}. That is longer than {usual}, the time I go by, so "
        "get it looked at."
    )
    within: Annotated[Text, _with("elapsed", "usual")] = (
        "You say it has been about {elapsed}. That is within {usual}, the time I go by, but watch "
        "for the signs below."
    )
    under_a_day: Text = "less than a day"
    one_day: Text = "1 day"
    days: Annotated[Text, _with("days")] = "{days} days"

    def days_in_words(self, days: float) -> str:
        """A number of days as people say it."""
        if days < 1:
            return self.under_a_day
        whole = round(days)
        return self.one_day if whole == 1 else self.days.format(days=whole)


class Origin(Model):
    """How the fold under an answer says where it comes from."""

    section: Annotated[Text, _with("sections")] = "Section {sections}"
    sections: Annotated[Text, _with("sections")] = "Sections {sections}"
    one_document: Annotated[Text, _with("document", "verdict")] = (
        "What the {document} says: {verdict}."
    )
    documents: Annotated[Text, _with("verdict")] = "What the documents say: {verdict}."
    known_from_copy: Text = "read in a copy"
    checked: Annotated[Text, _with("date")] = "checked {date}"


Command = Literal["ask", "check", "topics", "help", "sources", "privacy", "about"]


class Faces(Model):
    """The words on buttons, in menus and beside a question.

    `complaints` are buttons for who was not helped: a tap on one is as good as typing it.
    """

    helpful: Text = "👍 Yes"
    not_helpful: Text = "👎 No"
    complaints: tuple[Text, ...] = ()
    check: Text = "Check what I see"
    something_else: Text = "It is something else"
    copy_questions: Text = "Copy my questions"
    all_topics: Text = "All topics"
    you_asked: Annotated[Text, _with("question")] = "You asked: {question}"
    copied: Annotated[Text, _with("topic")] = "{topic}"
    copied_since: Annotated[Text, _with("since")] = "It has been about {since}."
    ask_the_bot: Text = "Ask the bot"
    no_match: Text = "No match: ask the bot in your own words"
    commands: Annotated[Mapping[Command, Text], whole(get_args(Command))] = _ENGLISH["commands"]


_WhenTexts = Annotated[Mapping[Urgency, Text], whole(get_args(Urgency))]


class Replies(Model):
    """`replies.yaml`: every fixed text. Each has a default that fits any FAQ in English.

    `referral` closes every reply that has no entry of its own to refer by; `referrals` are the
    sentences of the others, by professional and urgency. `verdicts` are what a document's claim
    is found to be. `groups` are all the topics, `start_topics` those that a welcome offers, and
    `self_check` the questions of the check, the first of them first.
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
    unsigned: Text = "No clinician has signed these answers yet."
    disclaimer: Text = "General information, not advice for your own case."
    referral: Text = (
        "For your own case, ask a professional. If it is about your health, ask a pharmacist "
        "or a doctor."
    )
    fallback: Text = "I am not sure I understood, so I would rather not guess."
    second_miss: Text = "I still do not have an answer to that."
    suggest: Text = "I am not sure which of these you mean. Did you mean:"
    suggest_one: Text = "I am not sure what you mean. Did you mean:"
    suggest_also: Text = "You may have asked about this too:"
    none_of_these: Text = "None of these"
    related: Text = "People also ask about:"
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
    away: Text = "I was away when you wrote. Ask me again if you still want to know."
    group_limit: Text = (
        "Telegram lets me write no more in this group for now. Write to me in private."
    )
    group_welcome: Text = "Hello. To ask me something here, begin your message with /ask"
    sources: Text = "My answers come from these documents and references."
    privacy: Text = (
        "I do not keep your words, your name or your account. I count how often each topic is "
        "asked, with no person in it."
    )
    helpful_question: Text = "Was this helpful?"
    helpful_thanks: Text = "Thank you. That helps to make the answers better."
    unhappy: Text = "I am sorry. What was not right?"
    something_else: Text = "Tell me in a few words what it is."
    pick_topic: Text = "Pick a topic, or ask in your own words."
    other_topics: Text = "Other topics"
    check_note: Text = "If you feel very ill, call your local emergency number now."
    check_end: Text = "I cannot see it. If it gets worse, get help."
    groups: tuple[TopicGroup, ...] = ()
    start_topics: tuple[Id, ...] = ()
    self_check: tuple[CheckQuestion, ...] = ()
    headings: Headings = Headings()
    time: TimeNotes = TimeNotes()
    origin: Origin = Origin()
    faces: Faces = Faces()
    follow_ups: FollowUps = FollowUps()
    referrals: Annotated[Mapping[Professional, _WhenTexts], whole(get_args(Professional))] = (
        _ENGLISH["referrals"]
    )
    verdicts: Annotated[Mapping[Verdict, Text], whole(get_args(Verdict))] = _ENGLISH["verdicts"]
    small_talk: tuple[SmallTalk, ...] = ()
