"""Whether a sign is asked about in general, and not told as one's own.

`Is fever a side effect?`, `can SMP cause sepsis?` and `what if I get a fever?` are asked in
general. `Is it normal that my lips are swelling?` and `what do I do, my throat is closing` are
not: somebody's own state, told between such a question and the sign, makes it real.
"""

from __future__ import annotations

from bot.answering.as_a_topic import named_as_a_topic
from bot.answering.denial import LIKELY_BEFORE
from bot.answering.message import (
    CONTRAST,
    LIGHT,
    PERSON,
    STRETCH,
    Message,
    Phrases,
    in_sentences_of,
    word_set,
)
from bot.answering.signs import Match

_AUXILIARY = word_set("can could does do did will would might may has have is are")
_ANYBODY = word_set(
    """smp scalp micropigmentation it this that the these those ink inks pigment pigments tattoo
    tattoos needle needles treatment treatments procedure you people anyone someone somebody
    anybody clients patients men women everyone a an getting having bad cheap mri mris there
    hair black some most"""
)
_SOMEBODY = word_set("anyone anybody someone somebody people you any many others there")
_NO_SUBJECT = word_set(
    """barely hardly not no never only just still feel see hear smell taste tell have be also
    really now definitely literally actually always"""
)
"""Words after `can` or `do` where its subject is left out: `can barely breathe`."""
_DEFINITE = word_set("this the these those that")
_HAPPENING = word_set(
    "get catch develop end faint collapse suffer experience pass swell bleed react contract"
)
_POSSIBLE = word_set("possible common likely rare uncommon true risky")
_NOT_GENERAL = word_set(
    """stop go heal settle be been look looks looked seem feel help helps treat cure fix rid
    bring reduce lower put apply take use why else tell please explain advise call answer think
    mean means"""
)
_CAUSING = word_set("cause lead trigger give result")
_MODAL = word_set("can could may might will does would did")
_BEGINNING = word_set(
    """and or so also but hi hello hey wondering question ask asking know anyway then curious
    well ok"""
)
_GENERAL = Phrases(
    """what if
    what happens if
    what happens when
    what would happen if
    what will happen if
    what does
    whatis a
    whatis an
    whatis the difference
    what does it mean
    what would
    what might
    what temperature
    what should a
    what should an
    counts as
    count as
    classed as
    at what point
    at what stage
    at what temperature
    horror stories
    horror story
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
    look for
    video of
    videos of
    story of
    stories of
    stories about
    warned about
    warned me about
    keep an eye out for
    aware of
    in case
    incase
    in the event
    unless"""
)
_FAR_REACHING = word_set("what whatis how when")
_NEAR = 7
"""How many words may stand between `risk of` and the sign that it is a risk of."""
_THINGS = word_set("chance chances risk risks signs symptoms side cases")
_HAVING = word_set(
    """having have has ive got getting im experiencing showing developed with severe my some
    these shows hes shes"""
)
_RECOGNISING = Phrases(
    "\n".join(
        f"how {who} {verb} {link}"
        for who in ("do i", "would i", "can i", "will i", "should i", "do you", "can you", "to")
        for verb in ("know", "tell", "recognise", "recognize", "spot")
        for link in ("", "if", "when", "whether")
    )
)
_NOT_IF_AFTER = word_set("as like even sure know wonder wondering see idk ask asking tell unsure")
_NOT_IF_BEFORE = word_set(
    "helps matters possible needed makes not so anything honest wrong allowed"
)
_OTHERS = word_set("people anyone everyone others clients patients smp tattoos")
_HOWEVER = word_set("but however though although except")
_NOW = word_set("now currently already still since ago today tonight woke yesterday")
_STATES = word_set(
    """is are was were has have feels feel feeling keeps keep started wont cant looks look got
    went gone began isnt"""
)
_I_STATE = word_set(
    """feel felt got keep kept cant couldnt had woke started noticed see have was developed began
    think"""
)
_CONDITION = word_set("if when case incase unless that of whether")


def asked_in_general(message: Message, match: Match) -> bool:
    """Say whether a sign is asked about in general, as far as its sentence tells."""
    words = message.words
    start = message.sentence_start(match.start)
    if any(words[at] in _NOW for at in in_sentences_of(message, match.start, match.end)):
        return False
    if named_as_a_topic(message, match, start):
        return True
    for at in range(match.end - 1, max(start, match.start - STRETCH) - 1, -1):
        if at in match.words:
            continue
        if words[at] in _HOWEVER:
            return False
        if _general_at(message, match, at, start):
            return True
        if (
            words[at] in PERSON
            and at > start
            and (message.breaks[at] or words[at - 1] in CONTRAST)
        ):
            return False
    return False


