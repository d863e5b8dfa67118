"""From ranked entries to one of three bands: answer, suggest, fallback."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bot.answering.confidence import Floats
from bot.answering.context import LIKELY
from bot.answering.matching import Candidate, Matcher, Ranking
from bot.answering.message import Message

Band = Literal["answer", "suggest", "fallback"]

SURELY = 0.95
"""From this score on a part tells what a message asks that is unclear as a whole, and words that
fit any topic are answered."""
LED_BY_WHOLE = 0.005
"""The least score in the whole message of what a part tells so: a story tells much by the way."""
OFFER_FROM_PART = 0.25
"""From this score on an entry that a part of the message asks for is offered under an answer."""
OFFER_RUNNER_UP = 0.05
"""From this score on the next entry is offered under an answer."""
SUGGEST_OF_WHAT = 0.20
"""The same for what asks for a part of an answer, of no answer: "how long", "is it serious"."""
SUGGEST_OTHERS = 0.015
"""From this score on an entry is offered beside a better one."""
GENERIC = 0.09
"""A question whose words together point to an entry no more than this fits any topic."""
SUBJECT = 0.28
"""A word that tells this much names what is asked about, if only the subject of the FAQ."""
VAGUE_FOLLOW_UP = 0.12
"""After an answer, a message none of whose words points to an entry more than this leans on it."""
STRONG_NEW_TOPIC = 0.85
"""After an answer, a message whose best entry scores less may be about that answer still."""
_NEVER = 1e-4
"""Scores are taken for no less than this, and for no nearer to 1, where odds are made of them."""
_SHORT = 6
_MOST_BESIDES = 4
"""Words beside those that ask for a part; with more of them it is a question of its own."""
_LIGHT = 0.50
"""A follow-up has no heavier word than this but the answered entry's own: others would be a
new topic."""

MOST_ANSWERED = 2
MOST_SUGGESTED = 3
MOST_SCORED = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a question: the band, the entries in it, and why in one sentence.

    `candidates` are the best of the whole message, the best first; `leans` says that it makes
    sense in the light of the answer before only.
    """

    band: Band
    answered: tuple[str, ...]
    suggested: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    why: str
    leans: bool = False

    @property
    def near(self) -> tuple[str, ...]:
        """What is likely enough to be offered beside an answer that has nothing on it."""
        return tuple(c.entry_id for c in self.candidates if c.score >= OFFER_FROM_PART)


def decide(
    message: Message,
    matcher: Matcher,
    after: str | None = None,
    asked: Collection[str] = (),
) -> Decision:
    """Decide on a message; `after` is the entry answered just before, if any.

    `asked` are the words of it that ask for a part of an answer, whatever that is about. The
    message is ranked whole and part by part. Two entries are answered when two parts ask for one
    each.
    """
    whole = matcher.rank(message.words(0), message.encoded)
    candidates = whole.candidates
    telling = _telling(whole, matcher, asked)
    bare = not any(weight >= SUBJECT for weight, _ in telling)
    vague = not any(point >= VAGUE_FOLLOW_UP for _, point in telling)
    besides = len(message.words(0)) - len(asked)
    of_what = bool(asked) and bare and vague and besides <= _MOST_BESIDES
    if after is not None and (of_what or _leans(whole, vague, after, matcher)):
        why = "A follow-up to the entry answered before."
        return Decision("answer", (after,), (), candidates, why, leans=True)
    reading = message.reading
    if reading.unknown and {*reading.words} <= reading.unknown | reading.guessed:
        return Decision("fallback", (), (), candidates, "None of its words is known.")
    generic = not whole.exact and sum(whole.points) < GENERIC
    surely = any(c.score >= SURELY for c in candidates)
    refused = of_what or (generic and (bare or not surely))
    parts = ranked_parts(message, matcher, whole)
    enough = matcher.thresholds["answer"]
    answered = () if refused else _answered(message, whole, parts, matcher)
    of_parts = [part.candidates[0] for part in parts.values()]
    if answered:
        rest = [c.entry_id for c in candidates if c.score >= OFFER_RUNNER_UP]
        rest += [c.entry_id for c in of_parts if c.score >= OFFER_FROM_PART]
        offered = tuple(name for name in dict.fromkeys(rest) if name not in answered)
        why = f"Scored {enough} or more."
        return Decision("answer", answered, offered[:MOST_SUGGESTED], candidates, why)
    likely = [c.entry_id for c in candidates if c.score >= SUGGEST_OTHERS]
    likely += [c.entry_id for c in of_parts if c.score >= OFFER_FROM_PART]
    best = max((c.score for c in (*candidates, *of_parts)), default=0.0)
    if best < (SUGGEST_OF_WHAT if of_what else LIKELY):
        return Decision("fallback", (), (), candidates, f"None scored {LIKELY} or more.")
    why = (
        "The words fit any topic, so nothing is answered on them alone."
        if refused
        else f"None scored {enough} or more, and was surely asked for."
    )
    suggested = tuple(dict.fromkeys(likely))[:MOST_SUGGESTED]
    return Decision("suggest", (), suggested, candidates, why)


