"""The commands: each parses, calls its room, prints, and does nothing else."""

from __future__ import annotations

import datetime
import os
import sys
from contextlib import suppress
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import BotError

app = typer.Typer(
    name="smp-bot",
    help="Answers worries about scalp micropigmentation, with a referral to a professional.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def smp_bot() -> None:
    """Answers worries about scalp micropigmentation, with a referral to a professional."""


_Faq = Annotated[
    Path | None,
    typer.Option(
        "--faq",
        envvar="FAQ_DIR",
        metavar="DIR",
        help="The FAQ folder; by default faq/ here, or else the one that comes with the bot.",
        show_default=False,
    ),
]


@app.command()
def chat(
    faq: _Faq = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Take up changes of the FAQ while you talk.")
    ] = False,
) -> None:
    """Talk with the bot in the terminal; needs no token and no network."""
    from bot.chat.lines import tolerate_encodings
    from bot.chat.terminal import plain_console, talk
    from bot.faq.shipped import default_folder

    tolerate_encodings()
    console = plain_console()
    folder = faq or default_folder()
    if watch:
        from bot.chat.reloading import Serving, watching
        from bot.chat.terminal import tell_reload

        serving = Serving(folder)
        with watching(serving, tell_reload(console)):
            talk(lambda: serving.answerer, console)
    else:
        from bot.answering.answerer import Answerer
        from bot.faq.loading import load_knowledge

        answerer = Answerer(load_knowledge(folder))
        talk(lambda: answerer, console)


@app.command()
def ask(
    questions: Annotated[
        list[str] | None,
        typer.Argument(help="Questions; without any, each line of standard input is one."),
    ] = None,
    faq: _Faq = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: the candidates and each word's weight.")
    ] = False,
) -> None:
    """Answer questions and end."""
    from bot.answering.answerer import Answerer
    from bot.chat.asking import answers
    from bot.chat.lines import read_lines, readable, tolerate_encodings
    from bot.chat.rendering import plain
    from bot.faq.loading import load_knowledge
    from bot.faq.shipped import default_folder

    tolerate_encodings()
    answerer = Answerer(load_knowledge(faq or default_folder()))
    form = plain
    if sys.stdout.isatty() and not as_json:
        from bot.chat.terminal import wrapped as form
    asked = map(readable, questions) if questions else read_lines(sys.stdin.buffer)
    echo = not questions or len(questions) > 1
    shape = {"as_json": as_json, "explain": explain, "echo": echo}
    for text in answers(asked, answerer, **shape, form=form):
        print(text if as_json else f"{text}\n", flush=True)


@app.command()
def preview(
    entry: Annotated[str, typer.Argument(help="The id of an entry.", show_default=False)],
    faq: _Faq = None,
) -> None:
    """Show what Telegram will show for an entry: its messages and their buttons."""
    from bot.chat.lines import tolerate_encodings
    from bot.chat.previewing import preview as show_preview
    from bot.chat.terminal import plain_console
    from bot.faq.loading import load_knowledge
    from bot.faq.shipped import default_folder

    tolerate_encodings()
    show_preview(entry, load_knowledge(faq or default_folder()), plain_console())


@app.command()
def run(faq: _Faq = None) -> None:
    """Serve Telegram: by polling, or by webhook when WEBHOOK_URL is set."""
    from bot.chat.reloading import Serving, watching
    from bot.chat.telegram.run import serve
    from bot.faq.shipped import default_folder
    from bot.records.recorder import open_records
    from bot.settings import load_settings

    settings = load_settings()
    serving = Serving(faq or settings.faq_dir or default_folder())
    with watching(serving), open_records(settings) as records:
        serve(settings, serving, records)


