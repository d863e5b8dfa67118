"""`smp-bot run` without Telegram's limit of messages a second: a crowd need not take minutes."""

import functools
import sys

from bot import cli
from bot.chat.telegram import run

if __name__ == "__main__":
    run.serve = functools.partial(run.serve, messages_a_second=0)
    sys.argv = ["smp-bot", "run"]
    cli.main()
