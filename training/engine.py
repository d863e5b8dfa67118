"""The parts of the engine whose figures are weighed, as `bot.answering.answerer` puts them up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Self

from bot.answering.confidence import ENTRY_FIGURES, NONE_FIGURES, SECOND_FIGURES
from bot.answering.danger import DANGER_FIGURES, DangerDetector
from bot.answering.encoder import Encoded, Encoder
from bot.answering.matching import Matcher
from bot.answering.message import Message, read
from bot.answering.reading import Reader
from bot.answering.spelling import Speller
from bot.answering.word_counts import WordCounts
from bot.faq.models import Knowledge
from bot.faq.weights import Figure, Weights

_NOTHING = Figure(weight=0.0, usual=0.0)
UNFITTED = Weights(
    fitted_to=("none",),
    inputs="",
    entry=dict.fromkeys(ENTRY_FIGURES, _NOTHING),
    none=dict.fromkeys(NONE_FIGURES, _NOTHING),
    second=dict.fromkeys(SECOND_FIGURES, _NOTHING),
    danger=dict.fromkeys(DANGER_FIGURES, _NOTHING),
    thresholds={"answer": 1.0, "scope": 1.0, "second": 0.0, "danger": 0.0},
)


@dataclass(frozen=True)
class Engine:
    """What reads a message, and what makes figures of it."""

    reader: Reader
    matcher: Matcher
    detector: DangerDetector

    @classmethod
    def of(cls, knowledge: Knowledge, encoder: Encoder, counts: WordCounts) -> Self:
        """Return the engine of a FAQ: its weights are yet to be found."""
        matcher = Matcher(knowledge, encoder, UNFITTED)
        detector = DangerDetector(knowledge, UNFITTED, counts)
        words = Counter(matcher.words)
        words.update(detector.words)
        signs = detector.sign_words
        return cls(Reader(Speller(words, signs), signs), matcher, detector)

    def message(self, text: str, known: Encoded | Encoder) -> Message:
        """Return a message as the bot reads it, as one whole.

        `known` is what the network makes of it, or the network.
        """
        if isinstance(known, Encoder):
            return read(text, self.reader, known, parted=False)
        reading = self.reader.read(text)
        return Message(reading, ((0, len(reading.words)),), frozenset(), known)

    def parted(self, text: str, encoder: Encoder, counts: WordCounts) -> Message:
        """Return a message with its parts, as the network and word counts read all of them."""
        return read(text, self.reader, encoder, counts=counts)
