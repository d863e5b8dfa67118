"""What a reply says, in which order and under which headings: decided here once, for every face.

`blocks` turns a reply into the pieces of `bot.chat.blocks`. Each face turns those into its own
form: `plain` (here) into text, the terminal into styled lines, Telegram into HTML and buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.answering.reply import AnsweredEntry, Reply
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
)
from bot.faq.models import (
    Citation,
    Document,
    Entry,
    Evidence,
    Kind,
    Knowledge,
    Professional,
    Reference,
    Referral,
    Urgency,
    Verdict,
)


def blocks(reply: Reply, knowledge: Knowledge) -> tuple[Block, ...]:
    """Everything a reply says, in order.

    The alert; each answer (title, answer, points, usual course, what to do, warning signs,
    referral, where it comes from); then the fixed message, suggestions, topics, general
    referral, disclaimer and related topics, so far as there are any. The general referral is
    left out where each answer has one of its own.

    An alert is itself a referral, and the gravest. A crisis gets its message alone, and so does
    an alert that nothing was found for. Elsewhere its first paragraph is said again at the end,
    in place of the general referral: on a screen the beginning scrolls away.
    """
    if reply.alert and (reply.alert.level == "crisis" or not (reply.answered or reply.suggested)):
        return (AlertText(reply.alert.level, reply.alert.message),)
    return tuple(_blocks(reply, knowledge))


def _blocks(reply: Reply, knowledge: Knowledge) -> Iterator[Block]:
    if reply.alert:
        yield AlertText(reply.alert.level, reply.alert.message)
    for answered in reply.answered:
        yield from _answer(answered, knowledge)
    yield from paragraphs(reply.message)
    if reply.suggested:
        none = "" if reply.answered else knowledge.replies.none_of_these
        yield Choices("suggestions", reply.suggested, otherwise=none)
    if reply.offer_topics:
        yield from topics(knowledge)
    if reply.alert:
        yield ReferralText(paragraphs(reply.alert.message)[0].text)
    elif reply.referral and not _all_refer(reply.answered):
        yield ReferralText(reply.referral)
    if reply.disclaimer:
        yield SmallPrint(reply.disclaimer)
    if related := _related(reply, knowledge):
        yield Choices("related", related)


def _answer(answered: AnsweredEntry, knowledge: Knowledge) -> Iterator[Block]:
    entry = answered.entry
    yield Title(entry.title)
    yield from paragraphs(entry.answer)
    if entry.points:
        yield Heading(entry.points.heading.rstrip(":"))
        yield Bullets(entry.points.items)
    if entry.usually or answered.time_note:
        yield Heading("What usually happens")
        usual = entry.usually.text if entry.usually else ""
        yield from paragraphs(f"{usual} {answered.time_note or ''}")
    if entry.what_to_do:
        yield Heading("What to do now")
        yield from paragraphs(entry.what_to_do)
    if entry.get_help_if:
        yield Heading("Get help if")
        yield Bullets(entry.get_help_if)
    if answered.referral:
        yield ReferralText(referral_sentence(answered.referral))
    if origin := tuple(_origin(entry, knowledge)):
        yield Fold("Where this comes from", origin)


def _origin(entry: Entry, knowledge: Knowledge) -> Iterator[Heading | Paragraph | Bullets]:
    documents = {document.id: document for document in knowledge.sources.documents}
    if entry.sources:
        yield Bullets(tuple(_cited(entry.sources, documents)))
    if entry.evidence:
        yield Heading("How sure we are")
        yield from paragraphs(f"{certainty(entry.evidence.verdict)} {entry.evidence.note or ''}")
        if references := tuple(_references(entry.evidence, knowledge)):
            yield Heading("What that rests on")
            yield Bullets(references)


def _cited(citations: Iterable[Citation], documents: dict[str, Document]) -> Iterator[str]:
    """One line for each document: its title, publisher, interest, and the sections cited."""
    sections: dict[str, list[str]] = {}
    for citation in citations:
        sections.setdefault(citation.document, []).append(citation.section)
    for document_id, section_ids in sections.items():
        document = documents.get(document_id)
        headings = {each.id: each.heading for each in document.sections} if document else {}
        named = ", ".join(f"{each} {headings.get(each, '')}".strip() for each in section_ids)
        label = "Section" if len(section_ids) == 1 else "Sections"
        title, interest = _document(document) if document else (document_id, "")
        yield f"{title}. {label} {named}. {interest}".rstrip()


def _document(document: Document) -> tuple[str, str]:
    """A document by its title and publisher, and what its publisher gains, as a sentence."""
    return f"“{document.title}”, {document.publisher}", f"{document.interest.rstrip('.')}."


def _references(evidence: Evidence, knowledge: Knowledge) -> Iterator[str]:
    known = {reference.id: reference for reference in knowledge.sources.references}
    for reference_id in evidence.references:
        reference = known.get(reference_id)
        yield _reference(reference) if reference else reference_id


def _reference(reference: Reference) -> str:
    published = ", ".join(filter(None, (reference.publisher, str(reference.year or ""))))
    return ". ".join(filter(None, (reference.title.rstrip("."), published, reference.url)))


def _all_refer(answered: tuple[AnsweredEntry, ...]) -> bool:
    return bool(answered) and all(each.referral for each in answered)


def _related(reply: Reply, knowledge: Knowledge) -> tuple[Entry, ...]:
    entries = {entry.id: entry for entry in knowledge.faq.entries}
    shown = {each.entry.id for each in reply.answered}
    wanted = dict.fromkeys(related for each in reply.answered for related in each.entry.related)
    return tuple(entries[each] for each in wanted if each in entries and each not in shown)


_TOPIC_HEADINGS: dict[Kind, str] = {
    "risk": "Risks and side effects",
    "guide": "Good to know",
    "general": "Other questions people ask",
    "gap": "Not in my documents, but I can say who to ask",
}


def topics(knowledge: Knowledge) -> tuple[Choices, ...]:
    """All the topics, as one group for each kind of entry that there is."""
    groups = (
        Choices(
            "topics", tuple(entry for entry in knowledge.faq.entries if entry.kind == kind), name
        )
        for kind, name in _TOPIC_HEADINGS.items()
    )
    return tuple(group for group in groups if group.entries)


def sources(knowledge: Knowledge) -> tuple[Block, ...]:
    """What `/sources` shows: the documents with who published them and why, the references."""
    said: list[Block] = [*paragraphs(knowledge.replies.sources)]
    if documents := knowledge.sources.documents:
        named = (". ".join(_document(document)) for document in documents)
        said += [Heading("Documents"), Bullets(tuple(named))]
    if references := knowledge.sources.references:
        said += [Heading("References"), Bullets(tuple(map(_reference, references)))]
    return (*said, *_closing(knowledge))


def notice(text: str, knowledge: Knowledge, *, offer_topics: bool = False) -> tuple[Block, ...]:
    """A fixed text of `replies.yaml` (help, privacy, a photo), closed as every reply is."""
    offered = topics(knowledge) if offer_topics else ()
    return (*paragraphs(text), *offered, *_closing(knowledge))


def _closing(knowledge: Knowledge) -> tuple[ReferralText, SmallPrint]:
    return ReferralText(knowledge.replies.referral), SmallPrint(knowledge.replies.disclaimer)


_REFERRALS: dict[Professional, dict[Urgency, str]] = {
    "technician": {
        "before-booking": "Ask your technician before you book.",
        "soon": "Ask your technician in the next few days.",
        "today": "Contact your technician today.",
        "now": "Contact your technician now.",
    },
    "pharmacist": {
        "before-booking": "Ask a pharmacist before you book.",
        "soon": "Ask a pharmacist in the next few days.",
        "today": "Ask a pharmacist today.",
        "now": "Ask a pharmacist now, or call a doctor if none is open.",
    },
    "doctor": {
        "before-booking": "Ask a doctor before you book.",
        "soon": "See a doctor in the next few days.",
        "today": "See a doctor today.",
        "now": "Call a doctor now, even at night or at a weekend.",
    },
    "dermatologist": {
        "before-booking": "Ask a dermatologist (a skin doctor) before you book.",
        "soon": "Arrange to see a dermatologist (a skin doctor) soon.",
        "today": "See a dermatologist (a skin doctor) today, or a doctor if you cannot.",
        "now": "Call a doctor or a dermatologist (a skin doctor) now, even at night.",
    },
    "scan-staff": {
        "before-booking": "Ask the scan staff before you book.",
        "soon": "Tell the scan staff before your scan.",
        "today": "Tell the scan staff today, before your scan.",
        "now": "Tell the scan staff now.",
    },
    "emergency": dict.fromkeys(
        ("before-booking", "soon", "today", "now"), "Call your local emergency number now."
    ),
}


def referral_sentence(referral: Referral) -> str:
    """One plain sentence that says who to turn to and how soon, with the note behind it.

    An emergency is always "now", whatever the entry's `when` says.
    """
    sentence = _REFERRALS[referral.to][referral.when]
    if referral.condition:
        sentence = f"{referral.condition}, {sentence[0].lower()}{sentence[1:]}"
    return f"{sentence} {referral.note}" if referral.note else sentence


_CERTAINTY: dict[Verdict, str] = {
    "supported": "Supported: independent sources say the same.",
    "partly-supported": "Partly supported: independent sources back some of this, not all of it.",
    "overstated": "Overstated: the documents claim more than independent sources show.",
    "unverified": "Unverified: no independent source that we know of confirms this.",
    "incorrect": "Incorrect: independent sources contradict what the documents say.",
    "promotional": "Promotional: the documents say this to sell something.",
    "not-covered": "Not covered: the documents say nothing about this.",
}


def certainty(verdict: Verdict) -> str:
    """How sure we are, as one sentence that begins with the verdict's name."""
    return _CERTAINTY[verdict]


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text: each line break begins a new one; blank lines are dropped."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def plain(reply: Reply, knowledge: Knowledge) -> str:
    """The whole reply as plain text, unwrapped, without an end of line."""
    return plain_text(blocks(reply, knowledge))


def plain_text(said: Iterable[Block]) -> str:
    """Blocks as plain text: a blank line between them, and none behind a heading.

    Related topics are left out: there is nothing to pick them with.
    """
    lines: list[str] = []
    close = True
    for block in said:
        text = _plain(block)
        if not text:
            continue
        if lines and not close:
            lines.append("")
        lines.append(text)
        close = isinstance(block, Heading)
    return "\n".join(lines)


def _plain(block: Block) -> str:
    match block:
        case Heading(text):
            return text if text.endswith("?") else f"{text}:"
        case Bullets(items):
            return "\n".join(f"- {item}" for item in items)
        case Fold(title, inner):
            return f"{title}:\n{plain_text(inner)}"
        case Choices("suggestions", entries):
            return "\n".join(f"- {entry.title}" for entry in entries)
        case Choices("topics", entries, heading):
            return f"{heading}: {'; '.join(entry.title for entry in entries)}"
        case Choices():
            return ""
        case Title() | Paragraph() | AlertText() | ReferralText() | SmallPrint():
            return block.text
        case _:
            assert_never(block)
