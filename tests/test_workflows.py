"""The workflow for changes of the FAQ, its steps run on a merge like the one GitHub makes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
GIT = "git -c user.name=Nobody -c user.email=nobody@example.org"
BEGIN = f"git init --quiet --initial-branch main && git add --all && {GIT} commit --quiet -m Begin"
MERGE = f"""
git switch --quiet --create change && {GIT} commit --quiet --all -m Change
git switch --quiet main && {GIT} merge --quiet --no-ff -m Merge change
"""


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.name)
def test_actions_are_pinned_to_a_major_version(workflow: Path) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert [each for each in used if not re.fullmatch(r"actions/[\w-]+@v\d+", each)] == []


class Repository:
    """A repository with a small FAQ in it, in which steps of the workflow can be run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.faq = self.folder / "faq/faq.yaml"
        self.summary = folder / "summary.md"
        shutil.copytree(ROOT / "tests/small_faq", self.folder / "faq")
        shutil.copytree(ROOT / ".ci", self.folder / ".ci")
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(folder),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }
        self.bash(BEGIN)

    def bash(self, script: str, status: int = 0) -> str:
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done.stdout

    def edit(self, old: str, new: str) -> None:
        text = self.faq.read_text("utf-8")
        assert old in text
        self.faq.write_text(text.replace(old, new, 1), "utf-8")

    def step(self, name: str, status: int = 0) -> str:
        runs = {
            each.get("name"): each.get("run") for each in steps(ROOT / ".github/workflows/faq.yml")
        }
        return self.bash(runs[name], status)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_the_summary_shows_each_changed_entry_and_no_other(repository: Repository) -> None:
    repository.edit("Sandy soil.", "Sandy soil, and ~grit~.")
    repository.edit("      - repot in spring\n", "      - repot in spring\n      - roots show\n")
    repository.edit("- id: fern-soil", "- id: moss-soil")
    repository.bash(MERGE)
    repository.step("Show the changed entries")
    shown = repository.summary.read_text("utf-8")
    assert re.findall(r"(?m)^### .*\n.*", shown) == [
        "### When to repot\nChanged; 1 new phrasing.",
        "### Soil for a palm\nChanged; 0 new phrasings.",
        "### Soil for a fern\nNew; 4 new phrasings.",
        "### Soil for a fern\nThis entry is gone.",
    ]
    assert "\nSandy soil, and ~grit~.\n" in shown
    assert "[All topics]" in shown
    assert "Damp soil." in shown
    assert "\x1b" not in shown


def test_a_change_of_no_entry_says_so(repository: Repository) -> None:
    repository.edit("title: House plants", "title: Pot plants")
    repository.bash(MERGE)
    repository.step("Show the changed entries")
    assert repository.summary.read_text("utf-8") == "No entry has changed.\n"


def test_a_faulty_faq_is_marked_on_its_line_and_not_shown(repository: Repository) -> None:
    repository.edit("    title: Brown spots", "    title:Brown spots")
    repository.bash(MERGE)
    assert repository.step("Check the texts", 1).startswith("::error file=faq/faq.yaml,line=22,")
    repository.step("Show the changed entries", 1)
    assert "faq.yaml:22:" in repository.summary.read_text("utf-8")
