"""Loading a FAQ folder: what is needed, what has a default, what stops it, and how that reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BotError
from bot.faq.loading import FaqError, load_knowledge, read_folder
from bot.faq.models import ALERT_LEVELS, Replies, Sources, Vocabulary
from bot.faq.shipped import default_folder, shipped_folder

LANGUAGES = """\
languages:
  - code: eo
    name: Esperanto
    number: "112"
    reply: Voku 112.
    emergency: Voku 112.
    crisis: Voku 112.
"""
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


def write(folder: Path, file: str, text: str) -> None:
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, "utf-8")


def test_without_signs_of_danger_of_its_own_a_faq_has_the_shipped_ones(folder: Path) -> None:
    own, shipped = load_knowledge(folder), load_knowledge(shipped_folder())
    assert {alert.level for alert in own.alerts.alerts} == set(ALERT_LEVELS)
    assert (own.alerts, own.signs) == (shipped.alerts, shipped.signs)
    assert own.examples.danger == shipped.examples.danger
    assert own.examples.languages == shipped.examples.languages
    assert own.examples.entries == {}
    assert own.examples.off_topic == ()


def test_shipped_signs_raise_the_alerts_of_a_faq_by_their_level(folder: Path) -> None:
    alerts = "alerts:\n  - {name: soon, level: urgent, message: See a doctor.}\n"
    write(folder, "alerts.yaml", alerts)
    signs = load_knowledge(folder).signs.signs
    assert {sign.alert for sign in signs} == {"soon"}
    assert {sign.name for sign in signs} >= {"pus or discharge", "fever or chills"}
    assert "suicide" not in {sign.name for sign in signs}
    write(folder, "alerts.yaml", "alerts: []\n")
    assert load_knowledge(folder).signs.signs == ()


def test_examples_are_lines_of_plain_text_and_notes_are_left_out(folder: Path) -> None:
    lines = '\ufeff# Slang\r\n  day 2: "still" dull # really\r\n#hash\r\nmy floor\r\n'
    write(folder, "examples/wax.txt", lines)
    write(folder, "examples/off-topic.txt", "my roof leaks")
    write(folder, "examples/danger/urgent.txt", "it burns\n")
    write(folder, "languages.yaml", LANGUAGES)
    write(folder, "examples/languages/eo/crisis.txt", "mi volas morti\n")
    knowledge = load_knowledge(folder)
    assert knowledge.examples.entries == {"wax": ('day 2: "still" dull # really', "my floor")}
    assert knowledge.examples.off_topic == ("my roof leaks",)
    assert knowledge.examples.danger == {"urgent": ("it burns",)}
    assert knowledge.examples.languages == {"eo": {"crisis": ("mi volas morti",)}}
    [entry] = knowledge.faq.entries
    assert knowledge.phrasings(entry) == (
        "how do I wax a floor",
        'day 2: "still" dull # really',
        "my floor",
    )


def test_phrases_of_languages_stand_in_a_folder_of_a_language_that_there_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "examples/languages/eo/crises.txt", "mi volas morti\n")
    write(folder, "examples/languages/la/crisis.txt", "mori volo\n")
    write(folder, "languages.yaml", LANGUAGES)
    monkeypatch.chdir(folder)
    assert [(str(problem), problem.hint) for problem in read_folder(folder).problems] == [
        (
            "examples/languages/eo/crises.txt:1:1: error: there is no kind of message called "
            "`crises`, as this file is [unknown-file]",
            "Did you mean to call it crisis.txt?",
        ),
        (
            "examples/languages/la/crisis.txt:1:1: error: there is no language called `la`, as "
            "this folder is [unknown-file]",
            "Rename the folder, or delete it.",
        ),
    ]


def test_what_keeps_example_files_from_being_read_is_named_with_its_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "examples/vax.txt", "how do I vax\n")
    write(folder, "examples/danger/soon.txt", "it burns\n")
    write(folder, "examples/wax.txt", "wax it\nno\x07 shine\n")
    (folder / "examples" / "off-topic.txt").write_bytes("one\nzw\xf6lf\n".encode("latin-1"))
    monkeypatch.chdir(folder)
    found = read_folder(folder)
    assert found.knowledge is None
    assert [str(problem) for problem in found.problems] == [
        "examples/danger/soon.txt:1:1: error: there is no level of danger called `soon`, as this "
        "file is [unknown-file]",
        "examples/off-topic.txt:2:3: error: this character is not saved as UTF-8 [encoding]",
        "examples/vax.txt:1:1: error: there is no entry called `vax`, as this file is "
        "[unknown-file]",
        "examples/wax.txt:2:3: error: an invisible character stands here (U+0007) "
        "[invisible-character]",
    ]
    assert found.problems[2].hint == "Did you mean to call it wax.txt?"


def test_signs_name_alerts_and_lists_that_there_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs = """\
words:
  FACE: lip / MOUTH
  MOUTH: mouth
signs:
  - name: swelling
    alert: urgnt
    catches: A face that swells.
    said: [FACE swell, NOSE swell]
"""
    write(folder, "alerts.yaml", "alerts:\n  - {name: urgent, level: urgent, message: Go.}\n")
    write(folder, "signs.yaml", signs)
    monkeypatch.chdir(folder)
    assert [str(problem) for problem in read_folder(folder).problems] == [
        "signs.yaml:2:15: error: the list FACE holds MOUTH, another list [unknown-list]",
        "signs.yaml:6:12: error: there is no alert called `urgnt` [unknown-alert]",
        "signs.yaml:8:24: error: `words` has no list NOSE [unknown-list]",
    ]


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
