"""Entries told apart by what texts mean."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answering.encoder import Encoder
from bot.answering.meaning import Meaning
from tests.shipped import shipped_knowledge

ENCODER = Encoder.load()
SHIPPED = shipped_knowledge()
SWELLING = ("my head is swollen", "there is a lump on my neck", "swelling behind the ear")
MONEY = ("what does it cost", "is it expensive", "the price of a session")
OFF_TOPIC = ("who won the football match", "what is the weather like in the mountains")
IDS = (("puffiness",), ("money",))


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning(ENCODER, IDS, (SWELLING, MONEY), OFF_TOPIC)


def of(meaning: Meaning, text: str) -> tuple[list[float], float]:
    entries, none = meaning.log_chances(ENCODER.read([text]), 0)
    return entries.tolist(), none


def test_a_question_none_of_whose_words_is_in_the_faq_finds_its_entry(meaning: Meaning) -> None:
    assert np.argmax(of(meaning, "puffy bump")[0]) == 0
    assert np.argmax(of(meaning, "how many pounds will i pay")[0]) == 1


def test_what_is_off_topic_is_a_class_of_its_own(meaning: Meaning) -> None:
    entries, none = of(meaning, "rugby scores")
    assert none > max(entries)
    entries, none = of(meaning, "swollen")
    assert none < max(entries)


def test_without_off_topic_examples_nothing_is_said_of_them() -> None:
    entries, none = of(Meaning(ENCODER, IDS, (SWELLING, MONEY), ()), "puffy")
    assert none == 0.0
    assert len(entries) == 2


def test_an_entry_that_is_new_is_found_beside_those_that_the_network_was_taught() -> None:
    entries = {e.id: e for e in SHIPPED.faq.entries if e.id in ("gap-price", "redness")}
    known = tuple(entries)
    taught = {name: SHIPPED.phrasings(entry) for name, entry in entries.items()}
    bees = ("a bee stung my head", "wasp sting on the scalp", "stung by a hornet", "bee sting")
    ids = [(name,) for name in (*known, "stings")]
    meaning = Meaning(ENCODER, ids, [*taught.values(), bees], OFF_TOPIC)
    entries, none = of(meaning, "i was stung by a wasp there")
    assert np.argmax([*entries, none]) == 2
    entries, none = of(meaning, "what will it cost me")
    assert known[int(np.argmax([*entries, none]))] == "gap-price"


def test_many_entries_are_still_told_apart_without_refining() -> None:
    # So many that all chances of all texts are more than are ever computed.
    phrasings = [*((f"word {number % 60}",) for number in range(2400)), ("my head is swollen",)]
    ids = [(f"entry-{number}",) for number in range(len(phrasings))]
    meaning = Meaning(ENCODER, ids, phrasings, ())
    assert np.argmax(of(meaning, "puffy head")[0]) == len(phrasings) - 1


def test_what_was_taught_under_an_id_that_an_entry_had_is_known_of_it() -> None:
    taught = {entry.id: SHIPPED.phrasings(entry) for entry in SHIPPED.faq.entries[:4]}
    first, second, *rest = taught
    before = Meaning(ENCODER, [(name,) for name in taught], [*taught.values()], OFF_TOPIC)
    renamed = [("new", first), (second,), *((name,) for name in rest)]
    after = Meaning(ENCODER, renamed, [*taught.values()], OFF_TOPIC)
    merged = [("new", first, second), *((name,) for name in rest)]
    both = (*taught[first], *taught[second])
    one = Meaning(ENCODER, merged, [both, *(taught[name] for name in rest)], OFF_TOPIC)
    for text in ("what is it", "what may go wrong", *both[:20]):
        entries, none = of(before, text)
        assert of(after, text) == (entries, none)
        joined = [float(np.logaddexp(*entries[:2])), *entries[2:]]
        assert of(one, text) == (pytest.approx(joined, abs=1e-4), none)
