"""Charts as SVG: bars that stretch with the page, beside text that does not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from bot.markup import node
from bot.records.figures import OUTCOMES, Day, Figures
from bot.records.wording import LABELS, date

_MOST_BARS = 92
_HEIGHT = 100.0
_STEP = 10.0
_WIDTH = 7.0


def days_chart(figures: Figures) -> Element:
    """Questions by day as stacked bars; a long span has several days to a bar."""
    together = math.ceil(len(figures.days) / _MOST_BARS)
    bars = [
        figures.days[begin : begin + together] for begin in range(0, len(figures.days), together)
    ]
    most = max(sum(day.questions for day in each) for each in bars)
    unit = "a day" if together == 1 else f"in {together} days"
    spoken = (
        f"Bar chart: questions from {date(figures.since)} to {date(figures.until)}, "
        f"{together} day{'s' if together > 1 else ''} a bar, at most {most}. "
        + ", ".join(f"{LABELS[each]} {figures.total(each)}" for each in OUTCOMES)
        + "."
    )
    drawing = node(
        "svg",
        node("title", spoken),
        *(_bar(each, number * _STEP, most) for number, each in enumerate(bars)),
        viewBox=f"0 0 {len(bars) * _STEP:g} {_HEIGHT:g}",
        preserveAspectRatio="none",
        role="img",
        **{"aria-label": spoken},
    )
    ends = (figures.since, figures.until)
    return node(
        "div",
        node("p", f"At most {most} {unit}", class_="most"),
        drawing,
        node("div", *(node("span", date(each)) for each in ends), class_="axis"),
        class_="chart",
    )


def bar(count: int, most: int) -> Element:
    """A thin bar beside a figure, which says the same: so it is not spoken."""
    return node(
        "svg",
        node("rect", class_="track", width="100", height="4", rx="1"),
        node("rect", class_="answered", width=f"{100 * count / max(most, 1):.2f}", height="4"),
        viewBox="0 0 100 4",
        preserveAspectRatio="none",
        **{"aria-hidden": "true"},
    )


def _bar(days: Sequence[Day], left: float, most: int) -> Element:
    first, last = date(days[0].date), date(days[-1].date)
    totals = {each: sum(day.outcomes[each] for day in days) for each in OUTCOMES}
    parts = ", ".join(f"{LABELS[each].lower()} {count}" for each, count in totals.items() if count)
    name = first if first == last else f"{first} to {last}"
    group = node("g", node("title", f"{name}: {parts or 'no questions'}"))
    bottom = _HEIGHT
    for outcome, count in totals.items():
        height = _HEIGHT * count / max(most, 1)
        bottom -= height
        size = {"width": f"{_WIDTH:g}", "height": f"{height:.3f}"}
        if count:
            x, y = f"{left + (_STEP - _WIDTH) / 2:g}", f"{bottom:.3f}"
            group.append(node("rect", class_=outcome, x=x, y=y, **size))
    return group
