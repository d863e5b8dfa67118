"""Building a tree of HTML and SVG elements."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

Child = Element | str


def node(
    name: str, /, *children: Child | Mapping[str, str], class_: str = "", **attributes: str
) -> Element:
    """Make an element of its children; a mapping among them gives more attributes.

    Text and attributes are escaped when the tree is written.
    """
    made = Element(name, {**({"class": class_} if class_ else {}), **attributes})
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            made.append(child)
            last = child
        elif isinstance(child, str):
            if last is None:
                made.text = (made.text or "") + child
            else:
                last.tail = (last.tail or "") + child
        else:
            made.attrib.update(child)
    return made
