"""From ranked entries to one of three bands: answer, suggest, fallback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answering.matching import Candidate, Matcher, Ranking
from bot.answering.words import sentences, tokenise

Band = Literal["answer", "suggest", "fallback"]

ANSWER = 0.60
"""From this score on an entry is answered."""
CLEAR = 0.15
"""An answered entry is this much ahead of the next one, or both are offered."""
CLEAR_OF_GAP = 0.30
"""The same where one of the two is a gap: a document's answer is never guessed over one."""
SUGGEST = 0.06
"""From this score on an entry is offered."""
GENERIC = 0.30
"""A question whose weightiest term is lighter than this fits any topic, and alone none."""

MOST_ANSWERED = 2
MOST_SUGGESTED = 3
MOST_SCORED = 5
_MOST_PIECES = 16
_SHORTEST_PIECE = 3

_JOINT = re.compile(r",|\band\b|\balso\b|\bplus\b|\bbut\b|\bthen\b|&")


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a question: the band, the entries in it, and why in one sentence.

    `candidates` are the best of the whole message and its parts, the best first.
    """

    band: Band
    answered: tuple[str, ...]
    suggested: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    why: str


def decide(folded: str, matcher: Matcher, kinds: Mapping[str, str], after: str | None) -> Decision:
    """Decide on a folded message; `after` is the entry answered just before, if any.

    The message is ranked whole and part by part. Two entries are answered when two parts ask
    for one each.
    """
    whole = matcher.rank(folded)
    parts = [] if len(whole.terms) <= _SHORTEST_PIECE else _parts(folded, matcher)
    candidates = _merged([whole, *parts])
    if _is_generic(whole):
        if after is not None:
            return Decision(
                "answer", (after,), (), candidates, "A follow-up to the entry answered before."
            )
        suggested = tuple(c.entry_id for c in candidates[:MOST_SUGGESTED] if c.score >= SUGGEST)
        why = "The words fit any topic, so nothing is answered on them alone."
        return Decision("suggest" if suggested else "fallback", (), suggested, candidates, why)
    answered = _answered(whole, parts, candidates, kinds)
    suggested = tuple(
        c.entry_id for c in candidates if c.score >= SUGGEST and c.entry_id not in answered
    )[:MOST_SUGGESTED]
    if answered:
        return Decision("answer", answered, (), candidates, f"Scored {ANSWER} or more, and clear.")
    if suggested:
        why = f"None scored {ANSWER} or more and clear of the next."
        return Decision("suggest", (), suggested, candidates, why)
    return Decision("fallback", (), (), candidates, f"None scored {SUGGEST} or more.")


def _is_generic(ranking: Ranking) -> bool:
    return max(ranking.weights, default=0.0) < GENERIC


def _parts(folded: str, matcher: Matcher) -> list[Ranking]:
    """Rank the sentences of a message and, where they are long enough, their clauses."""
    pieces: list[str] = []
    for sentence in sentences(folded):
        clauses = [c for c in _JOINT.split(sentence) if len(tokenise(c)) >= _SHORTEST_PIECE]
        pieces.extend(dict.fromkeys([sentence, *clauses]))
    pieces = [piece for piece in pieces if piece != folded.strip()][:_MOST_PIECES]
    return [ranking for piece in pieces if not _is_generic(ranking := matcher.rank(piece))]


def _merged(rankings: Iterable[Ranking]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for ranking in rankings:
        for candidate in ranking.candidates:
            held = best.get(candidate.entry_id)
            if held is None or held.score < candidate.score:
                best[candidate.entry_id] = candidate
    return tuple(sorted(best.values(), key=lambda c: -c.score))


def _answered(
    whole: Ranking,
    parts: Sequence[Ranking],
    candidates: Sequence[Candidate],
    kinds: Mapping[str, str],
) -> tuple[str, ...]:
    sure = {
        ranking.candidates[0].entry_id
        for ranking in [whole, *parts]
        if _is_clear(ranking.candidates, kinds)
    }
    ids = tuple(c.entry_id for c in candidates if c.entry_id in sure)
    return ids[:MOST_ANSWERED] if len(ids) <= MOST_ANSWERED else ()


def _is_clear(candidates: Sequence[Candidate], kinds: Mapping[str, str]) -> bool:
    if not candidates or candidates[0].score < ANSWER:
        return False
    if len(candidates) == 1:
        return True
    best, rival = candidates[0], candidates[1]
    one_is_gap = (kinds[best.entry_id] == "gap") != (kinds[rival.entry_id] == "gap")
    return best.score - rival.score >= (CLEAR_OF_GAP if one_is_gap else CLEAR)
