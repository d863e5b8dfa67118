"""Prints, as Markdown, the entries of a FAQ that differ from an earlier state of it.

Usage: python .ci/preview_changes.py EARLIER_FOLDER FOLDER
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot.chat.previewing import preview
from bot.errors import BotError
from bot.faq.loading import load_knowledge
from bot.faq.models import Knowledge

_WIDTH = 80


def changes(earlier: Knowledge, later: Knowledge) -> Iterator[str]:
    """Each entry that is new, changed or gone; what is left of it as Telegram will show it."""
    before = {entry.id: entry for entry in earlier.faq.entries}
    for entry in later.faq.entries:
        old = before.pop(entry.id, None)
        new = set(later.phrasings(entry)) - set(earlier.phrasings(old) if old else ())
        if entry != old or new:
            added = f"{len(new)} new phrasing{'s'[: len(new) != 1]}"
            yield f"### {entry.title}\n{'Changed' if old else 'New'}; {added}."
            yield f"~~~~text\n{_shown(entry.id, later)}\n~~~~"
    for gone in before.values():
        yield f"### {gone.title}\nThis entry is gone."


def _shown(entry_id: str, knowledge: Knowledge) -> str:
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system=None, width=_WIDTH, highlight=False
    )
    with console.capture() as captured:
        preview(entry_id, knowledge, console)
    return captured.get().strip()


def main() -> None:
    """Print the changes between the two folders that the arguments name."""
    try:
        earlier, later = (load_knowledge(Path(folder)) for folder in sys.argv[1:3])
    except BotError as fault:
        print(f"The changed entries cannot be shown:\n~~~~text\n{fault}\n~~~~")
        raise SystemExit(1) from None
    print("\n\n".join(changes(earlier, later)) or "No entry has changed.")


if __name__ == "__main__":
    main()
