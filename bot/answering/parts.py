"""Parts of the engine that can be switched off by name, to measure what each of them earns."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.errors import UsageError

PARTS: Mapping[str, str] = {
    "alerts": "signs of danger are noticed",
    "elapsed-time": "the time since treatment that a message tells",
    "small-talk": "greetings, thanks and goodbyes",
}
"""What each part does, by its name."""


def chosen(names: Collection[str]) -> frozenset[str]:
    """Return the names of some parts as a set.

    Raises:
        UsageError: a name that is none of `PARTS`.
    """
    for name in names:
        if name not in PARTS:
            known = "\n".join(f"  {part:<14} {what}" for part, what in PARTS.items())
            raise UsageError(f"there is no part `{name}`; these can be switched off:\n{known}")
    return frozenset(names)
