"""The pictures in the README show what the bot answers, and what fits the screen of a phone."""

from __future__ import annotations

import html
import re
import runpy
import warnings
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answerer import Answerer

DOCS = Path(__file__).parents[1] / "docs"


def shows(picture: str, texts: set[str], file: str) -> None:
    """At least half of the texts are in it: who edits an answer cannot draw it anew."""
    missing = sorted(text for text in texts if text not in picture)
    assert len(missing) * 2 <= len(texts), missing
    if missing:
        warnings.warn(
            f"docs/{file} shows no more what is said today: who keeps it runs `make docs`. "
            f"It lacks {missing[0]}",
            stacklevel=2,
        )


@pytest.mark.filterwarnings("default:docs/.* shows no more:UserWarning")
def test_the_picture_in_the_readme_shows_what_is_answered(answerer: Answerer) -> None:
    picture = (DOCS / "conversation.svg").read_text("utf-8")
    pieces = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    lines = [html.unescape(piece).replace("\xa0", " ").strip() for piece in pieces]
    questions = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    replies = [answerer.answer(question) for question in questions]
    titles = {answered.entry.title for reply in replies for answered in reply.answered}
    alerts = {reply.alert.message[:40] for reply in replies if reply.alert}
    shows("\n".join(lines), titles | alerts, "conversation.svg")


@pytest.mark.filterwarnings("default:docs/.* shows no more:UserWarning")
def test_the_picture_of_a_phone_shows_what_is_sent(answerer: Answerer) -> None:
    made = runpy.run_path(str(DOCS / "phone.py"))
    said = set()
    for conversation in made["conversations"](answerer):
        for text, messages in conversation:
            said.add(html.escape(text))
            for message in messages:
                said.add(message.html.split("\n")[0])
                rows = message.keyboard.inline_keyboard if message.keyboard else ()
                buttons = (each for row in rows for each in row)
                said |= {f"<div>{html.escape(button.text)}</div>" for button in buttons}
    shows((DOCS / "phone.svg").read_text("utf-8"), said, "phone.svg")


def test_the_welcome_and_an_emergency_fit_the_screen_of_a_phone(browser: Any) -> None:
    tab = browser.new_page(viewport={"width": 2_010, "height": 700})
    tab.goto((DOCS / "phone.svg").as_uri())
    for words in ("If you feel very ill", "Call your local emergency number now"):
        box = tab.locator(".said", has_text=words).first.bounding_box()
        assert box["y"] >= 0, f"{words}: it begins above the screen"
        assert box["y"] + box["height"] <= 700
