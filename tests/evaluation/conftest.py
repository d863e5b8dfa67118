from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.answering.reply import AnsweredEntry, RaisedAlert, Reply
from bot.evaluation.cases import Case
from bot.evaluation.outcomes import Outcome
from bot.faq.models import Alert, AlertLevel, Entry

MakeOutcome = Callable[..., Outcome]


def entry(entry_id: str) -> Entry:
    return Entry(id=entry_id, title=entry_id, questions=(f"about {entry_id}",), answer="Yes.")


@pytest.fixture
def outcome() -> MakeOutcome:
    """Make the outcome of a case: what was answered, offered, alerted and scored."""

    def make(
        case: Case,
        answered: Sequence[str] = (),
        offered: Sequence[str] = (),
        alert: AlertLevel | None = None,
        scores: dict[str, float] | None = None,
        days: float | None = None,
        language: str | None = None,
    ) -> Outcome:
        kind = "answer" if answered else "suggest" if offered else "fallback"
        reply = Reply(
            case.question,
            kind,
            referral="Ask a doctor.",
            disclaimer="",
            alert=RaisedAlert((Alert(name=alert, level=alert, message="Now."),))
            if alert
            else None,
            answered=tuple(AnsweredEntry(entry(each), None) for each in answered),
            suggested=tuple(entry(each) for each in offered),
            scores=scores or dict.fromkeys((*answered, *offered), 0.9),
            elapsed_days=days,
            language=language,
        )
        return Outcome(case, reply)

    return make


@pytest.fixture
def questions_file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "questions.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write
