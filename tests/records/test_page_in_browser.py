"""The page of the report in a real browser: light and dark, wide and on a phone."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.records.database import open_database
from bot.records.figures import read_figures
from bot.records.page import page
from tests.browsing import faint
from tests.records.filling import fill_a_month

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def report_file(tmp_path_factory, knowledge) -> Path:
    folder = tmp_path_factory.mktemp("report")
    url = f"sqlite:///{folder / 'x.sqlite3'}"
    fill_a_month(url)
    today = datetime.datetime.now(datetime.UTC).date()
    figures = read_figures(open_database(url, read_only=True), knowledge, today, 30)
    written = folder / "report.html"
    written.write_text(page(figures, 'Plants & "pots"'), "utf-8")
    return written


@pytest.fixture
def shown(opened, report_file):
    """Show the page."""
    return lambda viewport=DESK, scheme="light": opened(report_file.as_uri(), viewport, scheme)


def test_it_asks_for_nothing_else_and_complains_of_nothing(shown, report_file):
    tab = shown()
    assert tab.asked == [report_file.as_uri()]
    assert tab.complaints == []


def test_what_people_wrote_is_text_and_no_markup(shown):
    tab = shown()
    assert tab.title() == 'Plants & "pots": what people asked'
    assert tab.locator("script, main b").count() == 0
    assert "<script>document.title='broken'</script>" in tab.inner_text("main")


@pytest.mark.parametrize("viewport", [PHONE, DESK, {"width": 320, "height": 600}])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_has_to_be_scrolled_sideways(shown, viewport, scheme):
    tab = shown(viewport, scheme)
    for summary in tab.locator("summary").all():
        summary.click()
    wide = tab.evaluate("document.documentElement.scrollWidth")
    assert wide == viewport["width"]


READ = "h1, h2, h3, p, dt, dd, small, th, td, li, pre, summary, code, .axis span"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(shown, scheme):
    assert faint(shown(scheme=scheme), READ) == []


def test_light_and_dark_follow_the_system(shown):
    paper = "getComputedStyle(document.body).backgroundColor"
    assert shown(scheme="light").evaluate(paper) != shown(scheme="dark").evaluate(paper)


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_the_chart_has_a_bar_for_each_day_in_proportion(shown, viewport):
    tab = shown(viewport)
    heights = tab.evaluate(
        "[...document.querySelectorAll('.bar')].map(bar => [...bar.children].reduce("
        "(sum, part) => sum + part.getBoundingClientRect().height, 0))"
    )
    tab.locator("summary", has_text="in figures").click()
    table = tab.locator("details table").first.locator("tbody tr")
    counts = [sum(map(int, row.locator("td").all_inner_texts())) for row in reversed(table.all())]
    assert len(heights) == len(counts) == 30
    highest = max(heights)
    for height, count in zip(heights, counts, strict=True):
        assert abs(height / highest - count / max(counts)) < 0.05


def test_the_chart_can_be_heard(shown):
    tab = shown()
    chart = tab.get_by_role("img")
    assert chart.count() == 1
    spoken = chart.get_attribute("aria-label")
    assert "Answered" in spoken
    assert "Missed" in spoken


def test_lines_to_paste_are_taken_with_one_click(shown):
    tab = shown(PHONE)
    tab.locator("pre").first.click()
    taken = tab.evaluate("getSelection().toString()")
    assert taken.rstrip("\n").splitlines() == [
        'vinegar for mildew: is it "safe"?',
        "is vinegar ok for mildew",
    ]
