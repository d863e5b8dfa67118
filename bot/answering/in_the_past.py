"""Whether a sign is told as past and over.

`Had a fever last week but gone now` and `my face was swollen years ago` are over. `I had a fit
this morning` and `he collapsed yesterday` are not plainly so, and stay signs. So does an emergency
of the last hours even if it has gone: a severe reaction can come back.
"""

from __future__ import annotations

from bot.answering.message import (
    CONTRAST,
    END,
    LIGHT,
    STRETCH,
    Message,
    Phrases,
    in_sentences_of,
    word_set,
)
from bot.answering.signs import Match

_LONG_AGO = Phrases(
    """years ago
    year ago
    months ago
    decades ago
    ages ago
    years back
    year back
    months back
    last year
    last winter
    last spring
    last summer
    last autumn
    last christmas
    long time ago
    in the past
    used to
    history of
    as a kid
    as a child
    as a teenager
    as a teen
    as a baby
    as a boy
    as a girl
    in my teens
    in childhood
    a while back
    back then"""
)
_OF_ITSELF = word_set("used history as when in")
_YOUNG = frozenset(
    (first, second)
    for first in ("a", "at", "in")
    for second in ("kid", "child", "teenager", "teen", "baby", "boy", "girl", "school", "college")
)
_WAS = word_set("had was were got did went fainted collapsed used been tried attempted took cut")
_IS = word_set("is are im keep keeps since hes shes its am")
_WELL = word_set("better fine ok okay good well nothing none clean year years months")
_HOW_LONG = word_set("a an few couple of two three four five six ten some many about over")
_TREATMENT = word_set("smp session treatment done it head scalp tattoo ink tattooed appointment")
_AGAIN = word_set("again today now still back")
_OVER = Phrases(
    """gone
    went away
    gone away
    went down
    gone down
    cleared
    cleared up
    settled
    settled down
    subsided
    stopped
    passed
    resolved
    better now
    better since
    got better
    all better
    is better
    fine now
    fine since
    been fine
    was fine
    im fine
    is fine
    am fine
    fine after
    ok now
    okay now
    ok after
    ok since
    good now
    normal now
    all dry
    dry now
    dried up
    all gone
    all clear
    all good
    all fine
    back to normal
    healed
    recovered
    disappeared
    vanished
    not anymore
    no more
    calmed down
    broke
    wore off
    is over
    all cleared
    over it now
    over that now
    got over it
    im over it
    totally over it
    completely over it
    fully over it
    well over it
    was over
    its over"""
)
_WENT = frozenset({("it", "went"), ("that", "went"), ("they", "went"), ("swelling", "went")})
"""What tells of an end only where nothing follows: `and it went`, not `and it went black`."""
_AFTER_OVER = word_set(
    """now away down after by in since but and thankfully within today yesterday completely up
    overnight next too already for thank luckily so on itself quickly before fully off normal the
    last ago a"""
)
_NOT_OVER = word_set(
    """back returned again worse still more another paracetamol ibuprofen tablets meds painkillers
    medicine"""
)
_BETWEEN = (LIGHT - {"all"}) | word_set(
    """last week weeks night day days yesterday morning month months year years hour hours minute
    minutes few couple after first second session treatment smp surgery appointment procedure
    which who but once before thankfully luckily completely totally fully quickly soon eventually
    later next within during only briefly short while until by today earlier ago monday tuesday
    wednesday thursday friday saturday sunday bad high mild slight really though one two three
    four five six seven ten
    january february march april june july august september october november december spring
    summer winter autumn christmas easter totally"""
)
_JUST_NOW = word_set("today tonight minutes minute hour hours morning earlier just")


