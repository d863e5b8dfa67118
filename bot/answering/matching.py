"""Which entries a question may be about, each with a score that means something."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answering.confidence import (
    ENTRY_FIGURES,
    NONE_FIGURES,
    SECOND_FIGURES,
    Floats,
    WeighedSum,
    scores,
)
from bot.answering.elapsed import SAYS_WHEN
from bot.answering.encoder import Encoded, Encoder
from bot.answering.index import Likeness, PhrasingIndex
from bot.answering.lexicon import NUMBER, Lexicon, Term
from bot.answering.meaning import Meaning
from bot.answering.reading import plain_words
from bot.answering.topic import TopicWords
from bot.answering.words import fold
from bot.faq.models import Knowledge
from bot.faq.weights import Weights

_SAME = 0.999
"""Likeness of a question that is a phrasing to the letter, but for case and spelling."""
_CERTAIN = 0.99
_MOST_TERMS = 160
_SCORED = 5
_ALIKE = 8.0
"""What likeness in words counts for beside the log-chance by meaning, in choosing candidates."""

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
    how much each points to one entry, 0..1: little for words that fit any topic. `exact` says
    that the question is a phrasing, or an off-topic example, to the letter.
    """

    candidates: tuple[Candidate, ...]
    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    points: tuple[float, ...] = (0.0,)
    exact: bool = False


class Matcher:
    """Ranks the entries of one FAQ for a question. Immutable once built."""

    def __init__(
        self,
        knowledge: Knowledge,
        encoder: Encoder,
        weights: Weights,
        without: Collection[str] = (),
    ) -> None:
        entries = knowledge.faq.entries
        phrasings = [(*knowledge.phrasings(entry), entry.title) for entry in entries]
        off_topic = knowledge.examples.off_topic
        self._ids = tuple(entry.id for entry in entries)
        names = [(entry.id, *entry.was) for entry in entries]
        self._phrasings = tuple(text for each in phrasings for text in each)
        counts = list(map(len, phrasings))
        texts = [plain_words(fold(text)) for text in (*self._phrasings, *off_topic)]
        self.lines = dict(zip(texts, (*self._phrasings, *off_topic), strict=True))
        synonyms = () if "synonyms" in without else knowledge.vocabulary.synonyms
        self._lexicon = Lexicon(texts, synonyms)
        self.words = self._lexicon.words
        self.instead = self._lexicon.instead
        terms = list(map(self._lexicon.terms, texts))
        self._index = PhrasingIndex(terms, counts)
        self._topic = TopicWords(terms, counts)
        self._meaning = Meaning(encoder, names, phrasings, off_topic)
        self.thresholds = weights.thresholds
        self._entry_sum = WeighedSum(weights.entry, ENTRY_FIGURES, without)
        self._none_sum = WeighedSum(weights.none, NONE_FIGURES, without)
        self.second_sum = WeighedSum(weights.second, SECOND_FIGURES, without)
        self._times = {NUMBER, *(self._lexicon.stem(word) for word in SAYS_WHEN)}

    def rank(self, words: Sequence[str], encoded: Encoded, row: int = 0) -> Ranking:
        """Rank the entries for the words of a message or of a part of it.

        `row` of `encoded` is what the network makes of them. No candidates when there are no
        terms, or when it is an off-topic example to the letter.
        """
        terms = self._read(words)
        if not terms:
            return Ranking((), terms, ())
        weights = tuple(self._weight(term) for term in terms)
        entries, figures, question, likeness = self._figures(terms, weights, encoded, row)
        chances = scores(self._entry_sum.of(figures), float(self._none_sum.of(question)))
        same = likeness.entries[entries] > _SAME
        if same.any():
            chances = np.where(same, np.maximum(chances, _CERTAIN), chances)
        points = tuple(
            weight * self._topic.focus(term.name)
            for term, weight in zip(terms, weights, strict=True)
        )
        if likeness.off_topic > _SAME and not same.any():
            return Ranking((), terms, weights, points, exact=True)
        candidates = [
            Candidate(self._ids[entry], float(chance), self._nearest(entry, likeness))
            for entry, chance in zip(entries, chances, strict=True)
        ]
        candidates.sort(key=lambda candidate: -candidate.score)
        return Ranking(tuple(candidates), terms, weights, points, exact=bool(same.any()))

    def figures(
        self, words: Sequence[str], encoded: Encoded, row: int = 0
    ) -> tuple[tuple[str, ...], Floats, Floats] | None:
        """Return the ids of the best entries and what they are scored by, to fit weights to.

        Shapes (entries, `ENTRY_FIGURES`) and (`NONE_FIGURES`,); None when there are no terms.
        """
        terms = self._read(words)
        if not terms:
            return None
        weights = [self._weight(term) for term in terms]
        entries, figures, question, _ = self._figures(terms, weights, encoded, row)
        return tuple(self._ids[entry] for entry in entries), figures, question

    def owns(self, entry_id: str, term: Term) -> bool:
        """Whether a phrasing of the entry has the term."""
        return self._topic.owns(self._ids.index(entry_id), term.name)

    def tells_time(self, term: Term) -> bool:
        """Whether a term only says when, or is a number."""
        return term.name in self._times

    def names(self, text: str) -> frozenset[str]:
        """The names of the terms of a text of the FAQ."""
        return frozenset(term.name for term in self._lexicon.terms(plain_words(fold(text))))

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
            if term.name not in self._times or term.name in self._topic
        )
        half = _MOST_TERMS // 2
        return terms if len(terms) <= _MOST_TERMS else terms[:half] + terms[-half:]

    def _weight(self, term: Term) -> float:
        """Return how much a term tells: little when common in English or over the entries."""
        content = 1.0 / (1.0 + math.exp((term.zipf - _COMMON_MIDDLE) * _COMMON_SLOPE))
        return content * (0.3 + 0.7 * self._index.rarity(term.name))

    def _figures(
        self, terms: Sequence[Term], weights: Sequence[float], encoded: Encoded, row: int
    ) -> tuple[list[int], Floats, Floats, Likeness]:
        """Return the places of the best entries, and what these and none of them are scored by."""
        likeness = self._index.likeness(terms)
        meaning, off_topic_in_meaning = self._meaning.log_chances(encoded, row)
        order = np.argsort(-(meaning + _ALIKE * likeness.entries), kind="stable")[:_SCORED]
        entries: list[int] = order.tolist()
        told = dict(zip(terms, weights, strict=True))
        total = sum(told.values()) + 1e-6
        figures = np.empty((len(entries), len(ENTRY_FIGURES)))
        for place, entry in enumerate(entries):
            covered = sum(w for term, w in told.items() if self._topic.owns(entry, term.name))
            figures[place] = (
                meaning[entry],
                likeness.off_topic - likeness.entries[entry],
                sum(self._topic.ownership(entry, term) for term in told) / len(told),
                covered / total,
            )
        question = (
            off_topic_in_meaning,
            sum(term.name not in self._topic for term in told) / len(told),
            sum(map(self._topic.familiarity, told)) / len(told),
            math.log1p(len(told)),
            1.0,
        )
        return entries, figures, np.array(question), likeness

    def _nearest(self, entry: int, likeness: Likeness) -> str:
        start, end = self._index.starts[entry], self._index.starts[entry + 1]
        return self._phrasings[int(start + np.argmax(likeness.phrasings[start:end]))]
