import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def test_the_picture_in_the_readme_is_a_run_of_today():
    made = subprocess.run(
        [sys.executable, "docs/conversation.py"],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    shown = (REPOSITORY / "docs" / "conversation.svg").read_text("utf-8")
    assert made == shown, "make docs writes it anew"
