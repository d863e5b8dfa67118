"""The picture in the README shows what the bot answers."""

from __future__ import annotations

import html
import re
from pathlib import Path

from bot.answering.answerer import Answerer

PICTURE = Path(__file__).parents[1] / "docs" / "conversation.svg"


def test_the_picture_in_the_readme_shows_what_is_answered_today(answerer: Answerer) -> None:
    pieces = re.findall(r"<text[^>]*>([^<]*)</text>", PICTURE.read_text("utf-8"))
    lines = [html.unescape(piece).replace("\xa0", " ").strip() for piece in pieces]
    questions = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert questions
    for question in questions:
        reply = answerer.answer(question)
        assert {answered.entry.title for answered in reply.answered} <= {*lines}
        assert reply.alert is None or reply.alert.message[:40] in "\n".join(lines)
