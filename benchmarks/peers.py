"""The engines that are compared: this one, and well-known recipes on the same phrasings.

Each is built from a FAQ and returns the best three entries of a question with their scores,
the best first. An entry's score is that of its best phrasing. Peers get folded text (lower
case, no punctuation), which all of them do better with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.faq.models import Knowledge

Ranked = list[tuple[str, float]]


class Engine(Protocol):
    """An engine under measurement.

    `rank` finds the best three; `once` does the least work the recipe needs to answer one
    question, and is what is timed.
    """

    def rank(self, text: str) -> Ranked:
        """Return the best three entries and their scores."""
        ...

    def once(self, text: str) -> object:
        """Find the best entry."""
        ...


class ThisEngine:
    """The whole reply: red flags, elapsed time, ranking by parts, the decision."""

    def __init__(self, knowledge: Knowledge) -> None:
        from bot.answering.answerer import Answerer

        self._answerer = Answerer(knowledge)

    def rank(self, text: str) -> Ranked:
        """Return the best three of the reply's scores."""
        scores = self._answerer.answer(text).scores
        return sorted(scores.items(), key=lambda each: -each[1])[:3]

    def once(self, text: str) -> object:
        """Answer."""
        return self._answerer.answer(text)


class EncoderAlone:
    """The bot's own network by itself: its chances of each entry, and nothing else."""

    def __init__(self, knowledge: Knowledge) -> None:
        from bot.answering.encoder import Encoder

        self._read = Encoder.load().read
        ids = {entry.id for entry in knowledge.faq.entries}
        self._places = [(at, id_) for at, id_ in enumerate(Encoder.load().classes) if id_ in ids]

    def rank(self, text: str) -> Ranked:
        """Return the best three of the entries it was taught."""
        [chances] = self._read([text]).entries
        ranked = [(id_, float(chances[at])) for at, id_ in self._places]
        return sorted(ranked, key=lambda each: -each[1])[:3]

    once = rank


class _Phrasings:
    """Phrasings and whose they are."""

    def __init__(self, knowledge: Knowledge) -> None:
        entries = knowledge.faq.entries
        self.owners = [entry.id for entry in entries for _ in knowledge.phrasings(entry)]
        self.texts = [_plain(text) for entry in entries for text in knowledge.phrasings(entry)]

    def best_entries(self, rows: Iterable[tuple[int, float]]) -> Ranked:
        """Return the first three different entries of phrasings sorted by score."""
        best: dict[str, float] = {}
        for row, score in rows:
            best.setdefault(self.owners[row], float(score))
            if len(best) == 3:
                break
        return list(best.items())

    def best_by_array(self, scores: Sequence[float]) -> Ranked:
        """Return the best three entries for a score of every phrasing."""
        import numpy as np

        array = np.asarray(scores)
        order = np.argsort(-array, kind="stable")
        return self.best_entries((int(row), float(array[row])) for row in order)


def _plain(text: str) -> str:
    from rapidfuzz.utils import default_process

    return default_process(text)


class _RapidFuzz:
    """`process.extractOne` with a ready scorer over all phrasings."""

    scorer = ""

    def __init__(self, knowledge: Knowledge) -> None:
        from rapidfuzz import fuzz, process

        self._phrasings = _Phrasings(knowledge)
        self._scorer = getattr(fuzz, self.scorer)
        self._process = process

    def rank(self, text: str) -> Ranked:
        """Return the best three entries by `process.extract`."""
        found = self._process.extract(
            _plain(text), self._phrasings.texts, scorer=self._scorer, limit=None
        )
        return self._phrasings.best_entries((row, score) for _, score, row in found)

    def once(self, text: str) -> object:
        """Find the best phrasing by `process.extractOne`."""
        return self._process.extractOne(_plain(text), self._phrasings.texts, scorer=self._scorer)


class WRatio(_RapidFuzz):
    """RapidFuzz, `WRatio`."""

    scorer = "WRatio"


class TokenSetRatio(_RapidFuzz):
    """RapidFuzz, `token_set_ratio`."""

    scorer = "token_set_ratio"


class TfIdf:
    """TF-IDF over words, pairs of words and letter runs; cosine (scikit-learn)."""

    def __init__(self, knowledge: Knowledge) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_union

        self._phrasings = _Phrasings(knowledge)
        self._vectorizer = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
        )
        self._matrix = self._vectorizer.fit_transform(self._phrasings.texts).T.tocsr()

    def rank(self, text: str) -> Ranked:
        """Return the best three entries by cosine."""
        # Two vectors of length one are joined, so half of the product is a cosine.
        scores = (self._vectorizer.transform([_plain(text)]) @ self._matrix).toarray()[0] / 2
        return self._phrasings.best_by_array(scores)

    once = rank


class Bm25:
    """BM25 over words, English stop words left out (bm25s)."""

    def __init__(self, knowledge: Knowledge) -> None:
        import bm25s

        self._phrasings = _Phrasings(knowledge)
        self._tokenize = bm25s.tokenize
        self._index = bm25s.BM25()
        corpus = bm25s.tokenize(self._phrasings.texts, stopwords="en", show_progress=False)
        self._index.index(corpus, show_progress=False)

    def rank(self, text: str) -> Ranked:
        """Return the best three entries by BM25."""
        tokens = self._tokenize(
            [_plain(text)], stopwords="en", show_progress=False, return_ids=False
        )[0]
        known = [token for token in tokens if token in self._index.vocab_dict]
        if not known:
            return []
        return self._phrasings.best_by_array(self._index.get_scores(known))

    once = rank


THIS = "this engine, the whole reply"
ENCODER = "the encoder alone"
YARDSTICK = "rapidfuzz extractOne, WRatio"
ENGINES: dict[str, type[Engine]] = {
    THIS: ThisEngine,
    ENCODER: EncoderAlone,
    YARDSTICK: WRatio,
    "rapidfuzz extractOne, token_set_ratio": TokenSetRatio,
    "TF-IDF and cosine (scikit-learn)": TfIdf,
    "BM25 (bm25s)": Bm25,
}
