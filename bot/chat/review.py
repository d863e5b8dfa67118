"""The page that a clinician reads: all that must be judged, for a screen or for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from xml.etree.ElementTree import Element

from bot.answering.reply import AnsweredEntry
from bot.chat.blocks import Block, Bullets, Fold, Heading, Paragraph, ReferralText
from bot.chat.rendering import entry_blocks, paragraphs
from bot.faq.models import Alert, Citation, Entry, Knowledge
from bot.faq.signatures import is_signed, text_hash, unsigned
from bot.markup import Child, document, node, table

_INTRODUCTION = (
    "This page holds all that the bot says about health: what it says to somebody in danger, "
    "every claim of the documents that it was made from, and every answer as people read it.",
    "Please read each text, tick it or write what must change, and sign it. To keep a signature, "
    "the line below a text is put into its entry in faq.yaml, or its alert in alerts.yaml, with "
    "your role and the date. It is void as soon as the text is changed.",
)


def review_page(knowledge: Knowledge) -> str:
    """Write one page of HTML that needs nothing else."""
    style = files("bot.chat").joinpath("review.css").read_text("utf-8")
    texts = len(knowledge.faq.entries) + len(knowledge.alerts.alerts)
    missing = len(unsigned(knowledge))
    title = f"Review: {knowledge.faq.title}"
    return document(
        title,
        style,
        node("h1", title),
        *(node("p", text) for text in _INTRODUCTION),
        node("p", f"{missing} of {texts} texts are not signed.", class_="quiet"),
        node("h2", "What it says to somebody in danger"),
        *(_alert(alert, knowledge) for alert in knowledge.alerts.alerts),
        *_check(knowledge),
        *_claims(knowledge),
        node("h2", "The answers"),
        *(_entry(entry, knowledge) for entry in knowledge.faq.entries),
    )


def _alert(alert: Alert, knowledge: Knowledge) -> Element:
    signs = [sign for sign in knowledge.signs.signs if sign.alert == alert.name]
    return node(
        "article",
        node("h3", f"{alert.name} ", node("span", alert.level, class_="quiet")),
        *(node("p", each.text) for each in paragraphs(alert.message)),
        node("p", "It is said for these signs:", class_="quiet"),
        _bullets(f"{sign.name}: {sign.catches}" for sign in signs),
        _signature(alert),
    )


def _check(knowledge: Knowledge) -> Iterator[Element]:
    questions = knowledge.replies.self_check
    if questions:
        yield node("h2", f"“{knowledge.replies.faces.check}”: what is asked, and what it leads to")
        yield node("p", "These questions stand in replies.yaml.", class_="quiet")
    for question in questions:
        ends = [(each.label, each.next or each.alert or each.entry) for each in question.answers]
        told = _bullets(f"{label}: {end}" for label, end in ends)
        yield node("article", node("h3", question.name), node("p", question.ask), told)


def _claims(knowledge: Knowledge) -> Iterator[Element]:
    rows = [
        node(
            "tr",
            node("td", section.claim),
            node("td", f"{document.id} {section.id}"),
            node("td", node("strong", section.verdict), f": {section.note}"),
            node("td", *_citing(Citation(document=document.id, section=section.id), knowledge)),
        )
        for document in knowledge.sources.documents
        for section in document.sections
    ]
    if rows:
        yield node("h2", "The claims of the documents")
        yield table(("Claim", "Section", "What is found of it", "Answers"), rows)


def _citing(claim: Citation, knowledge: Knowledge) -> Iterator[Child]:
    for entry in knowledge.faq.entries:
        if claim in entry.sources:
            yield node("a", entry.title, href=f"#{entry.id}")
            yield " "


def _entry(entry: Entry, knowledge: Knowledge) -> Element:
    usual = entry.usually.settles_within_days if entry.usually else None
    answered = AnsweredEntry(entry, entry.referral, None)
    facts = [
        f"{entry.id}, {entry.kind}",
        f"last read through on {entry.reviewed}" if entry.reviewed else "",
        f"after {usual} days the bot says that it lasts too long" if usual is not None else "",
    ]
    return node(
        "article",
        node("h3", entry.title),
        node("p", "; ".join(filter(None, facts)), class_="quiet"),
        node("p", f"Asked as: {' / '.join(entry.questions)}", class_="quiet"),
        *_html(entry_blocks(answered, knowledge)),
        _signature(entry),
        id=entry.id,
    )


def _html(said: Iterable[Block]) -> Iterator[Element]:
    for block in said:
        match block:
            case Heading(text):
                yield node("h4", text)
            case Paragraph(text):
                yield node("p", text)
            case ReferralText(text):
                yield node("p", text, class_="referral")
            case Bullets(items):
                yield _bullets(items)
            case Fold(title, inner):
                yield node("div", node("h4", title), *_html(inner), class_="origin")


def _bullets(items: Iterable[str]) -> Element:
    return node("ul", *(node("li", item) for item in items))


def _signature(text: Entry | Alert) -> Element:
    if is_signed(text) and text.signed:
        return node("p", f"Signed: {text.signed.role}, {text.signed.date}", class_="sign")
    void = "The signature is void: the text was changed. " if text.signed else ""
    line = f"signed: {{role: ROLE, date: YEAR-MONTH-DAY, text_hash: {text_hash(text)}}}"
    return node(
        "div",
        node("p", f"{void}☐ right as it is   ☐ to be changed:"),
        node("div", class_="line"),
        node("p", "Name, role, date, signature:"),
        node("div", class_="line"),
        node("code", line, class_="quiet"),
        class_="sign",
    )
