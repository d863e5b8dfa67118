"""The report as one HTML page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from importlib.resources import files
from xml.etree.ElementTree import Element

from bot.markup import Child, document, node, table
from bot.records import wording
from bot.records.figures import OUTCOMES, Day, EntryFigures, Figures
from bot.records.misses import Group

_MOST_BARS = 92
_MOST_GROUPS = 100
_MOST_ENTRIES = 12


def page(figures: Figures, title: str) -> str:
    """Write the report; `title` is what the FAQ is about."""
    beginning = (node("h1", title), node("p", wording.span(figures), class_="quiet"))
    content = [node("p", wording.NOTHING)] if figures.empty else _content(figures)
    style = files("bot.records").joinpath("page.css").read_text("utf-8")
    return document(f"{title}: what people asked", style, node("main", *beginning, *content))


def _content(figures: Figures) -> Iterator[Element]:
    yield _figures(figures)
    if figures.others:
        others = figures.others.items()
        kinds = ", ".join(f"{wording.kind_label(kind)} {count}" for kind, count in others)
        yield node("p", f"Beside these: {kinds}.", class_="quiet")
    yield node("h2", "Questions by day")
    yield _chart(figures)
    yield node("details", node("summary", "The same in figures"), _days(figures))
    if figures.entries:
        yield from _entries(figures)
    yield node("h2", "What was missed")
    yield from _misses(figures)
    if figures.unread:
        yield node("h2", "Entries nobody read")
        yield node("ul", *(node("li", each.title) for each in figures.unread), class_="plain")


def _figures(figures: Figures) -> Element:
    cards: list[Child] = [_card("Questions", str(figures.questions))]
    for outcome in OUTCOMES:
        count = figures.total(outcome)
        if count or outcome != "warned":
            part = wording.share(count, figures.questions)
            cards.append(_card(wording.LABELS[outcome], str(count), part, outcome))
    alerts = sum(figures.alerts.values())
    levels = ", ".join(f"{count} {level}" for level, count in sorted(figures.alerts.items()))
    cards.append(_card("Alerts", str(alerts), levels))
    said = figures.helpful + figures.unhelpful
    beside = f"of {said}" if said else ""
    cards.append(_card("Found helpful", wording.share(figures.helpful, said), beside))
    return node("dl", *cards, class_="figures")


def _card(label: str, figure: str, beside: str = "", colour: str = "") -> Element:
    key = [node("span", class_=f"key {colour}")] if colour else []
    more = [node("small", beside)] if beside else []
    return node("div", node("dt", *key, label), node("dd", figure, *more))


def _chart(figures: Figures) -> Element:
    """Questions by day as stacked bars; a long span has several days to a bar."""
    days = figures.days
    together = math.ceil(len(days) / _MOST_BARS)
    bars = [days[begin : begin + together] for begin in range(0, len(days), together)]
    most = max(sum(day.questions for day in each) for each in bars)
    unit, plural = ("a day", "") if together == 1 else (f"in {together} days", "s")
    first, last = wording.date(days[0].date), wording.date(days[-1].date)
    totals = ", ".join(f"{wording.LABELS[each]} {figures.total(each)}" for each in OUTCOMES)
    spoken = (
        f"Bar chart: questions from {first} to {last}, {together} day{plural} a bar, "
        f"at most {most}. {totals}."
    )
    drawn = (_bar(each, most) for each in bars)
    return node(
        "div",
        node("p", f"At most {most} {unit}", class_="most"),
        node("div", *drawn, class_="bars", role="img", **{"aria-label": spoken}),
        node("div", node("span", first), node("span", last), class_="axis"),
        class_="chart",
    )


def _bar(days: Sequence[Day], most: int) -> Element:
    totals = {each: sum(day.outcomes[each] for day in days) for each in OUTCOMES}
    counted = {each: count for each, count in totals.items() if count}
    parts = ", ".join(f"{wording.LABELS[each].lower()} {counted[each]}" for each in counted)
    ends = dict.fromkeys(wording.date(day.date) for day in (days[0], days[-1]))
    return node(
        "div",
        *(node("i", class_=each, style=_part("height", counted[each], most)) for each in counted),
        class_="bar",
        title=f"{' to '.join(ends)}: {parts or 'no questions'}",
    )


def _part(side: str, count: int, most: int) -> str:
    return f"{side}: {100 * count / most:.2f}%"


def _days(figures: Figures) -> Element:
    rows = [
        node(
            "tr",
            node("th", wording.date(day.date), scope="row"),
            *(node("td", str(day.outcomes[each])) for each in OUTCOMES),
        )
        for day in reversed(figures.days)
        if day.questions
    ]
    return table(("Day", *wording.LABELS.values()), rows)


def _entries(figures: Figures) -> Iterator[Element]:
    most = max(each.read for each in figures.entries)
    rows = [_entry(each, most) for each in figures.entries]
    yield node("h2", "Questions by entry")
    yield node(
        "p",
        "Asked: it answered a question. Tapped: it was opened from a button, a list or a link. "
        "Helpful: of those who said.",
        class_="quiet",
    )
    names = ("Entry", "Asked", "Tapped", "Helpful")
    yield table(names, rows[:_MOST_ENTRIES])
    if rest := rows[_MOST_ENTRIES:]:
        yield node("details", node("summary", f"{len(rest)} more"), table(names, rest))


def _entry(entry: EntryFigures, most: int) -> Element:
    read = node("i", class_="answered", style=_part("width", entry.read, max(most, 1)))
    return node(
        "tr",
        node("th", entry.title, node("div", read, class_="track"), scope="row"),
        node("td", str(entry.asked)),
        node("td", str(entry.opened)),
        node("td", wording.votes(entry.helpful, entry.unhelpful)),
    )


def _misses(figures: Figures) -> Iterator[Element]:
    if not figures.groups:
        yield node("p", wording.NOTHING_MISSED)
        return
    yield node("p", wording.HOW_TO_PASTE, class_="quiet")
    yield from map(_group, figures.groups[:_MOST_GROUPS])
    if len(figures.groups) > _MOST_GROUPS:
        left = len(figures.groups) - _MOST_GROUPS
        yield node("p", f"{left} rarer groups are left out.", class_="quiet")


def _group(group: Group) -> Element:
    nearest = f"Nearest: {group.title}" if group.nearest else "No entry is near"
    where = [node("code", group.nearest, class_="quiet")] if group.nearest else []
    shown = node("pre", "\n".join(group.lines)) if group.lines else node(
        "p", " · ".join(group.texts)
    )  # fmt: skip
    title = node("h3", nearest, " ", *where)
    heading = node("header", title, node("span", wording.times(group.count), class_="quiet"))
    return node("section", heading, shown, class_="group")
