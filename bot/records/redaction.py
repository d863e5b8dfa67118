"""Taking personal details out of a question before it is kept.

What looks like a detail is taken out, even when it may be none: a lost word costs a maintainer
little, a kept one may cost a person much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Final

from bot.records.names import without_names

LONGEST: Final = 300
"""Characters of a question that are kept; the longer it is, the more of a life is in it."""
MARKS: Final = re.compile(r"\[(?:e-mail|link|user|number|date|place|name)\]")
"""What stands where a detail was taken out."""

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
"""What is looked for, and what is put in its place."""
_READ = 600
"""Characters that are looked at."""
_SIGNS = str.maketrans("\u2019\u02bc`\u00b4[]", "''''()")  # square brackets are for the marks

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY = r"(?:[0-3]?\d(?:\s?(?:st|nd|rd|th))?)"
_DIGIT_WORDS = "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|triple"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NTH = (
    rf"(?:(?:{_TENS})[\s-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth"
    r"|eleventh|twelfth|\w+teenth|twentieth|thirtieth"
)
_YEAR = (
    rf"(?:nineteen[\s-](?:hundred(?:\sand)?\s)?(?:(?:{_TENS}|oh)(?:[\s-]\w+)?|\w+teen|\w+)"
    rf"|(?:{_TENS})(?:[\s-](?:{_DIGIT_WORDS}))?)\b"
)
_QUANTITY = re.compile(
    r"(?:[£$€~]?\d{1,4}(?:[.,x/-]\d{1,3})*(?:st|nd|rd|th|s|k|x|%|[cm]?m|ml|m?g|kg|lbs?|in|ft|am|pm"
    r"|c|d|days?|w|wks?|weeks?|h|hrs?|hours?|mins?|months?|mths?|mo|y|yrs?|years?|yo|ish|t|p)*"
    r"|spf\d\d\+?|[bd]\d{1,2}|(?:covid|hpv|hep)\d\d?)\W*",
    re.IGNORECASE,
)
# A dot that is said in words is told from the dots of a treatment by what stands behind it.
_ENDINGS = (
    "com|net|org|info|biz|edu|gov|io|co|uk|eu|de|fr|es|nl|pl|ru|se|dk|fi|ie|ca|au|nz|ch|cz|gr|hu"
    "|jp|cn|kr|br|mx|tr|za|ua|ro|pt|sg|hk|ae|app|dev|online|site|shop|club|xyz"
)
_PROVIDERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|icloud|aol|proton|protonmail|gmx|ymail|yandex"
    "|btinternet|comcast|zoho|rocketmail|mailbox|fastmail|tutanota"
)
_OPEN, _CLOSE = r"[(\[{<*_|]", r"[)\]}>*_|]"
_AT = rf"(?:\s*@\s*|\s+at\s+|\s*{_OPEN}\s*(?:at|@)\s*{_CLOSE}\s*)"
_SAID_DOT = rf"(?:\s*{_OPEN}\s*(?:dot|\.)\s*{_CLOSE}\s*)"
_DOT = rf"(?:{_SAID_DOT}|\s+dot\s+|\s*\.\s*)"
_LOCAL = r"[^\s@]+(?:\s+(?:dot|underscore|dash|hyphen|minus|plus)\s+[^\s@]+)*"


# Between two digits of one number: signs and spaces, or "(0)".
_GROUPED_DIGITS = re.compile(
    r"[^\W\d_]*[+(]*\d(?:[\s().,:;*#_/\\|+~'–—−-]{0,4}(?:\d|[oO](?![^\W\d_])))+[^\W\d_]*"
)
_TOKEN = re.compile(r"[^\s\[\]]*\d[^\s\[\]]*")


def _rule(mark: str, pattern: str) -> _Rule:
    return re.compile(pattern, re.IGNORECASE), f" [{mark}] "


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
        counts = _QUANTITY.fullmatch(bare) is not None
    return found[0] if counts else " [number] "


_RULES: Final[tuple[_Rule, ...]] = (
    # No word of a question is as long, and the rules below are quick on what is shorter.
    _rule("link", r"\S{80,}"),
    _rule("link", r"\b(?:h[tx]{2}ps?|ftp|tg|mailto|file)\s?:\s?/{0,3}\s?\S+"),
    # e-mail addresses: as they are written, and as people hide them
    _rule("e-mail", rf"{_LOCAL}{_AT}[\w-]+(?:{_DOT}[\w-]+)*?{_DOT}(?:{_ENDINGS})\b"
                    rf"(?:{_DOT}(?:{_ENDINGS})\b)?"),
    _rule("e-mail", rf"{_LOCAL}{_AT}(?:[\w-]+{_SAID_DOT}|[^\W\d][\w-]*\.)[\w.-]+"),
    _rule("e-mail", rf"{_LOCAL}(?:{_AT}|\s+)(?:{_PROVIDERS})\b"
                    rf"(?:(?:{_DOT}|\s+)(?:{_ENDINGS})\b)*"),
    _rule("e-mail", r"[^\s@]+(?:@\s*|\s+@\s+)[\w.-]*"
                    rf"|{_LOCAL}\s*{_OPEN}\s*(?:at|@)\s*{_CLOSE}\s*\S+"),
    # links, with and without a scheme; what is typed with no space after a full stop goes too
    _rule("link", r"\bwww\s?\.\s?\S+"),
    _rule("link", rf"[\w-]+(?:{_SAID_DOT}[\w-]+)+(?:/\S*)?"),
    _rule("link", r"/{0,3}(?<![\w.])(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?(?![\w])"),
    _rule("link", rf"[\w-]+(?:\s+dot\s+[\w-]+)*?\s+dot\s+(?:{_ENDINGS})\b"
                  r"(?:\s+dot\s+\w+)?(?:/\S*)?"),
    # user names; what else is one is no word
    _rule("user", r"@\s?[\w.-]+|(?<!\S)[^\s\[\]]*\w_\w[^\s\[\]]*"),
    # accounts, cards, telephones: what is too long for a date
    _rule("number", r"\b[a-z]{2}\d{2}(?:[\s-]?[a-z\d]{4}){2,7}(?:[\s-]?[a-z\d]{1,4})?\b"),
    (_GROUPED_DIGITS, _no_date),
    (_TOKEN, _no_date),
    # dates, in figures and in words, with a year or without
    _rule("date", r"(?<!\d)\d{1,4}\s?[/.\-–]\s?\d{1,2}\s?[/.\-–]\s?\d{1,4}(?!\d)|\b0\d/\d\d\b"),
    _rule("date", rf"\b{_DAY}\s?(?:of\s)?(?:{_MONTHS})\b\.?,?(?:\s?(?:'?\d\d|\d{{4}})\b)?"),
    _rule("date", rf"\b(?:{_MONTHS})\.?\s{_DAY}\b(?:,?\s?(?:'\d\d|\d{{4}})\b)?"),
    _rule("date", rf"\b{_DAY}\s?(?:of\s)?may\b,?\s(?:'?\d\d|\d{{4}})\b|\bmay\s{_DAY},?\s\d{{4}}\b"
                  r"|\b\d{1,2}(?:st|nd|rd|th)\s(?:of\s)?may\b|\bmay\s\d+(?:st|nd|rd|th)\b"),
    _rule("date", rf"\b(?:{_MONTHS}|may)\s(?:of\s)?(?:19|20)\d\d\b"),
    _rule("date", rf"\b(?:(?:{_NTH})\s(?:of\s)?(?:{_MONTHS}|may)|(?:{_MONTHS}|may)\s(?:the\s)?"
                  rf"(?:{_NTH}))\b(?:,?\s{_YEAR})?|\bnineteen\s(?:{_TENS})\b(?:[\s-]\w+)?"),
    _rule("date", r"(?<=\bborn\s)[\w\s]{0,30}?\b(?:19|20)\d\d\b|(?<=\bon\s)\d{1,2}/\d{1,2}\b"),
    _rule("date", r"\b(?:born|birthday|birth|d\.?o\.?b\.?)\b\W*(?:(?:is|on|in|was|date)\W+)*"
                  r"['\d][\d\s/.\-]*"),
    # places: postcodes of Britain and Canada; streets and rooms with a number
    _rule("place", r"\b(?:[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}|[a-z]\d[a-z]\s?\d[a-z]\d)\b"),
    _rule("place", r"\b\d+[a-z]?,?\s+(?!min|h(?:ou)?r|day|week|month|year|mile)"
                   r"(?:[^\W\d_][\w'-]*\s+){1,2}(?:street|road|avenue|ave|lane|rd|boulevard|blvd"
                   r"|terrace|crescent|view|house|court|place|way|close|gardens|drive|square|park|hill|grove|mews|row|walk)\b"),
    _rule("place", r"\b(?:ward|room|flat|apartment|apt|unit|suite|bed|bay|house|door|plot|floor)\s"
                   r"(?:is\s)?(?:no\.?\s|number\s)?(?:\d+[a-z]?|[a-z]\d+)\b"),
    # the other long numbers, in digits or words, and references
    (_GROUPED_DIGITS, _number),
    (_TOKEN, _number),
    _rule("number", r"\b(?:tel|phone|mobile|ring|call|text|number|account|pin|ref|cvv)\b"
                    r"(?:\s(?:me|us|it|on|is|no))*\W{0,2}\d[\d\s-]{2,}"),
    (_TOKEN, _reference),
    _rule("number", rf"\b(?:(?:{_DIGIT_WORDS}|\d{{1,4}})[\s,.-]+){{4,}}"
                    rf"(?:{_DIGIT_WORDS}|\d{{1,4}})\b"),
    # what is spelled letter by letter, and what no word is as long as
    _rule("name", r"(?<!\w)(?:[^\W_][\s.,*_-]+){3,}[^\W_](?!\w)"),
    _rule("number", r"[^\s\[\]]{30,}"),
)  # fmt: skip


def redact(text: str, known: Collection[str] = frozenset()) -> str:
    """Return a question with `MARKS` for details, in one line of at most `LONGEST` characters.

    These are e-mail addresses, telephone and other long numbers, links, user names, dates,
    addresses, and each word that is neither `known` from the FAQ nor common English.
    """
    text = _cut(" ".join(_plain(text).split()), _READ)
    for seen, mark in _RULES:
        text = " ".join(seen.sub(mark, text).split())
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
