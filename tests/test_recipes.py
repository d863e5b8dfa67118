"""Each recipe of docs/editing.md, typed as it stands into a clean clone, one after another."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from bot.answering.answerer import Answerer
from bot.cli import app
from bot.editing import engine
from bot.evaluation.cases import load_cases
from bot.faq.checking import check_faq
from bot.faq.loading import load_knowledge
from bot.faq.printing import as_text
from tests import test_questions
from tests.records.filling import fill
from tests.shipped import shipped_knowledge
from tests.test_docs import EDITING, ROOT, append, block, replace, section

TODAY = max(each.reviewed for each in shipped_knowledge().faq.entries if each.reviewed)


class Recipe(NamedTuple):
    """A recipe: what it does to the clone, and what the bot makes of messages before and after.

    That is the level of an alert, the entry that is the answer, `offered` or `unknown`; `ELSE` is
    anything but what it is after.
    """

    heading: str
    follow: Callable[[Path], None]
    asked: dict[str, tuple[str, str]]


def fix_an_answer(clone: Path) -> None:
    faq = clone / "faq/faq.yaml"
    text = entry(faq, "blue-dots")
    changed = re.sub(r"answer: >-\n +", r"\g<0>Yes, dots can change. ", text)
    replace(faq, text, re.sub(r"reviewed: .*", f"reviewed: {TODAY}", changed))


def add_a_phrasing(clone: Path) -> None:
    append(clone / "faq/examples/blue-dots.txt", block("Add a phrasing", "text"))


def add_an_entry(clone: Path) -> None:
    append(clone / "faq/faq.yaml", f"\n{block('Add an entry', 'yaml')}")
    group = "      - gap-aftercare\n"
    replace(clone / "faq/replies.yaml", group, f"{group}      - airport-scanners\n")


def rename_an_entry(clone: Path) -> None:
    lines = block("Rename an entry", "yaml")
    replace(clone / "faq/faq.yaml", "  - id: spots-and-pimples\n", lines)


def merge_two_entries(clone: Path) -> None:
    faq = clone / "faq/faq.yaml"
    question, was = yaml_blocks("Merge two entries")
    replace(faq, entry(faq, "how-common"), "")
    stays = entry(faq, "side-effects-overview")
    first, rest = stays.split("\n", 1)
    title, questions, below = rest.partition("    questions:\n")
    replace(faq, stays, f"{first}\n{was}{title}{questions}{question}{below}")
    do_what_the_check_says(clone, {"related-to-itself"})


def retire_an_entry(clone: Path) -> None:
    faq = clone / "faq/faq.yaml"
    replace(faq, entry(faq, "ink-recalls"), "")
    other = "  - id: allergic-reaction\n"
    replace(faq, other, f"{other}{block('Retire an entry', 'yaml')}")
    do_what_the_check_says(clone, {"related-to-itself"})


def add_a_synonym(clone: Path) -> None:
    line = block("Add a synonym", "yaml")
    replace(clone / "faq/vocabulary.yaml", re.sub(r", \w+\]", "]", line), line)


def add_an_off_topic_example(clone: Path) -> None:
    append(clone / "faq/examples/off-topic.txt", block("Add an off-topic example", "text"))


def add_a_red_flag(clone: Path) -> None:
    append(clone / "faq/examples/danger/emergency.txt", block("Add a red flag", "text"))
    signs = clone / "faq/signs.yaml"
    sign = re.search(r"  - name: trouble breathing\n(?:    .*\n)+", signs.read_text("utf-8"))
    assert sign
    replace(signs, sign[0], sign[0] + block("Add a red flag", "yaml"))


def add_a_look_alike(clone: Path) -> None:
    append(clone / "faq/examples/danger/harmless.txt", block("Add a look-alike", "text"))


def add_a_phrase(clone: Path) -> None:
    file = clone / "faq/examples/languages/es/emergency.txt"
    append(file, block("Add a phrase in another language", "text"))


def mark_a_text(clone: Path) -> None:
    name = "    name: Español\n"
    read_by = block("Mark a text as read by a native speaker", "yaml")
    replace(clone / "faq/languages.yaml", name, f"{name}{read_by}")


def accept_a_suggestion(clone: Path) -> None:
    fill(
        f"sqlite:///{clone}/smp-bot.sqlite3",
        missed={(0, "why am I turning into gorgonzola", "blue-dots"): 3},
    )
    command = block("Accept a suggestion", "console").split()
    done = CliRunner().invoke(app, command[1:], input="y\n", catch_exceptions=False)
    assert "why am I turning into gorgonzola" in done.stdout
    assert done.exit_code == 0


ELSE = ""
RECIPES = (
    Recipe("Fix an answer", fix_an_answer, {"why are my dots blue": ("blue-dots", "blue-dots")}),
    Recipe("Add a phrasing", add_a_phrasing, {"have I become a smurf": (ELSE, "blue-dots")}),
    Recipe(
        "Rename an entry",
        rename_an_entry,
        {"spots-and-pimples": ("spots-and-pimples", "pimples")},
    ),
    Recipe(
        "Merge two entries",
        merge_two_entries,
        {
            "How common are side effects of SMP?": ("how-common", "side-effects-overview"),
            "how-common": ("how-common", "side-effects-overview"),
        },
    ),
    Recipe(
        "Retire an entry",
        retire_an_entry,
        {"ink-recalls": ("ink-recalls", "allergic-reaction")},
    ),
    Recipe("Add a synonym", add_a_synonym, {"my attic is itchy": ("unknown", "itchy-scalp")}),
    Recipe(
        "Add an off-topic example",
        add_an_off_topic_example,
        {
            "how do I wash my beanie": ("offered", "unknown"),
            "can I wash my hair after SMP": ("gap-aftercare", "gap-aftercare"),
            "can I wax my hairline after SMP": ("gap-aftercare", "gap-aftercare"),
        },
    ),
    Recipe(
        "Add a red flag",
        add_a_red_flag,
        {
            "the bellows have packed up": ("unknown", "emergency"),
            "my bellows gave up on me": (ELSE, "emergency"),
            "we need new bellows for the forge": ("unknown", "unknown"),
        },
    ),
    Recipe(
        "Add a look-alike",
        add_a_look_alike,
        {
            "my eyes are yellow in the photo filter": ("urgent", "unknown"),
            "my eyes are yellow": ("urgent", "urgent"),
        },
    ),
    Recipe(
        "Add a phrase in another language",
        add_a_phrase,
        {"Tengo un puño en el cuello": (ELSE, "emergency")},
    ),
    Recipe("Mark a text as read by a native speaker", mark_a_text, {}),
    Recipe(
        "Accept a suggestion",
        accept_a_suggestion,
        {"why am I turning into gorgonzola": (ELSE, "blue-dots")},
    ),
    Recipe(
        "Add an entry",
        add_an_entry,
        {"can I go through airport security": (ELSE, "airport-scanners")},
    ),
)


def entry(faq: Path, name: str) -> str:
    """An entry as it stands in its file, from its `- id:` to the line above the next."""
    found = re.search(rf"^  - id: {name}\n(?:(?!  - id:).*\n)*", faq.read_text("utf-8"), re.M)
    assert found, name
    return found[0]


def yaml_blocks(heading: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", section(EDITING, heading), re.M | re.S)


def do_what_the_check_says(clone: Path, rules: set[str]) -> None:
    """Delete each id that the check names, as it says; it names them for these rules alone."""
    faq = clone / "faq/faq.yaml"
    while problems := check_faq(clone / "faq", today=TODAY).problems:
        problem = problems[0]
        assert problem.rule in rules, as_text(problems, {})
        lines = faq.read_text("utf-8").splitlines(keepends=True)
        line, at = lines[problem.line - 1], problem.column - 1
        without = re.sub(r"^[\w-]+(, )?", "", line[at:])
        lines[problem.line - 1] = (line[:at] + without).replace(", ]", "]")
        faq.write_text("".join(lines), "utf-8")


def state(answerer: Answerer, message: str) -> str:
    ids = answerer.knowledge.ids
    if message in ids or "-" in message:  # a link that somebody was given
        topic = answerer.topic(message)
        return topic.answered[0].entry.id if topic else "unknown"
    reply = answerer.answer(message)
    if reply.alert:
        return reply.alert.level
    if reply.answered:
        return reply.answered[0].entry.id
    return "offered" if reply.suggested else "unknown"


@pytest.mark.longest
@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone")
def test_each_recipe_does_what_it_says_and_leaves_all_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answerer: Answerer
) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    monkeypatch.chdir(clone)
    for recipe in RECIPES:
        told = " ".join(section(EDITING, recipe.heading).split())
        before = {each: state(answerer, each) for each in recipe.asked}
        recipe.follow(clone)
        answerer = Answerer(load_knowledge(clone / "faq"))
        after = {each: state(answerer, each) for each in recipe.asked}
        for message, (was, now) in recipe.asked.items():
            assert message in told or recipe.follow is accept_a_suggestion, message
            assert after[message] == now, message
            assert before[message] == was if was else before[message] != now, message
        made = engine(answerer)
        checked = check_faq(
            Path("faq"), today=TODAY, engine=lambda _, made=made: made, strict=True
        )
        assert not checked.problems, (
            f"{recipe.heading}\n{as_text(checked.problems, checked.lines)}"
        )

    knowledge = answerer.knowledge
    [read_by] = [each.read_by for each in knowledge.languages.languages if each.read_by]
    assert read_by == ("Ana P., nurse in Sevilla, 2026-01-31",)
    parts = {
        part: load_cases([clone / "tests/questions" / part], knowledge.ids)
        for part in test_questions.PARTS
    }
    for part in parts:
        with pytest.warns(UserWarning, match="nobody has asked blind about `airport-scanners`"):
            test_questions.test_every_entry_is_asked_about_often_enough(part, parts, knowledge)
    test_questions.test_no_question_is_in_the_faq(parts, knowledge)
