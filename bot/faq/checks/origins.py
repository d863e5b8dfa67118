"""Rules about the documents a FAQ was made from; without documents they find nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.faq.checks.rules import Content, Finding, entry_texts, every_text, rule

COPIED_WORDS = 8
"""So many words in a row from a document are a copy, and not our own words."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@rule("uncited-section")
def uncited_section(content: Content) -> Iterator[Finding]:
    """Every section of a document is cited by an entry, or says why not in `left_out`."""
    cited = {(each.document, each.section) for _, e in content.entries() for each in e.sources}
    for d, document in enumerate(content.knowledge.sources.documents):
        for s, section in enumerate(document.sections):
            if (document.id, section.id) not in cited and not section.left_out:
                place = ("documents", d, "sections", s, "id")
                yield Finding("sources", place, {"section": section.id})


@rule("no-sources")
def no_sources(content: Content) -> Iterator[Finding]:
    """Where a FAQ has a `sources.yaml`, each risk and guide cites a section of a document."""
    for trail, entry in content.entries() if "sources" in content.sources else ():
        if entry.kind in ("risk", "guide") and not entry.sources:
            yield Finding("faq", trail, {"name": entry.id})


@rule("no-reference")
def no_reference(content: Content) -> Iterator[Finding]:
    """General advice, and what an entry that cites a document tells people to do, has a reference.

    What a document says is a claim, and no instruction.
    """
    for trail, entry in content.entries():
        if entry.evidence and entry.evidence.references:
            continue
        if entry.kind == "general":
            yield Finding("faq", trail, {"name": entry.id}, "advice")
        elif entry.sources and entry.what_to_do:
            yield Finding("faq", trail, {"name": entry.id}, "instruction")


@rule("reference-in-full")
def reference_in_full(content: Content) -> Iterator[Finding]:
    """A reference can be looked up: it has a secure address, or `known_from: copy`.

    The address of a copy is not given. `checked` is the day on which the reference was compared
    with what the FAQ says of it.
    """
    for number, each in enumerate(content.knowledge.sources.references):
        trail, values = ("references", number), {"name": each.id}
        if each.url is None and each.known_from != "copy":
            yield Finding("sources", (*trail, "id"), values, "no-address")
        elif each.url is not None and not each.url.startswith("https://"):
            yield Finding("sources", (*trail, "url"), values, "insecure")
        elif each.checked is None:
            yield Finding("sources", (*trail, "id"), values, "unchecked")


@rule("unattributed-claim")
def unattributed_claim(content: Content) -> Iterator[Finding]:
    """A claim that is not `supported` is told as what somebody says.

    An entry that cites a section with such a claim holds, in what it tells or in the note of its
    evidence, one of the ways in which `attributed_as` names the document.
    """
    documents = {document.id: document for document in content.knowledge.sources.documents}
    for trail, entry in content.entries():
        told = " ".join(word for _, text in entry_texts(trail, entry) for word in text.split())
        for number, citation in enumerate(entry.sources):
            document = documents[citation.document]
            section = next(each for each in document.sections if each.id == citation.section)
            named = any(name.casefold() in told.casefold() for name in document.attributed_as)
            if section.verdict != "supported" and not named:
                as_in = document.attributed_as[0]
                values = {"section": section, "name": entry.id, "as_in": as_in}
                yield Finding("faq", (*trail, "sources", number), values)


@rule("copied-words")
def copied_words(content: Content) -> Iterator[Finding]:
    """No eight words in a row are taken from a document: answers are in our own words."""
    taken = {
        tuple(words[start : start + COPIED_WORDS]): name
        for name, text in content.documents.items()
        for words in [_WORD.findall(_plain(text))]
        for start in range(len(words) - COPIED_WORDS + 1)
    }
    for file, source in content.sources.items() if taken else ():
        for trail, text in every_text(source.value) if content.is_own(file) else ():
            if file == "sources" and trail[-1] == "title":
                continue  # a document is called what it is called
            words = list(_WORD.finditer(_plain(text)))
            start = 0
            while start <= len(words) - COPIED_WORDS:
                run = tuple(word[0] for word in words[start : start + COPIED_WORDS])
                if run in taken:
                    values = {"document": taken[run], "words": " ".join(run)}
                    yield Finding(file, trail, values, offset=words[start].start())
                start += COPIED_WORDS if run in taken else 1


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")
