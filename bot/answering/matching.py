"""Which entries a question may be about, each with a score that means something."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from bot.answering.confidence import ENTRY_FEATURES, Confidence
from bot.answering.corpus import Corpus, Floats, read
from bot.answering.index import Likeness, PhrasingIndex
from bot.answering.lexicon import NUMBER, Lexicon, Term
from bot.answering.meaning import Meaning
from bot.answering.topic import TopicWords
from bot.answering.vectors import text_vectors
from bot.faq.models import Knowledge

_NEAREST = 0.36
_NEAREST_FEW = 0.24
_FEW = 4
"""An entry's rank is its centroid's likeness, plus shares of its best phrasing's and of the
mean of its best four: 60 % and 40 % of a weight of 0.6, set on CLINC150, BANKING77 and HWU64."""

_SAME = 0.999
"""Likeness of a question that is a phrasing to the letter, but for case and spelling."""
_CERTAIN = 0.99
_MOST_TERMS = 160
_RANKED = 12
_SCORED = 5

_TIMES = frozenset(
    [
        "minute", "hour", "day", "night", "week", "fortnight", "weekend", "month", "year", "ago",
        "later", "since", "now", "already", "still", "yet", "today", "yesterday", "tomorrow",
        "tonight", "morning", "afternoon", "evening", "monday", "tuesday", "wednesday", "thursday",
        "friday", "saturday", "sunday"
    ]
)  # fmt: skip
"""Words that say when: a question is no less in scope for them."""

_LEAST_SPREAD = 0.01
"""Of the likeness over entries, so that it says something of a FAQ with a single one."""
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

    `weights` says how much each term tells, 0..1: little for one that is common. `points` says
    how much each points to one entry, 0..1: little for words that fit any topic. A phrasing to
    the letter points to its entry once more, by 1.
    """

    candidates: tuple[Candidate, ...]
    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    points: tuple[float, ...]


