"""The review page: every claim of the documents beside what the bot says, for a reviewer to sign.

`python -m bot.faq.review` prints the page of the FAQ in the working folder as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.faq.models import Citation, Document, Entry, Knowledge, Reference, Referral, Section

_HEAD = """\
# Content review: {title}

This page is made from the FAQ (`make docs`); do not edit it. It holds all that the bot says:

1. every claim of the documents, how it stands beside independent sources, and what the bot says;
2. the gaps: what people ask and the documents do not cover;
3. every entry in full, as people read it;
4. the fixed messages that come before, or instead of, an answer.

A reviewer reads each row and each entry, writes what must change, and signs at the end.
"""
_SIGN = """\
## Signature

| | |
|---|---|
| Reviewer, profession, registration | |
| Date of the FAQ's files that were read | |
| To be changed before use | |
| Signature | |
"""
_TO_BE_MARKED = re.compile(r"([\\`*_\[\]<>|])")


def review_page(knowledge: Knowledge) -> str:
    """Write the whole page as Markdown, with an end of line."""
    documents = knowledge.sources.documents
    parts = [
        _HEAD.format(title=_cell(knowledge.faq.title)),
        *(_interests(documents) if documents else ()),
        *_claims(knowledge),
        *_gaps(knowledge.faq.entries),
        *_entries(knowledge),
        *_fixed(knowledge),
        _SIGN,
    ]
    return "\n".join(parts)


def _interests(documents: Sequence[Document]) -> Iterator[str]:
    yield "## The documents\n"
    rows = ((f"`{each.id}`", each.title, each.publisher, each.interest) for each in documents)
    yield _table(("document", "title", "publisher", "interest"), rows, marked=1)


def _claims(knowledge: Knowledge) -> Iterator[str]:
    references = {each.id: each for each in knowledge.sources.references}
    sections = [
        (document, section)
        for document in knowledge.sources.documents
        for section in document.sections
    ]
    if not sections:
        return
    yield f"## The claims ({len(sections)})\n"
    yield (
        "What the bot says is the answer of the entry that is most about the claim; the other "
        "entries that cite it are named, and stand in full below.\n"
    )
    columns = ("claim", "document", "section", "verdict", "what the bot says", "references", "ok")
    yield _table(
        columns,
        (
            (
                _cell(section.claim),
                f"`{document.id}`",
                f"**{section.id}** {_cell(section.heading)}",
                f"**{section.verdict}**: {_cell(section.note)}",
                _said(document, section, knowledge.faq.entries),
                "<br>".join(_reference(references[each]) for each in section.references) or "none",
                "",
            )
            for document, section in sections
        ),
        marked=len(columns),
    )


def _said(document: Document, section: Section, entries: Iterable[Entry]) -> str:
    """The answer of the entry that cites the fewest sections beside this one, and the others."""
    claim = Citation(document=document.id, section=section.id)
    citing = [entry for entry in entries if claim in entry.sources]
    citing.sort(key=lambda entry: len(entry.sources))
    left_out = f"Left out: {_cell(section.left_out)}" if section.left_out else ""
    if not citing:
        return left_out or "**Nothing: no entry cites it.**"
    first, *others = citing
    also = f"Also in {', '.join(map(_link, others))}." if others else ""
    return "<br>".join(filter(None, (f"{_link(first)}: {_cell(first.answer)}", also, left_out)))


def _gaps(entries: Iterable[Entry]) -> Iterator[str]:
    gaps = [entry for entry in entries if entry.kind == "gap"]
    if not gaps:
        return
    yield f"## The gaps ({len(gaps)})\n"
    yield _table(
        ("gap", "what the bot says", "what to ask", "who can answer", "ok"),
        (
            (
                _link(entry),
                _cell(entry.answer),
                "<br>".join(map(_cell, entry.points.items)) if entry.points else "",
                _cell(_referral(entry.referral)),
                "",
            )
            for entry in gaps
        ),
        marked=5,
    )


def _entries(knowledge: Knowledge) -> Iterator[str]:
    references = {each.id: each for each in knowledge.sources.references}
    yield f"## The entries ({len(knowledge.faq.entries)})\n"
    for entry in knowledge.faq.entries:
        yield f"### {entry.id}\n"
        yield "\n".join(_entry(entry, references))


def _entry(entry: Entry, references: dict[str, Reference]) -> Iterator[str]:
    reviewed = entry.reviewed.isoformat() if entry.reviewed else "never"
    yield f"**{_cell(entry.title)}** ({entry.kind}; last reviewed: {reviewed})\n"
    for paragraph in filter(None, map(str.strip, entry.answer.split("\n"))):
        yield f"{_cell(paragraph)}\n"
    if entry.points:
        yield from _list(entry.points.heading, entry.points.items)
    if entry.usually:
        days = entry.usually.settles_within_days
        within = "" if days is None else f" (within {days} days)"
        yield f"*What usually happens*{within}: {_cell(entry.usually.text)}\n"
    if entry.what_to_do:
        yield f"*What to do now*: {_cell(entry.what_to_do)}\n"
    if entry.get_help_if:
        yield from _list("Get help if", entry.get_help_if)
    yield f"*Referral*: {_cell(_referral(entry.referral))}\n"
    if entry.sources:
        cited = (f"{each.document} {each.section}" for each in entry.sources)
        yield f"*Made from*: {_cell(', '.join(cited))}\n"
    if entry.evidence:
        note = f": {_cell(entry.evidence.note)}" if entry.evidence.note else ""
        yield f"*How sure we are*: **{entry.evidence.verdict}**{note}\n"
        for each in entry.evidence.references:
            yield f"- {_reference(references[each])}"
        if entry.evidence.references:
            yield ""


def _list(heading: str, items: Iterable[str]) -> Iterator[str]:
    yield f"*{_cell(heading)}*:\n"
    yield from (f"- {_cell(item)}" for item in items)
    yield ""


def _fixed(knowledge: Knowledge) -> Iterator[str]:
    replies = knowledge.replies
    yield "## The fixed messages\n"
    rows = [(f"alert: {each.level}", each.message) for each in knowledge.alerts.alerts]
    rows += [
        ("referral of a reply without an entry", replies.referral),
        ("disclaimer", replies.disclaimer),
        ("not understood", replies.fallback),
        ("a photo is sent", replies.photo),
    ]
    yield _table(("message", "text", "ok"), ((_cell(a), _cell(b), "") for a, b in rows), marked=3)


def _referral(referral: Referral | None) -> str:
    if referral is None:
        return "none"
    note = f". {referral.note}" if referral.note else ""
    return f"{referral.to}, {referral.when}{note}"


def _reference(reference: Reference) -> str:
    title = _cell(reference.title)
    named = f"[{title}]({reference.url})" if reference.url else title
    year = f", {reference.year}" if reference.year else ""
    return f"{_cell(reference.publisher)}: {named}{year}"


def _link(entry: Entry) -> str:
    return f"[{entry.id}](#{entry.id.lower()})"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, marked: int) -> str:
    """A table; the cells of the first `marked` columns are Markdown already."""
    lines = [columns, ["---"] * len(columns)]
    lines += ([*row[:marked], *map(_cell, row[marked:])] for row in rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """A text as it is, on one line: no character of it is Markdown."""
    paragraphs = (" ".join(each.split()) for each in text.split("\n"))
    return "<br>".join(_TO_BE_MARKED.sub(r"\\\1", each) for each in paragraphs if each)


def main() -> None:
    """Print the page of the default FAQ."""
    from bot.faq.loading import load_knowledge
    from bot.faq.shipped import default_folder

    print(review_page(load_knowledge(default_folder())), end="")


if __name__ == "__main__":
    main()
