"""What turns a sign of danger off: denied, asked about in general, over, or fine.

A sign stays on unless one of these is plainly said of it: a needless warning is a small fault,
a missed emergency the worst one. Every rule looks at a bounded stretch round the sign, so a long
message costs no more for each word than a short one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.answering.message import COMMA, END, LIGHT, Message
from bot.answering.signs import Match
from bot.faq.models import AlertLevel

_STRETCH = 24
"""How many words to either side of a sign are looked at."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


class _Phrases:
    """Phrases to be found at a given word of a message."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._starting: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            first, *rest = phrase.split()
            self._starting.setdefault(first, []).append((first, *rest))

    def end(self, message: Message, at: int) -> int | None:
        """Return the index after the longest phrase that begins at `at`, or None."""
        ends = [
            at + len(phrase)
            for phrase in self._starting.get(message.words[at], ())
            if message.words[at : at + len(phrase)] == phrase
        ]
        return max(ends, default=None)


_PERSON = _set("i im ive my he she hes shes we his her they id ill")
_CONTRAST = _set("but however though although except yet because since while whereas then so")


# --- denied ---------------------------------------------------------------------------------

_DENYING = _set(
    """no not without never neither nor isnt arent wasnt werent dont doesnt didnt havent hasnt
    hadnt wont wouldnt zero nothing nobody denies deny denied lack lacks lacking absence absent
    none"""
)
_PERCEIVING = _set("see feel find notice spot detect smell")
_CARRYING_DENIAL = _set(
    """a an any the some real actual of in on at around round near from to with have has had
    having got get getting feel feeling felt feels see seeing seen notice noticed noticing think
    believe seem seems seemed look looks looking be been being is are was were really actually
    visible obvious sign signs symptom symptoms hint trace single slightest other kind sort type
    much many more too very bad high mild slight severe major serious big noticeable thick green
    yellow smelly foul red experienced experience experiencing developed develop developing
    suffer suffering suffered ever yet even currently now longer run running show showing
    showing reporting planning plan going want wanting trying thought thinking thoughts intend
    intending about it me you that there hot new"""
)
_COMPLAINTS = _set(
    """itch itching itchiness pain pains redness rash swelling bleeding bumps blisters scabs
    scabbing irritation discomfort headache headaches nausea heat soreness infection bruising
    flaking dryness lumps burning tenderness discharge fever chills pus wheezing hives smell
    streaks fainting dizziness vomiting spreading oozing weeping shivering temperature"""
)
_THINKING = _set("think believe say suppose reckon feel like")
_OR = _set("or nor")
_NEVER_A_LIST = (
    _PERSON
    | _CONTRAST
    | _set(
        """sure know tell if whether wonder wondering idea doubt just only is are was were has stop
    stopped clue help"""
    )
)
_AS_NEVER_BEFORE = _set("like before until till this")


def _denied(message: Message, match: Match) -> bool:
    return any(
        _word_denied(message, match, index) and not _spared(message, match, index)
        for index in match.words
    )


def _word_denied(message: Message, match: Match, index: int) -> bool:
    """Say whether a word of denial governs the word at `index`, going back from it."""
    words, breaks = message.words, message.breaks
    following = words[index + 1] if index + 1 < len(words) else ""
    if following == "free" and index == match.end:
        return True
    in_list = False
    for at in range(index - 1, max(-1, index - 1 - _STRETCH), -1):
        before = breaks[at + 1]
        if before >= END:
            return False
        if before == COMMA and not in_list:
            in_list = words[at + 1] in _OR or _list_goes_on(message, match.end)
            if not in_list:
                return False
        word = words[at]
        if at in match.words:
            continue
        if _denies(message, at):
            return not _as_never_before(message, match)
        if word in _OR:
            in_list = True
        elif word == "and":
            if not in_list and not (
                _ends_clause(message, match.end) and words[at - 1] in _COMPLAINTS
            ):
                return False
            in_list = True
        elif in_list:
            if word in _NEVER_A_LIST:
                return False
        elif word in _PERSON:
            if at == 0 or words[at - 1] not in _THINKING:
                return False
        elif word not in _CARRYING_DENIAL:
            return False
    return False


def _denies(message: Message, at: int) -> bool:
    words = message.words
    word = words[at]
    following = words[at + 1 : at + 3]
    if word in _DENYING:
        return not (following and following[0] in _PERSON and word in ("no", "not", "none"))
    if word == "free":
        return following[:1] in (("of",), ("from",))
    if word in ("cant", "couldnt"):
        return len(following) == 2 and following[0] in _PERCEIVING and following[1] == "any"
    return False


def _as_never_before(message: Message, match: Match) -> bool:
    """Say whether it goes on as in `never had a fever like this`."""
    return any(
        message.words[at] in _AS_NEVER_BEFORE
        for at in range(match.end + 1, min(match.end + 3, len(message)))
        if not message.breaks[at]
    )


def _list_goes_on(message: Message, index: int) -> bool:
    """Say whether what follows `index` is the rest of a list with `or`: `chills or pus`."""
    for at in range(index + 1, min(index + 6, len(message))):
        if message.breaks[at] >= END or message.words[at] in _NEVER_A_LIST:
            return False
        if message.words[at] in _OR:
            return True
    return False


def _ends_clause(message: Message, index: int) -> bool:
    at = index + 1
    return (
        at >= len(message)
        or message.breaks[at] > 0
        or message.words[at] in _OR | _CONTRAST | {"and", "either", "at", "yet", "anymore"}
    )


def _spared(message: Message, match: Match, denied: int) -> bool:
    """Say whether a later `but my tongue is` takes the denied word up again as true."""
    words = message.words
    return any(
        index > denied
        and any(words[at] == "but" for at in range(denied, index))
        and index + 1 < len(words)
        and words[index + 1] in ("is", "are", "does", "do", "did", "has", "have", "was")
        and _ends_clause(message, index + 1)
        for index in match.words
    )


# --- answered, or fine ----------------------------------------------------------------------

_NO = _set("no none nothing negative not")
_STATE = _set(
    """is are was feels feel seems seem all totally completely still perfectly quite pretty
    really just looks look been has at the moment absolutely"""
)
_FINE = _set(
    """fine ok okay normal normally good clear alright easily well great unaffected comfortably
    freely perfectly unchanged"""
)


def _said_no_to(message: Message, match: Match) -> bool:
    """Say whether it reads `fever: none` or `pus? no.`"""
    at = match.end + 1
    return (
        at < len(message)
        and message.breaks[at] > 0
        and message.words[at] in _NO
        and (at + 1 == len(message) or message.breaks[at + 1] > 0)
    )


def _fine(message: Message, match: Match) -> bool:
    """Say whether one of the words is followed by `is fine`, as in `my breathing is fine`."""
    words, breaks = message.words, message.breaks
    for index in match.words:
        if message.sentences[index] in message.asking:
            continue
        at = index + 1
        while at < len(words) and at <= index + 4 and not breaks[at] and words[at] in _STATE:
            at += 1
        if at >= len(words) or breaks[at] or words[at] not in _FINE or at in match.words:
            continue
        before = index - 1
        while before >= 0 and not breaks[before + 1] and words[before] in LIGHT | {"without"}:
            if words[before] == "without":
                break
            before -= 1
        if before < 0 or breaks[before + 1] or before not in match.words:
            if before >= 0 and not breaks[before + 1] and words[before] in _DENYING:
                continue
            return True
    return False


# --- asked about in general -----------------------------------------------------------------

_AUXILIARY = _set("can could does do will would might may has have is are")
_ANYBODY = _set(
    """smp scalp micropigmentation it this that the these those ink inks pigment pigments tattoo
    tattoos needle needles treatment treatments procedure you people anyone someone somebody
    anybody clients patients men women everyone a an getting having bad cheap mri mris there
    hair black some most"""
)
_HAPPENING = _set(
    "get catch develop end faint collapse suffer experience pass swell bleed react contract"
)
_POSSIBLE = _set("possible common likely rare usual unusual uncommon true risky")
_NOT_GENERAL = _set(
    """stop go heal settle be been look looks looked seem feel help helps treat cure fix rid
    bring reduce lower put apply take use why else tell please explain advise call answer think
    mean means"""
)
_CAUSING = _set("cause lead trigger give result")
_MODAL = _set("can could may might will does would did")
_BEGINNING = _set(
    """and or so also but hi hello hey wondering question ask asking know anyway then curious
    well ok"""
)
_GENERAL = _Phrases(
    """what if
    what happens if
    what happens when
    what would happen if
    what does
    whatis a
    whatis an
    what will happen if
    how likely
    how common
    how often
    how rare
    how many people
    how many
    when should i
    when should you
    when do i
    when do you
    when would i
    when is it
    what are the chances
    what are the odds
    what are the signs
    what are the symptoms
    what are the early signs
    chance of
    chances of
    risk of
    risks of
    likelihood of
    odds of
    possibility of
    danger of
    signs of
    symptoms of
    side effects
    side effect
    percentage of
    at risk
    prone to
    prevent
    preventing
    avoid
    avoiding
    read about
    read that
    heard about
    heard that
    heard of
    is it true
    cases of
    possible to
    lead to
    leads to
    result in
    results in
    causes
    watch for
    watch out for
    look out for
    looking out for
    looking for
    warned about
    warned me about
    keep an eye out for
    aware of
    whatis the difference
    what does it mean
    in case
    incase
    in the event
    unless""".splitlines()
)
_RECOGNISING = _Phrases(
    f"{how} {verb} {link}".strip()
    for how in (
        "how do i", "how would i", "how can i", "how will i", "how do you", "how can you",
        "how to", "how should i", "how does one",
    )
    for verb in ("know", "tell", "recognise", "recognize", "spot")
    for link in ("", "if", "when", "whether")
)  # fmt: skip
_NOT_IF_AFTER = _set("as like even sure know wonder wondering see idk ask asking tell not unsure")
_NOT_IF_BEFORE = _set("helps matters possible needed makes not so anything")
_PRESENT = _set("now currently already still since ago today tonight woke yesterday worse")
_STATES = _set(
    """is are was were has have feels feel feeling keeps keep started wont cant looks look got
    went gone began isnt"""
)
_I_STATE = _set(
    """feel felt got keep kept cant couldnt had woke started noticed see have was developed began
    think"""
)
_SETS_OUT = _set("side common possible likely rare risk symptom possibility usual")


def _asked_in_general(message: Message, match: Match) -> bool:
    words = message.words
    sentence = message.sentences[match.start]
    start = _sentence_start(message, match.start)
    if any(words[at] in _PRESENT for at in _same_sentence(message, match)):
        return False
    if _called_a_side_effect(message, match, start):
        return True
    for at in range(match.start - 1, max(start, match.start - _STRETCH) - 1, -1):
        if message.sentences[at] != sentence:
            return False
        if _general_at(message, match, at, start):
            return True
        if words[at] in _PERSON and (
            (message.breaks[at] and at > start) or (at > start and words[at - 1] in _CONTRAST)
        ):
            return False
    return False


def _general_at(message: Message, match: Match, at: int, start: int) -> bool:
    words = message.words
    until = match.start
    end = _GENERAL.end(message, at)
    if end is not None and end <= until:
        return not _real(message, match, at, conditional=words[at] in ("what", "in"))
    end = _RECOGNISING.end(message, at)
    if end is not None and end <= until:
        this = words[end : end + 2]
        return this[:1] != ("thats",) and this not in (("this", "is"), ("these", "are"))
    if words[at] == "if":
        if at > start and words[at - 1] in _NOT_IF_AFTER and not message.breaks[at]:
            return False
        if set(words[at + 1 : at + 3]) & _NOT_IF_BEFORE:
            return False
        return not _real(message, match, at, conditional=True)
    if words[at] in _CAUSING and at > start and _modal_before(message, at, start):
        return not _real(message, match, at, conditional=False)
    if words[at] in _AUXILIARY and (
        at == start
        or message.breaks[at]
        or (words[at - 1] in _BEGINNING and words[at] not in ("is", "are", "has", "have"))
    ):
        return _general_question(message, match, at)
    if words[at] in ("can", "could", "may", "might") and words[at + 1] in _HAPPENING:
        return words[at - 1] != "i" and _only_light(message, at + 2, until)
    return False


def _general_question(message: Message, match: Match, at: int) -> bool:
    words = message.words
    until = match.start
    if at + 1 >= until and words[at] not in ("is", "are"):
        return not _real(message, match, at, conditional=False)
    subject = words[at + 1]
    rest = words[at + 2 : until]
    if words[at] in ("is", "are"):
        if subject == "there":
            general = "why" not in rest and "wrong" not in rest
        else:
            general = subject == "it" and bool(rest) and rest[0] in _POSSIBLE
    elif subject in ("i", "my", "your"):
        general = (
            not rest or (rest[0] in _HAPPENING and _only_light(message, at + 3, until))
            if subject == "i"
            else not set(rest) & _NOT_GENERAL
        )
        if subject == "my" and words[at] in ("does", "do", "has", "have"):
            general = False
    else:
        general = subject in _ANYBODY or subject not in LIGHT
        general = general and not set(rest[:3]) & _NOT_GENERAL
        if subject in ("this", "the", "these", "those", "that") and at + 2 == until:
            following = words[match.end + 1 : match.end + 3]
            general = general and match.end > match.start and not set(following) & _NOT_GENERAL
    return general and not _real(message, match, at, conditional=False)


def _real(message: Message, match: Match, at: int, *, conditional: bool) -> bool:
    """Say whether a person's own state is told between `at` and the end of the sign.

    After `if`, only a state in progress counts: `if my lips are swelling`, not `if I have`.
    """
    words = message.words
    last = min(match.end + 2, len(words))
    if match.start > 0 and words[match.start - 1] in ("this", "these", "my") and not conditional:
        if words[match.start - 1] != "my":
            return True
    for here in range(at + 1, last):
        word = words[here]
        if conditional:
            if word in ("is", "are", "im", "hes", "shes") and any(
                index > here and words[index].endswith("ing") for index in match.words
            ):
                return True
            continue
        if word in ("im", "ive", "hes", "shes", "theres"):
            return True
        if word == "i" and here + 1 < len(words) and words[here + 1] in _I_STATE:
            return True
        if word in ("my", "his", "her", "he", "she"):
            span = words[here + 1 : last]
            if set(span) & _STATES:
                return True
            if any(index > here and words[index].endswith("ing") for index in match.words):
                return True
    return False


def _modal_before(message: Message, at: int, start: int) -> bool:
    return any(message.words[before] in _MODAL for before in range(max(start, at - 6), at))


def _called_a_side_effect(message: Message, match: Match, start: int) -> bool:
    """Say whether it reads `is fever a side effect`, `fever a common symptom?`"""
    words = message.words
    following = words[match.end + 1 : match.end + 6]
    before = words[start : match.start]
    named = any(word in _SETS_OUT for word in following) and not (set(following) & {"not", "isnt"})
    if before[:1] in (("what",), ("whatis",)):
        named = named or "sign" in following
    return (
        named
        and not set(before) & (_PERSON | {"this", "have", "got"})
        and len(before) <= 6
        and not set(words[match.end + 1 : match.end + 3]) & {"my", "i"}
    )


def _only_light(message: Message, start: int, until: int) -> bool:
    allowed = LIGHT | _CARRYING_DENIAL | _COMPLAINTS
    return all(word in allowed for word in message.words[start:until])


def _sentence_start(message: Message, at: int) -> int:
    sentence = message.sentences[at]
    lowest = max(0, at - _STRETCH)
    while at > lowest and message.sentences[at - 1] == sentence:
        at -= 1
    return at


def _same_sentence(message: Message, match: Match) -> Iterator[int]:
    sentences = {message.sentences[match.start], message.sentences[match.end]}
    first = max(0, match.start - _STRETCH)
    for at in range(first, min(len(message), match.end + 1 + _STRETCH)):
        if message.sentences[at] in sentences:
            yield at


# --- past and over --------------------------------------------------------------------------

_LONG_AGO = _Phrases(
    """years ago
    year ago
    months ago
    decades ago
    ages ago
    last year
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
    when i was
    when he was
    when she was
    in my teens
    in childhood
    a while back
    back then
    back in""".splitlines()
)
_OF_ITSELF = _set("used history as when in back")
_WAS = _set("had was were got did went fainted collapsed used been")
_IS = _set("is are im has keep keeps now still again today since hes shes its am")
_OVER = _Phrases(
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
    good now
    ok since
    back to normal
    healed
    recovered
    disappeared
    vanished
    not anymore
    no more
    calmed down
    all dry
    dry now
    dried up
    all gone
    all clear
    all good
    all fine
    all better
    broke
    wore off""".splitlines()
)
_AFTER_OVER = _set(
    """now away down after by in since but and thankfully within today yesterday completely up
    overnight next too already for thank luckily so on itself quickly before fully again off
    normal the last on ago a"""
)
_BACK = _set("back returned again worse")
_BETWEEN = (LIGHT - {"all"}) | _set(
    """last week weeks night day days yesterday morning month months year years hour hours minute
    minutes few couple after first second session treatment smp surgery appointment procedure
    which who but once before thankfully luckily completely totally fully quickly soon eventually
    later next within during only briefly short while until by today earlier ago until monday
    tuesday wednesday thursday friday saturday sunday bad high mild slight really though one two three four five six seven ten"""
)
_JUST_NOW = _set("today tonight minutes minute hour hours morning earlier just")


