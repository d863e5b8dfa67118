"""What one part of a FAQ says of another: ids that are given twice or lead nowhere.

Works on plain values, so that a FAQ with other faults has these reported in the same run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import get_args

from bot.faq.building import Place
from bot.faq.examples import DANGER, LANGUAGES
from bot.faq.languages import LanguageKind
from bot.faq.models import ALERT_LEVELS
from bot.faq.problems import Problem
from bot.faq.reading import Source
from bot.faq.validation import nearest

_IDS = (("entries", ..., "id"), ("entries", ..., "was", ...))
_RELATED = ("entries", ..., "related", ...)
_MOST_DEAD = 10
"""More names than these that are not there have one cause."""
_GONE = (
    "Check the name. If the entry is gone, add it to the `was:` of the one that took its place."
)
_LIST_NAME = re.compile(r"(?<![\w'])[A-Z]{2,}(?![\w'])")
"""A word in capitals, which stands for a list of words."""
_QUESTIONS = ("self_check", ...)
_ANSWERS = (*_QUESTIONS, "answers", ...)
_NAMES_OF_ENTRIES: tuple[tuple[object, ...], ...] = (
    ("groups", ..., "entries", ...),
    ("start_topics", ...),
    (*_ANSWERS, "entry"),
)


def broken_links(sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Yield every id that is not unique, and every mention of an id that does not exist.

    `sources` are the files of a FAQ by their names without `.yaml`.
    """
    faq = sources["faq"]
    documents = sources.get("sources", Source(faq.file.with_name("sources.yaml")))
    alerts, signs = sources["alerts"], sources["signs"]
    replies = sources.get("replies", Source(faq.file.with_name("replies.yaml")))
    yield from _repeated(faq, "entry", *_IDS)
    yield from _repeated(documents, "document", ("documents", ..., "id"))
    yield from _repeated(documents, "reference", ("references", ..., "id"))
    yield from _repeated(alerts, "alert", ("alerts", ..., "name"))
    yield from _repeated(signs, "sign", ("signs", ..., "name"))
    yield from _unknown_lists(signs)
    yield from _repeated(replies, "question", (*_QUESTIONS, "name"))
    yield from _endless(replies)
    if languages := sources.get("languages"):
        yield from _repeated(languages, "language", ("languages", ..., "code"))
        if languages.whole:
            yield from _silent_on_emergency(languages)
    if alerts.whole:
        names = [name for _, name in alerts.texts(("alerts", ..., "name"))]
        yield from _dead(replies, "alert", names, (*_ANSWERS, "alert"))
        # Shipped signs go without the alerts that a FAQ does not have.
        if signs.file.parent == faq.file.parent:
            yield from _dead(signs, "alert", names, ("signs", ..., "alert"))
    sections: dict[str, list[str]] = {}
    for trail, document in documents.texts(("documents", ..., "id")):
        places = (*trail[:-1], "sections", ..., "id")
        yield from _repeated(documents, "section", places)
        sections[document] = [section for _, section in documents.texts(places)]
    if faq.whole:
        yield from _dead(faq, "entry", _ids(faq), _RELATED, "dead-related", _GONE)
        for naming in _NAMES_OF_ENTRIES:
            yield from _dead(replies, "entry", _ids(faq), naming)
    if documents.whole:
        references = [each for _, each in documents.texts(("references", ..., "id"))]
        for source, naming in (
            (faq, ("entries", ..., "evidence", "references", ...)),
            (documents, ("documents", ..., "sections", ..., "references", ...)),
        ):
            yield from _dead(source, "reference", references, naming)
        citing = ("entries", ..., "sources", ..., "document")
        yield from _dead(faq, "document", list(sections), citing)
        for trail, document in faq.texts(citing):
            if document in sections:
                section = (*trail[:-1], "section")
                yield from _dead(faq, "section", sections[document], section)


def unknown_files(
    sources: Mapping[str, Source], examples: Mapping[str, Source]
) -> Iterator[Problem]:
    """Yield every example file whose name is no entry, no level of danger, or no language.

    Both are named as in `LoadedFaq.sources`.
    """
    faq, languages = sources["faq"], sources.get("languages", Source(sources["faq"].file))
    entries = _ids(faq)
    codes = [code for _, code in languages.texts(("languages", ..., "code"))]
    problems = []
    for key, source in examples.items():
        if not source.file.is_relative_to(faq.file.parent):
            continue
        where, _, name = key.rpartition("/")
        part, _, code = where.rpartition("/")
        this = "file"
        if where == DANGER:
            what, known = "level of danger", [*ALERT_LEVELS, "harmless"]
        elif part != LANGUAGES:
            what, known = "entry", [*entries, "off-topic"]
        elif code in codes or not languages.whole:
            what, known = "kind of message", [*get_args(LanguageKind)]
        else:
            this, what, name, known = "folder", "language", code, codes
        if name in known or (what == "entry" and not faq.whole):
            continue
        meant = nearest(name, known)
        hint = f"Rename the {this}, or delete it."
        if what == "entry":
            hint = "If an entry took its place, add the name to its `was:`. If none, delete it."
        if meant:
            hint = f"Did you mean to call it {meant}{'.txt' * (this == 'file')}?"
        problems.append(
            source.problem(
                Place(1, 1, 1),
                "unknown-file",
                f"there is no {what} called `{name}`, as this {this} is",
                hint,
            )
        )
    yield from _few(problems)


