"""The page that a clinician reads and signs."""

from __future__ import annotations

import datetime
import html
import re
from pathlib import Path

import pytest

from bot.chat.rendering import about
from bot.chat.review import review_page
from bot.faq.models import Knowledge, Signature
from bot.faq.shipped import shipped_folder
from bot.faq.signatures import text_hash, unsigned
from tests.commands import Command
from tests.shipped import shipped_knowledge

SHIPPED = shipped_knowledge()


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.fixture(scope="module")
def page() -> str:
    return review_page(SHIPPED)


def test_all_that_must_be_judged_is_on_the_page(page: str) -> None:
    shown = words(page)
    for entry in SHIPPED.faq.entries:
        for text in (*entry.questions, entry.answer, *entry.get_help_if, entry.what_to_do or ""):
            assert " ".join(text.split()) in shown
        assert text_hash(entry) in shown
    for alert in SHIPPED.alerts.alerts:
        assert " ".join(alert.message.split()) in shown
    for sign in SHIPPED.signs.signs:
        assert sign.catches in shown
    for document in SHIPPED.sources.documents:
        for section in document.sections:
            assert section.claim in shown


def test_the_page_needs_nothing_else_and_runs_nothing(page: str) -> None:
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<(script|link|img|iframe)\b", page)


def signed(knowledge: Knowledge) -> Knowledge:
    def sign(text):
        mark = Signature(role="nurse", date=datetime.date(2026, 1, 2), text_hash=text_hash(text))
        return text.model_copy(update={"signed": mark})

    entries = tuple(map(sign, knowledge.faq.entries))
    alerts = tuple(map(sign, knowledge.alerts.alerts))
    return knowledge.model_copy(
        update={
            "faq": knowledge.faq.model_copy(update={"entries": entries}),
            "alerts": knowledge.alerts.model_copy(update={"alerts": alerts}),
        }
    )


def test_about_says_that_no_clinician_has_signed_until_all_is_signed() -> None:
    assert len(unsigned(SHIPPED)) == len(SHIPPED.faq.entries) + len(SHIPPED.alerts.alerts)
    assert SHIPPED.replies.unsigned in about(SHIPPED)
    all_signed = signed(SHIPPED)
    assert all_signed.replies.unsigned not in about(all_signed)
    first, *others = all_signed.faq.entries
    changed = first.model_copy(update={"answer": f"{first.answer} It is."})
    faq = all_signed.faq.model_copy(update={"entries": (changed, *others)})
    again = all_signed.model_copy(update={"faq": faq})
    assert unsigned(again) == (changed,)
    assert again.replies.unsigned in about(again)
    assert "The signature is void" in review_page(again)


def test_the_command_writes_the_page(smp_bot: Command, tmp_path: Path) -> None:
    done = smp_bot("review", "--faq", shipped_folder(), cwd=tmp_path)
    assert done == ("Written: review.html\n", "", 0)
    assert (tmp_path / "review.html").read_text("utf-8") == review_page(SHIPPED)
