"""Time, memory and rates, each measured in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def alone(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a module's function in a fresh process and return what it returns."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(function, *args, **kwargs).result()


def peak_memory() -> float:
    """Return the most memory this process has held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ru_maxrss, not inherited from the process that started this one.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return in_mib(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def resident(pid: int) -> float:
    """Return the memory that another process holds now, in MiB; on Linux alone."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    return pages * resource.getpagesize() / 2**20


def in_mib(maxrss: int) -> float:
    """Convert `ru_maxrss`, which is in bytes on macOS and in KiB elsewhere."""
    return maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


class Timing(NamedTuple):
    """Microseconds of processor time a call: the median and the 99th percentile."""

    median: float
    high: float


def timed(function: Callable[[str], Any], texts: Sequence[str], passes: int = 3) -> Timing:
    """Time a function on every text, `passes` times over, after one text to warm up.

    Processor time is counted, so that what else the machine does weighs little.
    """
    function(texts[0])
    taken = []
    for _ in range(passes):
        for text in texts:
            start = time.process_time_ns()
            function(text)
            taken.append((time.process_time_ns() - start) / 1000)
    return Timing(median(taken), quantiles(taken, n=100)[98])


def seconds(function: Callable[[], Any], times: int) -> list[float]:
    """Return the seconds of processor time that each of some calls takes."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        function()
        taken.append(time.process_time() - start)
    return taken
