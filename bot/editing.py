"""The commands of those who edit the FAQ: each parses, calls its room and prints."""

from __future__ import annotations

import datetime
import sys
from contextlib import contextmanager
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BotError, UsageError
from bot.faq.shipped import default_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.answering.answerer import Answerer
    from bot.faq.checks.rules import Engine
    from bot.faq.models import Entry, Knowledge
    from bot.records.figures import Figures

Faq = Annotated[
    Path,
    typer.Option(
        "--faq",
        envvar="FAQ_DIR",
        metavar="DIR",
        help="The FAQ folder; by default faq/ here, or else the one that comes with the bot.",
        default_factory=default_folder,
        show_default=False,
    ),
]

_Format = StrEnum("_Format", ["text", "github", "json"])
PIPED_WIDTH = 120
"""Columns of a table that goes to a file or another program."""


def report(
    faq: Faq,
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="How many days; today is the last.")
    ] = 30,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one HTML page instead.")
    ] = None,
    accept: Annotated[
        tuple[int, str] | None,
        typer.Option(
            metavar="NUMBER ENTRY",
            help="Add the suggested line of that number to the examples of an entry.",
        ),
    ] = None,
) -> None:
    """Show what people asked and what was missed, and add what the bot is to learn."""
    from rich.console import Console

    from bot.faq.examples import add_example
    from bot.faq.loading import load_knowledge
    from bot.faq.problems import shown_path
    from bot.records.database import make_private
    from bot.records.misses import acceptable
    from bot.records.page import page
    from bot.records.terminal import print_report

    knowledge = load_knowledge(faq)
    figures = _figures(knowledge, days)
    if accept:
        number, entry = accept
        line = acceptable(figures.groups, number, entry, knowledge)
        if typer.confirm(f"{line}\nAdd this line to the examples of {entry}?"):
            file = add_example(faq, knowledge.ids[entry], line)
            print(f"Added to {shown_path(file)}")
    elif html:
        with _written(html, f"--html {html}"):
            make_private(html)
            html.write_text(page(figures, knowledge.faq.title), "utf-8")
    else:
        width = None if sys.stdout.isatty() else PIPED_WIDTH
        console = Console(highlight=False, markup=False, emoji=False, width=width)
        print_report(figures, console)


def _figures(knowledge: Knowledge, days: int) -> Figures:
    """The figures of the database that the settings name."""
    from bot.records.database import database_url, open_database
    from bot.records.figures import read_figures
    from bot.settings import load_settings

    engine = open_database(database_url(load_settings()), read_only=True)
    return read_figures(engine, knowledge, datetime.datetime.now(datetime.UTC).date(), days)


def check(
    faq: Faq,
    path: Annotated[Path | None, typer.Argument(help="A FAQ folder, or a faq.yaml file.")] = None,
    form: Annotated[_Format, typer.Option("--format", help="How to print.")] = _Format.text,
    strict: Annotated[bool, typer.Option("--strict", help="Make errors of warnings.")] = False,
    documents: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Documents (.txt) that no eight words in a row may be taken from."
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

    from bot.faq.checking import check_faq, read_documents
    from bot.faq.printing import FORMATS, lands_elsewhere, summary

    def asking(knowledge: Knowledge) -> Engine:
        from bot.answering.answerer import Answerer

        entries = knowledge.faq.entries
        kept = map(knowledge.phrasings, entries) if ask_all else (e.questions for e in entries)
        task = progress.add_task("Asking the bot", total=sum(map(len, kept)))
        return engine(Answerer(knowledge), lambda: progress.advance(task))

    quiet = not sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as progress:
        checked = check_faq(
            path or faq,
            today=_today(),
            engine=asking,
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
        if checked.asked:
            print(lands_elsewhere(checked.astray, checked.asked, checked.lines))
        if checked.unsigned:
            print(f"{checked.unsigned} answers and alerts are not signed: see `smp-bot review`")
    raise typer.Exit(checked.exit_code)


def engine(answerer: Answerer, step: Callable[[], None] = lambda: None) -> Engine:
    """What the rules of `check` need of a bot; `step` is called before each question."""
    from bot.chat.rendering import plain
    from bot.faq.checks.rules import Asked, Engine

    @cache
    def ask(question: str) -> Asked:
        step()
        reply = answerer.answer(question)
        answered = [each.entry.id for each in reply.answered]
        offered = [each.id for each in reply.suggested[:1]]
        return Asked(answered or offered, reply.alert.level if reply.alert else None)

    def shown(entry: Entry) -> str:
        reply = answerer.topic(entry.id)
        return plain(reply, answerer.knowledge) if reply else ""

    return Engine(ask, shown, answerer.sign_lines)


def preview(
    faq: Faq,
    entry: Annotated[str | None, typer.Argument(help="The id of an entry.")] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Show it on a page, live while you edit.")
    ] = False,
) -> None:
    """Show what Telegram will show for an entry: its messages and their buttons."""
    from bot.chat.previewing import preview as show_preview
    from bot.chat.terminal import plain_console
    from bot.faq.loading import load_knowledge

    if browser:
        _preview_in_browser(entry, faq)
    elif entry:
        show_preview(entry, load_knowledge(faq), plain_console())
    else:
        raise UsageError("Name an entry, such as `smp-bot preview mri-scan`, or add --browser.")


def _preview_in_browser(entry: str | None, faq: Path) -> None:
    from bot.chat.previewing import Page, entry_reply, serve
    from bot.chat.reloading import Serving
    from bot.faq.checking import check_faq
    from bot.records.wording import missed_near

    serving = Serving(faq)
    if entry:
        entry_reply(entry, serving.answerer)
    quick = partial(check_faq, faq, today=_today())
    whole = partial(quick, engine=lambda _: engine(serving.answerer))

    def missed(near: str) -> dict[str, object]:
        try:
            return missed_near(near, _figures(serving.answerer.knowledge, 30))
        except BotError as fault:
            return {"note": str(fault), "groups": ()}

    def opened(address: str) -> None:
        print(f"Open {address}#{entry}" if entry else f"Open {address}")
        print("It follows each save. Ctrl-C ends it.", flush=True)

    serve(Page(serving, (quick, whole), missed), opened)


def review(
    faq: Faq,
    file: Annotated[Path, typer.Argument(help="Where the page goes.")] = Path("review.html"),
) -> None:
    """Write the page on which a clinician reads and signs all answers and alerts."""
    from bot.chat.review import review_page
    from bot.faq.loading import load_knowledge

    page = review_page(load_knowledge(faq))
    with _written(file, str(file)):
        file.write_text(page, "utf-8")


def schema() -> None:
    """Print the JSON Schema of faq.yaml, for editors."""
    from bot.faq.schema import faq_schema

    print(faq_schema(), end="")


def new(
    title: Annotated[str, typer.Argument(help="The title of the entry.", show_default=False)],
    faq: Faq,
) -> None:
    """Print a new entry, ready to paste into faq.yaml."""
    from bot.chat.lines import readable
    from bot.faq.template import list_style, new_entry

    indent, taken = list_style(faq / "faq.yaml")
    print(new_entry(readable(title), _today(), indent=indent, taken=taken), end="")


@contextmanager
def _written(file: Path, named: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise UsageError(f"{named}: it cannot be written: {fault.strerror}") from None
    print(f"Written: {file}")


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()
