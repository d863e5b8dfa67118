"""Loading a FAQ folder: what is needed, what has a default, what stops it, and how that reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BotError
from bot.faq.loading import FaqError, load_knowledge, read_folder
from bot.faq.models import RedFlags, Replies, Sources, Vocabulary
from bot.faq.shipped import default_folder, shipped_folder

FAQ = """\
title: Floors
entries:
  - id: wax
    title: Wax
    questions: [how do I wax a floor]
    answer: Rub it in.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "faq.yaml").write_text(FAQ)
    return tmp_path


def test_a_lone_faq_file_is_enough(folder: Path) -> None:
    knowledge = load_knowledge(folder)
    assert [entry.id for entry in knowledge.faq.entries] == ["wax"]
    assert knowledge.replies == Replies()
    assert knowledge.sources == Sources()
    assert knowledge.vocabulary == Vocabulary()


def test_without_red_flags_of_its_own_a_faq_has_the_shipped_ones(folder: Path) -> None:
    alerts = load_knowledge(folder).red_flags.alerts
    assert {alert.level for alert in alerts} == {"emergency", "crisis", "urgent"}
    assert load_knowledge(folder).red_flags == load_knowledge(shipped_folder()).red_flags


def test_red_flags_of_its_own_replace_the_shipped_ones(folder: Path) -> None:
    (folder / "red_flags.yaml").write_text("alerts: []\n")
    assert load_knowledge(folder).red_flags == RedFlags()


def test_an_error_says_every_problem_on_a_line_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "faq.yaml").write_text(FAQ.replace("title: Wax", "title: yes\n    size: big"))
    (folder / "replies.yaml").write_text("welcome: @home\n")
    monkeypatch.chdir(folder)
    with pytest.raises(FaqError) as raised:
        load_knowledge(folder)
    assert isinstance(raised.value, BotError)
    assert raised.value.exit_code == 1
    assert str(raised.value).splitlines() == [
        "faq.yaml:4:12: error: `yes` is read as a yes-or-no value, not as text [needs-quotes]",
        "faq.yaml:5:5: error: `size` is not a key that can stand here [unknown-key]",
        "replies.yaml:1:10: error: a text that begins with @ needs quotes [first-character]",
    ]
    assert [problem.line for problem in raised.value.problems] == [4, 5, 1]


def test_a_path_outside_the_working_folder_is_given_whole(folder: Path) -> None:
    (folder / "faq.yaml").write_text("title: Floors\n")
    with pytest.raises(FaqError, match=str(folder / "faq.yaml")):
        load_knowledge(folder)


def test_an_entry_without_a_referral_is_served(folder: Path) -> None:
    assert load_knowledge(folder).faq.entries[0].referral is None


def test_a_warning_does_not_stop_a_faq(folder: Path) -> None:
    (folder / "faq.yaml").write_text(FAQ, encoding="utf-8-sig")
    assert [problem.level for problem in read_folder(folder).problems] == ["warning"]
    assert load_knowledge(folder).faq.title == "Floors"


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FaqError, match="there is no such folder"):
        load_knowledge(tmp_path / "none")
    with pytest.raises(FaqError, match="there is no such file"):
        load_knowledge(tmp_path)


def test_the_default_is_the_faq_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert default_folder() == shipped_folder()
    (tmp_path / "faq").mkdir()
    assert default_folder() == shipped_folder()
    (tmp_path / "faq" / "faq.yaml").write_text(FAQ)
    assert default_folder().resolve() == tmp_path / "faq"


def test_the_shipped_faq_loads_without_a_problem() -> None:
    assert read_folder(shipped_folder()).problems == ()
