"""The review page: whole enough to be signed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.faq.models import Entry, Faq, Knowledge
from bot.faq.review import review_page

CLAIMS = [
    *("A1", "A2", "A3", "A4", "A5a", "A5b", "A6a", "A6b", "A7", "A8"),
    *("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9"),
]


@pytest.fixture(scope="module")
def page(knowledge: Knowledge) -> str:
    return review_page(knowledge)


def test_the_command_prints_it(page: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "bot.faq.review"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert printed.stdout == page


def test_each_claim_has_one_row_with_its_verdict(knowledge: Knowledge, page: str) -> None:
    rows = {
        found[1]: row
        for row in page.splitlines()
        if (found := re.search(r"\| \*\*([AB]\d[ab]?)\*\* ", row))
    }
    assert sorted(rows) == CLAIMS
    for document in knowledge.sources.documents:
        for section in document.sections:
            row = rows[section.id]
            assert f"`{document.id}`" in row
            assert f"**{section.verdict}**" in row
            citing = [
                e for e in knowledge.faq.entries for c in e.sources if c.section == section.id
            ]
            assert section.left_out or citing
            assert all(f"[{entry.id}](#{entry.id})" in row for entry in citing)
            if citing:
                first = re.split(r"[.\n]", min(citing, key=lambda e: len(e.sources)).answer)[0]
                assert first in row


def test_every_entry_stands_in_full(knowledge: Knowledge, page: str) -> None:
    for entry in knowledge.faq.entries:
        assert f"\n### {entry.id}\n" in page
        for text in (entry.answer, entry.what_to_do or "", *entry.get_help_if):
            assert all(" ".join(part.split()) in page for part in text.split("\n"))


def test_every_row_of_a_table_has_its_cells() -> None:
    awkward = Entry(
        id="a-b",
        kind="gap",
        title="A | B <b>",
        questions=("why",),
        answer="One | two\n\nthree *four* [five](six) `seven`",
    )
    page = review_page(Knowledge(faq=Faq(title="T | U", entries=(awkward,))))
    rows = [line for line in page.splitlines() if line.startswith("| [a-b]")]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 6
    assert r"One \| two<br>three \*four\* \[five\](six) \`seven\`" in rows[0]
