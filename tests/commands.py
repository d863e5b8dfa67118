"""Commands as people type them, in this process: one of their own takes seconds to begin."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main
from tests.telegram_api.process import clean_environment


class Done(NamedTuple):
    """What a command printed, and its status."""

    stdout: str
    stderr: str
    returncode: int


Command = Callable[..., Done]


@pytest.fixture
def smp_bot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in a folder, with what is typed into it and settings of the bot."""

    def run(*arguments: str | Path, cwd: Path, entered: str = "", **settings: str) -> Done:
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            patch.setattr(sys, "argv", ["smp-bot", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.StringIO(entered))
            for name in os.environ.keys() - clean_environment().keys():
                patch.delenv(name)
            for name, value in settings.items():
                patch.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit) as end:
                main()
        printed = capsys.readouterr()
        return Done(printed.out, printed.err, int(end.value.code or 0))

    return run
