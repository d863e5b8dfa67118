"""A message read and encoded once: what every part of the engine works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.answering.encoder import Encoded, Encoder
from bot.answering.lines import read_lines
from bot.answering.reading import COMMA, END, QUESTION, Reader, Reading

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


def read(
    text: str,
    reader: Reader,
    encoder: Encoder,
    *,
    parted: bool = True,
    instead: Mapping[str, str] = MappingProxyType({}),
    lines: Mapping[tuple[str, ...], str] = MappingProxyType({}),
) -> Message:
    """Read a message and encode it, and where it is `parted` its parts, together.

    `instead` has, for a word that the network was not taught, one that means the same; `lines`
    are those of the FAQ, by their words: such a message is one whole, and was read before.
    """
    reading = reader.read(text)
    whole = (0, len(reading.words))
    if line := lines.get(reading.words):
        return Message(reading, (whole,), frozenset(), read_lines(encoder, [line]))
    sentences = reading.sentences() if parted and len(reading.words) >= _SHORTEST_TO_PART else []
    parts: dict[Span, None] = {}
    for sentence in sentences:
        clauses = reading.clauses(*sentence) if len(reading.words) <= _LONGEST_TO_PART else ()
        parts |= dict.fromkeys((sentence, *clauses))
    parts.pop(whole, None)
    spans = list(parts)
    if len(spans) > _MOST_PARTS:
        spans = spans[: _MOST_PARTS // 2] + spans[-_MOST_PARTS // 2 :]
    spans.insert(0, whole)
    encoded = encoder.read([written(reading, span, instead) for span in spans])
    return Message(reading, tuple(spans), frozenset(sentences) - {whole}, encoded)


def written(reading: Reading, span: Span, instead: Mapping[str, str]) -> str:
    """Return a stretch of a message as the network reads it: the words as meant, and marks."""
    start, end = span
    words = [
        f"{_MARKS.get(reading.breaks[at], '') if at > start else ''} {instead.get(word, word)}"
        for at, word in enumerate(reading.words[start:end], start)
    ]
    return "".join(words).strip() + (" ?" if reading.is_question(end) else "")
