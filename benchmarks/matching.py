"""Compares the matching engine with its peers, and measures how its cost grows.

Run as `python benchmarks/matching.py`, or with the names of some sections. The peers are in
the extra `bench`. Tables go to standard output, progress to standard error. Each engine and
each size has a process of its own, on one core.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from accuracy import Result, Task, clinc_task, faq_task, measure
from costs import ask_process, builds, fuzz, growth, message_lengths
from measuring import alone
from peers import ENGINES, YARDSTICK
from rich import box
from rich.console import Console
from rich.table import Table

SECTIONS = ("peers", "growth", "length", "start", "fuzz")
SIZES = (36, 360, 3_600, 36_000)
FUZZ_STRINGS = 100_000
REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the sections that were asked for, or all."""
    arguments = _arguments()
    folder, questions = arguments.faq, arguments.questions
    run = arguments.sections or SECTIONS
    if "peers" in run:
        task = alone(faq_task, folder, questions)
        _show(_accuracy_table(f"{task.knowledge.faq.title}: {_counts(task)}", task))
        for file in arguments.clinc:
            task = alone(clinc_task, file, taught=False)
            taught = alone(clinc_task, file, taught=True)
            _show(_accuracy_table(f"CLINC150, {file.name}: {_counts(task)}", task, taught))
    if "growth" in run:
        _show(_growth_table(folder, questions))
    if "length" in run:
        _show(_length_table(folder, questions))
    if "start" in run:
        _show(_start_table(folder))
    if "fuzz" in run:
        _show(_fuzz_table(folder))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--faq", type=Path, default=REPOSITORY / "faq", help="a FAQ folder")
    parser.add_argument(
        "--questions",
        type=Path,
        nargs="+",
        default=[REPOSITORY / "tests" / "questions" / "report"],
        help="question files, or folders of them",
    )
    parser.add_argument(
        "--clinc", type=Path, nargs="*", default=[], help="CLINC150 as JSON, to compare on as well"
    )
    arguments = parser.parse_args()
    for section in arguments.sections:
        if section not in SECTIONS:
            parser.error(f"there is no section {section!r}; there are {', '.join(SECTIONS)}")
    return arguments


def _counts(task: Task) -> str:
    return (
        f"{len(task.knowledge.faq.entries)} entries, "
        f"{sum(len(entry.questions) for entry in task.knowledge.faq.entries)} phrasings, "
        f"{len(task.in_scope)} questions in scope, {len(task.out_of_scope)} out of scope"
    )


def _accuracy_table(title: str, task: Task, taught: Task | None = None) -> Table:
    """Compare all engines on one task.

    `taught` is the same task with examples of what is out of scope, which this engine alone
    has a use for.
    """
    results: dict[str, Result] = {}
    for name in ENGINES:
        _say(f"{title}: {name}")
        results[name] = alone(measure, name, task)
        if taught is not None and name != YARDSTICK and "this engine" in name:
            _say(f"{title}: {name}, with out-of-scope examples")
            results[f"{name}, with out-of-scope examples"] = alone(measure, name, taught)
    table = _table(
        title,
        "engine",
        "right first",
        "right in three",
        "kept at 10 % false",
        "kept at 3 % false",
        "refused at 80 % passed",
        "refused at 80 % right",
        "µs, median",
        "µs, 99th",
        "time, of WRatio's",
        "MiB, process",
    )
    for name, result in results.items():
        table.add_row(
            name,
            *map(_percent, result[:6]),
            f"{result.timing.median:,.0f}",
            f"{result.timing.high:,.0f}",
            f"{result.timing.median / results[YARDSTICK].timing.median:.2f}",
            f"{result.memory:.0f}",
        )
    return table


def _growth_table(folder: Path, questions: Sequence[Path]) -> Table:
    task = alone(faq_task, folder, questions)
    _say("growth: the FAQ itself")
    shipped = alone(measure, next(iter(ENGINES)), task)
    table = _table(
        "Growth: generated entries with 10 phrasings each",
        "entries",
        "build, s",
        "MiB, process",
        "µs a question, median",
        "of the FAQ's time",
    )
    table.add_row(
        f"{len(task.knowledge.faq.entries)} (the FAQ)",
        "",
        f"{shipped.memory:.0f}",
        f"{shipped.timing.median:,.0f}",
        "1.0",
    )
    for size in SIZES:
        _say(f"growth: {size:,} entries")
        found = alone(growth, size)
        table.add_row(
            f"{size:,}",
            f"{found.build:.2f}",
            f"{found.memory:.0f}",
            f"{found.question:,.0f}",
            f"{found.question / shipped.timing.median:.1f}",
        )
    return table


def _length_table(folder: Path, questions: Sequence[Path]) -> Table:
    _say("length: messages of 4,096 characters")
    task = alone(faq_task, folder, questions)
    taken = alone(message_lengths, folder, [text for text, _ in task.in_scope])
    table = _table("Messages of 4,096 characters", "message", "µs", "of ten words' time")
    for name, microseconds in taken.items():
        ratio = microseconds / taken["ten words"]
        table.add_row(name, f"{microseconds:,.0f}", f"{ratio:.1f}")
    return table


def _start_table(folder: Path) -> Table:
    _say("start: index and process")
    built = alone(builds, folder)
    process = alone(ask_process, folder)
    table = _table("From nothing to an answer", "step", "ms", "MiB")
    table.add_row("YAML files read and checked", f"{built.loading:.0f}", "")
    table.add_row("index built, first in a process", f"{built.first:.0f}", "")
    table.add_row("index built, median", f"{built.median:.0f}", "")
    table.add_row(
        "whole smp-bot ask process", f"{process.milliseconds:.0f}", f"{process.memory:.0f}"
    )
    return table


def _fuzz_table(folder: Path) -> Table:
    _say(f"fuzz: {FUZZ_STRINGS:,} random strings")
    found = alone(fuzz, folder, FUZZ_STRINGS, FUZZ_STRINGS // 10)
    table = _table(
        "Random Unicode strings", "strings", "exceptions", "ms, median", "ms, slowest", "slowest"
    )
    table.add_row(
        f"{found.strings:,}",
        str(sum(found.exceptions.values())),
        f"{found.median:.2f}",
        f"{found.slowest:.1f}",
        found.slowest_text,
    )
    for exception, times in found.exceptions.items():
        table.add_row("", str(times), "", "", exception)
    return table


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{share:.1%}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.MARKDOWN)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _show(table: Table) -> None:
    Console(width=220, highlight=False, markup=False).print(table, "")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
