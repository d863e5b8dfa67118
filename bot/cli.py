"""The commands: each parses, calls its room, prints, and does nothing else."""

from __future__ import annotations

import sys

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


def main() -> None:
    """Run a command; a fault that has words is printed as them, never as a traceback."""
    try:
        app()
    except BotError as fault:
        print(fault, file=sys.stderr)
        raise SystemExit(fault.exit_code) from None
