"""What is said to a person, by names of the FAQ: it can be stored without a word of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel, TypeAdapter

from bot import __version__
from bot.answering.reply import Reply
from bot.chat.rendering import about, notice, welcome
from bot.chat.telegram import keyboards, messages
from bot.chat.telegram.html import escape
from bot.chat.telegram.messages import Message
from bot.faq.models import Entry, Knowledge


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, or the fixed text of this name (`check`, `sources`, `topics`, `about` are pages).

    A text beside a reply stands for it, with the reply's entries as buttons. `prefaces` are the
    names of fixed texts before it, `asked` is false where there is no question to repeat,
    `quiet` says that no phone is to ring. `referral` stands for the general one, below an alert.
    """

    reply: Reply | None = None
    text: str = ""
    topics: bool = False
    prefaces: tuple[str, ...] = ()
    asked: bool = True
    quiet: bool = False
    referral: str = ""

    @property
    def urgent(self) -> bool:
        """Whether an alert is in it."""
        return self.reply is not None and self.reply.alert is not None


_PAGES: dict[str, Callable[[Knowledge], list[Message]]] = {
    "check": lambda known: messages.question("", known),
    "sources": messages.sources,
    "topics": messages.topic_list,
    "welcome": lambda known: messages.page(welcome(known)),
}


def render(said: Said, knowledge: Knowledge) -> list[Message]:
    """The messages of it. Only the first makes a sound, and every alert does."""
    replies = knowledge.replies
    if said.referral:
        replies = replies.model_copy(update={"referral": said.referral})
        knowledge = knowledge.model_copy(update={"replies": replies})
    if said.reply and said.text:
        entries = [each.entry for each in said.reply.answered] or said.reply.suggested
        keyboard = keyboards.markup(keyboards.entry_rows(entries))
        rendered = [Message(escape(getattr(replies, said.text)), keyboard)]
    elif said.reply:
        rendered = messages.reply_messages(said.reply, knowledge, asked=said.asked)
    elif said.text in _PAGES:
        rendered = _PAGES[said.text](knowledge)
    else:
        text = _about(knowledge) if said.text == "about" else getattr(replies, said.text)
        rendered = messages.page(notice(text, knowledge, offer_topics=said.topics))
    for name in said.prefaces:
        rendered = messages.with_preface(rendered, getattr(replies, name))
    return [
        replace(each, silent=not each.alert and (said.quiet or index > 0))
        for index, each in enumerate(rendered)
    ]


def pack(said: Said, knowledge: Knowledge) -> dict[str, Any]:
    """What is said as JSON: entries by their ids, fixed texts by their names, no question."""
    if said.reply:
        said = replace(said, reply=replace(said.reply, question="", scores={}))
    names = {text: name for name, text in _fixed_texts(knowledge).items()}
    return dict(_packed(said, names))


def unpack(data: object, knowledge: Knowledge) -> Said:
    """What `pack` has packed; a `LookupError` or `ValueError` where the FAQ has it no longer."""
    now = {entry.id: entry for entry in knowledge.faq.entries}
    entries = {each: now[entry_id] for each, entry_id in knowledge.ids.items()}
    return TypeAdapter(Said).validate_python(_unpacked(data, entries, _fixed_texts(knowledge)))


def _packed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Entry):
        return {"entry": value.id}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {each.name: _packed(getattr(value, each.name), names) for each in fields(value)}
    if isinstance(value, tuple):
        return [_packed(each, names) for each in value]
    return {"text": names[value]} if isinstance(value, str) and value in names else value


def _unpacked(value: Any, entries: Mapping[str, Entry], texts: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return tuple(_unpacked(each, entries, texts) for each in value)
    if not isinstance(value, dict):
        return value
    match value:
        case {"entry": str(name)} if len(value) == 1:
            return entries[name]
        case {"text": str(name)} if len(value) == 1:
            return texts[name]
    return {name: _unpacked(each, entries, texts) for name, each in value.items()}


def _fixed_texts(knowledge: Knowledge) -> dict[str, str]:
    texts = {name: text for name, text in knowledge.replies if isinstance(text, str)}
    texts |= {f"alert.{each.name}": each.message for each in knowledge.alerts.alerts}
    talks = enumerate(knowledge.replies.small_talk)
    return texts | {f"small_talk.{number}": each.reply for number, each in talks}


def _about(knowledge: Knowledge) -> str:
    entries = knowledge.faq.entries
    reviews = [entry.reviewed for entry in entries if entry.reviewed]
    newest = f"last reviewed on {max(reviews):%d %B %Y}" if reviews else "no date of review"
    return f"{about(knowledge)}\nVersion {__version__}. {len(entries)} topics, {newest}."
