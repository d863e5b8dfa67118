"""How far long work has come, said as it goes."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Log:
    """Says how far something has come, in minutes since it `started`; each process has one."""

    started: float
    of: str = ""

    def __call__(self, line: str) -> None:
        """Print a line, after the minutes and what it is said of."""
        print(f"{(time.time() - self.started) / 60:5.1f} min  {self.of}{line}", flush=True)
