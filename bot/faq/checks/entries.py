"""Rules about what an entry must hold, and how fresh it is."""

from __future__ import annotations

from collections.abc import Iterator

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, rule
from bot.faq.models import Alert, Entry
from bot.faq.signatures import is_signed

REVIEW_DAYS = 365
"""A review is due this long after the last one."""


@rule("no-warning-signs")
def no_warning_signs(content: Content) -> Iterator[Finding]:
    """An entry about a risk lists the signs to get help for, in `get_help_if`."""
    for trail, entry in content.entries():
        if entry.kind == "risk" and not entry.get_help_if:
            yield Finding("faq", trail, {"name": entry.id})


@rule("gap-without-points")
def gap_without_points(content: Content) -> Iterator[Finding]:
    """A gap, which answers nothing itself, lists in `points` what to ask, and whom."""
    for trail, entry in content.entries():
        if entry.kind == "gap" and entry.points is None:
            yield Finding("faq", trail, {"name": entry.id})


@rule("no-verdict")
def no_verdict(content: Content) -> Iterator[Finding]:
    """An entry that cites a document says how sure we are, in `evidence`."""
    for trail, entry in content.entries():
        if entry.sources and entry.evidence is None:
            yield Finding("faq", trail, {"name": entry.id})


@rule("verdict-without-note")
def verdict_without_note(content: Content) -> Iterator[Finding]:
    """A verdict other than `supported` has a sentence that says why."""
    for trail, entry in content.entries():
        evidence = entry.evidence
        if evidence and evidence.verdict != "supported" and not evidence.note:
            yield Finding("faq", (*trail, "evidence", "verdict"), {"verdict": evidence.verdict})


@rule("old-review")
def old_review(content: Content) -> Iterator[Finding]:
    """An entry was read through within the last year."""
    for trail, entry in content.entries():
        if entry.reviewed and (content.today - entry.reviewed).days > REVIEW_DAYS:
            yield Finding("faq", (*trail, "reviewed"), {"name": entry.id})


@rule("future-review")
def future_review(content: Content) -> Iterator[Finding]:
    """A review has happened: its date is not in the future.

    It may be tomorrow, which it is already where the day begins sooner.
    """
    for trail, entry in content.entries():
        if entry.reviewed and (entry.reviewed - content.today).days > 1:
            yield Finding("faq", (*trail, "reviewed"), {"name": entry.id})


@rule("no-review")
def no_review(content: Content) -> Iterator[Finding]:
    """An entry of a FAQ that rests on documents says when it was last read through."""
    for trail, entry in content.entries() if content.knowledge.sources.documents else ():
        if entry.reviewed is None:
            yield Finding("faq", trail, {"name": entry.id})


@rule("related-to-itself")
def related_to_itself(content: Content) -> Iterator[Finding]:
    """An entry is not its own related topic, and names each of the others once."""
    now = content.knowledge.ids
    for trail, entry in content.entries():
        ids = [now[related] for related in entry.related]
        for number, related in enumerate(entry.related):
            if ids[number] in (entry.id, *ids[:number]):
                what = "the entry itself" if ids[number] == entry.id else "there already"
                yield Finding("faq", (*trail, "related", number), {"name": related, "what": what})


@rule("not-in-one-group")
def not_in_one_group(content: Content) -> Iterator[Finding]:
    """Each entry stands in one of the groups of topics, where there are groups."""
    seen: set[str] = set()
    groups = content.knowledge.replies.groups
    for number, group in enumerate(groups):
        for position, name in enumerate(group.entries):
            if name in seen:
                place = ("groups", number, "entries", position)
                yield Finding("replies", place, {"name": name}, "twice")
            seen.add(name)
    for trail, entry in content.entries():
        if groups and seen.isdisjoint((entry.id, *entry.was)):
            yield Finding("faq", (*trail, "id"), {"name": entry.id}, "none")


@rule("void-signature")
def void_signature(content: Content) -> Iterator[Finding]:
    """A signature holds only for the text that was signed."""
    alerts = content.knowledge.alerts.alerts if content.is_own("alerts") else ()
    texts: list[tuple[str, Trail, Entry | Alert]] = [
        *(("faq", trail, entry) for trail, entry in content.entries()),
        *(("alerts", ("alerts", number), alert) for number, alert in enumerate(alerts)),
    ]
    for file, trail, text in texts:
        if text.signed and not is_signed(text):
            yield Finding(file, (*trail, "signed"), {"role": text.signed.role})