@app.command()
def report(
    faq: _Faq = None,
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
    from bot.records.database import database_url, open_database
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
            html.write_text(page(figures, knowledge.faq.title), "utf-8")
        except OSError as fault:
            raise UsageError(f"--html {html}: it cannot be written: {fault.strerror}") from None
        print(f"Written: {html}")
    else:
        width = None if sys.stdout.isatty() else _PIPED_WIDTH
        console = Console(highlight=False, markup=False, emoji=False, width=width)
        print_report(figures, console)


class _Format(StrEnum):
    text = "text"
    github = "github"
    json = "json"


@app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="A FAQ folder, or a faq.yaml file.", show_default=False),
    ] = None,
    faq: _Faq = None,
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
    from bot.faq.checking import Engine, check_faq, read_documents
    from bot.faq.checks.rules import Asked
    from bot.faq.models import Entry, Knowledge
    from bot.faq.printing import FORMATS, summary
    from bot.faq.shipped import default_folder

    def engine(knowledge: Knowledge) -> Engine:
        from bot.answering.answerer import Answerer
        from bot.chat.rendering import plain

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

    tolerate_encodings()
    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        checked = check_faq(
            path or faq or default_folder(),
            today=_today(),
            engine=engine,
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


@app.command()
def review(
    file: Annotated[Path, typer.Argument(help="Where the page goes.")] = Path("review.html"),
    faq: _Faq = None,
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


@app.command()
def schema() -> None:
    """Print the JSON Schema of faq.yaml, for editors."""
    from bot.faq.schema import faq_schema

    print(faq_schema(), end="")


@app.command()
def new(
    title: Annotated[str, typer.Argument(help="The title of the entry.", show_default=False)],
    faq: _Faq = None,
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


_PIPED_WIDTH = 120
"""Columns of a table that goes to a file or another program."""


@app.command("eval")
def evaluate_questions(
    questions: Annotated[
        list[Path], typer.Argument(help="Question files, or folders of them.", show_default=False)
    ],
    faq: _Faq = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    floor: Annotated[
        Path | None,
        typer.Option(
            help="A file of limits, one a line, such as `min-right: 0.92`.", show_default=False
        ),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SHARE",
            help="A limit; a figure past one ends the run with status 1. May be given again.",
            show_default=False,
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PART",
            help="Switch a part of the engine off, and compare. May be given again.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Measure how well questions with known answers are answered."""
    import json
    from functools import partial

    from rich.console import Console

    from bot.answering.answerer import Answerer
    from bot.answering.parts import chosen
    from bot.chat.lines import tolerate_encodings
    from bot.evaluation.cases import load_cases
    from bot.evaluation.evaluation import LIMITS, evaluate
    from bot.evaluation.limits import LimitsError, past_limits, read_floor, read_limits
    from bot.evaluation.printing import as_data, tables
    from bot.faq.loading import load_knowledge
    from bot.faq.shipped import default_folder

    tolerate_encodings()
    part_of_it = partial(Answerer, without=chosen(without or ()))
    limits = read_floor(floor, LIMITS) if floor else {}
    limits |= read_limits(limit or (), LIMITS)
    knowledge = load_knowledge(faq or default_folder())
    cases = load_cases(questions, {entry.id for entry in knowledge.faq.entries})
    with Console(stderr=True).status(f"Asking {len(cases)} questions"):
        whole = evaluate(knowledge, cases, Answerer) if without else None
        found = evaluate(knowledge, cases, part_of_it)
    failures = past_limits(found.figures, limits)
    if as_json:
        print(json.dumps({**as_data(found, whole), "failed": failures}, ensure_ascii=False))
    else:
        width = None if sys.stdout.isatty() else _PIPED_WIDTH
        Console(highlight=False, width=width).print(tables(found, whole))
    if failures:
        raise LimitsError(failures)


def main() -> None:
    """Run a command; a fault that has words is printed as them, never as a traceback."""
    _take_faq_dir()
    try:
        app()
    except BotError as fault:
        print(fault, file=sys.stderr)
        raise SystemExit(fault.exit_code) from None


def _take_faq_dir() -> None:
    """Let `FAQ_DIR` in `.env` name the FAQ for every command, as it does for `run`.

    The other settings are read where they are needed: all of them would slow down `ask`.
    """
    if "FAQ_DIR" not in os.environ and Path(".env").is_file():
        from dotenv import dotenv_values

        with suppress(OSError, UnicodeDecodeError):
            if folder := dotenv_values(".env").get("FAQ_DIR"):
                os.environ["FAQ_DIR"] = folder
