"""The bot's linear algebra runs on one thread, unless the operator says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

NAMES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
SHOW = f"""
import os
import bot.answering.answerer
print(*(os.environ[name] for name in {NAMES}))
"""


def shown(**settings: str) -> list[str]:
    without = {name: value for name, value in os.environ.items() if name not in NAMES}
    command = [sys.executable, "-c", SHOW]
    return subprocess.check_output(command, text=True, env=without | settings).split()


def test_a_fresh_process_has_one_thread() -> None:
    assert shown() == ["1", "1", "1", "1"]


def test_an_operators_own_number_is_kept() -> None:
    assert shown(OMP_NUM_THREADS="4") == ["1", "4", "1", "1"]
