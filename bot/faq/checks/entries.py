"""Rules about what an entry must hold, how fresh it is, and where it is found."""

from __future__ import annotations

from collections.abc import Iterator

from bot.faq.checks.rules import Content
from bot.faq.models import Alert, Entry
from bot.faq.problems import Problem
from bot.faq.signatures import is_signed
from bot.faq.source import Trail

REVIEW_DAYS = 365
"""A review is due this long after the last one."""


def completeness(content: Content) -> Iterator[Problem]:
    """An entry holds all that one of its kind needs."""
    documents = content.knowledge.sources.documents
    for trail, entry in content.entries():
        referenced = entry.evidence is not None and entry.evidence.references
        instructs = entry.kind != "general" and entry.sources and entry.what_to_do
        cites = entry.kind in ("risk", "guide") and content.is_own("sources")
        lacking = {
            "no-warning-signs": entry.kind == "risk" and not entry.get_help_if,
            "gap-without-points": entry.kind == "gap" and entry.points is None,
            "no-sources": cites and not entry.sources,
            "no-verdict": entry.sources and entry.evidence is None,
            "no-reference/advice": entry.kind == "general" and not referenced,
            # What a document says is a claim, and no instruction.
            "no-reference/instruction": instructs and not referenced,
            "no-review": documents and entry.reviewed is None,
        }
        for kind, lacks in lacking.items():
            if lacks:
                yield content.fault("faq", trail, kind, name=entry.id)
        evidence = entry.evidence
        if evidence and evidence.verdict != "supported" and not evidence.note:
            place = (*trail, "evidence", "verdict")
            kind = "verdict-without-note"
            yield content.fault("faq", place, kind, verdict=evidence.verdict)


def reviews(content: Content) -> Iterator[Problem]:
    """An entry was read through within the last year.

    The day may be tomorrow, which it is already where the day begins sooner.
    """
    for trail, entry in content.entries():
        age = (content.today - entry.reviewed).days if entry.reviewed else 0
        if age > REVIEW_DAYS or age < -1:
            kind = "old-review" if age > 0 else "future-review"
            yield content.fault("faq", (*trail, "reviewed"), kind, name=entry.id)


def related(content: Content) -> Iterator[Problem]:
    """An entry is not its own related topic, and names each of the others once."""
    now = content.knowledge.ids
    for trail, entry in content.entries():
        seen = {entry.id: "the entry itself"}
        for number, name in enumerate(entry.related):
            if what := seen.get(now[name]):
                place = (*trail, "related", number)
                yield content.fault("faq", place, "related-to-itself", name=name, what=what)
            seen.setdefault(now[name], "there already")


def groups(content: Content) -> Iterator[Problem]:
    """Each entry stands in one of the groups of topics, where there are groups."""
    replies, listed = content.sources["replies"], ("groups", ..., "entries", ...)
    for trail, name, _ in replies.repeated(listed):
        yield replies.fault(trail, "not-in-one-group/twice", name=name)
    names = {name for _, name in replies.texts(listed)}
    for trail, entry in content.entries() if names else ():
        if names.isdisjoint((entry.id, *entry.was)):
            yield content.fault("faq", (*trail, "id"), "not-in-one-group/none", name=entry.id)


def signatures(content: Content) -> Iterator[Problem]:
    """A signature holds only for the text that was signed."""
    alerts = content.knowledge.alerts.alerts if content.is_own("alerts") else ()
    texts: list[tuple[str, Trail, Entry | Alert]] = [
        *(("faq", trail, entry) for trail, entry in content.entries()),
        *(("alerts", ("alerts", number), alert) for number, alert in enumerate(alerts)),
    ]
    for file, trail, text in texts:
        if text.signed and not is_signed(text):
            role = text.signed.role
            yield content.fault(file, (*trail, "signed"), "void-signature", role=role)


RULES = (completeness, reviews, related, groups, signatures)
