"""The commands of those who edit the FAQ: each parses, calls its room and prints."""

from __future__ import annotations

import datetime
import sys
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from bot.faq.checking import Engine
    from bot.faq.models import Knowledge

Faq = Annotated[
    Path | None,
    typer.Option(
        "--faq",
        envvar="FAQ_DIR",
        metavar="DIR",
        help="The FAQ folder; by default faq/ here, or else the one that comes with the bot.",
        show_default=False,
    ),
]

PIPED_WIDTH = 120
"""Columns of a table that goes to a file or another program."""


def report(
    faq: Faq = None,
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="How many days; today is the last.")
    ] = 30,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write one HTML page instead.", show_default=False),
    ] = None,
    accept: Annotated[
        tuple[int, str] | None,
        typer.Option(
            metavar="NUMBER ENTRY",
            help="Add the suggested line of that number to the examples of an entry.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show what people asked and what was missed, and add what the bot is to learn."""
    from rich.console import Console

    from bot.chat.lines import tolerate_encodings
    from bot.errors import UsageError
    from bot.faq.examples import add_example
    from bot.faq.loading import load_knowledge
    from bot.faq.problems import shown_path
    from bot.faq.shipped import default_folder
    from bot.records.accepting import acceptable
    from bot.records.database import database_url, make_private, open_database
    from bot.records.figures import read_figures
    from bot.records.page import page
    from bot.records.terminal import print_report
    from bot.settings import load_settings

    tolerate_encodings()
    settings = load_settings()
    folder = faq or settings.faq_dir or default_folder()
    knowledge = load_knowledge(folder)
    engine = open_database(database_url(settings), read_only=True)
    today = datetime.datetime.now(datetime.UTC).date()
    figures = read_figures(engine, knowledge, today, days)
    if accept:
        number, entry = accept
        line = acceptable(figures.groups, number, entry, knowledge)
        if typer.confirm(f"{line}\nAdd this line to the examples of {entry}?"):
            print(f"Added to {shown_path(add_example(folder, entry, line))}")
    elif html:
        try:
            make_private(html)
            html.write_text(page(figures, knowledge.faq.title), "utf-8")
        except OSError as fault:
            raise UsageError(f"--html {html}: it cannot be written: {fault.strerror}") from None
        print(f"Written: {html}")
    else:
        width = None if sys.stdout.isatty() else PIPED_WIDTH
        console = Console(highlight=False, markup=False, emoji=False, width=width)
        print_report(figures, console)


class _Format(StrEnum):
    text = "text"
    github = "github"
    json = "json"


def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="A FAQ folder, or a faq.yaml file.", show_default=False),
    ] = None,
    faq: Faq = None,
    form: Annotated[_Format, typer.Option("--format", help="How to print.")] = _Format.text,
    strict: Annotated[bool, typer.Option("--strict", help="Make errors of warnings.")] = False,
    documents: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Documents (.txt) that no eight words in a row may be taken from.",
            show_default=False,
        ),
    ] = None,
    ask_all: Annotated[
        bool, typer.Option("--all", help="Ask the bot the examples of all entries too.")
    ] = False,
    links: Annotated[
        bool, typer.Option("--links", help="Open the web addresses of the references too.")
    ] = False,
) -> None:
    """Find every problem of a FAQ: where it is, and what to do about it."""
    from rich.console import Console
    from rich.progress import Progress

    from bot.chat.lines import tolerate_encodings
    from bot.faq.checking import check_faq, read_documents
    from bot.faq.printing import FORMATS, summary
    from bot.faq.shipped import default_folder

    tolerate_encodings()
    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        checked = check_faq(
            path or faq or default_folder(),
            today=_today(),
            engine=lambda knowledge: _engine(knowledge, ask_all, progress),
            documents=read_documents(documents) if documents else None,
            strict=strict,
            ask_all=ask_all,
            try_links=links,
        )
    printed = FORMATS[form](checked.problems, checked.lines)
    if printed:
        print(printed)
    if form == _Format.text:
        print(summary(checked.problems))
        if checked.unsigned:
            print(f"{checked.unsigned} answers and alerts are not signed: see `smp-bot review`")
    raise typer.Exit(checked.exit_code)


def _engine(knowledge: Knowledge, ask_all: bool, progress: Progress) -> Engine:
    """The bot that `check` asks; it shows how far it is."""
    from bot.answering.answerer import Answerer
    from bot.chat.rendering import plain
    from bot.faq.checking import Engine
    from bot.faq.checks.rules import Asked
    from bot.faq.models import Entry

    answerer = Answerer(knowledge)
    entries = knowledge.faq.entries
    kept = map(knowledge.phrasings, entries) if ask_all else (e.questions for e in entries)
    task = progress.add_task("Asking the bot", total=sum(map(len, kept)))

    @cache
    def ask(question: str) -> Asked:
        progress.advance(task)
        reply = answerer.answer(question)
        answered = [each.entry.id for each in reply.answered]
        offered = [each.id for each in reply.suggested[:1]]
        return Asked(answered or offered, reply.alert.level if reply.alert else None)

    def shown(entry: Entry) -> str:
        reply = answerer.topic(entry.id)
        return plain(reply, knowledge) if reply else ""

    return Engine(ask, shown)


def review(
    file: Annotated[Path, typer.Argument(help="Where the page goes.")] = Path("review.html"),
    faq: Faq = None,
) -> None:
    """Write the page on which a clinician reads and signs all answers and alerts."""
    from bot.chat.review import review_page
    from bot.errors import UsageError
    from bot.faq.loading import load_knowledge
    from bot.faq.shipped import default_folder

    try:
        file.write_text(review_page(load_knowledge(faq or default_folder())), "utf-8")
    except OSError as fault:
        raise UsageError(f"{file}: it cannot be written: {fault.strerror}") from None
    print(f"Written: {file}")


def schema() -> None:
    """Print the JSON Schema of faq.yaml, for editors."""
    from bot.faq.schema import faq_schema

    print(faq_schema(), end="")


def new(
    title: Annotated[str, typer.Argument(help="The title of the entry.", show_default=False)],
    faq: Faq = None,
) -> None:
    """Print a new entry, ready to paste into faq.yaml."""
    from bot.chat.lines import readable, tolerate_encodings
    from bot.faq.shipped import default_folder
    from bot.faq.template import list_style, new_entry

    tolerate_encodings()
    indent, taken = list_style((faq or default_folder()) / "faq.yaml")
    print(new_entry(readable(title), _today(), indent=indent, taken=taken), end="")


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()
