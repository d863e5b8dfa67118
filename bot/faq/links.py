"""What one part of a FAQ says of another: ids that are given twice or lead nowhere.

Works on plain values, so that a FAQ with other faults has these reported in the same run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import get_args

from bot.faq.models import ALERT_LEVELS, LanguageKind
from bot.faq.problems import Problem
from bot.faq.source import Pattern, Source
from bot.faq.validation import nearest

_QUESTIONS = ("self_check", ...)
_ANSWERS = (*_QUESTIONS, "answers", ...)
_CITED = ("entries", ..., "sources", ..., "document")
_IDS: Mapping[str, tuple[str, tuple[Pattern, ...]]] = {
    "entry": ("faq", (("entries", ..., "id"), ("entries", ..., "was", ...))),
    "document": ("sources", (("documents", ..., "id"),)),
    "reference": ("sources", (("references", ..., "id"),)),
    "alert": ("alerts", (("alerts", ..., "name"),)),
    "sign": ("signs", (("signs", ..., "name"),)),
    "question": ("replies", ((*_QUESTIONS, "name"),)),
    "language": ("languages", (("languages", ..., "code"),)),
}
"""What has an id: the file, and the places in it."""
_MENTIONS: tuple[tuple[str, str, Pattern], ...] = (
    ("entry", "faq", ("entries", ..., "related", ...)),
    ("entry", "replies", ("groups", ..., "entries", ...)),
    ("entry", "replies", ("start_topics", ...)),
    ("entry", "replies", (*_ANSWERS, "entry")),
    ("document", "faq", _CITED),
    ("reference", "faq", ("entries", ..., "evidence", "references", ...)),
    ("reference", "sources", ("documents", ..., "sections", ..., "references", ...)),
    ("alert", "replies", (*_ANSWERS, "alert")),
    ("alert", "signs", ("signs", ..., "alert")),
)
"""What is named, in which file, and where in it."""
_MOST_DEAD = 10
"""More names than these that are not there have one cause."""
_LIST_NAME = re.compile(r"(?<![\w'])[A-Z]{2,}(?![\w'])")
"""A word in capitals, which stands for a list of words."""


def broken_links(sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Yield every id that is not unique, and every mention of an id that does not exist.

    `sources` are the files of a FAQ by their names without `.yaml`.
    """
    faq = sources["faq"]
    for what, (file, patterns) in _IDS.items():
        yield from _repeated(sources[file], what, *patterns)
    for what, file, pattern in _MENTIONS:
        # Shipped signs go without the alerts that a FAQ does not have.
        shipped = file == "signs" and sources[file].file.parent != faq.file.parent
        if sources[_IDS[what][0]].whole and not shipped:
            yield from dead_links(sources[file], what, _ids(sources, what), pattern)
    yield from _unknown_lists(sources["signs"])
    yield from _endless(sources["replies"], _ids(sources, "question"))
    yield from _silent_on_emergency(sources["languages"])
    yield from _sections(faq, sources["sources"])


def dead_links(source: Source, what: str, known: list[str], pattern: Pattern) -> Iterator[Problem]:
    """Yield every mention of a name, at `pattern`, that is none of those `known`."""
    kind = "dead-related" if "related" in pattern else f"unknown-{what}"
    names = set(known)
    problems = []
    for trail, name in source.texts(pattern):
        if name not in names and " " not in name:  # one with a space is no id, which is told
            meant = nearest(name, known)
            problems.append(source.fault(trail, kind, meant=meant, what=what, name=name))
    yield from _few(problems)


