"""Parts of the engine that can be switched off by name, to measure what each of them earns."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.answering.confidence import ENTRY_FIGURES, NONE_FIGURES, SECOND_FIGURES
from bot.answering.danger import DANGER_FIGURES
from bot.errors import UsageError

_FIGURES = {**ENTRY_FIGURES, **NONE_FIGURES, **SECOND_FIGURES, **DANGER_FIGURES}

PARTS: Mapping[str, str] = {
    "alerts": "signs of danger are noticed",
    "examples": "a message that is an example of danger word for word is what the example says",
    "elapsed-time": "the time since treatment that a message tells",
    "follow-ups": "a message may lean on the answer before it",
    "languages": "a message that is not in English gets a fixed reply in its language",
    "message-parts": "sentences and clauses are looked at beside the whole message",
    "small-talk": "greetings, thanks and goodbyes",
    "spelling": "words are read as they were meant",
    "synonyms": "words that mean the same are one",
    "word-counts": "single words and pairs tell of entries and dangers, beside the network",
    **{name: what for name, what in _FIGURES.items() if name != "constant"},
}
"""What each part does, by its name."""


def chosen(names: Collection[str]) -> frozenset[str]:
    """Return the names of some parts as a set.

    Raises:
        UsageError: a name that is none of `PARTS`.
    """
    for name in names:
        if name not in PARTS:
            known = "\n".join(f"  {part:<22} {what}" for part, what in PARTS.items())
            raise UsageError(f"there is no part `{name}`; these can be switched off:\n{known}")
    return frozenset(names)
