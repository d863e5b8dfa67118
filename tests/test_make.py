"""`make` on a machine where nothing is installed, with a program of no dependencies to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATIENCE = 120.0

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "talker"
version = "1"
"""
# A build needs no network with a build backend of its own: a wheel is a zip file of three.
BACKEND = r"""
import zipfile
from pathlib import Path


def build_editable(folder, config_settings=None, metadata_directory=None):
    with Path("builds").open("a") as file:
        file.write("built\n")
    name = "talker-1-py3-none-any.whl"
    info = "talker-1.dist-info"
    files = {
        "talker.py": "import sys\ndef main():\n    print('said', *sys.argv[1:])\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: talker\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nsmp-bot = talker:main\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(Path(folder, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name
"""


def make(folder: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "PIP"))}
    python = Path(sys.base_prefix) / "bin"
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**kept, "PATH": path or f"{python}:{os.environ['PATH']}"},
        check=False,
    )


def builds(folder: Path) -> int:
    return len((folder / "builds").read_text("utf-8").splitlines())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    (tmp_path / "backend.py").write_text(BACKEND, "utf-8")
    return tmp_path


def test_the_first_time_installs_and_the_next_time_does_not(folder: Path) -> None:
    first = make(folder, "chat")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1] == "said chat"

    assert make(folder, "bot").stdout == "said run\n"
    assert builds(folder) == 1

    os.utime(folder / "pyproject.toml")
    assert make(folder, "chat").returncode == 0
    assert builds(folder) == 2

    moved = folder.rename(folder.with_name("moved"))
    again = make(moved, "chat")
    assert again.stdout.splitlines()[-1] == "said chat"
    assert builds(moved) == 3

    assert make(moved, "clean").returncode == 0
    assert not (moved / ".venv").exists()


TOO_OLD = f"""
    exec {sys.executable} -c "import sys; sys.version_info = (3, 10, 12); $2"
"""
NO_VENV = f"""
    case "$*" in *ensurepip*) exit 1 ;; esac
    exec {sys.executable} "$@"
"""


def pretend(folder: Path, **pythons: str) -> str:
    """A PATH whose only Pythons are scripts."""
    programs = folder / "programs"
    programs.mkdir()
    for program in ("make", "sh", "rm", "cat"):
        (programs / program).symlink_to(shutil.which(program) or program)
    for name, script in pythons.items():
        python = programs / name
        python.write_text(f"#!{shutil.which('sh')}\n{textwrap.dedent(script)}", "utf-8")
        python.chmod(0o755)
    return str(programs)


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_python_that_is_too_old_is_named_with_its_remedy(folder: Path) -> None:
    said = refusal(make(folder, "chat", path=pretend(folder, python3=TOO_OLD)))
    assert "3.11" in said
    assert "sudo apt install python3-venv" in said


def test_a_python_without_venv_is_named_with_the_package_that_has_it(folder: Path) -> None:
    said = refusal(make(folder, "chat", path=pretend(folder, python3=NO_VENV)))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert said.startswith("python3 has no venv.")
    assert f"sudo apt install python{version}-venv" in said
    assert not (folder / ".venv").exists()


def test_a_newer_python_is_found_beside_an_old_one(folder: Path) -> None:
    path = pretend(folder, **{"python3": TOO_OLD, "python3.12": NO_VENV})
    assert refusal(make(folder, "chat", path=path)).startswith("python3.12 has no venv.")


def test_every_target_is_listed() -> None:
    listed = make(ROOT, "help").stdout
    assert all(
        f"make {target} " in listed
        for target in ("chat", "bot", "test", "quick", "check", "bench", "docs", "audit", "clean")
    )
