"""What Telegram makes of a formatted text: the plain text, its entities, or a refusal.

The rules are those of "HTML style" in the Bot API's documentation, and the wording of the
refusals is that of the Bot API server.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_api.refusal import bad_request

MAX_TEXT = 4096
"""UTF-16 code units of one message, after parsing."""
MAX_SOURCE_BYTES = 1 << 15

_KIND_OF_TAG = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_REFERENCE = re.compile(
    r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<dec>[0-9]{1,7})|(?P<name>[a-zA-Z]+));?"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(
    r"""\s+(?P<name>[^\s=>/"']+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'"""
    r"""|(?P<bare>[A-Za-z0-9.-]+)(?=[\s>])))?"""
)
_END_OF_TAG = re.compile(r"\s*>")


@dataclass(frozen=True)
class Formatted:
    """A text as people see it, and its entities with UTF-16 offsets."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()


@dataclass
class _OpenTag:
    name: str
    attributes: dict[str, str]
    start: int
    position: int = field(default=0)


def utf16_length(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(source: str, parse_mode: str, entities: str = "") -> Formatted:
    """Return the text of a message, or refuse it.

    `source` is the `text` parameter, `entities` the JSON of the parameter of that name.
    """
    if not source:
        raise bad_request("message text is empty")
    if len(source.encode("utf-8", "surrogatepass")) > MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    if any("\ud800" <= character <= "\udfff" for character in source):
        raise bad_request("strings must be encoded in UTF-8")
    match parse_mode.lower():
        case "" | "none":
            formatted = Formatted(source, tuple(json.loads(entities)) if entities else ())
        case "html":
            formatted = parse_html(source)
        case _:
            raise bad_request("unsupported parse_mode")
    if not formatted.text.strip():
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text.strip()) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def parse_html(source: str) -> Formatted:
    """Parse Telegram's HTML; refuse what is not one of its tags, or not closed in order."""
    text: list[str] = []
    entities: list[dict[str, Any]] = []
    open_tags: list[_OpenTag] = []
    length = 0
    position = 0

    def add(piece: str) -> None:
        nonlocal length
        text.append(piece)
        length += utf16_length(piece)

    while position < len(source):
        character = source[position]
        if character == "&":
            reference, position = _reference(source, position)
            add(reference)
        elif character != "<":
            end = min(
                (i for i in (source.find("<", position), source.find("&", position)) if i >= 0),
                default=len(source),
            )
            add(source[position:end])
            position = end
        elif source.startswith("</", position):
            name, position = _end_tag(source, position, open_tags)
            tag = open_tags.pop()
            if length > tag.start:
                entities.append(_entity(tag, length, "".join(text[tag.position :])))
        else:
            tag, position = _start_tag(source, position)
            tag.start, tag.position = length, len(text)
            open_tags.append(tag)
    if open_tags:
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{open_tags[-1].name}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted("".join(text), tuple(entities))


def _unparsed(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _at(source: str, position: int) -> str:
    return f"at byte offset {len(source[:position].encode())}"


def _reference(source: str, position: int) -> tuple[str, int]:
    """Read a character reference; what is none stands for itself."""
    found = _REFERENCE.match(source, position)
    if found is None:
        return "&", position + 1
    if found["name"]:
        named = _NAMED.get(found["name"])
        return (named, found.end()) if named else ("&", position + 1)
    code = int(found["hex"], 16) if found["hex"] else int(found["dec"])
    if not 0 < code < 0x10FFFF:
        return "&", position + 1
    if 0xD800 <= code <= 0xDFFF:
        raise _unparsed("Text contains invalid Unicode characters after decoding HTML entities")
    return chr(code), found.end()


def _start_tag(source: str, begin: int) -> tuple[_OpenTag, int]:
    found = _TAG_NAME.match(source, begin + 1)
    assert found is not None
    name, position = found[0].lower(), found.end()
    if position == len(source):
        raise _unparsed(f"Unclosed start tag {_at(source, begin)}")
    if name not in _KIND_OF_TAG:
        raise _unparsed(f'Unsupported start tag "{name}" {_at(source, begin)}')
    attributes: dict[str, str] = {}
    while (end := _END_OF_TAG.match(source, position)) is None:
        attribute = _ATTRIBUTE.match(source, position)
        if attribute is None:
            if ">" in source[position:]:
                raise _unparsed(f'Empty attribute name in the tag "{name}" {_at(source, begin)}')
            raise _unparsed(f'Unclosed start tag "{name}" {_at(source, begin)}')
        value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
        attributes[attribute["name"]] = _REFERENCE.sub(
            lambda reference: _reference(reference[0], 0)[0], value
        )
        position = attribute.end()
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsed(f'Tag "span" must have class "tg-spoiler" {_at(source, begin)}')
    return _OpenTag(name, attributes, 0), end.end()


def _end_tag(source: str, begin: int, open_tags: list[_OpenTag]) -> tuple[str, int]:
    if not open_tags:
        raise _unparsed(f"Unexpected end tag {_at(source, begin)}")
    found = _TAG_NAME.match(source, begin + 2)
    assert found is not None
    end = _END_OF_TAG.match(source, found.end())
    if end is None:
        raise _unparsed(f"Unclosed end tag {_at(source, begin)}")
    name, expected = found[0].lower(), open_tags[-1].name
    if name and name != expected:
        raise _unparsed(
            f'Unmatched end tag {_at(source, begin)}, expected "</{expected}>", found "</{name}>"'
        )
    return name, end.end()


def _entity(tag: _OpenTag, end: int, inner: str) -> dict[str, Any]:
    kind = _KIND_OF_TAG[tag.name]
    if tag.name == "blockquote" and "expandable" in tag.attributes:
        kind = "expandable_blockquote"
    entity: dict[str, Any] = {"type": kind, "offset": tag.start, "length": end - tag.start}
    if tag.name == "a":
        entity["url"] = tag.attributes.get("href") or inner
    if tag.name == "tg-emoji":
        entity["custom_emoji_id"] = tag.attributes.get("emoji-id", "")
    return entity
