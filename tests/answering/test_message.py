"""A message, its sentences and clauses, and what the network is shown of each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.encoder import Encoder
from bot.answering.message import read, written
from bot.answering.reading import Reader

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


def test_the_network_is_shown_words_as_meant_with_the_marks_between_them() -> None:
    reading = READER.read("Red, then blue. is it ok?")
    assert (
        written(reading, (0, len(reading.words)), {"rosy": "red"})
        == "red , then blue . is it ok ?"
    )
    assert written(reading, (0, 1), {}) == "red"


@given(st.text(max_size=400))
def test_any_text_has_a_few_parts_each_within_it(text: str) -> None:
    message = read(text, READER, ENCODER)
    many = len(message.reading.words)
    assert message.spans[0] == (0, many)
    assert len(message.spans) <= 13
    assert all(0 <= start < end <= many for start, end in message.spans[1:])
