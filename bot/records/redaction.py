"""Taking personal details out of a question before it is kept.

What looks like a detail is taken out, even when it may be none: a lost word costs a maintainer
little, a kept one may cost a person much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Final

from bot.records.names import without_names

LONGEST: Final = 300
"""Characters of a question that are kept; the longer it is, the more of a life is in it."""
MARKS: Final = re.compile(r"\[(?:e-mail|link|user|number|date|place|name)\]")
"""What stands where a detail was taken out."""

_READ = 600
"""Characters that are looked at."""
_SIGNS = str.maketrans("\u2019\u02bc`\u00b4[]", "''''()")  # square brackets are for the marks

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY = r"(?:[0-3]?\d(?:\s?(?:st|nd|rd|th))?)"
_DIGIT_WORDS = "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|triple"
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
_LOCAL = r"[^\s@]+(?:\s+(?:dot|underscore|dash|hyphen|minus|plus)\s+[^\s@]+)*"
_ACCOUNTS = (
    "insta(?:gram)?|ig|snap(?:chat)?|tik\\s?tok|twitter|facebook|fb|telegram|whats\\s?app|discord"
    "|skype|signal|wechat|viber|linkedin|reddit|handle|user\\s?name|account"
)


def _rule(mark: str, pattern: str, flags: int = re.IGNORECASE) -> Callable[[str], str]:
    return lambda text, seen=re.compile(pattern, flags): seen.sub(f" [{mark}] ", text)  # type: ignore[misc]


def _number(found: re.Match[str], *, no_date: bool = False) -> str:
    """A mark for five digits or more; with `no_date`, only where it cannot be a date."""
    groups = re.findall(r"\d+", found[0])
    digits = sum(map(len, groups))
    long = digits >= 5 and not (no_date and digits <= 8 and len(groups) <= 3)
    return " [number] " if long else found[0]


def _numbers(*, no_date: bool = False) -> Callable[[str], str]:
    """Take out long numbers, however they are grouped, with all that hangs on them."""
    mark = partial(_number, no_date=no_date)
    return lambda text: _TOKEN.sub(mark, _GROUPED_DIGITS.sub(mark, text))


# Between two digits of one number: signs and spaces, or "(0)".
_GROUPED_DIGITS = re.compile(
    r"[^\W\d_]*[+(]*\d(?:[\s().,:;*#_/\\|+~'–—−-]{0,4}(?:\d|[oO](?![^\W\d_])))+[^\W\d_]*"
)
_TOKEN = re.compile(r"[^\s\[\]]*\d[^\s\[\]]*")

_RULES: Final[tuple[Callable[[str], str], ...]] = (
    # No word of a question is as long, and the rules below are quick on what is shorter.
    _rule("link", r"\S{80,}"),
    _rule("link", r"\b(?:h[tx]{2}ps?|ftp|tg|mailto|file)\s?:\s?/{0,3}\s?\S+"),
    # e-mail addresses: as they are written, and as people hide them
    _rule("e-mail", rf"{_LOCAL}\s+@\s*[\w-]+(?:\s*\.\s*[\w-]+)+"),
    _rule("e-mail", rf"{_LOCAL}\s+@\s+[\w.-]+"),
    _rule("e-mail", rf"[^\s@]+@\s*[\w-]*(?:\s*\.\s*(?:{_ENDINGS})\b|\.\S+)*"),
    _rule("e-mail", rf"{_LOCAL}{_AT}[\w-]+(?:{_SAID_DOT}[\w-]+)+"),
    _rule("e-mail", rf"{_LOCAL}{_AT}[\w-]+(?:(?:\s+dot\s+|\s*\.\s*)[\w-]+)*?"
                    rf"(?:\s+dot\s+|\s*\.\s*)(?:{_ENDINGS})\b(?:(?:\s+dot\s+|\s*\.\s*)"
                    rf"(?:{_ENDINGS})\b)?"),
    _rule("e-mail", rf"{_LOCAL}{_AT}[^\W\d][\w-]*(?:\.[\w-]+)+"),
    _rule("e-mail", rf"{_LOCAL}\s*{_OPEN}\s*(?:at|@)\s*{_CLOSE}\s*\S+"),
    _rule("e-mail", rf"{_LOCAL}(?:{_AT}|\s+)(?:{_PROVIDERS})\b"
                    rf"(?:(?:\s*\.\s*|\s+dot\s+|\s+|{_SAID_DOT})(?:{_ENDINGS})\b)*"),
    # links, with and without a scheme; what is typed with no space after a full stop goes too
    _rule("link", r"\bwww\s?\.\s?\S+"),
    _rule("link", rf"[\w-]+(?:{_SAID_DOT}[\w-]+)+(?:/\S*)?"),
    _rule("link", r"/{0,3}(?<![\w.])(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?(?![\w])"),
    _rule("link", rf"[\w-]+(?:\s+dot\s+[\w-]+)*?\s+dot\s+(?:{_ENDINGS})\b"
                  r"(?:\s+dot\s+\w+)?(?:/\S*)?"),
    # user names
    _rule("user", r"@\s?[\w.-]+"),
    _rule("user", rf"\b(?:{_ACCOUNTS})(?:\s+(?:name|id|handle|account|user))?"
                  r"\s*(?:\bis\b|[:=@]|\s-\s)+\s*[^\s\[]+"),
    _rule("user", r"(?<!\S)[^\s\[\]]*\w_\w[^\s\[\]]*"),
    # accounts, cards, telephones: what is too long for a date
    _rule("number", r"\b[a-z]{2}\d{2}(?:[\s-]?[a-z\d]{4}){2,7}(?:[\s-]?[a-z\d]{1,4})?\b"),
    _numbers(no_date=True),
    # dates, with a year or without
    _rule("date", r"(?<!\d)\d{1,4}\s?[/.\-–]\s?\d{1,2}\s?[/.\-–]\s?\d{1,4}(?!\d)"),
    _rule("date", rf"\b{_DAY}\s?(?:of\s)?(?:{_MONTHS})\b\.?,?(?:\s?(?:'?\d\d|\d{{4}})\b)?"),
    _rule("date", rf"\b(?:{_MONTHS})\.?\s{_DAY}\b(?:,?\s?(?:'\d\d|\d{{4}})\b)?"),
    _rule("date", rf"\b{_DAY}\s?(?:of\s)?may\b,?\s(?:'?\d\d|\d{{4}})\b|\bmay\s{_DAY},?\s\d{{4}}\b"
                  r"|\b\d{1,2}(?:st|nd|rd|th)\s(?:of\s)?may\b"),
    _rule("date", r"\b(?:born|birthday|birth|d\.?o\.?b\.?)\b\W*(?:(?:is|on|in|was|date)\W+)*"
                  r"['\d][\d\s/.\-]*"),
    # places: postcodes of Britain, Canada and the Netherlands; streets with a number
    _rule("place", r"\b(?:[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}|[a-z]\d[a-z]\s?\d[a-z]\d)\b"),
    _rule("place", r"\b\d{4}\s?[A-Z]{2}\b", 0),
    _rule("place", r"\b\d+[a-z]?,?\s+(?:[^\W\d_][\w'-]*\s+){1,2}"
                   r"(?:street|road|avenue|ave|lane|rd|boulevard|blvd|terrace|crescent)\b"),
    # the other long numbers, in digits or words
    _numbers(),
    _rule("number", rf"\b(?:(?:{_DIGIT_WORDS}|\d{{1,4}})[\s,.-]+){{4,}}"
                    rf"(?:{_DIGIT_WORDS}|\d{{1,4}})\b"),
    # what is spelled letter by letter, and what no word is as long as
    _rule("name", r"(?<!\w)(?:[^\W_][\s.,*_-]+){3,}[^\W_](?!\w)"),
    _rule("number", r"[^\s\[\]]{30,}"),
)  # fmt: skip


def redact(text: str) -> str:
    """Return a question without personal details, in one line of at most `LONGEST` characters.

    E-mail addresses, telephone and other long numbers, links, user names, dates, postcodes and
    the names people give themselves or others are replaced by one of `MARKS`.
    """
    text = _cut(" ".join(_plain(text).split()), _READ)
    for rule in _RULES:
        text = " ".join(rule(text).split())
    return _cut(" ".join(without_names(text).split()), LONGEST)


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