def long_ago(message: Message, match: Match) -> bool:
    """Say whether a sign was months or years ago, in a clause that tells nothing of today."""
    words = message.words
    if any(
        words[at] in _AGAIN and words[at - 1] not in _WELL
        for at in in_sentences_of(message, match.start, match.end)
    ):
        return False
    start, end = _clause(message, match)
    present = any(_is_present(message, at) for at in range(start, end))
    for at in range(start, end):
        if not _is_long_ago(message, at):
            continue
        if words[at] in _OF_ITSELF and at < match.start:
            return words[at] == "history" or not present
        if present:
            continue
        if all(word.isdecimal() or word in _HOW_LONG for word in words[match.end + 1 : at]) and (
            at > match.end
        ):
            return True
        before = start if at > match.end or _TREATMENT.isdisjoint(words[start:at]) else at
        past = words[min(before, match.start) : match.end]
        was = not _WAS.isdisjoint(past) or any(
            words[index].endswith("ed") for index in match.words
        )
        # In "throat closed up, had SMP 2 years ago" it is the treatment that was long ago.
        if was and not (at > match.end and _WAS.intersection(words[match.end + 1 : at])):
            return True
    return _told_as_history(message, match)


def _told_as_history(message: Message, match: Match) -> bool:
    """Say whether it reads `had a reaction to henna years ago, my face swelled`."""
    words = message.words
    start = message.sentence_start(match.start)
    before = range(start, match.start)
    return (
        any(words[index].endswith("ed") for index in match.words)
        and any(_is_long_ago(message, at) for at in before)
        and _TREATMENT.isdisjoint(words[start : match.end])
        and not any(_is_present(message, at) for at in range(start, match.end))
    )


def _is_present(message: Message, at: int) -> bool:
    words = message.words
    if words[at] in ("have", "ive", "has"):
        return (
            words[at + 1 : at + 2] not in (("had",), ("been",)) and words[max(0, at - 1)] != "to"
        )
    return words[at] in _IS


def _is_long_ago(message: Message, at: int) -> bool:
    words = message.words
    if _LONG_AGO.end(message, at) is not None:
        return True
    if words[at] == "in" and at + 1 < len(words):
        return len(words[at + 1]) == 4 and words[at + 1][:2] in ("19", "20")
    if words[at] != "when" or words[at + 2 : at + 3] != ("was",) or at + 3 >= len(words):
        return False
    following = words[at + 3]
    return (
        following.isdecimal()
        or following in ("young", "younger", "little", "small")
        or words[at + 3 : at + 5] in _YOUNG
    )


def _clause(message: Message, match: Match) -> tuple[int, int]:
    """Return where the clause of a sign begins, and the index after its end."""
    words, breaks = message.words, message.breaks
    start, end = match.start, match.end + 1
    first, last = max(0, start - STRETCH), min(len(words), end + STRETCH)
    while start > first and not breaks[start] and not _joins(words[start - 1]):
        start -= 1
    while end < last and not breaks[end] and not _joins(words[end]):
        end += 1
    return start, end


def _joins(word: str) -> bool:
    return word == "and" or word in CONTRAST


def over(message: Message, match: Match, *, emergency: bool) -> bool:
    """Say whether a sign is told to have gone, in its sentence or the next.

    An emergency of today or the last hours is never over.
    """
    words, breaks = message.words, message.breaks
    ends = 0
    for at in range(match.end + 1, min(match.end + 1 + STRETCH, len(words))):
        ends += breaks[at] >= END
        if ends > 1:
            return False
        end = _OVER.end(message, at)
        if end is not None and (end > at + 1 or _stands_alone(message, end)):
            comes_back = not _NOT_OVER.isdisjoint(words[end : end + 8])
            return not comes_back and not (emergency and _just_now(message, match, end))
        if words[at : at + 2] in _WENT and _ends(message, at + 2):
            return True
        if words[at] not in _BETWEEN and not words[at].isdecimal():
            return False
    return False


def _stands_alone(message: Message, end: int) -> bool:
    return _ends(message, end) or message.words[end] in _AFTER_OVER


def _ends(message: Message, end: int) -> bool:
    return end >= len(message) or message.breaks[end] > 0


def _just_now(message: Message, match: Match, end: int) -> bool:
    return not _JUST_NOW.isdisjoint(message.words[max(0, match.start - 8) : end + 3])
