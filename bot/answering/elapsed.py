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

import re
from collections.abc import Iterator

from bot.answering.reading import COMMA, Reading
from bot.faq.packaged import packaged

_LONGEST = 36_500.0

_SAID = packaged("times.yaml", "bot.answering")
_UNITS: dict[str, float] = _SAID["units"]
_NAMED: dict[str, float] = _SAID["named"]
_MORE: dict[str, float] = _SAID["more"]
_NUMBERS: dict[str, float] = _SAID["numbers"] | _SAID["tens"] | _SAID["vague"] | _SAID["ordinals"]
SAYS_WHEN = frozenset(_SAID["says_when"].split(", "))
"""Words that say when: a question is no less in scope for them."""


def _any(name: str) -> str:
    """Return a pattern of any of the words and phrases that `times.yaml` has under a name."""
    said = _SAID[name]
    phrases = said.split(", ") if isinstance(said, str) else said
    return rf"(?<!\S)(?:{'|'.join(map(re.escape, phrases))})(?!\S)"


def _found(name: str) -> str:
    """Return the same as a group of that name."""
    return f"(?P<{name}>{_any(name)})"


_UNIT = rf"(?:{'|'.join(_UNITS)})s?(?!\S)"
_NUMBER = (
    rf"(?:\d{{1,4}}(?:[.,]\d{{1,2}})?(?!\S)"  # More figures are a telephone number, a price.
    rf"|(?:{_any('tens')}\s)?{_any('numbers')}|{_any('tens')})"
)
_RANGE_TO = rf"{_NUMBER}\s(?:{_any('to')}\s)?(?={_NUMBER})"
_TIME = re.compile(
    rf"""(?<!\S)(?:
    # "yesterday"; but not "today I have a question"
    (?! {_any("not_named")} (?! \s{_any("done")} ) ) {_found("named")}

    # "day 3"; but not "day 3 weeks"
    | {_found("numbered")} \s (?P<nth>{_NUMBER}) (?! \s{_UNIT} | \s{_any("not_numbered")} )

    # "third day", "3 rd day"
    | (?: {_found("ordinals")} | (?!1\s) (?P<figure>\d{{1,4}}) \s {_any("ordinal_endings")} )
      \s {_found("ordered")}

    # "since more than about 2 to 3 weeks", "a day or two ago", "week and a half"
    | (?: (?: {_found("never")} | {_found("before")} | {_found("already")} ) \s )?
      (?: {_found("over")} \s )?
      (?P<roughly> (?: {_any("roughly")} \s ){{0,4}} )
      (?: (?: {_RANGE_TO} )?? (?P<count> {_any("vague")} | {_NUMBER} ) \s
          (?: {_any("between")} \s )? (?: {_found("more")} \s )?
        | (?= {_any("alone")} | \S+ \s {_any("more")} ) )
      (?P<unit> {"|".join(_UNITS)} ) s? (?!\S)
      (?: \s (?P<and_more>{_any("more")}) )?
      (?= \s{_found("ago")} | \s{_found("afterwards")} | \s{_found("aged")}
        | \s{_found("never_after")} | )
    )""",
    re.VERBOSE,
)
_ASKS = re.compile(rf"(?:{_any('openings')}\s)*{_any('asks')}")
_ASKS_ANYWHERE = re.compile(rf"{_any('asks_anywhere')}|(?<!\S){_RANGE_TO}")
_PARTING = re.compile(rf"(?!{_any('more')}){_any('parting')}")
_OWN_TIME, _STILL = re.compile(_any("own_time")), re.compile(_any("still"))
_TREATMENT, _OTHER_MATTER = re.compile(_any("treatment")), re.compile(_any("other_matter"))
_HAD, _DONE = re.compile(_any("had")), re.compile(_any("done"))


def elapsed_days(reading: Reading) -> float | None:
    """Return the days since the treatment that a message states; None when it states none.

    Less than a day is 0; from there on hours are parts of a day. Never negative, and never more
    than 36,500.
    """
    times = [
        time
        for start, end in reading.sentences()
        for time in _times(_sentence(reading, start, end), asked=reading.is_question(end))
    ]
    beside = [days for days, is_beside in times if is_beside]
    days = min(beside) if beside else max((days for days, _ in times), default=None)
    return 0.0 if days is not None and days < 1 else days


def _sentence(reading: Reading, start: int, end: int) -> str:
    """Return the words of a sentence, each comma a word of its own."""
    pairs = zip(reading.words[start:end], reading.breaks[start:end], strict=True)
    return " ".join(f", {word}" if before == COMMA else word for word, before in pairs)


def _times(sentence: str, *, asked: bool) -> Iterator[tuple[float, bool]]:
    """Yield the days since the treatment that a sentence states, and if it is named beside."""
    asks = _ASKS.match(sentence) or (asked and _ASKS_ANYWHERE.search(sentence))
    if asks and not _OWN_TIME.search(sentence):
        return
    still = bool(_STILL.search(sentence))
    for clause in map(str.strip, _PARTING.split(sentence)):
        for time in _TIME.finditer(clause):
            before = " ".join(clause[: time.start()].rsplit(maxsplit=7)[-7:])
            after = " ".join(clause[time.end() :].split(maxsplit=5)[:5])
            around = f"{before} , {after}"
            treated = _TREATMENT.search(around)
            if _OTHER_MATTER.search(around) and not treated:
                continue
            if time["unit"] and not _has_elapsed(time, before, still=still):
                continue
            yield min(_days(time), _LONGEST), bool(treated or _HAD.search(around))


def _has_elapsed(time: re.Match[str], before: str, *, still: bool) -> bool:
    """Whether a number of units has passed, by the words around it in its clause."""
    unit = _UNITS[time["unit"]]
    if time["ago"]:
        return True
    if time["never"] or time["never_after"]:
        return False
    if time["before"]:
        return bool(_DONE.search(before))
    if time["afterwards"] or unit >= _UNITS["year"]:
        return bool(time["afterwards"])
    recent = time["aged"] and unit < _UNITS["month"]
    return still or not before or any((recent, time["already"], time["over"], time["roughly"]))


def _days(time: re.Match[str]) -> float:
    if time["named"]:
        return _NAMED[time["named"]]
    if nth := time["nth"] or time["ordinals"] or time["figure"]:
        unit = _UNITS[time["numbered"] or time["ordered"]]
        return _number(nth) if unit == 1 else (_number(nth) - 1) * unit
    count = _number(time["count"]) if time["count"] else 1.0
    count += _MORE.get(time["more"] or time["and_more"], 0.0)
    return count * _UNITS[time["unit"]] + bool(time["over"])


def _number(said: str) -> float:
    """Return the number that a figure, or words, stand for: `2.5`, `a few`, `forty two`."""
    if said in _NUMBERS:
        return _NUMBERS[said]
    return sum(_NUMBERS.get(word) or float(word.replace(",", ".")) for word in said.split())
