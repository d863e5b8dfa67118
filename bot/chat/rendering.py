"""What a reply says, in which order and under which headings: decided here once, for every face.

`blocks` turns a reply into the pieces of `bot.chat.blocks`. Each face turns those into its own
form: `plain` (here) into text, the terminal into styled lines, Telegram into HTML and buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.answering.reply import AnsweredEntry, Part, Reply
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
    Tap,
    Title,
    Way,
    Words,
)
from bot.faq.models import (
    Citation,
    Document,
    Entry,
    Knowledge,
    Reference,
    Referral,
    Replies,
    Verdict,
)
from bot.faq.signatures import unsigned


def blocks(reply: Reply, knowledge: Knowledge) -> tuple[Block, ...]:
    """Everything a reply says, in order.

    An alert is itself a referral: an emergency and a crisis stand alone, as does an alert that
    nothing was found for. Elsewhere its first sentence is said again at the end, where one looks.
    """
    return tuple(_blocks(reply, knowledge))


def _blocks(reply: Reply, knowledge: Knowledge) -> Iterator[Block]:
    replies = knowledge.replies
    if reply.alert:
        yield AlertText(reply.alert.message)
        # The words of this way on are in English.
        if not (reply.alert.gentle or reply.language):
            yield Choices("ways", (Way(replies.faces.something_else, Tap("something_else")),))
        if reply.alert.alone or not (reply.answered or reply.suggested):
            return
    for answered in reply.answered:
        whole = answered.part is None
        yield from (entry_blocks if whole else part_blocks)(answered, knowledge)
    yield from paragraphs(reply.message)
    if reply.suggested:
        none = () if reply.answered else (Way(replies.none_of_these, Tap("none")),)
        yield Choices("suggestions", (*entry_ways(reply.suggested), *none))
    if reply.offer_topics:
        yield from ways_on(knowledge)
    all_refer = reply.answered and all(each.referral for each in reply.answered)
    if reply.referral and (reply.alert or not all_refer):
        yield ReferralText(reply.referral)
    if reply.disclaimer:
        yield SmallPrint(reply.disclaimer)
    if parts := [each.entry for each in reply.answered if each.part]:
        label = replies.follow_ups.whole
        yield Choices("whole", tuple(Way(label, way.tap) for way in entry_ways(parts)))
    if related := _related(reply, knowledge):
        yield Choices("related", entry_ways(related), replies.related)


def part_blocks(answered: AnsweredEntry, knowledge: Knowledge) -> Iterator[Block]:
    """The part of an entry that a follow-up asks for, in order."""
    entry, part, replies = answered.entry, answered.part or Part(), knowledge.replies
    yield Title(replies.follow_ups.source.format(title=entry.title))
    yield from paragraphs(" ".join((*part.sentences, answered.time_note or "")))
    if part.points and entry.points:
        yield from _list(entry.points.heading.rstrip(":"), entry.points.items)
    if part.signs:
        yield from _list(replies.headings.get_help_if, entry.get_help_if)
    if part.origin:
        yield from _documents(entry, knowledge)
    if entry.get_help_if and not part.signs:
        yield Paragraph(replies.follow_ups.signs)
    if answered.referral:
        yield ReferralText(referral_sentence(answered.referral, replies))
    if part.origin and (references := _references(entry, knowledge)):
        yield Fold(replies.headings.references, (Bullets(references),))


def entry_blocks(answered: AnsweredEntry, knowledge: Knowledge) -> Iterator[Block]:
    """Everything that the answer of one entry says, in order."""
    entry, replies, headings = answered.entry, knowledge.replies, knowledge.replies.headings
    yield Title(entry.title)
    if entry.kind == "general":
        yield Heading(headings.general)
    yield from paragraphs(entry.answer)
    if entry.points:
        yield from _list(entry.points.heading.rstrip(":"), entry.points.items)
    if entry.usually or answered.time_note:
        yield Heading(headings.usually)
        usual = entry.usually.text if entry.usually else ""
        yield from paragraphs(f"{usual} {answered.time_note or ''}")
    if entry.what_to_do:
        yield Heading(headings.what_to_do)
        yield from paragraphs(entry.what_to_do)
    yield from _list(headings.get_help_if, entry.get_help_if)
    if answered.referral:
        yield ReferralText(referral_sentence(answered.referral, replies))
    references = _list(headings.references, _references(entry, knowledge))
    if origin := (*_documents(entry, knowledge), *references):
        yield Fold(headings.origin, origin)


def _list(heading: str, items: tuple[str, ...]) -> tuple[Words | Bullets, ...]:
    """A list below its heading, if it has one; nothing where it is empty."""
    if not items:
        return ()
    return (Heading(heading), Bullets(items)) if heading else (Bullets(items),)


def _documents(entry: Entry, knowledge: Knowledge) -> Iterator[Words | Bullets]:
    """The documents, and how far they are right; nothing where all are silent."""
    evidence = entry.evidence
    if entry.sources:
        yield Bullets(tuple(_cited(entry.sources, knowledge)))
    if evidence and entry.sources:
        cited = {citation.document for citation in entry.sources}
        documents = [each for each in knowledge.sources.documents if each.id in cited]
        said = verdict_sentence(evidence.verdict, documents, knowledge.replies)
        yield from paragraphs(f"{said} {evidence.note or ''}")
    elif evidence and evidence.note and evidence.references:
        yield from paragraphs(evidence.note)


def _references(entry: Entry, knowledge: Knowledge) -> tuple[str, ...]:
    known = {each.id: _reference(each, knowledge.replies) for each in knowledge.sources.references}
    cited = entry.evidence.references if entry.evidence else ()
    return tuple(known.get(each, each) for each in cited)


def _cited(citations: Iterable[Citation], knowledge: Knowledge) -> Iterator[str]:
    known = {document.id: document for document in knowledge.sources.documents}
    words = knowledge.replies.origin
    sections: dict[str, list[str]] = {}
    for citation in citations:
        sections.setdefault(citation.document, []).append(citation.section)
    for document_id, section_ids in sections.items():
        document = known.get(document_id)
        headings = {each.id: each.heading for each in document.sections} if document else {}
        named = ", ".join(f"{each} {headings.get(each, '')}".strip() for each in section_ids)
        label = words.section if len(section_ids) == 1 else words.sections
        title, interest = _document(document) if document else (document_id, "")
        yield f"{title}. {label.format(sections=named)}. {interest}".rstrip()


def _document(document: Document) -> tuple[str, str]:
    return f"“{document.title}”, {document.publisher}", f"{document.interest.rstrip('.')}."


def _reference(reference: Reference, replies: Replies) -> str:
    words = replies.origin
    checked = words.checked.format(date=reference.checked) if reference.checked else ""
    copy = words.known_from_copy if reference.known_from == "copy" else ""
    published = ", ".join(filter(None, (reference.publisher, str(reference.year or ""))))
    seen = ", ".join(filter(None, (copy, checked)))
    told = ". ".join(filter(None, (reference.title.rstrip("."), published, reference.url)))
    return f"{told} ({seen})" if seen else told


def _related(reply: Reply, knowledge: Knowledge) -> tuple[Entry, ...]:
    entries = {entry.id: entry for entry in knowledge.faq.entries}
    ids = knowledge.ids
    shown = {each.entry.id for each in reply.answered}
    whole = (each.entry for each in reply.answered if each.part is None)
    related = (ids.get(name) for entry in whole for name in entry.related)
    return tuple(entries[each] for each in dict.fromkeys(related) if each and each not in shown)


def sources(knowledge: Knowledge) -> tuple[Block, ...]:
    """What `/sources` shows: the documents with who published them and why, the references."""
    replies, headings = knowledge.replies, knowledge.replies.headings
    documents = tuple(". ".join(_document(each)) for each in knowledge.sources.documents)
    references = tuple(_reference(each, replies) for each in knowledge.sources.references)
    lists = (*_list(headings.documents, documents), *_list(headings.references, references))
    return notice(replies.sources, knowledge, *lists)


def about(knowledge: Knowledge) -> str:
    """What `/about` says: also, while it is so, that no clinician has signed all answers."""
    replies = knowledge.replies
    return f"{replies.about}\n{replies.unsigned}" if unsigned(knowledge) else replies.about


def notice(text: str, knowledge: Knowledge, *more: Block) -> tuple[Block, ...]:
    """A fixed text of `replies.yaml` (help, a photo), and `more`, closed as every reply is."""
    closing = ReferralText(knowledge.replies.referral), SmallPrint(knowledge.replies.disclaimer)
    return (*paragraphs(text), *more, *closing)


def gone(knowledge: Knowledge) -> tuple[Block, ...]:
    """What is said of a topic, or a question of the check, that is not there any more."""
    return notice(knowledge.replies.unknown_topic, knowledge, *ways_on(knowledge))


def welcome(knowledge: Knowledge) -> tuple[Block, ...]:
    """What `/start` shows: also what people ask most."""
    return notice(knowledge.replies.welcome, knowledge, *ways_on(knowledge, first=True))


def referral_sentence(referral: Referral, replies: Replies) -> str:
    """Who to turn to and how soon, with the note behind it; an emergency is always "now"."""
    when = "now" if referral.to == "emergency" else referral.when
    sentence = replies.referrals[referral.to][when]
    if referral.condition:
        sentence = f"{referral.condition}, {sentence[0].lower()}{sentence[1:]}"
    return f"{sentence} {referral.note}" if referral.note else sentence


def verdict_sentence(verdict: Verdict, documents: Sequence[Document], replies: Replies) -> str:
    """How far it is right what the documents say, such as "What the article says: overstated."."""
    words, found = replies.origin, replies.verdicts[verdict]
    if len(documents) == 1:
        return words.one_document.format(document=documents[0].kind, verdict=found)
    return words.documents.format(verdict=found)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text: each line break begins a new one; blank lines are dropped."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def plain(reply: Reply, knowledge: Knowledge, *, sources: bool = True) -> str:
    """A reply as plain text, unwrapped, without an end of line; `sources` may be left out."""
    return plain_text(blocks(reply, knowledge), sources=sources)


def unfolded(said: Iterable[Block], *, sources: bool = True) -> Iterator[Words | Bullets]:
    """Blocks for where nothing can be folded or picked: suggestions and topics are a list.

    Without `sources` what is folded away is left out.
    """
    for block in said:
        match block:
            case Words() | Bullets():
                yield block
            case Fold(title, inner) if sources:
                yield from (Heading(title), *inner)
            case Choices("suggestions" | "topics" | "ways", ways, heading):
                labels = (way.label for way in ways if way.tap.action in ("topic", "page"))
                yield from _list(heading, tuple(labels))


def plain_text(said: Iterable[Block], *, sources: bool = True) -> str:
    """Blocks as plain text, `unfolded`."""
    text, gap = "", ""
    for block in unfolded(said, sources=sources):
        match block:
            case Heading():
                piece, after = block.line, "\n"
            case Words(piece):
                after = "\n\n"
            case Bullets(items):
                piece, after = "\n".join(f"- {item}" for item in items), "\n\n"
        text, gap = text + gap + piece, after
    return text


_LOOKED_THROUGH = 14
"""Topics of a group that are shown at once."""
_MOST_GROUPS = 30


def entry_ways(entries: Iterable[Entry]) -> tuple[Way, ...]:
    """The way to each entry, by its title."""
    return tuple(Way(entry.title, Tap("topic", entry.id)) for entry in entries)


def topics(knowledge: Knowledge) -> tuple[Choices, ...]:
    """All the topics in their groups, long ones parted; what is in none comes last."""
    replies, faq, ids = knowledge.replies, knowledge.faq, knowledge.ids
    entries = {entry.id: entry for entry in faq.entries}
    groups = [
        (group.title, tuple(entries.pop(ids[e]) for e in group.entries if ids.get(e) in entries))
        for group in replies.groups
    ]
    groups.append((replies.other_topics if groups else faq.title, tuple(entries.values())))
    size = max(_LOOKED_THROUGH, -(-len(faq.entries) // _MOST_GROUPS))
    found: list[Choices] = []
    for title, inside in groups:
        parts = [inside[i : i + size] for i in range(0, len(inside), size)]
        for number, part in enumerate(parts, 1):
            heading = f"{title} {number}" if len(parts) > 1 else title
            found.append(Choices("topics", entry_ways(part), heading))
    return tuple(found)


def ways_on(knowledge: Knowledge, *, first: bool = False) -> Iterator[Choices]:
    """What is offered where there is no answer: the check, what is asked `first`, the groups.

    One group alone is shown in full.
    """
    replies, groups = knowledge.replies, topics(knowledge)
    if replies.self_check:
        yield Choices("ways", (Way(replies.faces.check, Tap("check")),))
    if first and replies.start_topics:
        entries = {entry.id: entry for entry in knowledge.faq.entries}
        asked = dict.fromkeys(knowledge.ids[each] for each in replies.start_topics)
        yield Choices("topics", entry_ways(entries[each] for each in asked))
    if len(groups) == 1:
        yield groups[0]
    else:
        ways = (Way(each.heading, Tap("page", str(n))) for n, each in enumerate(groups))
        yield Choices("ways", tuple(ways))


def check(knowledge: Knowledge, name: str = "") -> tuple[Block, ...]:
    """A question of the check by its name, the first without; that it is gone where it is."""
    replies = knowledge.replies
    for question in replies.self_check:
        if name in ("", question.name):
            ways = []
            for each in question.answers:
                tap = Tap("alert", each.alert) if each.alert else Tap("checked", each.entry or "")
                ways.append(Way(each.label, Tap("check", each.next) if each.next else tap))
            picks = Choices("ways", tuple(ways))
            return Paragraph(question.ask), picks, ReferralText(replies.check_note)
    return gone(knowledge)
