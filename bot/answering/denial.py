"""Whether a sign is denied.

Going back from each word of a sign, only words that carry a denial may stand before the word of
denial: `no real fever` and `I don't think I have a fever` deny it, `no idea why I have a fever`
does not. What is not plainly denied stays a sign: a needless warning is a small fault.
"""

from __future__ import annotations

from bot.answering.reading import COMMA, END, Reading
from bot.answering.sign_lines import Match
from bot.answering.words import word_set

_STRETCH = 24
"""How many words back from a sign are looked at, so that time grows with length only."""


_PERSON = word_set("i im ive my mine he she hes shes we his her they id ill")
_CONTRAST = word_set("but however though although except yet because since while whereas then so")
_DENYING = word_set(
    """no not without never neither nor isnt arent wasnt werent dont doesnt didnt havent hasnt
    hadnt wont wouldnt zero nothing nothings nobody nobodys noone noones denies deny denied lack
    lacks lacking absence absent none"""
)
_PERCEIVING = word_set("see feel find notice spot detect smell")
_CARRYING = word_set(
    """a an any the some real actual of in on at around round near from to with have has had
    having got get getting feel feeling felt feels see seeing seen notice noticed noticing think
    believe seem seems seemed look looks looking be been being is are was were really actually
    sign signs symptom symptoms hint trace single slightest other kind sort type much many more
    experienced experience experiencing developed develop developing suffer suffering suffered
    ever yet even currently now longer run running show showing reporting planning plan going
    want wanting trying thought thinking thoughts intend intending about that new"""
)
_QUALIFYING = word_set(
    """visible obvious too very bad high mild slight severe major serious big noticeable thick
    green yellow smelly foul red hot nasty huge proper"""
)
_BEFORE_A_NOUN = word_set(
    "no without zero a an any the some have had having got get getting much more other of or nor"
)
_CLAUSE_OPENING = _PERSON | word_set("it its there theres thats you me")
_THINKING = word_set("think believe say suppose reckon feel like that")
_COMPLAINTS = word_set(
    """itch itching itchiness pain pains redness rash swelling bleeding bumps blisters scabs
    scabbing irritation discomfort headache headaches nausea heat soreness infection bruising
    flaking dryness lumps burning tenderness discharge fever chills pus wheezing hives smell
    streaks fainting dizziness vomiting spreading oozing weeping shivering temperature"""
)
_OR = word_set("or nor")
_NEVER_A_LIST = (
    _PERSON
    | _CONTRAST
    | word_set(
        """sure know tell if whether wonder wondering idea doubt just only is are was were has stop
        stopped clue help"""
    )
)
_AS_NEVER_BEFORE = word_set("like before until till this first initially yesterday earlier")
_TAKING_UP = word_set("is are does do did has have was")

_NO = word_set("no none nothing negative not")


def denied(reading: Reading, match: Match) -> bool:
    """Whether a sign is denied: `no fever`, `isn't spreading`, `no fever, chills or pus`."""
    return _said_no_to(reading, match) or any(
        _word_denied(reading, match, index) and not _taken_up(reading, match, index)
        for index in match
        if reading.words[index] not in _DENYING
    )


def _word_denied(reading: Reading, match: Match, index: int) -> bool:
    """Whether a word of denial governs the word at `index`, going back from it."""
    words, breaks = reading.words, reading.breaks
    if index == match[-1] and words[index + 1 : index + 2] == ("free",):
        return True
    in_list = False
    for at in range(index - 1, max(-1, index - 1 - _STRETCH), -1):
        word, before = words[at], breaks[at + 1]
        if before >= END:
            return False
        if before == COMMA and not in_list:
            in_list = words[at + 1] in _OR or _list_goes_on(reading, match[-1])
            if not in_list:
                return False
        if at in match:
            continue
        if word == "stopped" and at == index - 1:
            return words[max(0, at - 1)] not in _DENYING
        if _denies(reading, at):
            # "Ain't got nothing to live for" says the same twice.
            twice = any(at < other < index and words[other] in _DENYING for other in match)
            return not twice and not _as_never_before(reading, match)
        if word in _OR:
            in_list = True
        elif word == "and" and not in_list:
            in_list = _ends_clause(reading, match[-1]) and words[at - 1] in _COMPLAINTS
            if not in_list:
                return False
        elif not _carries(reading, at, in_list=in_list):
            return False
    return False


def _carries(reading: Reading, at: int, *, in_list: bool) -> bool:
    """Whether a denial before the word at `at` reaches what comes after it."""
    word = reading.words[at]
    if in_list:
        return word not in _NEVER_A_LIST
    if word in _CLAUSE_OPENING:
        return at > 0 and reading.words[at - 1] in _THINKING
    if word in _QUALIFYING:
        return _before_a_noun(reading, at)
    return word in _CARRYING


def _before_a_noun(reading: Reading, at: int) -> bool:
    """Whether an adjective goes with what follows: `no bad fever`, but `not bad, fever`."""
    while at > 0 and reading.words[at - 1] in _QUALIFYING and not reading.breaks[at]:
        at -= 1
    return at > 0 and not reading.breaks[at] and reading.words[at - 1] in _BEFORE_A_NOUN


def _denies(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    following = reading.words[at + 1 : at + 3]
    if word in _DENYING:
        # "No I can't breathe" answers something; it denies nothing.
        return (
            word not in ("no", "not", "none")
            or following[:1] == ()
            or (following[0] not in _PERSON)
        )
    if word == "free":
        return following[:1] in (("of",), ("from",))
    if word in ("cant", "couldnt"):
        return len(following) == 2 and following[0] in _PERCEIVING and following[1] == "any"
    return False


def _as_never_before(reading: Reading, match: Match) -> bool:
    """Whether it goes on as in `never had a fever like this`."""
    return any(
        reading.words[at] in _AS_NEVER_BEFORE
        for at in range(match[-1] + 1, min(match[-1] + 3, len(reading.words)))
        if not reading.breaks[at]
    )


def _list_goes_on(reading: Reading, index: int) -> bool:
    """Whether what follows `index` is the rest of a list with `or`: `chills or pus`."""
    for at in range(index + 1, min(index + 6, len(reading.words))):
        if reading.breaks[at] >= END or reading.words[at] in _NEVER_A_LIST:
            return False
        if reading.words[at] in _OR:
            return True
    return False


def _ends_clause(reading: Reading, index: int) -> bool:
    at = index + 1
    return (
        at >= len(reading.words)
        or reading.breaks[at] > 0
        or reading.words[at] in _OR
        or reading.words[at] in _CONTRAST
        or reading.words[at] in ("and", "either", "at", "yet", "anymore", "please", "help")
    )


def _taken_up(reading: Reading, match: Match, index: int) -> bool:
    """Whether a later `but my tongue is` or `but now I do` takes the word up as true."""
    words = reading.words
    for at in range(index + 1, min(match[-1] + 8, len(words))):
        if reading.breaks[at] >= END:
            return False
        if words[at] == "but":
            return any(
                words[end] in _TAKING_UP
                and (_ends_clause(reading, end) or words[end + 1] in ("now", "today"))
                for end in range(at + 1, min(at + 7, len(words)))
            )
    return False


def _said_no_to(reading: Reading, match: Match) -> bool:
    """Whether it reads `fever: none` or `pus? no.`"""
    at = match[-1] + 1
    return (
        at < len(reading.words)
        and reading.breaks[at] > 0
        and reading.words[at] in _NO
        and (at + 1 == len(reading.words) or reading.breaks[at + 1] > 0)
    )
