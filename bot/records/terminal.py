"""The report in the terminal: tables that can be read without colour, and in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.records import wording
from bot.records.figures import OUTCOMES, Figures
from bot.records.misses import Group

_BAR = 24
_MOST_ENTRIES = 15
_MOST_GROUPS = 15
_MOST_DAYS = 31


def print_report(figures: Figures, console: Console) -> None:
    """Print the report. Lines to paste are never broken."""
    console.print(wording.span(figures), style="bold")
    if figures.empty:
        console.print(f"\n{wording.NOTHING}")
        return
    for table in _tables(figures):
        console.print(table)
    if figures.unread:
        names = ", ".join(f"{each.title} ({each.id})" for each in figures.unread)
        console.print("\nEntries that nobody read\n", style="bold")
        console.print(names)
    console.print("\nMissed, the commonest first\n", style="bold")
    console.print(wording.HOW_TO_ACCEPT if figures.groups else wording.NOTHING_MISSED)
    numbers = count(1)
    for group in figures.groups[:_MOST_GROUPS]:
        _print_group(group, numbers, console)
    if len(figures.groups) > _MOST_GROUPS:
        more = len(figures.groups) - _MOST_GROUPS
        console.print(f"\nand {more} more; the page that --html writes has them")


def _tables(figures: Figures) -> Iterator[Table]:
    table = _table("Questions", "", "questions", "share")
    for outcome, label in wording.LABELS.items():
        ended = figures.total(outcome)
        table.add_row(label, str(ended), wording.share(ended, figures.questions))
    table.add_row("All", str(figures.questions), "", style="bold")
    for kind, times in figures.others.items():
        table.add_row(Text(f"Beside these: {wording.kind_label(kind)}", "dim"), str(times), "")
    yield table
    if figures.alerts:
        table = _table("Alerts", "level", "times")
        for level, times in sorted(figures.alerts.items(), key=lambda each: -each[1]):
            table.add_row(level, str(times))
        yield table
    yield _days(figures)
    yield _entries(figures)


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=f"\n{title}", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
    )
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number else "left", no_wrap=bool(number))
    return table


def _days(figures: Figures) -> Table:
    outcomes = map(str.lower, wording.LABELS.values())
    table = _table("By day", "day", *outcomes, "all", "")
    table.columns[-1].justify = "left"
    asked = [day for day in figures.days if day.questions]
    most = max((day.questions for day in asked), default=1)
    for day in asked[-_MOST_DAYS:]:
        counts = [str(day.outcomes[each]) for each in OUTCOMES]
        bar = "#" * round(_BAR * day.questions / most)
        table.add_row(day.date.isoformat(), *counts, str(day.questions), bar)
    if len(asked) > _MOST_DAYS:
        table.caption = f"the last {_MOST_DAYS} days with questions, of {len(asked)}"
    return table


def _entries(figures: Figures) -> Table:
    table = _table("Entries", "entry", "asked", "tapped", "found helpful")
    for each in figures.entries[:_MOST_ENTRIES]:
        helped = wording.votes(each.helpful, each.unhelpful)
        table.add_row(each.title, str(each.asked), str(each.opened), helped)
    asked = str(sum(each.asked for each in figures.entries))
    opened = str(sum(each.opened for each in figures.entries))
    helped = wording.votes(figures.helpful, figures.unhelpful)
    table.add_row("All", asked, opened, helped, style="bold")
    if len(figures.entries) > _MOST_ENTRIES:
        table.caption = f"the {_MOST_ENTRIES} most read, of {len(figures.entries)}"
    return table


def _print_group(group: Group, numbers: Iterator[int], console: Console) -> None:
    nearest = f"nearest: {group.title} ({group.nearest})" if group.nearest else "no entry is near"
    console.print(f"\n{wording.times(group.count)}; {nearest}", style="bold")
    for line in group.lines:
        console.print(f"{next(numbers):4}  {line}", soft_wrap=True)
    if not group.lines:
        console.print("\n".join(group.texts), soft_wrap=True)
