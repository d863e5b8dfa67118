"""`smp-bot new`: an entry that loads as soon as it is pasted."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import UsageError
from bot.faq.characters import decode
from bot.faq.checking import check_faq
from bot.faq.loading import load_knowledge
from bot.faq.models import Faq
from bot.faq.reading import parsed
from bot.faq.template import list_style, new_entry, new_id
from bot.faq.validation import validate

TODAY = datetime.date(2026, 6, 15)


@given(st.text(), st.integers(0, 6))
def test_any_title_makes_an_entry_that_loads(title: str, indent: int) -> None:
    try:
        pasted = new_entry(title, TODAY, indent=indent)
    except UsageError:
        assert not any(each.isalnum() and each.isprintable() for each in title)
        return
    source = parsed(decode(Path("faq.yaml"), f"title: A\nentries:\n{pasted}".encode()))
    assert source.problems == ()
    faq, problems = validate(source, Faq)
    assert problems == ()
    assert faq is not None
    shown = " ".join("".join(each if each.isprintable() else " " for each in title).split())
    assert faq.entries[0].title == shown
    assert faq.entries[0].reviewed == TODAY


@pytest.mark.parametrize("indent", [0, 2, 4])
def test_it_is_pasted_below_the_entries_that_are_there(tmp_path: Path, indent: int) -> None:
    faq = tmp_path / "faq.yaml"
    faq.write_text("title: Floors\nentries:\n" + new_entry("Wax", TODAY, indent=indent))
    for _ in range(2):
        printed = CliRunner().invoke(app, ["new", "Wax", "--faq", str(tmp_path)])
        assert printed.exit_code == 0
        faq.write_text(faq.read_text() + printed.stdout)
    ids = [entry.id for entry in load_knowledge(tmp_path).faq.entries]
    assert ids == ["wax", "wax-2", "wax-3"]


def test_the_check_says_what_is_still_to_be_written(tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").write_text(f"title: A\nentries:\n{new_entry('Dots', TODAY)}")
    rules = [each.rule for each in check_faq(tmp_path, today=TODAY).problems]
    assert sorted(rules) == ["few-phrasings", *["placeholder"] * 4]


def test_a_title_without_words_is_refused() -> None:
    with pytest.raises(UsageError):
        new_entry(" ?! ", TODAY)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Dots that turn blue", "dots-that-turn-blue"),
        ("  What's 'too dark'?  ", "whats-too-dark"),
        ("Crème brûlée", "creme-brulee"),
        ("Фолликулы", "new-entry"),
        ("x" * 80, "x" * 50),
        ("Null", "entry-null"),
        ("12", "entry-12"),
        ("2026-02-30", "entry-2026-02-30"),
    ],
)
def test_an_id_is_made_of_the_words_of_a_title(title: str, name: str) -> None:
    assert new_id(title) == name


def test_the_indentation_of_a_faq_without_entries_is_two_spaces(tmp_path: Path) -> None:
    assert list_style(tmp_path / "faq.yaml") == (2, ())
    (tmp_path / "faq.yaml").write_text(yaml.safe_dump({"title": "A", "entries": []}))
    assert list_style(tmp_path / "faq.yaml") == (2, ())
