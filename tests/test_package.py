"""What is shipped: the wheel, the sdist, the versions that were tested, the container."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import Settings
from tests.conftest import GUARD
from tests.telegram_api.process import BotProcess, clean_environment, free_port

ROOT = Path(__file__).parent.parent
PATIENCE = 120.0
QUESTION = "why have my dots turned blue?"
FAQ_FILES = {
    file.relative_to(ROOT / "faq").as_posix()
    for file in (ROOT / "faq").rglob("*")
    if file.is_file()
}
PRIVATE = (".env", "smp-bot.sqlite3", "bot/left.sqlite3-wal", ".venv/pyvenv.cfg", "dist/old.whl")
"""What lies about in the folder of somebody who works with the bot."""


def run(*command: str | Path, folder: Path, entered: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        # Nothing of this checkout is on the path.
        env=clean_environment(PYTHONIOENCODING="utf-8", PYTHONPATH=str(GUARD)),
        input=entered,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


@dataclass(frozen=True)
class Built:
    """The names in the sdist, below its one folder; the names in the wheel; the wheel."""

    sdist: set[str]
    wheel: set[str]
    file: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the sdist from a used folder, and the wheel from the sdist, as a release does."""
    folder = tmp_path_factory.mktemp("build")
    source = folder / "source"
    leftovers = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
    shutil.copytree(ROOT, source, ignore=leftovers)
    for name in PRIVATE:
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text("private", "utf-8")
    [sdist] = build("sdist", source, folder / "sdist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {each.name.partition("/")[2] for each in archive if each.isfile()}
        archive.extractall(folder, filter="data")
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    [wheel] = build("wheel", unpacked, folder / "wheel").glob("*.whl")
    return Built(names, set(zipfile.ZipFile(wheel).namelist()), wheel)


def build(target: str, source: Path, into: Path) -> Path:
    hatchling = (sys.executable, "-m", "hatchling", "build", "--target", target)
    done = run(*hatchling, "--directory", into, folder=source)
    assert done.returncode == 0, done.stderr
    return into


def test_the_sdist_holds_all_that_work_on_the_bot_needs(built: Built) -> None:
    folders = {name.partition("/")[0] for name in built.sdist if "/" in name}
    wanted = {"bot", "faq", "training", "tests", "docs", "benchmarks", "deploy", ".ci", ".github"}
    assert wanted <= folders
    assert {
        ".dockerignore", ".env.example", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile",
        "LICENSE", "Makefile", "README.md", "compose.yaml", "constraints.txt", "pyproject.toml",
        "faq/faq.yaml", "tests/small_faq/faq.yaml", "tests/test_package.py",
    } <= built.sdist  # fmt: skip


def test_nothing_private_is_shipped(built: Built) -> None:
    shipped = built.sdist | built.wheel
    assert not shipped & set(PRIVATE)
    assert not [name for name in shipped if re.search(r"\.sqlite3|\.whl$|\.pyc$", name)]


def test_the_wheel_holds_the_bot_and_its_faq_and_nothing_else(built: Built) -> None:
    faq = {name for name in built.wheel if name.startswith("bot/shipped_faq/")}
    assert faq == {f"bot/shipped_faq/{name}" for name in FAQ_FILES}
    program = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "bot").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    notes = {name for name in built.wheel if name.partition("/")[0].endswith(".dist-info")}
    assert built.wheel - faq - notes == program
    assert any(name.endswith("/licenses/LICENSE") for name in notes)


# -- installed, in an empty folder ----------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel in it, beside what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    [python] = programs.glob("python.exe" if os.name == "nt" else "python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet")
    done = run(*pip, "--no-index", "--no-deps", built.file, folder=folder)
    assert done.returncode == 0, done.stderr
    asked = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder
    )
    packages = Path(asked.stdout.strip())
    # A path that is added like this does not bring in this checkout: its own .pth is not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return programs


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    empty = tmp_path / "empty"
    empty.mkdir()
    return empty


def test_the_installed_bot_is_the_one_of_the_wheel(installed: Path, nowhere: Path) -> None:
    done = run(installed / "python", "-c", "import bot; print(bot.__file__)", folder=nowhere)
    assert Path(done.stdout.strip()).is_relative_to(installed.parent), done.stderr


def test_it_answers_from_the_shipped_faq(installed: Path, nowhere: Path) -> None:
    done = run(installed / "smp-bot", "ask", "--json", QUESTION, folder=nowhere)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answered"] == ["blue-dots"]
    assert list(nowhere.iterdir()) == []


