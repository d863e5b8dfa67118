"""From a reply to Telegram messages, HTML and keyboards, and to what is kept of it by names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from pydantic import BaseModel, TypeAdapter
from telegram import InlineKeyboardMarkup

from bot import __version__
from bot.answering.reply import SENTENCE_END, RaisedAlert, Reply
from bot.chat import rendering
from bot.chat.blocks import (
    AlertText,
    Block,
    Bullets,
    Choices,
    Fold,
    Heading,
    Paragraph,
    ReferralText,
    SmallPrint,
    Title,
    Words,
)
from bot.chat.rendering import about, check, entry_ways, notice, ways_on, welcome
from bot.chat.telegram import keyboards
from bot.chat.telegram.html import MOST_UNITS, escape, split, units
from bot.chat.telegram.keyboards import Row
from bot.faq.models import Entry, Knowledge

_MARKUP: dict[type[Words], str] = {
    Title: "<b>{}</b>",
    Heading: "<b>{}</b>",
    Paragraph: "{}",
    ReferralText: "➡️ <b>{}</b>",
    SmallPrint: "<i>{}</i>",
}
_MOST_ASKED = 200
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MOST_RELATED = 4
_MOST_UNFOLDED = 8
"""Lines of a list of sources that are shown at once."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to send: valid HTML of at most 4096 UTF-16 units, and its buttons.

    `entry_id` is for the operator's log; at a `silent` one no phone rings.
    """

    html: str
    keyboard: InlineKeyboardMarkup | None = None
    entry_id: str | None = None
    alert: bool = False
    silent: bool = False


def reply_messages(reply: Reply, knowledge: Knowledge, *, asked: bool = True) -> list[Message]:
    """The messages of a reply: the alert alone, then one for each answer.

    `asked` is false for a topic that was picked: there is no question to repeat.
    """
    said = rendering.blocks(reply, knowledge)
    messages: list[Message] = []
    if reply.alert:
        # Beneath it stands at most the way to say that it is something else.
        end = 1 + sum(isinstance(each, Choices) and each.purpose == "ways" for each in said[1:2])
        alert, said = said[:end], said[end:]
        rows = [*keyboards.link_rows(reply.alert.message), *_choices(alert)]
        messages.append(Message(_html(alert), keyboards.markup(rows), alert=True))
    words = knowledge.replies.faces
    shown = asked and reply.kind == "answer" and reply.question
    question = words.you_asked.format(question=_shown(reply.question)) if shown else ""
    for index, part in enumerate(_parts(said)):
        told = reply.answered[index] if index < len(reply.answered) else None
        entry_id, rows = told.entry.id if told else None, _choices(part)
        if told is None or told.part is not None:
            html = _html(part)
        else:
            html = f"{_html(part, question)}\n\n{escape(knowledge.replies.helpful_question)}"
            copied = _copied(told.entry, reply.elapsed_days, knowledge)
            rows = keyboards.around_answer(rows, told.entry.id, copied, words)
        messages += _fitted(Message(html, keyboards.markup(rows), entry_id))
    return messages


def _copied(entry: Entry, elapsed_days: float | None, knowledge: Knowledge) -> str:
    """The questions that an entry is made of, so far as a button holds them; "" for any other."""
    items = entry.points.items if entry.points else ()
    if not items or not all(item.endswith("?") for item in items):
        return ""
    words, time = knowledge.replies.faces, knowledge.replies.time
    text = words.copied.format(topic=entry.title)
    if elapsed_days is not None:
        text += "\n" + words.copied_since.format(since=time.days_in_words(elapsed_days))
    for item in items:
        longer = f"{text}\n- {item}"
        if units(longer) <= keyboards.MOST_COPIED:
            text = longer
    return text


def page(said: Sequence[Block]) -> list[Message]:
    """Blocks that are no reply, with what can be picked of them as buttons."""
    return _fitted(Message(_html(said), keyboards.markup(_choices(said))))


def sources(knowledge: Knowledge) -> list[Message]:
    """The documents and references behind the answers; a long list is folded away."""
    said: list[Block] = []
    for block in rendering.sources(knowledge):
        if isinstance(block, Bullets) and len(block.items) > _MOST_UNFOLDED:
            # A heading stands before each list.
            said[-1] = Fold(getattr(said[-1], "text", ""), (block,))
        else:
            said.append(block)
    return page(said)


def topic_list(knowledge: Knowledge) -> list[Message]:
    """All the topics, by their groups."""
    text = f"<b>{escape(knowledge.faq.title)}</b>\n{escape(knowledge.replies.pick_topic)}"
    return [Message(text, keyboards.markup(keyboards.topic_rows(knowledge)))]


def card(reply: Reply, knowledge: Knowledge) -> str:
    """A reply as one message without buttons, to be sent from another chat.

    What is too long loses what is folded, then the end of the answer; the referral stays.
    """
    said = rendering.blocks(reply, knowledge)
    closing = [each for each in said if isinstance(each, ReferralText | SmallPrint)]
    shorter = [each for each in said if not isinstance(each, Fold)]
    for html in (_html(said), _html(shorter)):
        if units(html) <= MOST_UNITS:
            return html
    end = _html(closing)
    beginning = _html([each for each in shorter if each not in closing])
    return f"{split(beginning, MOST_UNITS - units(end) - 3)[0]}…\n\n{end}"


def with_preface(messages: Sequence[Message], preface: str) -> list[Message]:
    """Begin the answer with a sentence of its own; an alert stays first, and as it is."""
    before = [each for each in messages if each.alert]
    after = messages[len(before) :]
    if not after:
        return before
    html = f"<i>{escape(preface)}</i>\n\n{after[0].html}"
    return [*before, *_fitted(replace(after[0], html=html)), *after[1:]]


def _parts(said: Iterable[Block]) -> list[list[Block]]:
    """One part for each answer, since a title begins one; the end belongs to the last."""
    parts: list[list[Block]] = []
    for block in said:
        if not parts or (isinstance(block, Title) and parts[-1]):
            parts.append([])
        parts[-1].append(block)
    return parts


def _choices(part: Iterable[Block]) -> list[Row]:
    rows: list[Row] = []
    for block in part:
        match block:
            case Choices("ways", ways):
                rows += keyboards.packed_rows(ways)
            case Choices("related", ways):
                rows += keyboards.rows(ways[:_MOST_RELATED]) if not rows else ()
            case Choices(_, ways):
                rows += keyboards.rows(ways)
    return rows


def _fitted(message: Message) -> list[Message]:
    *before, last = split(message.html)
    return [
        *(replace(message, html=html, keyboard=None) for html in before),
        replace(message, html=last),
    ]


def _alert(text: str) -> str:
    """The first sentence says what to do, and stands out."""
    html = "\n\n".join(escape(each.text) for each in rendering.paragraphs(text))
    first = escape(SENTENCE_END.split(text.strip(), maxsplit=1)[0])
    return f"<b>{first}</b>{html.removeprefix(first)}"


def _html(said: Iterable[Block], question: str = "") -> str:
    html, gap = "", ""
    for block in said:
        if piece := _piece(block, question):
            html += gap + piece
            gap = "\n" if isinstance(block, Heading) else "\n\n"
    return html


def _piece(block: Block, question: str) -> str:
    match block:
        case AlertText(text):
            return _alert(text)
        case Title(text) if question:
            return f"<b>{escape(text)}</b>\n<i>{escape(question)}</i>"
        case Words(text):
            return _MARKUP[type(block)].format(escape(text))
        case Bullets(items):
            return "\n".join(f"• {escape(item)}" for item in items)
        case Fold(title, inner):
            return f"<blockquote expandable><b>{escape(title)}</b>\n{_html(inner)}</blockquote>"
        case Choices():
            return ""


def _shown(question: str) -> str:
    """Words as they were asked; those from right to left keep their marks on their own side."""
    if len(question) > _MOST_ASKED:
        question = f"{question[:_MOST_ASKED].rstrip()}…"
    return f"\u2068{question}\u2069" if _RIGHT_TO_LEFT.search(question) else question


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, or the fixed text or page of this name; both: the text, its entries as buttons.

    `prefaces` are the names of fixed texts before it, `asked` is false where there is no question
    to repeat, `quiet` lets no phone ring, `referral` is an alert's in place of the general one.
    """

    reply: Reply | None = None
    text: str = ""
    topics: bool = False
    prefaces: tuple[str, ...] = ()
    asked: bool = True
    quiet: bool = False
    referral: str = ""

    @property
    def alert(self) -> RaisedAlert | None:
        """The alert in it."""
        return self.reply.alert if self.reply else None


