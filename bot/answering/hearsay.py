"""Whether a sign is only what somebody else says or what was read; and whether it is owned to.

`My nan says tattoos give you blood poisoning`, `a guy on a forum said his face swelled up` and
`the consent form lists anaphylaxis` tell nobody's state of now. `My wife says my lips are blue`
and `the nurse says I may have sepsis` do.
"""

from __future__ import annotations

from itertools import pairwise

from bot.answering.message import STRETCH, Message, Phrases, word_set
from bot.answering.signs import Match

_PUBLISHED = word_set(
    """reddit tiktok youtube facebook insta instagram online internet forum forums web website
    google googled news newspaper paper papers article articles blog blogs video videos podcast
    documentary telly tv story stories thread threads post posts leaflet leaflets form forms
    consent brochure booklet label page pages sheet waiver contract disclaimer advert chatgpt"""
)
_STRANGER = word_set(
    "guy bloke man woman lad girl lady someone somebody person people fella chap celeb actor whose"
)
_SOME = word_set("a an some one this")
_SAYING = word_set(
    """says said say saying reckons reckon reckoned thinks thought claims claimed claiming swears
    swore told tells warned warns insists insisted convinced heard believes"""
)
_LISTING = word_set("mentions mentioned lists listed")
_CARERS = word_set(
    "doctor doctors nurse nurses gp paramedic paramedics hospital 111 999 consultant"
)
_SUBJECT = word_set(
    "smp ink inks pigment tattoo tattoos needle needles micropigmentation treatments clients"
)
_ANYBODY = word_set("you people everyone anyone clients men some most folk everybody")
_HAPPENS = word_set(
    """get gets can could might may will would end catch faint pass go give gives cause causes
    make makes"""
)
_OWN = word_set("i im ive my me mine myself ill id we our us")
_THEIRS = word_set("he hes she shes his her him this these")
_OWNING = Phrases(
    """mine is
    mine are
    mine has
    mine have
    mine feels
    mine feel
    mine looks
    mine look
    mine did
    mine do
    because its
    because they are
    because i am
    because im
    because i do
    and i am
    and i do
    happening to me
    its happening
    thats me
    ive this
    ive that
    ive it
    ive them
    ive both
    ive all
    ive loads
    ive lots
    ive some
    ive got this
    ive got that
    ive got it
    ive got them
    ive got both
    ive got all
    ive got loads
    ive got lots
    ive got some"""
)
"""What owns to a sign that was asked about or heard of."""
_UNFINISHED = word_set("its are am im do is has have")
"""Words that own to it only at the end of a clause: `I do`, not `I do like it`."""
_TIMES = word_set("now today tonight currently already since")
_STATES = word_set("is are keeps im ive hes shes started has")


def owned(message: Message, match: Match) -> bool:
    """Say whether somebody owns to a sign: `can it close my throat? because mine is`."""
    sentence = message.sentences[match.end]
    for at in range(match.end + 1, min(match.end + STRETCH, len(message))):
        if message.sentences[at] > sentence + 1:
            return False
        end = _OWNING.end(message, at)
        if end is not None and (
            message.words[end - 1] not in _UNFINISHED
            or end == len(message)
            or message.breaks[end] > 0
        ):
            return True
    return False


def heard_of(message: Message, match: Match) -> bool:
    """Say whether a sign is only reported of others, or of treatment in general."""
    start = max(message.sentence_start(match.start), match.start - STRETCH)
    words = message.words[start : match.end + 1]
    if not _CARERS.isdisjoint(words):
        return False
    first = match.start - start
    return any(
        (word in _PUBLISHED and _of_a_stranger(words, at))
        or (word in _LISTING and (_OWN | _THEIRS).isdisjoint(words[at + 1 :]))
        or (
            word in _SAYING
            and (
                _foretold(words, at)
                or _of_treatment(words, at, first)
                or _by_a_stranger(words, at)
            )
        )
        for at, word in enumerate(words[:first])
    )


def _of_a_stranger(words: tuple[str, ...], at: int) -> bool:
    """Say whether what was published at `at` is told of nobody the person knows."""
    told = words[at + 1 :]
    if not _OWN.isdisjoint(told) or not _TIMES.isdisjoint(told):
        return False
    return _THEIRS.isdisjoint(told) or not _STRANGER.isdisjoint(words)


def _foretold(words: tuple[str, ...], at: int) -> bool:
    """Say whether it reads `my mum thinks my throat will close`: not yet, and not by oneself."""
    told = words[at + 1 :]
    return (
        _OWN.isdisjoint(words[max(0, at - 2) : at] if words[at - 1] in _OWN else ())
        and not {"will", "would", "ill"}.isdisjoint(told)
        and (_TIMES | _STATES).isdisjoint(told)
    )


def _by_a_stranger(words: tuple[str, ...], at: int) -> bool:
    """Say whether it reads `a bloke at the gym said his scalp went septic`."""
    return (
        words[0] in _SOME
        and words[1] in _STRANGER
        and (_OWN | _TIMES | _STATES).isdisjoint(words[at + 1 :])
    )


def _of_treatment(words: tuple[str, ...], at: int, first: int) -> bool:
    """Say whether it reads `says tattoos give you sepsis`, `said some people faint`."""
    said = words[at + 1 : first]
    if not (_OWN | _THEIRS).isdisjoint(words[at + 2 :]):
        return False
    return (
        (not _SUBJECT.isdisjoint(said) and "the" not in said)
        or (bool(said) and said[-1] in _ANYBODY)
        or any(who in _ANYBODY and does in _HAPPENS for who, does in pairwise(said))
    )