def test_it_chats_through_a_pipe(installed: Path, nowhere: Path) -> None:
    done = run(installed / "smp-bot", "chat", folder=nowhere, entered=f"{QUESTION}\n")
    assert done.returncode == 0, done.stderr
    assert "Dots that turn blue" in done.stdout
    assert "\x1b" not in done.stdout


# -- the versions that were tested ----------------------------------------------------------------


def project() -> dict[str, list[Requirement]]:
    """What pyproject.toml asks for: itself (`""`), and each extra."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {"": table["dependencies"], **table["optional-dependencies"]}
    own = table["name"]
    return {
        extra: [each for each in map(Requirement, named) if each.name != own]
        for extra, named in asked.items()
    }


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    given = [line for line in lines if line and not line.startswith("#")]
    found = [re.fullmatch(r"([a-z0-9-]+)==([0-9][a-z0-9.]*)", line) for line in given]
    assert all(found), [line for line, pin in zip(given, found, strict=True) if not pin]
    return {pin[1]: pin[2] for pin in found if pin}


def test_the_tested_versions_are_in_the_ranges_that_are_asked_for() -> None:
    pinned = pins()
    for each in (each for named in project().values() for each in named):
        name = canonicalize_name(each.name)
        if name in pinned:
            assert each.specifier.contains(pinned[name]), f"{each}, but {pinned[name]} is tested"


def needed(requirement: Requirement, seen: set[tuple[str, str]]) -> Iterator[str]:
    """The names that a requirement leads to, its own among them."""
    name = canonicalize_name(requirement.name)
    yield name
    for extra in ("", *requirement.extras):
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for each in map(Requirement, metadata.requires(name) or []):
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                yield from needed(each, seen)


def tree(*extras: str) -> set[str]:
    """The names of all that is installed with these extras."""
    seen: set[tuple[str, str]] = set()
    asked = project()
    return {
        name for extra in ("", *extras) for each in asked[extra] for name in needed(each, seen)
    }


@pytest.mark.skipif(sys.platform != "linux", reason="the versions are those for Linux")
def test_every_package_that_is_needed_has_its_tested_version() -> None:
    assert tree("webhook", "postgres", "socks", "test") - set(pins()) == set()


def test_whatever_the_bot_imports_is_installed_with_it() -> None:
    installed_with = tree("webhook", "postgres", "socks")
    comes_from = metadata.packages_distributions()
    for module in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            for name in {each.partition(".")[0] for each in names} - {"bot"}:
                packages = {canonicalize_name(each) for each in comes_from.get(name, [])}
                known = name in sys.stdlib_module_names or packages & installed_with
                assert known, f"{module.relative_to(ROOT)} imports {name}, which is not asked for"


# -- the container and the service ----------------------------------------------------------------


def health_check() -> str:
    """The Python of the HEALTHCHECK in the Dockerfile, as Docker reads it."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    [command] = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", text, re.MULTILINE)
    python, option, code = json.loads(command)
    assert (python, option) == ("python", "-c")
    return str(code)


def healthy(**settings: str) -> bool:
    command = [sys.executable, "-c", health_check()]
    environment = clean_environment(**settings)
    return not subprocess.run(
        command, env=environment, capture_output=True, check=False
    ).returncode


def test_the_container_is_healthy_while_the_bot_serves(bot: BotProcess) -> None:
    assert healthy(**bot.settings)
    assert not healthy(**bot.settings | {"WEBHOOK_PORT": str(free_port())})


def test_compose_sets_only_what_is_a_setting_and_no_secret() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    given = services["bot"]["environment"]
    assert {name.lower() for name in given} <= set(Settings.model_fields)
    for service in services.values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "://" in value:
                assert "${POSTGRES_PASSWORD:?" in value, name


def test_the_image_gets_what_the_build_needs_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    assert all((ROOT / name).exists() for name in allowed)
    assert "bot" in allowed


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    text = (ROOT / "deploy/smp-bot.service").read_text("utf-8")
    program = "/srv/smp-bot/.venv/bin/smp-bot"
    assert f"ExecStart={program} run" in text
    unit = tmp_path / "smp-bot.service"
    unit.write_text(text.replace(program, sys.executable), "utf-8")
    done = run("systemd-analyze", "verify", "--man=no", unit, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    # Tenths of a point; systemd calls up to 2.0 "OK", and what has no protection gets 9.6.
    safe = ("systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager")
    done = run(*safe, unit, folder=tmp_path)
    assert done.returncode == 0, done.stdout