def _general_at(message: Message, match: Match, at: int, start: int) -> bool:
    """Say whether what begins at `at` makes the sign after it a general one."""
    words, until = message.words, match.first_after(at)
    end = _GENERAL.end(message, at)
    if end is not None and end <= until:
        if until - end > _NEAR and words[at] not in _FAR_REACHING:
            return False
        if words[at] in _THINGS and _HAVING.intersection(words[max(start, at - 3) : at]):
            return False
        if words[end - 1] in ("causes", "would", "might") and _whose(message, start, at, until):
            return False
        return not _real(message, match, at, conditional=words[at] in ("what", "in"))
    end = _RECOGNISING.end(message, at)
    if end is not None and end <= until:
        this = words[end : end + 2]
        return this[:1] != ("thats",) and this not in (("this", "is"), ("these", "are"))
    if words[at] == "if":
        return _conditional(message, at, start) and not _real(message, match, at, conditional=True)
    if words[at] in _CAUSING and _MODAL.intersection(words[max(start, at - 6) : at]):
        whose = _whose(message, start, at, until)
        return not whose and not _real(message, match, at, conditional=False)
    if words[at] in _AUXILIARY and _begins_a_question(message, at, start):
        return _general_question(message, match, at)
    if words[at] in ("can", "could", "may", "might") and words[at + 1] in _HAPPENING:
        return words[at - 1] != "i" and _likely_before(message, at + 2, until)
    return False


def _whose(message: Message, start: int, at: int, until: int) -> bool:
    """Say whether it reads `what causes my scalp to ooze`."""
    words = message.words
    asked = not {"what", "whatis"}.isdisjoint(words[start : at + 1])
    return asked and not {"my", "me"}.isdisjoint(words[at:until])


def _conditional(message: Message, at: int, start: int) -> bool:
    """Say whether an `if` opens a condition, unlike `as if`, `not sure if`, `if that helps`."""
    words = message.words
    if at > start and words[at - 1] in _NOT_IF_AFTER and not message.breaks[at]:
        return words[at - 1] != "as" and words[at + 1] in _OTHERS
    return not _NOT_IF_BEFORE.intersection(words[at + 1 : at + 3])


def _begins_a_question(message: Message, at: int, start: int) -> bool:
    words = message.words
    if at == start or message.breaks[at]:
        return True
    return words[at - 1] in _BEGINNING and words[at] not in ("is", "are", "has", "have", "did")


def _general_question(message: Message, match: Match, at: int) -> bool:
    """Say whether a question that begins with `can`, `does`, `is` is about anybody."""
    words, until = message.words, match.first_after(at)
    verb, subject, rest = words[at], words[at + 1], words[at + 2 : until]
    following = set(message.following(match.end, 2))
    if subject in _NO_SUBJECT:
        general = False
    elif subject == "there" and verb in ("will", "would", "could", "might"):
        general = True
    elif verb in ("is", "are"):
        if subject == "there":
            general = not {"why", "wrong"}.intersection(rest)
        else:
            general = subject == "it" and bool(rest) and rest[0] in _POSSIBLE
    elif verb in ("has", "have", "did"):
        general = subject in _SOMEBODY and "else" not in rest
    elif at + 1 >= until:
        told = verb in ("may", "might") or subject in ("be", "been")
        general = not told and not following & _NOT_GENERAL
    elif subject == "i":
        general = not rest or (rest[0] in _HAPPENING and _likely_before(message, at + 3, until))
    elif subject == "my" and verb in ("does", "do", "has", "have"):
        general = False
    elif subject in ("my", "your") or subject in _ANYBODY or subject not in LIGHT:
        general = not _NOT_GENERAL.intersection(rest[:3]) and "for" not in rest
        if subject in _DEFINITE and not rest:
            general = len(match.words) > 1 and not following & _NOT_GENERAL
    else:
        general = False
    return general and not _real(message, match, at, conditional=False)


def _real(message: Message, match: Match, at: int, *, conditional: bool) -> bool:
    """Say whether a person's own state is told between `at` and the end of the sign.

    After `if` only a state in progress counts (`if my lips are swelling`, not `if I have`), or
    one told in a clause of its own.
    """
    words = message.words
    last = match.end + 1 + len(message.following(match.end, 1))
    before = words[match.start - 1]
    if before in ("this", "these") or (before == "the" and len(match.words) == 1):
        return True
    return any(
        _conditional_state(message, match, here, last)
        if conditional
        else _state(message, match, here, last)
        for here in range(at + 1, last)
    )


def _state(message: Message, match: Match, here: int, last: int) -> bool:
    """Say whether a state is told from `here` on: `I have`, `my lips are`, `she keeps`."""
    words = message.words
    word, following = words[here], words[here + 1 : last]
    if word in ("im", "ive", "hes", "shes", "theres"):
        return True
    if word == "its":
        return here + 1 == match.start and _in_progress(message, match, here)
    if word == "i":
        return bool(following) and following[0] in _I_STATE
    return word in ("my", "mine", "his", "her", "he", "she") and (
        _in_progress(message, match, here) or not _STATES.isdisjoint(following)
    )


def _conditional_state(message: Message, match: Match, here: int, last: int) -> bool:
    words = message.words
    word = words[here]
    if word in ("is", "are", "im", "hes", "shes") and _in_progress(message, match, here):
        return True
    if words[here - 1] in _CONDITION:
        return False
    return word in ("im", "ive", "hes", "shes") or (
        word == "my" and not _STATES.isdisjoint(words[here + 1 : last])
    )


def _in_progress(message: Message, match: Match, here: int) -> bool:
    """Say whether a word of the sign after `here` tells what goes on or has happened."""
    return any(
        index > here and message.words[index].endswith(("ing", "ed")) for index in match.words
    )


def _likely_before(message: Message, start: int, until: int) -> bool:
    return all(word in LIKELY_BEFORE for word in message.words[start:until])
