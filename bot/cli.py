"""The commands: each parses, calls its room, prints, and does nothing else."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.editing import PIPED_WIDTH, Faq, check, new, preview, report, review, schema
from bot.errors import BotError

app = typer.Typer(
    name="smp-bot", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def smp_bot() -> None:
    """Answers worries about scalp micropigmentation, with a referral to a professional."""
    from bot.chat.lines import tolerate_encodings

    tolerate_encodings()


@app.command()
def chat(
    faq: Faq,
    watch: Annotated[
        bool, typer.Option("--watch", help="Take up changes of the FAQ while you talk.")
    ] = False,
) -> None:
    """Talk with the bot in the terminal; needs no token and no network."""
    from bot.chat.reloading import Serving, watching
    from bot.chat.terminal import plain_console, talk, tell_reload

    console = plain_console()
    serving = Serving(faq)
    with watching(serving, partial(tell_reload, console)) if watch else nullcontext():
        talk(serving, console)


@app.command()
def ask(
    faq: Faq,
    questions: Annotated[
        list[str] | None,
        typer.Argument(help="Questions; without any, each line of standard input is one."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    sources: Annotated[
        bool, typer.Option("--sources", help="Print where each answer comes from too.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: the candidates and each word's weight.")
    ] = False,
) -> None:
    """Answer questions and end."""
    from bot.answering.answerer import Answerer
    from bot.chat.asking import explained, json_line
    from bot.chat.lines import read_lines, readable
    from bot.chat.rendering import plain
    from bot.faq.loading import load_knowledge

    answerer = Answerer(load_knowledge(faq))
    form = plain
    if sys.stdout.isatty() and not as_json:
        from bot.chat.terminal import wrapped as form
    asked = map(readable, questions) if questions else read_lines(sys.stdin.buffer)
    for question in asked:
        reply = answerer.answer(question)
        why = answerer.explain(question) if explain else None
        if as_json:
            print(json_line(question, reply, answerer.knowledge, why), flush=True)
            continue
        if not questions or len(questions) > 1:
            print(f"> {reply.question}\n")
        print(form(reply, answerer.knowledge, sources=sources), end="\n\n")
        if why:
            print(explained(why, reply), end="\n\n")
        sys.stdout.flush()


@app.command()
def run(faq: Faq) -> None:
    """Serve Telegram: by polling, or by webhook when WEBHOOK_URL is set."""
    from bot.chat.reloading import Serving, watching
    from bot.chat.telegram.run import serve
    from bot.records.recorder import open_records
    from bot.settings import load_settings

    settings = load_settings()
    serving = Serving(faq)
    records = open_records(settings, lambda: serving.answerer.knowledge)
    with watching(serving), records:
        serve(settings, serving, records)


for _command in (preview, report, check, review, schema, new):
    app.command()(_command)


@app.command("eval")
def evaluate_questions(
    questions: Annotated[
        list[Path], typer.Argument(help="Question files, or folders of them.", show_default=False)
    ],
    faq: Faq,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    floor: Annotated[
        Path | None, typer.Option(help="A file of limits, one a line, such as `min-right: 0.92`.")
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SHARE",
            help="A limit; a figure past one ends the run with status 1. May be given again.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PART",
            help="Switch a part of the engine off, and compare. May be given again.",
        ),
    ] = None,
) -> None:
    """Measure how well questions with known answers are answered."""
    from rich.console import Console

    from bot.answering.answerer import Answerer
    from bot.answering.parts import chosen
    from bot.evaluation.cases import load_cases
    from bot.evaluation.evaluation import evaluate
    from bot.evaluation.limits import past_limits, read_floor, read_limits
    from bot.evaluation.printing import as_data, tables
    from bot.faq.loading import load_knowledge

    parts = chosen(without or ())
    limits = read_floor(floor) if floor else {}
    limits |= read_limits(limit or ())
    knowledge = load_knowledge(faq)
    cases = load_cases(questions, knowledge.ids)
    with Console(stderr=True).status(f"Asking {len(cases)} questions"):
        whole = evaluate(cases, Answerer(knowledge).answer) if without else None
        found = evaluate(cases, Answerer(knowledge, without=parts).answer)
    failures = past_limits(found.figures, limits)
    if as_json:
        print(json.dumps({**as_data(found, whole), "failed": failures}, ensure_ascii=False))
    else:
        width = None if sys.stdout.isatty() else PIPED_WIDTH
        Console(highlight=False, width=width).print(tables(found, whole))
    if failures:
        raise BotError("\n".join(failures))


def main() -> None:
    """Run a command; a fault that has words is printed as them, never as a traceback."""
    _take_from_env_file()
    try:
        app()
    except BotError as fault:
        print(fault, file=sys.stderr)
        raise SystemExit(fault.exit_code) from None


def _take_from_env_file() -> None:
    """Let `.env` name the FAQ for every command, as for `run`, and the proxy.

    The other settings are read where they are needed: all of them would slow down `ask`.
    """
    if Path(".env").is_file():
        from dotenv import dotenv_values

        with suppress(OSError, UnicodeDecodeError):
            for name, value in dotenv_values(".env").items():
                if value and name in ("FAQ_DIR", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
                    os.environ.setdefault(name, value)
