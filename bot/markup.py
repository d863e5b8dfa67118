"""Building pages of HTML, and SVG, as trees: text is escaped when a tree is written."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

Child = Element | str
# Nothing may be loaded, so nothing can tell anybody that a page is read.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def node(name: str, /, *children: Child, class_: str = "", **attributes: str) -> Element:
    """Make an element of its children."""
    made = Element(name, {**({"class": class_} if class_ else {}), **attributes})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + child
        else:
            made.text = (made.text or "") + child
    return made


def table(names: Iterable[str], rows: Iterable[Element]) -> Element:
    """Make a table with a head."""
    head = node("tr", *(node("th", each, scope="col") for each in names))
    return node("table", node("thead", head), node("tbody", *rows))


def document(title: str, style: str, *content: Child) -> str:
    """Write a page that needs nothing else: no network, no script."""
    head = node(
        "head",
        node("meta", charset="utf-8"),
        node("meta", name="viewport", content="width=device-width, initial-scale=1"),
        node("meta", name="color-scheme", content="light dark"),
        node("meta", **{"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        node("meta", name="referrer", content="no-referrer"),
        node("title", title),
        node("style", style),
    )
    page = node("html", head, node("body", *content), lang="en")
    return f"<!doctype html>\n{tostring(page, 'unicode', method='html')}\n"
