"""How long since the treatment, as a person says it; no clock is read.

What is read: `5 days later`, `day 3`, `two weeks ago`, `since yesterday`, `48 hours`, `a week on`.
What is not: a time to come, an age, how often, how long something takes or lasts, a day of the
week or a date (what day it is today is not known here).

Choices: `a couple` is 2, `a few` 3 and `several` 4; of a range the longer end counts, so that
nobody who may be past the usual time is told otherwise; `over a week` is a day more than a week;
`week 2` is the second week, so at least 7 days. Of several times, the shortest one that stands
beside the treatment counts (the last session), or else the longest of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from bot.answering.reading import COMMA, Reading

_LONGEST = 36_500.0
_MOST_DIGITS = 4
"""A longer number is no count of days: a telephone number, a price."""


_SAID: dict[str, Any] = yaml.safe_load(
    files("bot.answering").joinpath("times.yaml").read_text("utf-8")
)
_NUMBERS: dict[str, float] = _SAID["numbers"]
_ORDINALS: dict[str, int] = _SAID["ordinals"]
_DAYS: dict[str, float] = _SAID["units"]
_UNITS = _DAYS | {f"{unit}s": days for unit, days in _DAYS.items() if len(unit) > 1}
_NAMED = {tuple(phrase.split()): days for phrase, days in _SAID["named"].items()}


def _words(name: str) -> frozenset[str]:
    return frozenset(_SAID[name].split())


_AFTERWARDS, _ALREADY = _words("afterwards"), _words("already")
_NOT_ELAPSED_BEFORE = _words("not_elapsed_before")
_NOT_ELAPSED_AFTER = _words("not_elapsed_after")
_HOW_OFTEN, _ROUGHLY = _words("how_often"), _words("roughly")
_TREATMENT, _DONE, _OTHER_MATTER = _words("treatment"), _words("done"), _words("other_matter")
_OWN_TIME, _ASKS = _words("own_time"), _words("asks")
SAYS_WHEN = _words("says_when")
"""Words that say when: a question is no less in scope for them."""


@dataclass(frozen=True, slots=True)
class _Time:
    """A time that was found: its days, and whether the treatment is named beside it."""

    days: float
    beside_treatment: bool


def elapsed_days(reading: Reading) -> float | None:
    """Return the days since the treatment that a message states; None when it states none.

    Less than a day is 0; from there on hours are parts of a day. Never negative, and never more
    than 36,500.
    """
    times = [
        time
        for start, end in reading.sentences()
        for time in _times(_with_commas(reading, start, end), asked=reading.is_question(end))
    ]
    beside = [time.days for time in times if time.beside_treatment]
    days = min(beside) if beside else max((time.days for time in times), default=None)
    return 0.0 if days is not None and days < 1 else days


def _with_commas(reading: Reading, start: int, end: int) -> list[str]:
    words: list[str] = []
    for at in range(start, end):
        if at > start and reading.breaks[at] == COMMA:
            words.append(",")
        words.append(reading.words[at])
    return words


def _times(words: Sequence[str], *, asked: bool) -> Iterator[_Time]:
    """Yield the times since treatment that one sentence states."""
    if _asks_how_long(words, asked=asked):
        return
    used_until = 0
    for at in range(len(words)):
        if at < used_until:
            continue
        found = _named(words, at) or _numbered(words, at) or _counted(words, at)
        if found is None:
            continue
        days, end = found
        used_until = end
        around = _around(words, at, end)
        if around & _OTHER_MATTER and not around & (_TREATMENT - {"got", "had"}):
            continue
        yield _Time(min(days, _LONGEST), bool(around & _TREATMENT))


def _around(words: Sequence[str], at: int, end: int) -> set[str]:
    """Return the words beside a time, in its own clause."""
    start = at
    while start > max(0, at - 7) and words[start - 1] not in (",", "and", "but"):
        start -= 1
    stop = end
    while stop < min(len(words), end + 5) and words[stop] not in (",", "and", "but"):
        stop += 1
    return {*words[start:at], *words[end:stop]}


def _asks_how_long(words: Sequence[str], *, asked: bool) -> bool:
    """Whether a sentence asks for a time, or what may be done when, and states none."""
    plain = [word for word in words if word not in ("hi", "hello", "hey", "so", "and", "but")]
    if not plain or _OWN_TIME.intersection(words):
        return False
    if plain[0] in _ASKS:
        return True
    return asked and ("how" in words or "when" in words or _is_range(words))


def _is_range(words: Sequence[str]) -> bool:
    return any(
        _number(words[at]) is not None
        and any(_number(word) is not None for word in _behind(words, at))
        for at in range(len(words) - 1)
    )


def _behind(words: Sequence[str], at: int) -> Sequence[str]:
    """Return the word that ends a range begun at `at`, if it is one: `2 to 3`, `2-3`."""
    following = at + (2 if words[at + 1] in ("to", "or", ",") else 1)
    return words[following : following + 1]


def _named(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """Read `yesterday`, `last week`, `this morning`."""
    for phrase, days in _NAMED.items():
        end = at + len(phrase)
        if tuple(words[at:end]) == phrase:
            if words[at] == "today" and not _done_today(words, end):
                return None
            return days, end
    return None


def _done_today(words: Sequence[str], end: int) -> bool:
    """Whether it does not read `today is`, or `today I` of what else is done today."""
    following = words[end : end + 2]
    return following[:1] not in (["is"], ["i"], ["ive"]) or following[1:] in (
        ["did"],
        ["had"],
        ["got"],
    )


def _numbered(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """Read `day 3`, `week 2`, `third day`, `3rd day`."""
    following = words[at + 1] if at + 1 < len(words) else ""
    if words[at] in ("day", "week", "month") and (at == 0 or words[at - 1] not in ("a", "per")):
        count = _number(following)
        if count is not None and following not in ("a", "an", "half", "few", "couple"):
            after = words[at + 2] if at + 2 < len(words) else ""
            if after in _UNITS or after in ("times", "more"):
                return None
            days = count if words[at] == "day" else (count - 1) * _UNITS[words[at]]
            return max(0.0, days), at + 2
    ordinal = _ORDINALS.get(words[at])
    if ordinal is None and following in ("st", "nd", "rd", "th") and words[at].isdecimal():
        ordinal, at = int(words[at]), at + 1
        following = words[at + 1] if at + 1 < len(words) else ""
    if ordinal is not None and following in ("day", "week", "night") and ordinal > 1:
        return (ordinal if following != "week" else (ordinal - 1) * 7.0), at + 2
    return None


def _counted(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """Read `5 days later`, `a couple of weeks ago`, `2 to 3 days now`, `a week and a half on`."""
    count, end = _count(words, at)
    if count is None:
        if words[at] != "fortnight" and list(words[at + 1 : at + 4]) != ["and", "a", "half"]:
            return None
        count, end = 1, at
    if end >= len(words) or words[end] not in _UNITS:
        return None
    unit = words[end]
    end += 1
    if words[end : end + 3] == ["and", "a", "half"]:
        count, end = count + 0.5, end + 3
    elif words[end : end + 2] in (["or", "two"], ["or", "so"]):
        count, end = count + (words[end + 1] == "two"), end + 2
    return _as_elapsed(words, at, end, count, unit)


def _as_elapsed(
    words: Sequence[str], at: int, end: int, count: float, unit: str
) -> tuple[float, int] | None:
    before = at - 1
    while before >= 0 and words[before] in _ROUGHLY:
        before -= 1
    previous = words[before] if before >= 0 else ""
    following = words[end] if end < len(words) else ""
    after_that = words[end + 1] if end + 1 < len(words) else ""
    days = count * _UNITS[unit]
    if previous in ("over", "than") and "less" not in words[max(0, before - 1) : before]:
        days += 1.0
    if previous == "before" and not _DONE.isdisjoint(words[:before]):
        return days, end  # "I did it before one week", as said in other languages
    if previous in _NOT_ELAPSED_BEFORE or following in _NOT_ELAPSED_AFTER:
        return None
    if previous in _HOW_OFTEN or (previous == "in" and following not in ("now", "ago", "and")):
        return None
    if following == "old" and unit.startswith(("y", "month")):
        return None
    if following == "to" and after_that == "go":
        return None
    if following in _AFTERWARDS:
        return days, end
    if unit.startswith(("y",)) and not {"ago", "since"}.intersection(words):
        return None
    stated = (
        previous in _ALREADY
        or words[before + 1 : at] != []
        or at == 0
        or "still" in words
        or previous in ("over", "than", "day", "and", ",")
    )
    return (days, end) if stated else None


def _count(words: Sequence[str], at: int) -> tuple[float | None, int]:
    """Read a number of units from `at`; a range gives its longer end. Return where it ends."""
    count = _number(words[at])
    end = at + 1
    if count is None:
        return None, at
    if words[at] in ("a", "an") and end < len(words) and words[end] in ("couple", "few"):
        count, end = _NUMBERS[words[end]], end + 1
    if words[at] == "half" and words[end : end + 1] in (["a"], ["an"]):
        end += 1
    if words[end : end + 1] == ["of"]:
        end += 1
    if words[end : end + 3] == ["and", "a", "half"]:
        count, end = count + 0.5, end + 3
    if end < len(words):
        for longest in _behind(words, end - 1):
            longer = _number(longest)
            if longer is not None and longer >= count:
                count, end = longer, words.index(longest, end) + 1
    return count, end


def _number(word: str) -> float | None:
    if word[:1].isdecimal() and word.replace(",", "").replace(".", "").isdecimal():
        return float(word.replace(",", ".")) if len(word) <= _MOST_DIGITS + 2 else None
    return _NUMBERS.get(word)
