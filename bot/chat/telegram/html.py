"""Telegram's HTML: escaping, length in its own units, splitting, and the plain text of it."""

from __future__ import annotations

import re
from html import escape as _escape
from html import unescape

MOST_UNITS = 4096
"""The longest message, in UTF-16 code units (Bot API, `sendMessage`)."""

# The pieces that are never cut: a tag, a character reference, a character.
_PIECE = re.compile(r"<(?P<end>/?)(?P<tag>[a-z]+)[^>]*>|&(?:[a-z]+|#\d+);|.", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# A break in the first quarter of a message would leave it nearly empty: a weaker one is better.
_EARLIEST = 4


def escape(text: str) -> str:
    """Escape text so that it stands for itself in a message."""
    return _escape(text, quote=False)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain_text(html: str) -> str:
    """What is left of a message when it is sent without markup."""
    return unescape(_TAG.sub("", html))


def split(html: str, most: int = MOST_UNITS) -> list[str]:
    """Split a message into as few as needed, each valid and at most `most` units with its tags.

    It is cut between paragraphs where it can be, or else lines, or else words; a tag or a
    character reference never. What is open at a cut is closed there and opened again behind it.
    """
    pieces = []
    html = html.strip()
    while units(html) > most:
        cut, open_tags = _cut(html, most)
        ends = "".join(f"</{_name(tag)}>" for tag in reversed(open_tags))
        pieces.append(html[:cut].rstrip() + ends)
        html = "".join(open_tags) + html[cut:].lstrip()
    # Telegram refuses a message that shows nothing.
    return [piece for piece in (*pieces, html) if not pieces or plain_text(piece).strip()]


def _cut(html: str, most: int) -> tuple[int, list[str]]:
    """Find where to cut, and the tags that are open there."""
    best: dict[str, tuple[int, list[str]]] = {}
    open_tags: list[str] = []
    size = closing = 0
    visible = False
    for piece in _PIECE.finditer(html):
        text = piece[0]
        size += units(text)
        if piece["tag"] and piece["end"]:
            closing -= units(f"</{_name(open_tags.pop())}>")
        elif piece["tag"]:
            open_tags.append(text)
            closing += units(f"</{piece['tag']}>")
        if size + closing > most:
            break
        if piece["tag"]:
            continue
        visible = visible or not text.isspace()
        strength = _strength(html, piece.end())
        if visible and (strength == "letter" or size * _EARLIEST > most):
            best[strength] = (piece.end(), list(open_tags))
    for strength in ("paragraph", "line", "word", "letter"):
        if strength in best:
            return best[strength]
    raise ValueError("the tags alone are longer than a message may be")


def _strength(html: str, end: int) -> str:
    if html.endswith("\n\n", 0, end):
        return "paragraph"
    if html[end - 1] == "\n":
        return "line"
    return "word" if html[end - 1].isspace() else "letter"


def _name(tag: str) -> str:
    found = _PIECE.match(tag)
    return found["tag"] if found and found["tag"] else ""
