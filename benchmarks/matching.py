"""Compares the matching engine with its peers, and measures how its cost grows.

Run as `python benchmarks/matching.py`, or with the names of some sections. The peers are in
the extra `bench`. Tables go to standard output, progress to standard error. Each engine and
each size has a process of its own, on one core; times are processor time.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from accuracy import Result, Task, clinc_task, faq_task, measure, untaught
from costs import ask_process, builds, fuzz, growth, message_lengths
from measuring import alone
from peers import ENGINES, THIS, YARDSTICK

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
        for real in (False, True):
            task = alone(faq_task, folder, questions, real=real)
            if task.in_scope:
                print(_accuracy_table(task))
        for file in arguments.clinc:
            print(_accuracy_table(alone(clinc_task, file)))
    if "growth" in run:
        print(_growth_table(folder, questions))
    if "length" in run:
        print(_length_table(folder, questions))
    if "start" in run:
        print(_start_table(folder))
    if "fuzz" in run:
        print(_fuzz_table(folder))


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
        f"{task.title}: {len(task.knowledge.faq.entries)} entries, "
        f"{sum(map(len, map(task.knowledge.phrasings, task.knowledge.faq.entries)))} phrasings, "
        f"{len(task.in_scope)} questions in scope, {len(task.out_of_scope)} out of scope"
    )


def _accuracy_table(task: Task) -> _Table:
    """Compare all engines on one task.

    This engine alone has a use for examples of what is out of scope, so it is measured without
    them as well.
    """
    title = _counts(task)
    runs = [(name, name, task) for name in ENGINES]
    if task.knowledge.examples.off_topic:
        runs.insert(1, (f"{THIS}, no out-of-scope examples", THIS, untaught(task)))
    results: dict[str, Result] = {}
    for label, name, asked in runs:
        _say(f"{title}: {label}")
        results[label] = alone(measure, name, asked)
    table = _Table(
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


def _growth_table(folder: Path, questions: Sequence[Path]) -> _Table:
    task = alone(faq_task, folder, questions)
    _say("growth: the FAQ itself")
    shipped = alone(measure, THIS, task)
    table = _Table(
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


def _length_table(folder: Path, questions: Sequence[Path]) -> _Table:
    _say("length: messages of 4,096 characters")
    task = alone(faq_task, folder, questions)
    taken = alone(message_lengths, folder, [text for text, _ in task.in_scope])
    table = _Table("Messages of 4,096 characters", "message", "µs", "of ten words' time")
    for name, microseconds in taken.items():
        ratio = microseconds / taken["ten words"]
        table.add_row(name, f"{microseconds:,.0f}", f"{ratio:.1f}")
    return table


def _start_table(folder: Path) -> _Table:
    _say("start: index and process")
    built = alone(builds, folder)
    process = alone(ask_process, folder)
    table = _Table("From nothing to an answer", "step", "ms", "MiB")
    table.add_row("YAML files read and checked", f"{built.loading:.0f}", "")
    table.add_row("index built, first in a process", f"{built.first:.0f}", "")
    table.add_row("index built, median", f"{built.median:.0f}", "")
    table.add_row(
        "whole smp-bot ask process", f"{process.milliseconds:.0f}", f"{process.memory:.0f}"
    )
    return table


def _fuzz_table(folder: Path) -> _Table:
    _say(f"fuzz: {FUZZ_STRINGS:,} random strings")
    found = alone(fuzz, folder, FUZZ_STRINGS)
    table = _Table(
        "Random Unicode strings",
        "strings",
        "exceptions",
        "ms, median",
        "ms, slowest",
        "the slowest begins with",
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


class _Table:
    """A Markdown table: the first column to the left, figures to the right."""

    def __init__(self, title: str, *columns: str) -> None:
        self._title = title
        self._rows = [columns]

    def add_row(self, *cells: str) -> None:
        """Add a row with a cell for each column."""
        self._rows.append(cells)

    def __str__(self) -> str:
        """The title and the rows, columns aligned."""
        widths = [max(map(len, column)) for column in zip(*self._rows, strict=True)]
        lines = []
        for row in self._rows:
            first, *others = zip(row, widths, strict=True)
            cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
            lines.append(f"| {' | '.join(cells)} |")
        rule = [f":{'-' * (widths[0] - 1)}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
        lines.insert(1, f"| {' | '.join(rule)} |")
        return "\n".join([self._title, "", *lines, ""])


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
