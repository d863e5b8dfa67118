"""Rules about the documents a FAQ was made from; without documents they find nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.faq.checks.rules import Content, entry_texts, every_text
from bot.faq.problems import Problem

COPIED_WORDS = 8
"""So many words in a row from a document are a copy, and not our own words."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def sections(content: Content) -> Iterator[Problem]:
    """Every section of a document is cited by an entry, or says why not in `left_out`."""
    cited = {(each.document, each.section) for _, e in content.entries() for each in e.sources}
    for d, document in enumerate(content.knowledge.sources.documents):
        for s, section in enumerate(document.sections):
            if (document.id, section.id) not in cited and not section.left_out:
                place = ("documents", d, "sections", s, "id")
                yield content.fault("sources", place, "uncited-section", section=section.id)


def references(content: Content) -> Iterator[Problem]:
    """A reference can be looked up, and says when it was compared with what the FAQ says of it."""
    for number, each in enumerate(content.knowledge.sources.references):
        if each.url is None and each.known_from != "copy":
            key, case = "id", "no-address"
        elif each.url is not None and not each.url.startswith("https://"):
            key, case = "url", "insecure"
        elif each.checked is None:
            key, case = "id", "unchecked"
        else:
            continue
        place = ("references", number, key)
        yield content.fault("sources", place, f"reference-in-full/{case}", name=each.id)


def claims(content: Content) -> Iterator[Problem]:
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
                place = (*trail, "sources", number)
                yield content.fault("faq", place, "unattributed-claim", **values)


def copies(content: Content) -> Iterator[Problem]:
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
                    offset = words[start].start()
                    yield content.fault(file, trail, "copied-words", offset, **values)
                start += COPIED_WORDS if run in taken else 1


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")


RULES = (sections, references, claims, copies)