def _long_ago(message: Message, match: Match) -> bool:
    """Say whether the sign was long ago, in a clause that tells nothing of today."""
    words = message.words
    start, end = _clause(message, match)
    clause = words[start:end]
    if any(
        word in _IS
        or (
            word in ("have", "ive")
            and clause[at + 1 : at + 2] not in (("had",), ("been",))
            and clause[at - 1] != "to"
        )
        for at, word in enumerate(clause)
    ):
        return False
    for at in range(start, end):
        if _LONG_AGO.end(message, at) is None and not _a_year(message, at):
            continue
        if words[at] in _OF_ITSELF and at < match.start:
            return True
        past = words[start : match.end] if at > match.end else words[at : match.end]
        was = any(word in _WAS for word in past) or any(
            words[index].endswith("ed") for index in match.words
        )
        if was and not (at > match.end and set(words[match.end + 1 : at]) & _WAS):
            return True
    return False


def _a_year(message: Message, at: int) -> bool:
    word = message.words[at]
    return len(word) == 4 and word[:2] in ("19", "20") and message.words[at - 1] == "in"


def _clause(message: Message, match: Match) -> tuple[int, int]:
    """Return where the clause of a sign begins, and the index after its end."""
    words, breaks = message.words, message.breaks
    start, end = match.start, match.end + 1
    while (
        start > max(0, match.start - _STRETCH)
        and not breaks[start]
        and words[start - 1] not in _CONTRAST | {"and"}
    ):
        start -= 1
    while (
        end < min(len(words), match.end + _STRETCH)
        and not breaks[end]
        and words[end] not in _CONTRAST | {"and"}
    ):
        end += 1
    return start, end


