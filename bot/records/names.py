"""Taking out the names that people give themselves or others in a question.

A name is known by what stands before it ("my name is", "I'm", "Dr"), never by a list of names:
people's names are too many. After "I'm" and the like, whatever is not known to be an ordinary
word is taken for one.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

MARK: Final = "[name]"
_MOST_PARTS = 4
"""Words that one name may have."""

_WORD = re.compile(r"[^\W\d_]+(?:['.\-][^\W\d_]+)*")
_GAP = re.compile(r"(?:[ ,:;=\"'(*~–—-]|\.\.+)*")
_BETWEEN = re.compile(r"\.? |-")

# Endings that make a word an ordinary one, and the names that have such an ending too.
_ENDING = re.compile(
    r".{3,}(?:ing|itis|osis|iasis|oma|emia|aemia|pathy|pathic|phobic|etic|atic|astic|istic|ectic"
    r"|ceptic|ptive|lergic|genic|oxic|omic|onic|less|ious|eous|able|ible|ative|ness|ation|sive"
    r"|ologist|ician|free|[^aeiou]ied|[^e]ed)"
)


def _lists() -> list[frozenset[str]]:
    """The lists of `ordinary.txt`, in the order in which they stand there."""
    lists: list[set[str]] = [set()]
    for line in files("bot.records").joinpath("ordinary.txt").read_text("utf-8").splitlines():
        if line.startswith("="):
            lists.append(set())
        elif not line.startswith("#"):
            lists[-1].update(line.split())
    return [frozenset(each) for each in lists]


_ORDINARY, _PARTICLES, _NAMES_WITH_ENDINGS, _NAMES_TOO = _lists()

_SELF = r"\bi\s?['´`]?\s?m\b|\bi\s?am\b|\bthis\s+is\b|\bthis\s?['´`]?s\b|\bcall(?:ed)?\s+me\b"
_NAMED = (
    r"\b(?:my|the|her|his|their|our|me|full|first|last|sur|nick|pet|user|maiden)?\s?"
    r"(?:name|names|name's|surname|nickname)\s*(?:\bis\b|\bwas\b|'s\b|[:=]|\s-\s)\s*"
    r"|\bmy\s+names?\b|\bi(?:\s?'?m|\s+am)\s+(?:called|named|known\s+as)\b|\bi\s+go\s+by\b"
    r"|\bmy\s+friends\s+call\s+me\b|\bsigned\b|\bit'?s\s+me\b|\bme\s+llamo\b|\bje\s+m'appelle\b"
    r"|\bich\s+hei(?:ß|ss)e\b|\bmi\s+chiamo\b|\bmein\s+name\s+ist\b|\bменя\s+зовут\b"
    r"|\bis\s+(?:called|named)\b|\b(?:someone|somebody|person|guy|man|woman|lady|girl|technician"
    r"|artist|doctor|nurse|practitioner|place|clinic)\s+(?:called|named)\b"
)
_TITLE = r"\b(?:mrs?|ms|mx|dr|prof|professor|rev|sgt|capt)\b\.?"
_BEFORE_CAPITAL = (
    r"\b(?:[Mm]iss|[Dd]octor|[Nn]urse|[Ss]ister|[Ss]ir|[Dd]ame|[Uu]ncle|[Aa]unt(?:ie|y)?|[Mm]y\s+"
    r"(?:husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?|son|daughter|brother|sister|mum|mom"
    r"|dad|mother|father|cousin|nephew|niece|friend|mate|boss|neighbou?r|technician|artist|tech"
    r"|practitioner|barber|surgeon|dermatologist|gp|GP|doctor|clinic|therapist|pharmacist))\b,?"
)
_BEFORE = re.compile(
    f"(?P<named>{_NAMED})|(?P<self>(?:{_SELF})(?:\\s+{_TITLE})?)|(?P<title>{_TITLE})",
    re.IGNORECASE,
)
_CAPITAL = re.compile(f"(?P<capital>{_BEFORE_CAPITAL})")
_SIGNED_OFF = re.compile(
    r"(?:\b(?:thanks|thank\s+you|thx|cheers|regards|wishes|love|sincerely|yours|from|xx?)\b"
    r"|(?:^|\s)[–—-])[\s,.!:]*(?P<name>[^\W\d_]+(?: [^\W\d_]+)?)[\s.!x]*$",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"(?:^|[.!?,;]\s*|\b(?:hi|hello|hey|its|it's)\s+)(?P<name>[^\W\d_]+(?: [^\W\d_]+)?)"
    r"\s+(?:here|speaking)\b",
    re.IGNORECASE,
)


def without_names(text: str) -> str:
    """Return a text of single spaces with each name in it replaced by `MARK`."""
    for pattern in (_SIGNED_OFF, _HERE):
        text = _alone(text, pattern)
    for pattern in (_BEFORE, _CAPITAL):
        text = _after(text, pattern)
    return text


def _alone(text: str, pattern: re.Pattern[str]) -> str:
    def mark(found: re.Match[str]) -> str:
        words = [each for each in found["name"].split() if not is_ordinary(each)]
        if not words:
            return found[0]
        name = found["name"] if len(words) == len(found["name"].split()) else words[-1]
        return found[0].replace(name, MARK)

    return pattern.sub(mark, text)


def _after(text: str, pattern: re.Pattern[str]) -> str:
    kept, at = [], 0
    while found := pattern.search(text, at):
        begin = _skip(_GAP, text, found.end())
        end = _end_of_name(text, begin, found.lastgroup or "")
        kept.append(text[at:begin])
        if end > begin:
            kept.append(MARK)
        at = max(end, found.end())
        if at < begin:
            at = begin
    return "".join([*kept, text[at:]])


def _end_of_name(text: str, begin: int, by: str) -> int:
    """Where a name that begins here ends; `begin` itself when what is here is no name."""
    end, at = begin, begin
    for part in range(_MOST_PARTS):
        word = _WORD.match(text, at)
        if word is None or not _is_part(word[0], part, by, text):
            break
        if word[0].lower() not in _PARTICLES or part == 0:
            end = word.end()
        at = _skip(_BETWEEN, text, word.end())
        if at == word.end():
            break
    return end


def _is_part(word: str, part: int, by: str, text: str) -> bool:
    """Whether a word is the next part of a name; `by` is what stood before the name."""
    lower = word.lower()
    if part == 0 and by == "named":
        return not _is_no_name(word)
    if part == 0 and by in ("self", "title") and (lower in _NAMES_TOO or _stands_out(word, text)):
        return True
    if part and lower in _PARTICLES:
        return True
    if (part > 1 or by == "capital") and not word[0].isupper():
        return False
    return not is_ordinary(word)


def _stands_out(word: str, text: str) -> bool:
    """Whether a word has a capital in a text that has few: "I'm Young", and not "I'm HIV"."""
    capitals = sum(each[0].isupper() for each in text.split())
    return word.istitle() and len(word) > 1 and 2 * capitals <= len(text.split())


def _is_no_name(word: str) -> bool:
    """Whether a word right after "my name is" is none itself."""
    return word.lower() in ("not", "is", "a", "the", "on", "in", "and", "of", "to", "for")


def is_ordinary(word: str) -> bool:
    """Return whether a word is known to be none of a person's names where one could stand."""
    lower = word.lower()
    if lower in _ORDINARY:
        return True
    if lower in _NAMES_WITH_ENDINGS or word[0].isupper():
        return False
    return _ENDING.fullmatch(lower) is not None


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