def unknown_files(
    sources: Mapping[str, Source], examples: Mapping[str, Source]
) -> Iterator[Problem]:
    """Yield every example file whose name is no entry, no level of danger, or no language.

    Both are named as in `LoadedFaq.sources`.
    """
    faq, languages, codes = sources["faq"], sources["languages"], _ids(sources, "language")
    problems = []
    for key, source in examples.items():
        if not source.file.is_relative_to(faq.file.parent):
            continue
        this, end, kind = "file", ".txt", "unknown-file"
        match key.split("/")[1:]:
            case ["danger", name]:
                what, known = "level of danger", [*ALERT_LEVELS, "harmless"]
            case ["languages", code, name] if code in codes or not languages.whole:
                what, known = "kind of message", [*get_args(LanguageKind)]
            case ["languages", name, _]:
                this, end, what, known = "folder", "", "language", codes
            case [name]:
                what, known = "entry", [*_ids(sources, "entry"), "off-topic"]
                kind = "unknown-file/of-entry"
        if name not in known and (what != "entry" or faq.whole):
            near = nearest(name, known)
            values = {"meant": near and f"{near}{end}", "what": what, "name": name, "this": this}
            problems.append(source.fault((), kind, **values))
    yield from _few(problems)


def without_referral(faq: Source) -> Iterator[Problem]:
    """Yield every entry that names no professional: no answer leaves without one."""
    for trail, entry_id in faq.texts(("entries", ..., "id")):
        if (*trail[:-1], "referral") not in faq.values:
            yield faq.fault(trail[:-1], "no-referral", name=entry_id)


def _silent_on_emergency(languages: Source) -> Iterator[Problem]:
    """Yield every fixed text of a language that does not name its emergency number."""
    for trail, number in languages.texts(("languages", ..., "number")) if languages.whole else ():
        for key in ("reply", "emergency", "crisis"):
            for place, text in languages.texts((*trail[:-1], key)):
                if number.casefold() not in text.casefold():
                    yield languages.fault(place, "no-emergency-number", number=number)


def _endless(replies: Source, names: list[str]) -> Iterator[Problem]:
    """Yield every answer of the check whose next question does not stand below its own."""
    for trail, name in replies.texts((*_ANSWERS, "next")):
        if name not in names[int(str(trail[1])) + 1 :]:
            yield replies.fault(trail, "unknown-question", name=name)


def _unknown_lists(signs: Source) -> Iterator[Problem]:
    """Yield every word in capitals of a sign that is no list, and those within a list."""
    words = signs.value.get("words") if isinstance(signs.value, dict) else None
    lists = words if isinstance(words, dict) else {}
    patterns = [("signs", ..., "said", ...), *(("words", name) for name in lists)]
    for trail, text in (each for pattern in patterns for each in signs.texts(pattern)):
        within = trail[1] if trail[0] == "words" else None
        for found in _LIST_NAME.finditer(text):
            if within or found[0] not in lists:
                place = signs.word_place(trail, text, found.start())
                kind = "unknown-list/within" if within else "unknown-list"
                yield signs.fault(place, kind, name=found[0], within=within)


def _sections(faq: Source, documents: Source) -> Iterator[Problem]:
    """Yield every section that a document has twice, and every one cited that it does not have."""
    sections: dict[str, list[str]] = {}
    for trail, document in documents.texts(("documents", ..., "id")):
        places = (*trail[:-1], "sections", ..., "id")
        yield from _repeated(documents, "section", places)
        sections[document] = [section for _, section in documents.texts(places)]
    for trail, document in faq.texts(_CITED) if documents.whole else ():
        if document in sections:
            yield from dead_links(faq, "section", sections[document], (*trail[:-1], "section"))


def _ids(sources: Mapping[str, Source], what: str) -> list[str]:
    file, patterns = _IDS[what]
    return [name for pattern in patterns for _, name in sources[file].texts(pattern)]


def _repeated(source: Source, what: str, *patterns: Pattern) -> Iterator[Problem]:
    for trail, name, line in source.repeated(*patterns):
        yield source.fault(trail, "duplicate-id", what=what, name=name, line=line)


def _few(problems: list[Problem]) -> list[Problem]:
    """All of them, or one where there are so many that they must have one cause."""
    if len(problems) <= _MOST_DEAD:
        return problems
    message = f"{problems[0].message}, and so with {len(problems) - 1} more"
    hint = "Was a part of a file lost? Then fetch it again."
    return [replace(problems[0], message=message, hint=hint)]
