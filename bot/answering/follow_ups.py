"""What leans on the answer before it: a part of that answer, and a pick from what was offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.answering.reading import plain_words
from bot.answering.reply import SENTENCE_END, Part
from bot.answering.words import fold, tokenise
from bot.faq.models import Entry
from bot.faq.replies import AskedPart, FollowUps

_MOST_SENTENCES = 3
_MOST_WITH = 2
_TELLING = 0.3
"""A word that tells less is not looked for."""
_MOST_FIGURES = 9
"""Figures of a number that are read: `int` refuses thousands of them."""
_NO_TOPIC = 0
"""What a pick is that declines all that was offered."""

Words = tuple[str, ...]
Asked = tuple[Words, AskedPart]
"""The words of a message that ask for a part, and the part."""


class FollowUpReader:
    """Knows the words of one FAQ that lean on an answer. Immutable once built."""

    def __init__(self, texts: FollowUps) -> None:
        self._parts = {_read(says): part for part in texts.parts for says in part.says}
        self._longest = max(map(len, self._parts), default=0)
        picks = texts.picks
        self._agrees, self._declines = _all(picks.agrees), _all(picks.declines)
        self._places = [_all(place) for place in picks.places]

    def asked(self, words: Sequence[str]) -> Asked | None:
        """Return the longest words in a message that ask for a part, and the part; or None."""
        for length in range(min(self._longest, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                says = tuple(words[start : start + length])
                if part := self._parts.get(says):
                    return says, part
        return None

    def picked(self, written: Words, offered: int, *, asked: bool) -> int | None:
        """Return the place, from 1, that words pick of so many; 0 for none of them, or None.

        A place that is not there, and a yes to several, is one past the last. Yes and no pick
        where it was `asked` which of them it is.
        """
        if len(written) == 1 and written[0].isdecimal():
            place = int(written[0][:_MOST_FIGURES])
            return place if 1 <= place <= offered else offered + 1
        if asked and written in self._agrees:
            return 1 if offered == 1 else offered + 1
        if asked and written in self._declines:
            return _NO_TOPIC
        places = (place for place, said in enumerate(self._places, 1) if written in said)
        named = next(places, None)
        return None if named is None else min(named, offered + 1)


def told_part(entry: Entry, asked: AskedPart) -> Part:
    """Return what an entry says of a part, as whole sentences; an empty part where nothing."""
    answer = sentences(entry.answer)
    fields = {
        "gist": answer[:1],
        "answer": answer,
        "usually": sentences(entry.usually.text if entry.usually else ""),
        "what_to_do": sentences(entry.what_to_do or ""),
    }
    told = [sentence for field in asked.shows for sentence in fields.get(field, ())]
    wanted = [f" {' '.join(words)} " for words in _all(asked.words)]
    for sentence in answer:
        said = f" {' '.join(_read(sentence))} "
        if any(words in said for words in wanted):
            told.append(sentence)
    return Part(
        tuple(dict.fromkeys(told))[:_MOST_SENTENCES],
        points="points" in asked.shows and entry.points is not None,
        signs="get_help_if" in asked.shows and bool(entry.get_help_if),
        origin="origin" in asked.shows,
        refers=not asked.shows and not asked.words,
    )


def part_with(
    entry: Entry, weights: Mapping[str, float], names: Callable[[str], frozenset[str]]
) -> Part:
    """Return what an entry says with words that are asked for; an empty part where nothing.

    Its warning signs always stand below, so that nothing is made light of. `weights` says how much
    each term tells, 0..1, by the name that `names` gives of a text.
    """
    wanted = {name: weight for name, weight in weights.items() if weight >= _TELLING}
    least = max(_TELLING, sum(wanted.values()) / 2)

    def told(text: str) -> float:
        return sum(weight for name, weight in wanted.items() if name in names(text))

    points = entry.points.items if entry.points else ()
    usually = entry.usually.text if entry.usually else ""
    texts = [*sentences(entry.answer, usually, entry.what_to_do or ""), *points]
    best = max((told(text) for text in texts), default=0.0)
    signs = max(map(told, entry.get_help_if), default=0.0)
    if max(best, signs) < least:
        return Part()
    said = tuple(text for text in texts if told(text) == best)
    return Part(said[:_MOST_WITH] if best > signs else (), signs=bool(entry.get_help_if))


def sentences(*texts: str) -> list[str]:
    """Return the sentences of texts."""
    return [
        sentence
        for text in texts
        for line in text.splitlines()
        for sentence in SENTENCE_END.split(line.strip())
        if sentence
    ]


def _read(text: str) -> Words:
    return plain_words(fold(text))


def _all(texts: Sequence[str]) -> frozenset[Words]:
    """Texts both as they are written and as they are meant."""
    return frozenset({*map(_read, texts), *(tuple(tokenise(fold(text))) for text in texts)})
