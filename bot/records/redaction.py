"""Taking personal details out of a question before it is kept.

What looks like a detail is taken out, even when it may be none: a lost word costs a maintainer
little, a kept one may cost a person much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Final

from bot.records.details import RULES, SEEN
from bot.records.names import without_names

LONGEST: Final = 300
"""Characters of a question that are kept; the longer it is, the more of a life is in it."""
MARKS: Final = re.compile(r"\[(?:e-mail|link|user|number|date|place|name)\]")
"""What stands where a detail was taken out."""

_READ = 600
"""Characters that are looked at."""
_SIGNS = str.maketrans("\u2019\u02bc`\u00b4[]", "''''()")  # square brackets are for the marks


def _number(found: re.Match[str]) -> str:
    """A mark for five digits or more, however they are grouped."""
    return " [number] " if sum(map(str.isdecimal, found[0])) >= 5 else found[0]


def _no_date(found: re.Match[str]) -> str:
    """The same, where it cannot be a date."""
    groups = re.findall(r"\d+", found[0])
    return _number(found) if sum(map(len, groups)) > 8 or len(groups) > 3 else found[0]


def _reference(found: re.Match[str]) -> str:
    """A mark for figures that count nothing: mixed with letters, or four that are no year."""
    bare = found[0].strip("()\"'.,;:!?")
    if re.fullmatch(r"\d{4}", bare):
        counts = bare.startswith(("19", "20")) or bare.endswith(("00", "50"))
    else:
        counts = SEEN["quantity"].fullmatch(bare) is not None
    return found[0] if counts else " [number] "


_CHECKS: Final[dict[str, Callable[[re.Match[str]], str]]] = {
    "number that is no date": _no_date,
    "long number": _number,
    "number that counts nothing": _reference,
}


def redact(text: str, known: Collection[str] = frozenset()) -> str:
    """Return a question with `MARKS` for details, in one line of at most `LONGEST` characters.

    These are e-mail addresses, telephone and other long numbers, links, user names, dates,
    addresses, and each word that is neither `known` from the FAQ nor common English.
    """
    text = _cut(" ".join(_plain(text).split()), _READ)
    for mark, seen in RULES:
        text = " ".join(seen.sub(_CHECKS.get(mark, f" [{mark}] "), text).split())
    return _cut(" ".join(without_names(text, known).split()), LONGEST)


def _plain(text: str) -> str:
    """Undo what hides a detail: odd forms of letters and digits, marks, invisible characters."""
    text = unicodedata.normalize("NFKC", text)
    kept = []
    for each in text:
        category = unicodedata.category(each)
        if each.isspace() or category == "Cc":
            kept.append(" ")
        elif category == "Nd":
            kept.append(str(unicodedata.digit(each)))
        elif category not in ("Cf", "Cs", "Co", "Cn", "Me") and not "\ufe00" <= each <= "\ufe0f":
            kept.append(each)
    return "".join(kept).translate(_SIGNS)


def _cut(text: str, length: int) -> str:
    """Shorten a text to whole words: half an address would be known as none."""
    return text if len(text) <= length else text[: length + 1].rpartition(" ")[0]
