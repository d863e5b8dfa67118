"""What `smp-bot ask` can print of a reply: as JSON, and why a question got it."""

from __future__ import annotations

import json
from dataclasses import asdict

from bot.answering.explanation import Explanation
from bot.answering.reply import Reply
from bot.chat.rendering import plain
from bot.faq.models import Knowledge

_DECIMALS = 4


def json_line(
    question: str, reply: Reply, knowledge: Knowledge, explanation: Explanation | None = None
) -> str:
    """A reply as one JSON object on one line of ASCII; its keys and their order are fixed."""
    data: dict[str, object] = {
        "question": question,
        "kind": reply.kind,
        "alert": reply.alert.level if reply.alert else "none",
        "alert_cause": list(reply.alert.causes) if reply.alert else [],
        "language": reply.language,
        "answered": [each.entry.id for each in reply.answered],
        "suggested": [entry.id for entry in reply.suggested],
        "scores": {entry_id: round(score, _DECIMALS) for entry_id, score in reply.scores.items()},
        "elapsed_days": reply.elapsed_days,
        "text": plain(reply, knowledge),
    }
    if explanation:
        data["explanation"] = asdict(explanation)
    return json.dumps(data)


def explained(explanation: Explanation, reply: Reply) -> str:
    """An explanation as plain tables: the decision, the candidates, the words."""
    said, *tables = reasons(explanation, reply)
    return "\n\n".join([said, *(_columns(rows) for rows in tables if len(rows) > 1)])


_Rows = list[tuple[str, ...]]


def reasons(explanation: Explanation, reply: Reply) -> tuple[str, _Rows, _Rows]:
    """The decision in words; the candidates and the words, each under a head."""
    said = "\n".join(
        [
            f"Reply: {reply.kind}. Alert: {reply.alert.level if reply.alert else 'none'}.",
            *explanation.danger,
            f"By matching alone: {explanation.band}. {explanation.why}",
        ]
    )
    candidates = ((f"{c.score:.2f}", c.entry_id, c.phrasing) for c in explanation.candidates)
    words = ((f"{t.weight:.2f}", t.token, t.term, t.note) for t in explanation.tokens)
    return (
        said,
        [("score", "entry", "nearest phrasing"), *candidates],
        [("weight", "word", "compared as", "note"), *words],
    )


def _columns(rows: _Rows) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
