from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.answering.context import START, Context
from bot.answering.reply import Reply
from bot.evaluation.robustness import leave_one_out, mistyped
from bot.faq.models import Entry, Faq, Knowledge

_WORD = re.compile(r"[^\W\d_]+")


@given(st.text(), st.integers(0, 5))
def test_whatever_is_no_word_stays_as_it_is(text: str, draw: int) -> None:
    assert _WORD.sub("", mistyped(text, draw)) == _WORD.sub("", text)


@given(st.lists(st.from_regex(r"[a-zA-Zé]{1,12}", fullmatch=True), min_size=1))
def test_each_longer_word_gets_one_typo_and_no_other_does(words: list[str]) -> None:
    typed = mistyped(" ".join(words)).split(" ")
    for word, with_typo in zip(words, typed, strict=True):
        assert OSA.distance(word, with_typo) == (len(word) >= 5)


def test_draws_differ() -> None:
    text = "swollen shoulders yesterday afternoon"
    assert len({mistyped(text, draw) for draw in range(3)}) == 3


def faq(**questions: tuple[str, ...]) -> Knowledge:
    entries = tuple(
        Entry(id=name, title=name, questions=asked, answer="Yes.")
        for name, asked in questions.items()
    )
    return Knowledge(faq=Faq(title="Test", entries=entries))


class ByFirstWord:
    """Finds the entry with the most phrasings that begin with the question's first word."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def answer(self, text: str, context: Context = START) -> Reply:
        first = text.split()[0]
        scores = {
            entry.id: sum(each.split()[0] == first for each in entry.questions) / 10
            for entry in self.knowledge.faq.entries
        }
        found = {name: score for name, score in scores.items() if score}
        return Reply(text, "fallback", referral="", disclaimer="", scores=found)


class Verbatim(ByFirstWord):
    """Knows a phrasing only when it is there letter by letter."""

    def answer(self, text: str, context: Context = START) -> Reply:
        scores = {entry.id: 1.0 for entry in self.knowledge.faq.entries if text in entry.questions}
        return Reply(text, "fallback", referral="", disclaimer="", scores=scores)


def test_each_phrasing_is_asked_once_and_is_not_there_to_be_found() -> None:
    knowledge = faq(
        red=("red head", "red scalp", "red skin"),
        itch=("itchy head", "itchy scalp"),
        single=("alone here",),
    )
    assert leave_one_out(knowledge, Verbatim).count == 0
    found = leave_one_out(knowledge, ByFirstWord)
    assert (found.count, found.total) == (5, 5)


def test_a_phrasing_unlike_its_entry_is_not_found() -> None:
    knowledge = faq(red=("red head", "blush"), itch=("itchy head", "itchy scalp"))
    found = leave_one_out(knowledge, ByFirstWord)
    assert (found.count, found.total) == (2, 4)


def test_a_faq_of_single_phrasings_has_nothing_to_leave_out() -> None:
    assert leave_one_out(faq(red=("red head",)), Verbatim).total == 0


def test_of_a_long_entry_some_phrasings_are_asked() -> None:
    phrasings = tuple(f"red {number}" for number in range(120))
    found = leave_one_out(faq(red=phrasings, blue=("blue dots", "blue")), ByFirstWord)
    assert (found.count, found.total) == (41, 41)
