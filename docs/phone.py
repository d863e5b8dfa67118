"""Print the picture of Telegram on a phone that README shows, as SVG: what the bot sends today.

`make docs` writes it to docs/phone.svg, and a test sees that its words are today's.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.answering.context import START
from bot.chat.telegram.messages import Message, Said, render
from bot.faq.loading import load_knowledge

WIDTH, HEIGHT = 390, 700
"""The screen of a small phone, without its bars, in pixels."""
CONVERSATIONS = (
    ("/start",),
    ("is an mri dangerous with smp?",),
    ("is an mri dangerous with smp?", "what should i do"),
    ("my throat feels tight",),
    ("is this normal??",),
)
_STYLE = """
div{box-sizing:border-box;margin:0}
.phone{width:390px;height:700px;background:#d5dfc3;color:#111;
font:16px/20px Roboto,Arial,sans-serif;overflow:hidden;padding:6px 8px;
display:flex;flex-direction:column;justify-content:flex-end}
.said{max-width:334px;margin-top:6px;padding:6px 10px;border-radius:12px;background:#fff;
white-space:pre-wrap;overflow-wrap:anywhere}
.asked{align-self:flex-end;background:#e1f5c5}
blockquote{margin:0;padding:2px 8px;border-left:3px solid #3a8cc1;background:#eaf3f9;
max-height:64px;overflow:hidden}
.row{width:334px;display:flex;gap:4px;margin-top:4px}
.row div{flex:1;min-height:38px;padding:9px 6px;border-radius:8px;background:#0006;color:#fff;
text-align:center;font-weight:600;font-size:15px;white-space:nowrap;overflow:hidden;
text-overflow:ellipsis}
"""


def conversations(answerer: Answerer) -> Iterable[list[tuple[str, list[Message]]]]:
    """What is typed in each of the conversations, and what the bot sends."""
    for typed in CONVERSATIONS:
        context, told = START, []
        for text in typed:
            said = Said(text="welcome")
            if text != "/start":
                reply = answerer.answer(text, context)
                context, said = context.following(reply, 0.0), Said(reply)
            told.append((text, render(said, answerer.knowledge)))
        yield told


def picture() -> str:
    """Return the screens as SVG, side by side, each scrolled to its end as Telegram does."""
    answerer = Answerer(load_knowledge(Path(__file__).parents[1] / "faq"))
    screens = [_screen(told) for told in conversations(answerer)]
    step, across = WIDTH + 12, len(screens)
    placed = (
        f'<foreignObject x="{step * number}" y="0" width="{WIDTH}" height="{HEIGHT}">'
        f"{screen}</foreignObject>\n"
        for number, screen in enumerate(screens)
    )
    size = f'width="{step * across - 12}" height="{HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{_STYLE}</style>\n'
        f"{''.join(placed)}</svg>"
    )


def _screen(told: Iterable[tuple[str, list[Message]]]) -> str:
    shown = "".join(
        f'<div class="said asked">{escape(text)}</div>\n{"".join(map(_message, messages))}'
        for text, messages in told
    )
    return f'<div xmlns="http://www.w3.org/1999/xhtml" class="phone">{shown}</div>'


def _message(message: Message) -> str:
    html = message.html.replace("<blockquote expandable>", "<blockquote>")
    html = html.replace("</blockquote>\n", "</blockquote>")  # it is a block of its own
    rows = message.keyboard.inline_keyboard if message.keyboard else ()
    buttons = "".join(
        f'<div class="row">{"".join(f"<div>{escape(each.text)}</div>" for each in row)}</div>\n'
        for row in rows
    )
    return f'<div class="said">{html}</div>\n{buttons}'


if __name__ == "__main__":
    print(picture())
