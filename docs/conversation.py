"""Print the picture of a conversation that README shows, as SVG: a real run of the terminal.

`make docs` writes it to docs/conversation.svg, and a test sees that its answers are today's.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from bot.answering.answerer import Answerer
from bot.chat.terminal import State, respond, show
from bot.faq.loading import load_knowledge

QUESTIONS = ("why have my dots gone blue??", "my throat feels tight")
COLUMNS = 92
_FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""The font is not fetched from anywhere: the reader's own will do."""


def picture() -> str:
    """Return the conversation as SVG, 92 columns wide."""
    answerer = Answerer(load_knowledge(Path(__file__).parents[1] / "faq"))
    console = Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        markup=False,
        emoji=False,
    )
    state = State()
    for question in QUESTIONS:
        console.print(f"> {question}\n", style="bold")
        said, state = respond(question, state, answerer, 0.0)
        show(said, console)
    made = console.export_svg(title="make chat", unique_id="conversation")
    return _FONT.sub("", made)


if __name__ == "__main__":
    print(picture())
