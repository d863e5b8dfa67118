"""Whether a sign is named as something to know about: a side effect, a warning sign, a fear.

`Is fever a side effect?`, `what colour is pus`, `swelling and fever, are those warning signs?`
and `scared I may faint during the session` tell no state of now.
"""

from __future__ import annotations

from bot.answering.denial import LIKELY_BEFORE
from bot.answering.message import PERSON, Message, Phrases, in_sentences_of, word_set
from bot.answering.signs import Match

_ASKING = word_set("what whatis how when which where")
_LINKING = word_set("is are does would can could do whatis")
_ENDING = word_set("stop stops go goes going heal heals away")
_CALLED = word_set("side common possible likely rare risk symptom possibility usual")
_SIGNS = word_set("sign signs symptom symptoms flag flags")
_OF_WARNING = word_set(
    "warning first early danger telltale tell-tale typical red classic key main"
)
_ONLY_NAMING = LIKELY_BEFORE - word_set("my i im ive me he she hes shes her his this these its")
_OWN = PERSON | word_set("me this these myself")
_PROFESSION = word_set(
    """doctors nurses hospitals clinics artists they practitioners technicians
    pharmacists gps dermatologists paramedics surgeons studios"""
)
_FEARING = word_set("worried scared afraid nervous anxious frightened terrified fear")
_OF_GETTING = {
    (link, *getting)
    for link in ("of", "about")
    for getting in ((), ("getting",), ("having",), ("catching",), ("a",), ("getting", "a"))
    if link == "of" or "getting" in getting
}
_MAY_BE = word_set("ill id might will could would may")
_TO_COME = word_set("session appointment needle needles booking procedure before tomorrow during")
_NOT_YET = Phrases(
    """before starting
    before even starting
    before booking
    before i book
    before i start
    before i decide
    before i commit
    before having it
    before getting it
    before i have it
    before i get it
    before i go
    before i let
    doing my homework
    doing my research
    doing some research
    out of curiosity
    hypothetically
    in theory
    for an essay
    for a project
    havent booked
    havent had it
    havent had mine
    not had it yet
    not booked yet
    for future reference
    thinking of booking
    thinking of getting it"""
)
"""What says that nothing has been done yet."""


def named_as_a_topic(message: Message, match: Match, start: int) -> bool:
    """Say whether the sentence that begins at `start` names a sign without anybody having it."""
    return (
        _called_a_side_effect(message, match, start)
        or _asked_what(message, match, start)
        or _feared_to_come(message, match, start)
        or _nobodys(message, match, start)
    )


def _called_a_side_effect(message: Message, match: Match, start: int) -> bool:
    """Say whether it reads `is fever a side effect`, `fever a common symptom?`"""
    words = message.words
    following = message.following(match.end, 5)
    before = words[start : match.start]
    called = not _CALLED.isdisjoint(following)
    if before[:1] in (("what",), ("whatis",)):
        called = called or "sign" in following
    if before[:1] in (("is",), ("are",)) and "my" not in words[start : match.end]:
        called = called or not {"sign", "signs"}.isdisjoint(following)
    return (
        called
        and len(before) <= 6
        and not {"not", "isnt"}.intersection(following)
        and not {"my", "i"}.intersection(following[:2])
        and PERSON.isdisjoint(before)
        and not {"this", "have", "got", "the"}.intersection(before)
    )


def _asked_what(message: Message, match: Match, start: int) -> bool:
    """Say whether it reads `what colour is pus`, `when is a fever dangerous`."""
    words = message.words
    if words[start] not in _ASKING:
        return False
    before = match.start - 1
    while before > start and words[before] in ("a", "an", "any"):
        before -= 1
    return (
        words[before] in _LINKING
        and PERSON.isdisjoint(words[start : match.start])
        and _ENDING.isdisjoint(message.following(match.end, 2))
    )


def _feared_to_come(message: Message, match: Match, start: int) -> bool:
    """Say whether it reads `scared I might faint during the session`."""
    words = message.words
    before = words[start : match.end]
    fearing = [at for at in range(start, match.end) if words[at] in _FEARING]
    if fearing and words[fearing[-1] + 1 : match.first_after(fearing[-1])] in _OF_GETTING:
        return True
    sentence = {words[at] for at in in_sentences_of(message, match.start, match.end)}
    return (
        not _FEARING.isdisjoint(before)
        and not _TO_COME.isdisjoint(sentence)
        and (
            not _MAY_BE.isdisjoint(before) or words[max(start, match.start - 1)] in ("about", "of")
        )
    )


def _nobodys(message: Message, match: Match, start: int) -> bool:
    """Say whether a sign is asked about in a sentence in which nobody has it."""
    words = message.words
    sentence = [words[at] for at in in_sentences_of(message, match.start, match.end)]
    if not _OWN.isdisjoint(words[start : match.end + 1]):
        return False
    before = words[start : match.start]
    return (
        _are_warning_signs(message, match, before)
        or ("ever" in sentence and before[:1] in (("is",), ("are",), ("does",)))
        or (before[:1] == ("how",) and not _PROFESSION.isdisjoint(before[2:3]))
        or (_asks(message, match, sentence) and _not_yet(message))
    )


def _are_warning_signs(message: Message, match: Match, before: tuple[str, ...]) -> bool:
    """Say whether it reads `fever after SMP, is that one of the warning signs`."""
    following = message.following(match.end, 12)
    return any(
        word in _SIGNS
        and (following[at - 1] in _OF_WARNING or (at > 1 and following[at - 2 : at] == ("are",)))
        and not _LINKING.isdisjoint(following[:at])
        and _OWN.isdisjoint(following[:at])
        and (before[:1] == ("how",) or all(each in _ONLY_NAMING for each in before))
        for at, word in enumerate(following)
        if at
    )


def _asks(message: Message, match: Match, sentence: list[str]) -> bool:
    return message.sentences[match.end] in message.asking or sentence[0] in _ASKING | _LINKING


def _not_yet(message: Message) -> bool:
    return any(_NOT_YET.end(message, at) is not None for at in range(len(message)))
