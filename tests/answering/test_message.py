"""A message, its sentences and clauses, and what the network is shown of each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.encoder import Encoder
from bot.answering.message import read, written
from bot.answering.reading import Reader, plain_words
from bot.answering.words import fold

ENCODER = Encoder.load()
READER = Reader(None)


def test_the_whole_comes_first_then_sentences_and_their_clauses() -> None:
    message = read("My head hurts, and it itches. Can I wash it?", READER, ENCODER)
    parts = [" ".join(message.words(row)) for row in range(len(message.spans))]
    assert parts == [
        "my head hurts and it itches can i wash it",
        "my head hurts and it itches",
        "my head hurts",
        "it itches",
        "can i wash it",
    ]
    assert len(message.sentences) == 2
    assert message.encoded.vectors.shape[0] == len(parts)


def test_a_message_of_one_clause_is_only_a_whole() -> None:
    assert len(read("is it safe", READER, ENCODER).spans) == 1
    assert len(read("It is red. It itches.", READER, ENCODER, parted=False).spans) == 1


def test_a_line_of_the_faq_is_one_whole_whatever_it_is_made_of() -> None:
    line = "It is red. Does it itch?"
    lines = {plain_words(fold(line)): line}
    message = read("it is red, does it itch", READER, ENCODER, lines=lines)
    assert message.spans == ((0, len(message.reading.words)),)
    known = ENCODER.read(list(lines.values()))
    assert abs(message.encoded.entries - known.entries.clip(-12)).max() < 0.06


def test_a_word_that_means_the_same_is_shown_in_its_place() -> None:
    reading = READER.read("my loaf itches")
    assert written(reading, (0, 3), {"loaf": "head"}) == "my head itches"


def test_the_network_is_shown_words_as_meant_with_the_marks_between_them() -> None:
    reading = READER.read("Red, then blue. is it ok?")
    assert written(reading, (0, len(reading.words)), {}) == "red , then blue . is it ok ?"
    assert written(reading, (0, 1), {}) == "red"


@given(st.text(max_size=400))
def test_any_text_has_a_few_parts_each_within_it(text: str) -> None:
    message = read(text, READER, ENCODER)
    many = len(message.reading.words)
    assert message.spans[0] == (0, many)
    assert len(message.spans) <= 13
    assert all(0 <= start < end <= many for start, end in message.spans[1:])
