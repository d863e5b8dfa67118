"""Lines as people type and tell them."""

from __future__ import annotations

import random

from training.alteration import as_read, spliced, typed
from training.lines import Line

BLUE = Line("Why are my dots blue?", {"blue-dots": 1.0}, {"ordinary": 1.0})
PRICE = Line("I paid too much for this.", {"gap-price": 1.0}, {"ordinary": 1.0})
KNEE = Line("My knee clicks", {"none": 1.0}, {"ordinary": 1.0})
BREATH = Line("I can't breathe", {}, {"emergency": 1.0})


def test_typos_are_the_same_whenever_the_same_are_drawn_and_leave_short_words_alone() -> None:
    texts = [typed("is my scalp swelling", random.Random(seed)) for seed in range(40)]
    assert texts == [typed("is my scalp swelling", random.Random(seed)) for seed in range(40)]
    assert len(set(texts)) > 10
    assert all(text.startswith("is my ") for text in texts)


def test_what_is_asked_counts_more_than_what_is_told() -> None:
    entries = spliced(PRICE, BLUE, random.Random(1)).entries
    assert entries["blue-dots"] > 0.7 > 0.3 > entries["gap-price"] > 0


def test_a_question_stays_one_beside_something_off_topic() -> None:
    for seed in range(9):
        assert spliced(KNEE, BLUE, random.Random(seed)).entries["blue-dots"] == 0.85


def test_a_danger_stays_one_in_a_story_whose_entry_is_not_known() -> None:
    line = spliced(BLUE, BREATH, random.Random(3))
    assert (dict(line.entries), dict(line.dangers)) == ({}, {"emergency": 1.0})
    assert BLUE.text.rstrip("?") in line.text
    assert BREATH.text in line.text


def test_the_network_is_taught_what_the_bot_reads() -> None:
    text = "My head's sore, and red. Can I wash it?"
    assert as_read(text, marks=True) == "my heads sore , and red . can i wash it ?"
    assert as_read(text, marks=False) == "my heads sore and red can i wash it ?"
