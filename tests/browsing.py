"""A real browser for the tests of pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_PATIENCE = 60_000
"""Milliseconds after which something that should happen is taken to have failed."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if _CHROMIUM is None:
        pytest.skip("no browser is installed: apt-get install chromium")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open an address in a tab; what it asks for and what it complains about is kept."""
    contexts = []

    def opening(address: str, viewport: dict[str, int], scheme: str) -> Any:
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        tab = context.new_page()
        tab.asked, tab.complaints = [], []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.on("console", lambda message: tab.complaints.append(message.text))
        tab.on("pageerror", lambda fault: tab.complaints.append(str(fault)))
        tab.goto(address)
        return tab

    yield opening
    for context in contexts:
        context.close()


_LIGHTNESS = """selector => {
    const numbers = text => text.match(/[0-9.]+/g).map(Number);
    const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b);
    return [...document.querySelectorAll(selector)].map(each => {
        let behind = each, paper;
        do {
            paper = numbers(getComputedStyle(behind).backgroundColor);
            behind = behind.parentElement;
        } while (paper.length > 3 && paper[3] === 0 && behind);
        const pair = [light(numbers(getComputedStyle(each).color)), light(paper)].sort();
        return {text: each.textContent.slice(0, 30), contrast: (pair[1]+0.05) / (pair[0]+0.05)};
    });
}"""


def faint(tab: Any, selector: str) -> list[dict[str, Any]]:
    """The words of a page that do not stand out from what is behind them (WCAG, level AA)."""
    found = tab.evaluate(_LIGHTNESS, selector)
    return [each for each in found if each["contrast"] < 4.5]
