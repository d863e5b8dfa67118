"""Take a suggested line of the report up into the examples of a FAQ."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import utils

from bot.errors import UsageError
from bot.faq.models import Knowledge
from bot.records.misses import Group, suggestions
from bot.records.redaction import MARKS


def acceptable(groups: Sequence[Group], number: int, entry_id: str, knowledge: Knowledge) -> str:
    """The suggested line of a number, counted from 1, if it may become an example of an entry.

    Raises:
        UsageError: there is no such line or entry, a detail was taken out of the line, or the
            FAQ holds it already.
    """
    lines = suggestions(groups)
    if not 1 <= number <= len(lines):
        raise UsageError(
            f"--accept {number}: there is no such line; `smp-bot report` numbers {len(lines)}"
        )
    if entry_id not in knowledge.ids:
        raise UsageError(f"--accept {number} {entry_id}: there is no entry called `{entry_id}`")
    line = lines[number - 1]
    if mark := MARKS.search(line):
        raise UsageError(
            f"{line}\nA detail was taken out of this line ({mark[0]}), and more of it may tell "
            f"who wrote it. Add it in words of your own to examples/{entry_id}.txt."
        )
    known = {
        utils.default_process(text): entry.id
        for entry in knowledge.faq.entries
        for text in knowledge.phrasings(entry)
    }
    if owner := known.get(utils.default_process(line)):
        raise UsageError(f"{line}\nThis line is already among those of `{owner}`.")
    return line
