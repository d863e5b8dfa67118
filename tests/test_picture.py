"""The pictures in the README show what the bot answers, and what fits the screen of a phone."""

from __future__ import annotations

import html
import re
import runpy
import shutil
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.faq.models import Knowledge

DOCS = Path(__file__).parents[1] / "docs"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def test_the_picture_in_the_readme_shows_what_is_answered_today(answerer: Answerer) -> None:
    picture = (DOCS / "conversation.svg").read_text("utf-8")
    pieces = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    lines = [html.unescape(piece).replace("\xa0", " ").strip() for piece in pieces]
    questions = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert questions
    for question in questions:
        reply = answerer.answer(question)
        assert {answered.entry.title for answered in reply.answered} <= {*lines}
        assert reply.alert is None or reply.alert.message[:40] in "\n".join(lines)


def test_the_picture_of_a_phone_shows_what_is_sent_today(answerer: Answerer) -> None:
    picture = (DOCS / "phone.svg").read_text("utf-8")
    made = runpy.run_path(str(DOCS / "phone.py"))
    for conversation in made["conversations"](answerer):
        for text, messages in conversation:
            assert html.escape(text) in picture
            for message in messages:
                assert message.html.split("\n")[0] in picture
                rows = message.keyboard.inline_keyboard if message.keyboard else ()
                for button in (each for row in rows for each in row):
                    assert f"<div>{html.escape(button.text)}</div>" in picture


def test_the_welcome_and_an_emergency_fit_the_screen_of_a_phone(
    served_knowledge: Knowledge,
) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no browser is installed: apt-get install chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 2_010, "height": 700})
        tab.goto((DOCS / "phone.svg").as_uri())
        for words in ("If you feel very ill", "Call your local emergency number now"):
            box = tab.locator(".said", has_text=words).first.bounding_box()
            assert box["y"] >= 0, f"{words}: it begins above the screen"
            assert box["y"] + box["height"] <= 700
        browser.close()
