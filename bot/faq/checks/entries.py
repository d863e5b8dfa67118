"""Rules about what an entry must hold, and how fresh it is."""

from __future__ import annotations

from collections.abc import Iterator

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, of_entries, rule
from bot.faq.models import Alert, Entry
from bot.faq.signatures import is_signed

REVIEW_DAYS = 365
"""A review is due this long after the last one."""


@of_entries("no-warning-signs", "Add `get_help_if:` with signs that a person can see or feel.")
def no_warning_signs(_: Content, entry: Entry) -> Iterator[str]:
    """An entry about a risk lists the signs to get help for, in `get_help_if`."""
    if entry.kind == "risk" and not entry.get_help_if:
        yield f"`{entry.id}` is about a risk and has no warning signs"


@of_entries("gap-without-points", "Add `points:` with a `heading:` and two or three `items:`.")
def gap_without_points(_: Content, entry: Entry) -> Iterator[str]:
    """A gap, which answers nothing itself, lists in `points` what to ask, and whom."""
    if entry.kind == "gap" and entry.points is None:
        yield f"`{entry.id}` is a gap and has no list of questions to ask"


@of_entries("no-verdict", "Add `evidence:` with a `verdict:` and a `note:`.")
def no_verdict(_: Content, entry: Entry) -> Iterator[str]:
    """An entry that cites a document says how sure we are, in `evidence`."""
    if entry.sources and entry.evidence is None:
        yield f"`{entry.id}` cites a document and does not say how sure we are"


_ADD_NOTE = "Add a `note:` under it with one sentence that says why."


@of_entries("verdict-without-note", _ADD_NOTE, "evidence", "verdict")
def verdict_without_note(_: Content, entry: Entry) -> Iterator[str]:
    """A verdict other than `supported` has a sentence that says why."""
    evidence = entry.evidence
    if evidence and evidence.verdict != "supported" and not evidence.note:
        yield f"`{evidence.verdict}` is not explained"


@rule("related-to-itself", "Delete it, or put another topic there.")
def related_to_itself(content: Content) -> Iterator[Finding]:
    """An entry is not its own related topic, and names each of the others once."""
    now = content.knowledge.ids
    for trail, entry in content.entries():
        ids = [now[related] for related in entry.related]
        for number, related in enumerate(entry.related):
            if ids[number] in (entry.id, *ids[:number]):
                what = "the entry itself" if ids[number] == entry.id else "there already"
                yield Finding("faq", (*trail, "related", number), f"`{related}` is {what}")


@rule("not-in-one-group")
def not_in_one_group(content: Content) -> Iterator[Finding]:
    """Each entry stands in one of the groups of topics, where there are groups."""
    seen: set[str] = set()
    groups = content.knowledge.replies.groups
    for number, group in enumerate(groups):
        for position, name in enumerate(group.entries):
            if name in seen:
                place = ("groups", number, "entries", position)
                hint = "Keep the one in which people would look for it."
                yield Finding("replies", place, f"`{name}` stands in a group already", hint)
            seen.add(name)
    for trail, entry in content.entries():
        if groups and seen.isdisjoint((entry.id, *entry.was)):
            message = f"`{entry.id}` stands in no group of topics"
            hint = "Add it to a group under `groups:` in replies.yaml."
            yield Finding("faq", (*trail, "id"), message, hint)


_READ_AGAIN = "Read it through, put right what has changed, and write today's date."


@of_entries("old-review", _READ_AGAIN, "reviewed", level="warning")
def old_review(content: Content, entry: Entry) -> Iterator[str]:
    """An entry was read through within the last year."""
    if entry.reviewed and (content.today - entry.reviewed).days > REVIEW_DAYS:
        yield f"`{entry.id}` was last reviewed more than a year ago"


@of_entries("no-review", "Add `reviewed:` with a date, such as 2026-01-31.", level="warning")
def no_review(content: Content, entry: Entry) -> Iterator[str]:
    """An entry of a FAQ that rests on documents says when it was last read through."""
    if content.knowledge.sources.documents and entry.reviewed is None:
        yield f"`{entry.id}` does not say when it was last reviewed"


@of_entries("future-review", "Check the date: it is year-month-day.", "reviewed")
def future_review(content: Content, entry: Entry) -> Iterator[str]:
    """A review has happened: its date is not in the future.

    It may be tomorrow, which it is already where the day begins sooner.
    """
    if entry.reviewed and (entry.reviewed - content.today).days > 1:
        yield f"`{entry.id}` says it was reviewed on a day that is still to come"


@rule("void-signature", "Ask for a new signature, or delete `signed:`.", "warning")
def void_signature(content: Content) -> Iterator[Finding]:
    """A signature holds only for the text that was signed."""
    alerts = content.knowledge.alerts.alerts if content.is_own("alerts") else ()
    texts: list[tuple[str, Trail, Entry | Alert]] = [
        *(("faq", trail, entry) for trail, entry in content.entries()),
        *(("alerts", ("alerts", number), alert) for number, alert in enumerate(alerts)),
    ]
    for file, trail, text in texts:
        if text.signed and not is_signed(text):
            message = f"the text was changed after the {text.signed.role} signed it"
            yield Finding(file, (*trail, "signed"), message)
