"""A message read and encoded once: what every part of the engine works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.answering.encoder import Encoded, Encoder
from bot.answering.lines import read_lines
from bot.answering.reading import COMMA, END, QUESTION, Reader, Reading
from bot.answering.word_counts import WordCounts

Span = tuple[int, int]
"""The index of the first word of a stretch of a message, and the one after its last."""

_MARKS = {COMMA: " ,", END: " .", QUESTION: " ?"}
"""How the network is shown what stands before a word."""
_MOST_PARTS = 12
_SHORTEST_TO_PART = 3
_LONGEST_TO_PART = 30
"""Words of a message whose sentences are parted into clauses: a story asks one thing in each."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message, the stretches of it that are looked at, and what the network makes of each.

    The first stretch is the whole; then come its sentences, and of a short message their clauses,
    where there are several. `encoded` has a row for each stretch.
    """

    reading: Reading
    spans: tuple[Span, ...]
    sentences: frozenset[Span]
    encoded: Encoded

    def words(self, row: int) -> Sequence[str]:
        """The words of a stretch."""
        start, end = self.spans[row]
        return self.reading.words[start:end]

    def joined(self, counts: WordCounts) -> Message:
        """Return it with what the network makes of each stretch, and its words with it."""
        words = [self.words(row) for row in range(len(self.spans))]
        return replace(self, encoded=counts.beside(self.encoded, words))


def read(
    text: str,
    reader: Reader,
    encoder: Encoder,
    *,
    counts: WordCounts | None = None,
    parted: bool = True,
    instead: Mapping[str, str] = MappingProxyType({}),
    lines: Mapping[tuple[str, ...], str] = MappingProxyType({}),
) -> Message:
    """Read a message and encode it, and where it is `parted` its parts, together.

    What the network makes of each is joined with what its words tell by their `counts`.

    `instead` has, for a word that the network was not taught, one that means the same; `lines`
    are those of the FAQ, by their words: such a message is one whole, and was read before.
    """
    reading = reader.read(text)
    line = lines.get(reading.words)
    spans, sentences = _parted(reading, parted and line is None)
    if line is None:
        encoded = encoder.read([written(reading, span, instead) for span in spans])
    else:
        encoded = read_lines(encoder, [line])
    message = Message(reading, tuple(spans), frozenset(sentences) - {spans[0]}, encoded)
    return message if counts is None else message.joined(counts)


def _parted(reading: Reading, parted: bool) -> tuple[list[Span], list[Span]]:
    """Return the stretches that are looked at, the whole first, and those that are sentences."""
    whole = (0, len(reading.words))
    sentences = reading.sentences() if parted and len(reading.words) >= _SHORTEST_TO_PART else []
    parts: dict[Span, None] = {}
    for sentence in sentences:
        clauses = reading.clauses(*sentence) if len(reading.words) <= _LONGEST_TO_PART else ()
        parts |= dict.fromkeys((sentence, *clauses))
    parts.pop(whole, None)
    spans = list(parts)
    if len(spans) > _MOST_PARTS:
        spans = spans[: _MOST_PARTS // 2] + spans[-_MOST_PARTS // 2 :]
    return [whole, *spans], sentences


def written(reading: Reading, span: Span, instead: Mapping[str, str]) -> str:
    """Return a stretch of a message as the network reads it: the words as meant, and marks."""
    start, end = span
    words = [
        f"{_MARKS.get(reading.breaks[at], '') if at > start else ''} {instead.get(word, word)}"
        for at, word in enumerate(reading.words[start:end], start)
    ]
    return "".join(words).strip() + (" ?" if reading.is_question(end) else "")
