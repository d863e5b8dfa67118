"""The report as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Final
from xml.etree.ElementTree import Element

from bot.markup import Child, document, node, table
from bot.records.charts import bar, days_chart
from bot.records.figures import OUTCOMES, EntryFigures, Figures
from bot.records.misses import Group
from bot.records.wording import (
    HOW_TO_PASTE,
    LABELS,
    NOTHING,
    NOTHING_MISSED,
    date,
    kind_label,
    share,
    span,
    times,
    votes,
)

MOST_GROUPS: Final = 100
_MOST_ENTRIES = 12


def page(figures: Figures, title: str) -> str:
    """Write the report; `title` is what the FAQ is about."""
    beginning = (node("h1", title), node("p", span(figures), class_="quiet"))
    content = [node("p", NOTHING)] if figures.empty else _content(figures)
    style = files("bot.records").joinpath("page.css").read_text("utf-8")
    return document(f"{title}: what people asked", style, node("main", *beginning, *content))


def _content(figures: Figures) -> Iterator[Element]:
    yield _figures(figures)
    if figures.others:
        kinds = ", ".join(f"{kind_label(kind)} {count}" for kind, count in figures.others.items())
        yield node("p", f"Beside these: {kinds}.", class_="quiet")
    yield node("h2", "Questions by day")
    yield days_chart(figures)
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
            part = share(count, figures.questions)
            cards.append(_card(LABELS[outcome], str(count), part, outcome))
    alerts = sum(figures.alerts.values())
    levels = ", ".join(f"{count} {level}" for level, count in sorted(figures.alerts.items()))
    cards.append(_card("Alerts", str(alerts), levels))
    said = figures.helpful + figures.unhelpful
    cards.append(
        _card("Found helpful", share(figures.helpful, said), f"of {said}" if said else "")
    )
    return node("dl", *cards, class_="figures")


def _card(label: str, figure: str, beside: str = "", colour: str = "") -> Element:
    key = [node("span", class_=f"key {colour}")] if colour else []
    more = [node("small", beside)] if beside else []
    return node("div", node("dt", *key, label), node("dd", figure, *more))


def _days(figures: Figures) -> Element:
    rows = [
        node(
            "tr",
            node("th", date(day.date), scope="row"),
            *(node("td", str(day.outcomes[each])) for each in OUTCOMES),
        )
        for day in reversed(figures.days)
        if day.questions
    ]
    return table(("Day", *LABELS.values()), rows)


def _entries(figures: Figures) -> Iterator[Element]:
    names = ("Entry", "Asked", "Tapped", "Helpful")
    most = max(each.read for each in figures.entries)
    rows = [_entry(each, most) for each in figures.entries]
    yield node("h2", "Questions by entry")
    yield node(
        "p",
        "Asked: it answered a question. Tapped: it was opened from a button, a list or a link. "
        "Helpful: of those who said.",
        class_="quiet",
    )
    yield table(names, rows[:_MOST_ENTRIES])
    if rest := rows[_MOST_ENTRIES:]:
        yield node("details", node("summary", f"{len(rest)} more"), table(names, rest))


def _entry(entry: EntryFigures, most: int) -> Element:
    return node(
        "tr",
        node("th", entry.title, bar(entry.read, most), scope="row"),
        node("td", str(entry.asked)),
        node("td", str(entry.opened)),
        node("td", votes(entry.helpful, entry.unhelpful)),
    )


def _misses(figures: Figures) -> Iterator[Element]:
    if not figures.groups:
        yield node("p", NOTHING_MISSED)
        return
    yield node("p", HOW_TO_PASTE, class_="quiet")
    yield from map(_group, figures.groups[:MOST_GROUPS])
    if len(figures.groups) > MOST_GROUPS:
        left = len(figures.groups) - MOST_GROUPS
        yield node("p", f"{left} rarer groups are left out.", class_="quiet")


def _group(group: Group) -> Element:
    nearest = f"Nearest: {group.title}" if group.nearest else "No entry is near"
    where = [node("code", group.nearest, class_="quiet")] if group.nearest else []
    shown = node("pre", "\n".join(group.lines)) if group.lines else node(
        "p", " · ".join(each.text for each in group.misses)
    )  # fmt: skip
    title = node("h3", nearest, " ", *where)
    heading = node("header", title, node("span", times(group.count), class_="quiet"))
    return node("section", heading, shown, class_="group")