def _over(message: Message, match: Match, level: AlertLevel) -> bool:
    """Say whether the sign is told to have gone, in its sentence or the next."""
    words, breaks = message.words, message.breaks
    ends = 0
    for at in range(match.end + 1, min(match.end + 1 + _STRETCH, len(words))):
        ends += breaks[at] >= END
        if ends > 1:
            return False
        end = _OVER.end(message, at)
        if end is not None and (end > at + 1 or _stands_alone(message, end)):
            return not (
                any(words[after] in _BACK for after in range(end, min(end + 8, len(words))))
                or (level == "emergency" and _just_now(message, match, end))
            )
        if words[at] not in _BETWEEN and not words[at].isdecimal():
            return False
    return False


def _stands_alone(message: Message, end: int) -> bool:
    return end >= len(message) or message.breaks[end] > 0 or message.words[end] in _AFTER_OVER


def _just_now(message: Message, match: Match, end: int) -> bool:
    return any(
        message.words[at] in _JUST_NOW
        for at in range(max(0, match.start - 8), min(end + 3, len(message)))
    )


_PATIENTS = _set(
    "smp people ink tattoo tattoos treatment procedure micropigmentation clients patients men"
)


def is_off(message: Message, match: Match, level: AlertLevel) -> bool:
    """Say whether a sign that was found in a message is plainly not one of now.

    A thought of self-harm is turned off only when it is denied, long ago, or asked about
    without the person in it.
    """
    if _denied(message, match) or _said_no_to(message, match) or _long_ago(message, match):
        return True
    if level == "crisis":
        others = any(message.words[at] in _PATIENTS for at in _same_sentence(message, match))
        return others and _asked_in_general(message, match)
    return (
        _fine(message, match) or _over(message, match, level) or _asked_in_general(message, match)
    )
