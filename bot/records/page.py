"""The report as one HTML page."""

from __future__ import annotations

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
    content: list[Child] = [
        node("h1", title),
        node("p", span(figures), class_="quiet"),
    ]
    if figures.empty:
        content.append(node("p", NOTHING))
    else:
        content += [_figures(figures), *_others(figures), *_by_day(figures), *_entries(figures)]
        content += [*_misses(figures), *_unread(figures)]
    style = files("bot.records").joinpath("page.css").read_text("utf-8")
    return document(f"{title}: what people asked", style, node("main", *content))


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


def _others(figures: Figures) -> list[Child]:
    if not figures.others:
        return []
    kinds = ", ".join(f"{kind_label(kind)} {count}" for kind, count in figures.others.items())
    return [node("p", f"Beside these: {kinds}.", class_="quiet")]


def _by_day(figures: Figures) -> list[Child]:
    rows = [
        node(
            "tr",
            node("th", date(day.date), scope="row"),
            *(node("td", str(day.outcomes[each])) for each in OUTCOMES),
        )
        for day in reversed(figures.days)
        if day.questions
    ]
    in_figures = table(("Day", *LABELS.values()), rows)
    return [
        node("h2", "Questions by day"),
        days_chart(figures),
        node("details", node("summary", "The same in figures"), in_figures),
    ]


def _entries(figures: Figures) -> list[Child]:
    if not figures.entries:
        return []
    names = ("Entry", "Asked", "Tapped", "Helpful")
    most = max(each.read for each in figures.entries)
    rows = [_entry(each, most) for each in figures.entries]
    content: list[Child] = [
        node("h2", "Questions by entry"),
        node(
            "p",
            "Asked: it answered a question. Tapped: it was opened from a button, a list or a "
            "link. Helpful: of those who said.",
            class_="quiet",
        ),
        table(names, rows[:_MOST_ENTRIES]),
    ]
    if rest := rows[_MOST_ENTRIES:]:
        content.append(node("details", node("summary", f"{len(rest)} more"), table(names, rest)))
    return content


def _entry(entry: EntryFigures, most: int) -> Element:
    return node(
        "tr",
        node("th", entry.title, bar(entry.read, most), scope="row"),
        node("td", str(entry.asked)),
        node("td", str(entry.opened)),
        node("td", votes(entry.helpful, entry.unhelpful)),
    )


def _misses(figures: Figures) -> list[Child]:
    content: list[Child] = [node("h2", "What was missed")]
    if not figures.groups:
        return [*content, node("p", NOTHING_MISSED)]
    content.append(node("p", HOW_TO_PASTE, class_="quiet"))
    content += [_group(each) for each in figures.groups[:MOST_GROUPS]]
    if len(figures.groups) > MOST_GROUPS:
        left = len(figures.groups) - MOST_GROUPS
        content.append(node("p", f"{left} rarer groups are left out.", class_="quiet"))
    return content


def _group(group: Group) -> Element:
    nearest = f"Nearest: {group.title}" if group.nearest else "No entry is near"
    where = [node("code", group.nearest, class_="quiet")] if group.nearest else []
    shown = node("pre", "\n".join(group.lines)) if group.lines else node(
        "p", " · ".join(each.text for each in group.misses)
    )  # fmt: skip
    title = node("h3", nearest, " ", *where)
    heading = node("header", title, node("span", times(group.count), class_="quiet"))
    return node("section", heading, shown, class_="group")


def _unread(figures: Figures) -> list[Child]:
    if not figures.unread:
        return []
    rows = [node("li", each.title) for each in figures.unread]
    return [node("h2", "Entries nobody read"), node("ul", *rows, class_="plain")]
