"""What a clinician has signed: a signature holds for one text, and is void when it changes."""

from __future__ import annotations

import hashlib
import json

from bot.faq.models import Alert, Entry, Knowledge

_NOT_JUDGED = {"signed", "name", "questions", "related", "reviewed"}
"""Keys whose change leaves the meaning of a text as it was."""
_HASH_LENGTH = 12


def text_hash(text: Entry | Alert) -> str:
    """What tells the text of an entry or alert, as people read it, from any other."""
    told = text.model_dump(mode="json", exclude=_NOT_JUDGED, exclude_defaults=True)
    written = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:_HASH_LENGTH]


def is_signed(text: Entry | Alert) -> bool:
    """Whether a clinician has signed an entry or alert as it is now."""
    return text.signed is not None and text.signed.text_hash == text_hash(text)


def unsigned(knowledge: Knowledge) -> tuple[Entry | Alert, ...]:
    """The entries and alerts that no clinician has signed as they are now.

    Only a FAQ that rests on documents needs signatures.
    """
    if not knowledge.sources.documents:
        return ()
    texts: tuple[Entry | Alert, ...] = (*knowledge.faq.entries, *knowledge.alerts.alerts)
    return tuple(text for text in texts if not is_signed(text))