_PAGES: dict[str, Callable[[Knowledge], list[Message]]] = {
    "check": lambda known: page(check(known)),
    "sources": sources,
    "topics": topic_list,
    "welcome": lambda known: page(welcome(known)),
}


def render(said: Said, knowledge: Knowledge) -> list[Message]:
    """The messages of it. Only the first makes a sound, and every alert does."""
    replies = knowledge.replies
    if said.referral:
        replies = replies.model_copy(update={"referral": said.referral})
        knowledge = knowledge.model_copy(update={"replies": replies})
    if said.reply and said.text:
        entries = [each.entry for each in said.reply.answered] or said.reply.suggested
        keyboard = keyboards.markup(keyboards.rows(entry_ways(entries)))
        rendered = [Message(escape(getattr(replies, said.text)), keyboard)]
    elif said.reply:
        rendered = reply_messages(said.reply, knowledge, asked=said.asked)
    elif said.text in _PAGES:
        rendered = _PAGES[said.text](knowledge)
    else:
        text = _about(knowledge) if said.text == "about" else getattr(replies, said.text)
        rendered = page(notice(text, knowledge, *(ways_on(knowledge) if said.topics else ())))
    for name in said.prefaces:
        rendered = with_preface(rendered, getattr(replies, name))
    return [
        replace(each, silent=not each.alert and (said.quiet or index > 0))
        for index, each in enumerate(rendered)
    ]


def pack(said: Said, knowledge: Knowledge) -> Any:
    """What is said as JSON: entries by their ids, fixed texts by their names, no question."""
    if said.reply:
        said = replace(said, reply=replace(said.reply, question="", scores={}))
    names = {text: name for name, text in _fixed_texts(knowledge).items()}

    def packed(value: Any) -> dict[str, Any]:
        if isinstance(value, Entry):
            return {"entry": value.id}
        if isinstance(value, BaseModel):
            return value.model_dump(mode="json")
        parts = {each.name: getattr(value, each.name) for each in fields(value)}
        fixed = {key: part for key, part in parts.items() if isinstance(part, str)}
        return parts | {key: {"text": names[part]} for key, part in fixed.items() if part in names}

    return json.loads(json.dumps(said, default=packed))


def unpack(data: object, knowledge: Knowledge) -> Said:
    """What `pack` has packed; a `LookupError` or `ValueError` where the FAQ has it no longer."""
    entries = {entry.id: entry for entry in knowledge.faq.entries}
    texts = _fixed_texts(knowledge)

    def unpacked(part: dict[str, Any]) -> Any:
        match part:
            case {"entry": str(name)} if len(part) == 1:
                return entries[knowledge.ids[name]]
            case {"text": str(name)} if len(part) == 1:
                return texts[name]
        return part

    whole = json.loads(json.dumps(data), object_hook=unpacked)
    return TypeAdapter(Said).validate_python(whole)


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