class Matcher:
    """Ranks the entries of one FAQ for a question. Immutable once built."""

    def __init__(self, knowledge: Knowledge) -> None:
        entries = knowledge.faq.entries
        off_topic = knowledge.examples.off_topic
        each = [knowledge.phrasings(entry) for entry in entries]
        counts = list(map(len, each))
        self._phrasings = tuple(chain.from_iterable(each))
        self._ids = tuple(entry.id for entry in entries)
        self._places = {entry_id: place for place, entry_id in enumerate(self._ids)}
        texts = read(chain(self._phrasings, off_topic))
        self._lexicon = Lexicon(texts, knowledge.vocabulary.synonyms)
        self.words = self._lexicon.words
        terms = self._lexicon.read(texts)
        self._index = PhrasingIndex(terms, counts)
        self._topic = TopicWords(terms, counts)
        self._meaning = Meaning(texts, counts)
        self._confidence = Confidence(self._ids, knowledge.calibration)
        self._times = {NUMBER, *(self._lexicon.stem(word) for word in _TIMES)}

    def rank(self, words: Sequence[str]) -> Ranking:
        """Rank the entries for the words of a message or of a part of it.

        No candidates when it has no terms, or when it is an off-topic example to the letter.
        """
        terms = self._read(words)
        weights = tuple(self._weight(term) for term in terms)
        if not terms:
            return Ranking((), terms, weights, (0.0,))
        likeness = self._index.likeness(terms)
        entries = self._best(likeness)
        features = self._features(entries, terms, weights, likeness, words)
        chances = self._confidence.scores(*features)
        same = likeness.entries[entries] > _SAME
        if same.any():
            chances = np.where(same, np.maximum(chances, _CERTAIN), chances)
        elif likeness.off_topic > _SAME:
            return Ranking((), terms, weights, (1.0,))
        candidates = [
            Candidate(self._ids[entry], float(chance), self._nearest(entry, likeness))
            for entry, chance in zip(entries, chances, strict=True)
        ]
        candidates.sort(key=lambda candidate: -candidate.score)
        points = [
            weight * self._topic.focus(term.name)
            for term, weight in zip(terms, weights, strict=True)
        ]
        if same.any():
            points.append(1.0)
        return Ranking(tuple(candidates), terms, weights, tuple(points))

    def features(self, words: Sequence[str]) -> tuple[tuple[str, ...], Floats, Floats] | None:
        """Return the ids of the best entries and what they are scored by, to calibrate on.

        The figures are those that `Confidence.scores` takes; None when there are no terms.
        """
        terms = self._read(words)
        if not terms:
            return None
        weights = [self._weight(term) for term in terms]
        likeness = self._index.likeness(terms)
        entries = self._best(likeness)
        ids = tuple(self._ids[entry] for entry in entries)
        return ids, *self._features(entries, terms, weights, likeness, words)

    def owns(self, entry_id: str, term: Term) -> bool:
        """Say whether a phrasing of the entry has the term."""
        return self._topic.owns(self._places[entry_id], term.name)

    def note(self, term: Term, typed: Mapping[str, str]) -> str:
        """Return what is to be said of a term: how it was typed, or that it is unknown."""
        said = [f"written {typed[word]!r}" for word in term.word.split() if word in typed]
        said += [f"means the same as {term.name[1:]!r}"] if term.name.startswith("=") else []
        return ", ".join(said + ["in no phrasing"] * (term.name not in self._topic))

    def _read(self, words: Sequence[str]) -> tuple[Term, ...]:
        """Return the terms to compare: not those of time, unless the FAQ has them itself.

        Of a long message these are the beginning and the end, where what is asked most often is.
        """
        terms = tuple(
            term
            for term in self._lexicon.terms(words)
            if term.name in self._topic or term.name not in self._times
        )
        half = _MOST_TERMS // 2
        return terms if len(terms) <= _MOST_TERMS else terms[:half] + terms[-half:]

    def _weight(self, term: Term) -> float:
        """Return how much a term tells: little when common in English or over the entries."""
        content = 1.0 / (1.0 + math.exp((term.zipf - _COMMON_MIDDLE) * _COMMON_SLOPE))
        return content * (0.3 + 0.7 * self._index.rarity(term.name))

    def _best(self, likeness: Likeness) -> list[int]:
        """Return the entries worth scoring, the likeliest first."""
        rough = likeness.centroids + _NEAREST * likeness.entries
        order = np.argsort(-rough, kind="stable")[:_RANKED]
        few = [self._best_few(int(entry), likeness) for entry in order]
        ranks = rough[order] + _NEAREST_FEW * np.array(few)
        return [int(order[place]) for place in np.argsort(-ranks, kind="stable")[:_SCORED]]

    def _features(
        self,
        entries: Sequence[int],
        terms: Sequence[Term],
        weights: Sequence[float],
        likeness: Likeness,
        words: Sequence[str],
    ) -> tuple[Floats, Floats]:
        meant = text_vectors(Corpus.of([words]))[0]
        by_meaning, by_meaning_none = self._meaning.chances(meant)
        told = dict(zip(terms, weights, strict=True))
        total = sum(told.values()) + 1e-6
        spread = max(float(likeness.centroids.std()), _LEAST_SPREAD)
        rows = np.empty((len(entries), len(ENTRY_FEATURES)))
        for row, entry in enumerate(entries):
            covered = [w for term, w in told.items() if self._topic.owns(entry, term.name)]
            owned = sum(self._topic.ownership(entry, term) for term in told)
            nearest = likeness.entries[entry]
            rows[row] = (
                likeness.centroids[entry],
                nearest,
                self._best_few(entry, likeness),
                sum(covered) / total,
                min(sum(covered), 3.0),
                likeness.centroids[entry] / spread,
                owned / len(told),
                likeness.off_topic - nearest,
                by_meaning[entry],
                self._meaning.nearest(meant, entry),
            )
        unknown = sum(term.name not in self._topic for term in told)
        familiar = [self._topic.familiarity(term) for term in told]
        against = sum(self._topic.against_off_topic(term) for term in told)
        question = (
            max(-6.0, min(against, 6.0)),
            against / len(told),
            unknown / len(told),
            math.log1p(len(told)),
            sum(familiar) / len(told),
            sum(min(figure, 0.0) for figure in familiar),
            by_meaning_none,
            1.0,
        )
        return rows, np.array(question)

    def _best_few(self, entry: int, likeness: Likeness) -> float:
        own = likeness.phrasings[self._index.starts[entry] : self._index.starts[entry + 1]]
        if own.size > _FEW:
            own = np.partition(own, own.size - _FEW)[-_FEW:]
        return float(np.add.reduce(own)) / own.size

    def _nearest(self, entry: int, likeness: Likeness) -> str:
        start, end = self._index.starts[entry], self._index.starts[entry + 1]
        return self._phrasings[int(start + np.argmax(likeness.phrasings[start:end]))]
