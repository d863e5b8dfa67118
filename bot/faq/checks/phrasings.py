"""Rules about the ways in which people ask."""

from __future__ import annotations

from collections.abc import Iterator

from bot.faq.building import Trail
from bot.faq.checks.rules import Content, Finding, rule

FEWEST = 8
"""Phrasings that an entry needs to be found by people who word things differently."""

NEARLY_SAME = 95
"""Likeness, 0..100 of RapidFuzz's `token_sort_ratio`, from which two phrasings count as one.

At 95 a plural or one typo makes no difference, and another word of any length does.
"""

_BLOCK = 1000


@rule("few-phrasings")
def few_phrasings(content: Content) -> Iterator[Finding]:
    """An entry has at least 8 phrasings."""
    for trail, entry in content.entries():
        if (count := len(entry.questions)) < FEWEST:
            yield Finding(
                "faq",
                (*trail, "questions"),
                f"`{entry.id}` has {count} phrasing{'s'[: count != 1]}; it needs {FEWEST}",
                "Add other words that people use for the same question.",
            )


@rule("same-phrasing")
def same_phrasing(content: Content) -> Iterator[Finding]:
    """A phrasing stands in one entry only, and there once; capitals, signs and order aside."""
    from rapidfuzz import fuzz, utils
    from rapidfuzz.process import cdist

    phrasings = list(_phrasings(content))
    folded = [_sorted(utils.default_process(text)) for _, _, text in phrasings]
    for start in range(0, len(folded), _BLOCK):
        block = folded[start : start + _BLOCK]
        likeness = cdist(block, folded, scorer=fuzz.ratio, score_cutoff=NEARLY_SAME)
        for row, column in zip(*likeness.nonzero(), strict=True):
            later, earlier = start + int(row), int(column)
            if earlier >= later:
                continue
            trail, entry, _ = phrasings[later]
            first, other, text = phrasings[earlier]
            same = folded[earlier] == folded[later]
            if entry == other and not same:
                continue  # a typo of the entry's own phrasing takes nothing from another entry
            line = content.sources["faq"].place(first).line
            yield Finding(
                "faq",
                trail,
                f"{'the same' if same else 'nearly the same'} phrasing is on line {line}"
                + ("" if entry == other else f", in `{other}`: {text}"),
                "Delete one of the two." if entry == other else "Keep it where it fits best.",
            )


@rule("phrasing-lands-elsewhere")
def phrasing_lands_elsewhere(content: Content) -> Iterator[Finding]:
    """A phrasing, asked of the bot, is answered with the entry that it stands in."""
    if content.answer is None:
        return
    for trail, entry, text in _phrasings(content):
        answered = content.answer(text)
        if entry in answered:
            continue
        instead = f"with `{answered[0]}`" if answered else "with nothing"
        yield Finding(
            "faq",
            trail,
            f"the bot answers this phrasing {instead}",
            "Make it say more clearly what it is about, or move it to the other entry.",
        )


def _phrasings(content: Content) -> Iterator[tuple[Trail, str, str]]:
    for trail, entry in content.entries():
        for number, text in enumerate(entry.questions):
            yield (*trail, "questions", number), entry.id, text


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))
