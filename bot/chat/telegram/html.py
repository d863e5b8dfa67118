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

    Cut between paragraphs if possible, or lines, or words; what is open is opened again behind.
    """
    pieces = []
    html = html.strip()
    while units(html) > most:
        cut, open_tags = _cut(html, most)
        ends = "".join(f"</{name}>" for name, _ in reversed(open_tags))
        pieces.append(html[:cut].rstrip() + ends)
        html = "".join(tag for _, tag in open_tags) + html[cut:].lstrip()
    # Telegram refuses a message that shows nothing.
    return [piece for piece in (*pieces, html) if not pieces or plain_text(piece).strip()]


def _cut(html: str, most: int) -> tuple[int, list[tuple[str, str]]]:
    """Where to cut, and the tags that are open there, each behind its name."""
    best, found = -1, (0, list[tuple[str, str]]())
    open_tags: list[tuple[str, str]] = []
    size = closing = 0
    visible = False
    for piece in _PIECE.finditer(html):
        text = piece[0]
        size += units(text)
        if name := piece["tag"]:
            if piece["end"]:
                open_tags.pop()
            else:
                open_tags.append((name, text))
            closing += units(f"</{name}>") * (-1 if piece["end"] else 1)
        if size + closing > most:
            break
        visible = visible or not (name or text.isspace())
        strength = _strength(html, piece.end())
        early = strength and size * _EARLIEST <= most
        if piece["end"] and found[0] == piece.start():
            found = piece.end(), list(open_tags)  # nothing of it would be left to open again
        elif visible and not name and not early and strength >= best:
            best, found = strength, (piece.end(), list(open_tags))
    if best < 0:
        raise ValueError("the tags alone are longer than a message may be")
    return found


def _strength(html: str, end: int) -> int:
    """Where a break is best: behind a paragraph, else a line, else a word."""
    before = html[max(0, end - 2) : end]
    return (before == "\n\n") + before.endswith("\n") + before[-1].isspace()
