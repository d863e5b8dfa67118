"""Which entries a question may be about, each with a score that means something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.answering.confidence import FEATURES, confidence
from bot.answering.index import Floats, Likeness, PhrasingIndex
from bot.answering.lexicon import Lexicon, Term
from bot.answering.words import fold
from bot.faq.models import Knowledge

_NEAREST = 0.36
_NEAREST_FEW = 0.24
_FEW = 4
"""An entry's rank is its centroid's likeness, plus shares of its best phrasing's and of the
mean of its best four: 60 % and 40 % of a weight of 0.6, set on CLINC150, BANKING77 and HWU64."""

_RANKED = 12
_SCORED = 5

_COMMON_MIDDLE = 5.3
_COMMON_SLOPE = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry a question may be about.

    `score` is the calibrated chance, 0..1, that it is the right one; `phrasing` is the
    entry's nearest phrasing, as it stands in the FAQ.
    """

    entry_id: str
    score: float
    phrasing: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The likeliest candidates, the best first, and the terms they were found by.

    `weights` says how much each term tells, 0..1; `substance` is the largest weight of a term
    the FAQ knows: low for a question made of words that fit any topic.
    """

    candidates: tuple[Candidate, ...]
    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    substance: float


class Matcher:
    """Ranks the entries of one FAQ for a question. Immutable once built."""

    def __init__(self, knowledge: Knowledge) -> None:
        entries = knowledge.faq.entries
        off_topic = knowledge.vocabulary.out_of_scope
        phrasings = [phrasing for entry in entries for phrasing in entry.questions]
        folded = [fold(phrasing) for phrasing in [*phrasings, *off_topic]]
        self._ids = tuple(entry.id for entry in entries)
        self._phrasings = tuple(phrasings)
        self._lexicon = Lexicon(folded, knowledge.vocabulary.synonyms)
        read = iter([self._lexicon.terms(text) for text in folded])
        terms = [list(islice(read, len(entry.questions))) for entry in entries]
        self._index = PhrasingIndex(terms, list(read))
        self._vocabularies = tuple(
            frozenset(term.name for phrasing in own for term in phrasing) for own in terms
        )
        self._known = frozenset().union(*self._vocabularies)

    def rank(self, folded: str) -> Ranking:
        """Rank the entries for folded text; no candidates when it has no terms."""
        terms = self._lexicon.terms(folded)
        weights = tuple(self._weight(term) for term in terms)
        if not terms:
            return Ranking((), terms, weights, 0.0)
        likeness = self._index.likeness(terms)
        order, features = self._features(terms, weights, likeness)
        scores = confidence(features)
        candidates = tuple(
            Candidate(self._ids[entry], float(score), self._nearest(entry, likeness))
            for entry, score in zip(order, scores, strict=True)
        )
        substance = max(
            (w for term, w in zip(terms, weights, strict=True) if term.name in self._known),
            default=0.0,
        )
        return Ranking(candidates, terms, weights, substance)

    def features(self, folded: str) -> tuple[tuple[str, ...], Floats]:
        """Return the ids of the best entries and a row of `FEATURES` for each, to calibrate on."""
        terms = self._lexicon.terms(folded)
        if not terms:
            return (), np.zeros((0, len(FEATURES)))
        weights = tuple(self._weight(term) for term in terms)
        order, features = self._features(terms, weights, self._index.likeness(terms))
        return tuple(self._ids[entry] for entry in order), features

    def note(self, term: Term) -> str:
        """Say what became of a word: read as another, joined with others, or unknown."""
        notes = []
        if term.word != term.token:
            notes.append(f"read as {term.word!r}")
        if term.name.startswith("="):
            notes.append(f"means the same as {term.name[1:]!r}")
        if term.name not in self._known:
            notes.append("in no phrasing")
        return ", ".join(notes)

    def _weight(self, term: Term) -> float:
        """Return how much a term tells: little when common in English or over the entries."""
        content = 1.0 / (1.0 + math.exp((term.zipf - _COMMON_MIDDLE) * _COMMON_SLOPE))
        return content * (0.3 + 0.7 * self._index.rarity(term.name))

    def _features(
        self, terms: Sequence[Term], weights: Sequence[float], likeness: Likeness
    ) -> tuple[list[int], Floats]:
        rough = likeness.centroids + _NEAREST * likeness.entries
        order = np.argsort(-rough, kind="stable")[:_RANKED]
        few = np.array([self._best_few(entry, likeness) for entry in order])
        ranks = rough[order] + _NEAREST_FEW * few
        by_rank = np.argsort(-ranks, kind="stable")[:_SCORED]
        best, next_best = ranks[by_rank[0]], ranks[by_rank[1]] if len(by_rank) > 1 else 0.0
        told = {term.name: weight for term, weight in zip(terms, weights, strict=True)}
        total = sum(told.values()) + 1e-6
        unknown = sum(weight for name, weight in told.items() if name not in self._known)
        spread = float(likeness.centroids.std()) + 1e-9
        rows = []
        for place in by_rank:
            entry = int(order[place])
            own = self._vocabularies[entry]
            covered = sum(weight for name, weight in told.items() if name in own)
            other = next_best if place == by_rank[0] else best
            nearest = float(likeness.entries[entry])
            rows.append(
                (
                    float(likeness.centroids[entry]),
                    nearest,
                    float(few[place]),
                    float(ranks[place] - other),
                    float(likeness.centroids[entry]) / spread,
                    unknown / total,
                    covered / total,
                    math.log1p(len(told)),
                    min(unknown, 3.0),
                    min(covered, 3.0),
                    likeness.off_topic - nearest,
                )
            )
        return [int(order[place]) for place in by_rank], np.array(rows)

    def _best_few(self, entry: int, likeness: Likeness) -> float:
        own = likeness.phrasings[self._index.starts[entry] : self._index.starts[entry + 1]]
        if own.size > _FEW:
            own = np.partition(own, own.size - _FEW)[-_FEW:]
        return float(own.mean())

    def _nearest(self, entry: int, likeness: Likeness) -> str:
        start, end = self._index.starts[entry], self._index.starts[entry + 1]
        return self._phrasings[int(start + np.argmax(likeness.phrasings[start:end]))]
