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
    referral: {to: technician, when: soon}
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
            "Did you mean `crisis.txt`?",
        ),
        (
            "examples/languages/la/crisis.txt:1:1: error: there is no language called `la`, as "
            "this folder is [unknown-file]",
            "Rename the folder, or delete it.",
        ),
    ]


def test_an_id_of_before_lets_the_old_file_and_links_go_on(folder: Path) -> None:
    renamed = FAQ.replace("id: wax", "id: polish\n    was: [wax, gloss]")
    (folder / "faq.yaml").write_text(f"{renamed}    related: []\n")
    write(folder, "examples/wax.txt", "wax it\n")
    write(folder, "examples/polish.txt", "polish it\n")
    knowledge = load_knowledge(folder)
    [entry] = knowledge.faq.entries
    assert knowledge.phrasings(entry) == ("how do I wax a floor", "polish it", "wax it")
    assert knowledge.ids == {"polish": "polish", "wax": "polish", "gloss": "polish"}


def test_an_id_of_before_is_the_id_of_no_other_entry(folder: Path) -> None:
    second = FAQ.partition("entries:\n")[2].replace("id: wax", "id: oil\n    was: [wax, oil, tar]")
    third = second.replace("id: oil\n    was: [wax, oil, tar]", "id: tar")
    (folder / "faq.yaml").write_text(FAQ + second + third)
    assert [(each.rule, each.line) for each in read_folder(folder).problems] == [
        ("duplicate-id", 9),
        ("duplicate-id", 9),
        ("duplicate-id", 9),
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
    assert found.problems[2].hint == "Did you mean `wax.txt`?"


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
    (folder / "faq.yaml").write_text(FAQ.replace("title: Wax", "title: [Wax]\n    size: big"))
    (folder / "replies.yaml").write_text("welcome: @home\n")
    monkeypatch.chdir(folder)
    with pytest.raises(FaqError) as raised:
        load_knowledge(folder)
    assert isinstance(raised.value, BotError)
    assert raised.value.exit_code == 1
    assert str(raised.value).splitlines() == [
        "faq.yaml:4:12: error: a text belongs here, and not a list [wrong-type]",
        "faq.yaml:5:5: error: `size` is not a key that can stand here [unknown-key]",
        "replies.yaml:1:10: error: a text that begins with @ needs quotes [first-character]",
    ]
    assert [problem.line for problem in raised.value.problems] == [4, 5, 1]


def test_a_path_outside_the_working_folder_is_given_whole(folder: Path) -> None:
    (folder / "faq.yaml").write_text("title: Floors\n")
    with pytest.raises(FaqError, match=str(folder / "faq.yaml")):
        load_knowledge(folder)


def test_an_entry_without_a_referral_is_never_served(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreferred = FAQ.replace("    referral: {to: technician, when: soon}\n", "    related: []\n")
    (folder / "faq.yaml").write_text(unreferred)
    monkeypatch.chdir(folder)
    with pytest.raises(FaqError) as raised:
        load_knowledge(folder)
    assert str(raised.value) == (
        "faq.yaml:3:5: error: `wax` has no referral, so it is not served [no-referral]"
    )


TWO = f"""\
{FAQ}    related: [oil]
  - id: oil
    title: Oil
    questions:
      - which oil
      - linseed or tung
    answer: >-
      Take linseed.
    referral:
      to: technician
      when: soon
"""


@pytest.mark.parametrize(
    "end",
    [
        "- id: oil",
        "title: Oi",
        "    questions:",
        "      -",
        "which oil\n",
        "linseed or tung",
        "answer:",
        "Take lins",
        "Take linseed.\n",
        "- id",
        "    ques",
    ],
)
def test_a_file_that_ends_in_the_middle_of_an_entry_has_one_problem_and_is_not_served(
    folder: Path, end: str
) -> None:
    start = TWO.index("- id: oil")
    cut = TWO[: TWO.index(end, start) + len(end)]
    (folder / "faq.yaml").write_text(cut.replace("related: [oil]", "related: [oil, putty]"))
    # Names of what may have been in the part that is lost are no faults of their own.
    write(folder, "examples/varnish.txt", "which varnish\n")
    loaded = read_folder(folder)
    assert loaded.knowledge is None
    [problem] = loaded.problems
    assert "the end of the file was lost" in problem.hint
    assert problem.rule == "cut-off" or problem.line == cut.count("\n") + 1


def test_names_that_are_lost_by_the_dozen_are_told_once(folder: Path) -> None:
    names = [f"lost-{number}" for number in range(12)]
    (folder / "faq.yaml").write_text(f"{FAQ}    related: [{', '.join(names)}]\n")
    for name in names:
        write(folder, f"examples/{name}.txt", f"{name} it\n")
    file, link = read_folder(folder).problems
    assert (file.rule, link.rule, link.line) == ("unknown-file", "dead-related", 8)
    assert all("and so with 11 more" in each.message for each in (file, link))


def test_an_alert_or_a_sign_in_the_middle_of_which_its_file_ends_is_told_once(
    folder: Path,
) -> None:
    write(folder, "alerts.yaml", "alerts:\n  - {name: fire, level: urgent, message: Go.}\n")
    sign = "  - name: smoke\n    alert: fire\n    catches: Smoke.\n    said: [smoke]\n"
    write(folder, "signs.yaml", f"signs:\n{sign}  - name: heat\n    alert: fire\n")
    assert [(p.file.name, p.rule, p.line) for p in read_folder(folder).problems] == [
        ("signs.yaml", "cut-off", 6)
    ]
    write(folder, "alerts.yaml", "alerts:\n  - name: flood\n    level: urg")
    write(folder, "signs.yaml", f"signs:\n{sign}")
    assert [(p.file.name, p.rule, p.line) for p in read_folder(folder).problems] == [
        ("alerts.yaml", "cut-off", 2)
    ]


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