def without_referral(faq: Source) -> Iterator[Problem]:
    """Yield every entry that names no professional: no answer leaves without one."""
    for trail, entry_id in faq.texts(("entries", ..., "id")):
        if (*trail[:-1], "referral") not in faq.values:
            yield faq.problem(
                faq.place(trail[:-1]),
                "no-referral",
                f"`{entry_id}` has no referral, so it is not served",
                "Add `referral:` with `to:` (who) and `when:` (how soon).",
            )


def _silent_on_emergency(languages: Source) -> Iterator[Problem]:
    """Yield every fixed text of a language that does not name its emergency number."""
    for trail, number in languages.texts(("languages", ..., "number")):
        for key in ("reply", "emergency", "crisis"):
            for place, text in languages.texts((*trail[:-1], key)):
                if number.casefold() not in text.casefold():
                    yield languages.problem(
                        languages.place(place),
                        "no-emergency-number",
                        f"this text does not say `{number}`",
                        "Say to call the emergency number, in the words of `number`.",
                    )


def _endless(replies: Source) -> Iterator[Problem]:
    """Yield every answer of the check whose next question does not stand below its own."""
    names = [name for _, name in replies.texts((*_QUESTIONS, "name"))]
    for trail, name in replies.texts((*_ANSWERS, "next")):
        below = names[int(str(trail[1])) + 1 :]
        if name not in below:
            yield replies.problem(
                replies.place(trail),
                "unknown-question",
                f"there is no question called `{name}` below this one",
                "An answer leads on to a question further down, so that the check ends.",
            )


def _unknown_lists(signs: Source) -> Iterator[Problem]:
    """Yield every word in capitals of a sign that is no list, and those within a list."""
    words = signs.value.get("words") if isinstance(signs.value, dict) else None
    lists = words if isinstance(words, dict) else {}
    within = [
        (("words", name), text, found, f"the list {name} holds {found[0]}, another list")
        for name, text in lists.items()
        if isinstance(text, str)
        for found in _LIST_NAME.finditer(text)
    ]
    unknown = [
        (trail, line, found, f"`words` has no list {found[0]}")
        for trail, line in signs.texts(("signs", ..., "said", ...))
        for found in _LIST_NAME.finditer(line)
        if found[0] not in lists
    ]
    for trail, text, found, message in (*within, *unknown):
        place = signs.word_place(trail, text, found.start())
        yield signs.problem(
            place,
            "unknown-list",
            message,
            "Write its words out, or in small letters if it is a word."
            if trail[0] == "words"
            else "Add the list, or write the word in small letters.",
        )


def _ids(faq: Source) -> list[str]:
    """The ids that entries have, and those that they had."""
    return [entry for pattern in _IDS for _, entry in faq.texts(pattern)]


def _repeated(source: Source, what: str, *patterns: tuple[object, ...]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for trail, name in chain.from_iterable(map(source.texts, patterns)):
        place = source.place(trail)
        if name in first:
            yield source.problem(
                place,
                "duplicate-id",
                f"another {what} is called `{name}` already, on line {first[name]}",
                "Give one of the two another name.",
            )
        first.setdefault(name, place.line)


def _dead(
    source: Source,
    what: str,
    known: list[str],
    pattern: tuple[object, ...],
    rule: str | None = None,
    hint: str = "",
) -> Iterator[Problem]:
    names = set(known)
    problems = []
    for trail, name in source.texts(pattern):
        if name not in names and " " not in name:  # one with a space is no id, which is told
            meant = nearest(name, known)
            problems.append(
                source.problem(
                    source.place(trail),
                    rule or f"unknown-{what}",
                    f"there is no {what} called `{name}`",
                    f"Did you mean `{meant}`?"
                    if meant
                    else hint or f"Check the name of the {what}.",
                )
            )
    yield from _few(problems)


def _few(problems: list[Problem]) -> list[Problem]:
    """All of them, or one where there are so many that they must have one cause."""
    if len(problems) <= _MOST_DEAD:
        return problems
    first = problems[0]
    return [
        replace(
            first,
            message=f"{first.message}, and so with {len(problems) - 1} more",
            hint="Was a part of a file lost? Then fetch it again.",
        )
    ]