def _telling(
    whole: Ranking, matcher: Matcher, asked: Collection[str]
) -> list[tuple[float, float]]:
    """How much each word tells and points to an entry, but for times and the `asked`."""
    return [
        (weight, point)
        for term, weight, point in zip(whole.terms, whole.weights, whole.points, strict=False)
        if not (matcher.tells_time(term) or {*asked}.issuperset(term.word.split()))
    ]


def _leans(whole: Ranking, vague: bool, after: str, matcher: Matcher) -> bool:
    """Whether a message makes sense only in the light of the answer before it."""
    if all(map(matcher.tells_time, whole.terms)):
        return True
    if whole.candidates and whole.candidates[0].score >= STRONG_NEW_TOPIC:
        return False
    return vague or (
        0 < len(whole.terms) <= _SHORT
        and bool(whole.candidates)
        and all(
            weight < _LIGHT or matcher.owns(after, term)
            for term, weight in zip(whole.terms, whole.weights, strict=True)
        )
    )


def ranked_parts(message: Message, matcher: Matcher, whole: Ranking) -> dict[int, Ranking]:
    """Rank the sentences of a message and, where they are long enough, their clauses, by row.

    A part of a message that is about something else as a whole counts for less: its scores
    are scaled by the root of the chance that the whole is about any entry. One that is a phrasing
    to the letter keeps its score.
    """
    about = min(1.0, math.sqrt(sum(candidate.score for candidate in whole.candidates)))
    parts = {}
    for row in range(1, len(message.spans)):
        part = matcher.rank(message.words(row), message.encoded, row)
        if part.candidates and sum(part.points) >= GENERIC:
            scale = 1.0 if part.exact else about
            scaled = [replace(each, score=each.score * scale) for each in part.candidates]
            parts[row] = replace(part, candidates=tuple(scaled))
    return parts


def _answered(
    message: Message, whole: Ranking, parts: Mapping[int, Ranking], matcher: Matcher
) -> tuple[str, ...]:
    """Return the entry that the whole message asks for, and a second one that a part asks for.

    The whole is trusted before its parts, which have lost what the others say of them. Where it
    is not clear a part leads that is, but only to what the whole may be about too.
    """
    if is_clear(whole, matcher.thresholds):
        first, second = whole.candidates[0].entry_id, likeliest_second(message, whole, parts)
        if second and matcher.second_sum.of(second[1]) > matcher.thresholds["second"]:
            return first, second[0]
        return (first,)
    led = [c.entry_id for c in whole.candidates if c.score >= LED_BY_WHOLE][:MOST_ANSWERED]
    clear = [part for part in parts.values() if is_clear(part, matcher.thresholds)]
    best = [part.candidates[0] for part in clear]
    asked = [c.entry_id for c in best if c.score >= SURELY and c.entry_id in led]
    return tuple(dict.fromkeys(asked))


def likeliest_second(
    message: Message, whole: Ranking, parts: Mapping[int, Ranking]
) -> tuple[str, Floats] | None:
    """Return the entry that a part of a message asks for most clearly beside the first of it.

    With it comes what speaks for answering it too, shape (`SECOND_FIGURES`,).
    """
    first = whole.candidates[0].entry_id
    others = {row: part for row, part in parts.items() if part.candidates[0].entry_id != first}
    if not others:
        return None
    row = max(others, key=lambda each: others[each].candidates[0].score)
    second = others[row].candidates[0]
    elsewhere = [_score(first, part) for other, part in parts.items() if other != row]
    start, end = message.spans[row]
    figures = (
        _log_odds(second.score),
        _log_odds(_score(second.entry_id, whole)),
        _log_odds(max(elsewhere, default=0.0)),
        message.reading.is_question(end),
        start == 0,
        math.log(end - start),
        math.log(len(message.words(0))),
        1.0,
    )
    return second.entry_id, np.array(figures, np.float64)


def _score(entry_id: str, ranking: Ranking) -> float:
    return next((c.score for c in ranking.candidates if c.entry_id == entry_id), 0.0)


def _log_odds(score: float) -> float:
    chance = min(max(score, _NEVER), 1 - _NEVER)
    return math.log(chance / (1 - chance))


def is_clear(ranking: Ranking, thresholds: Mapping[str, float]) -> bool:
    """Whether the best candidate, and all of them together, score enough to be answered.

    Two that serve alike share the score: then the better one is answered. `scope` is the least
    chance that any entry is asked for.
    """
    return (
        bool(ranking.candidates)
        and ranking.candidates[0].score >= thresholds["answer"]
        and sum(candidate.score for candidate in ranking.candidates) >= thresholds["scope"]
    )
