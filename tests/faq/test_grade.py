from __future__ import annotations

import pytest

from bot.faq.checks.grade import grade, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("scalp", 1), ("blue", 1), ("needles", 2), ("people", 2), ("itches", 2), ("healed", 1),
        ("swollen", 2), ("treated", 2), ("safely", 2), ("something", 2), ("patient", 2),
        ("micropigmentation", 6), ("reaction", 3), ("being", 2), ("the", 1), ("MRI", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_said(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_that_of_the_formula() -> None:
    # 2 sentences, 10 words, 11 syllables
    text = "The scalp is red. It may itch for seven days."
    assert grade(text) == pytest.approx(0.39 * 10 / 2 + 11.8 * 11 / 10 - 15.59)


def test_longer_words_and_longer_sentences_are_harder() -> None:
    easy = "Keep it clean. Keep it dry. Ask a nurse."
    assert grade(easy) < grade("Keep it clean and keep it dry and then go and ask a nurse.")
    assert grade(easy) < grade("Maintain hygiene. Avoid humidity. Consult a professional.")


def test_an_address_or_no_word_at_all_has_a_grade() -> None:
    assert grade("") == grade("...") == 0.0
    assert grade("See nhs.uk or ring 111.") < 8
