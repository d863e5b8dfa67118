"""Notice a sign of danger in a message, before anything else is done with it.

Two kinds of evidence are added up, as logarithms of odds: whether the message holds a line of
`red_flags.yaml` that is not plainly denied, and how much more it is like the examples of signs
there than like look-alikes and ordinary questions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Self

from bot.answering.alarm import features, log_odds
from bot.answering.denial import denied
from bot.answering.hearsay import heard_of, owned
from bot.answering.in_general import asked_in_general
from bot.answering.in_the_past import long_ago, over
from bot.answering.message import LIGHT, Message, in_sentences_of, read, word_set
from bot.answering.reply import RaisedAlert
from bot.answering.sign_examples import FEWEST, Likeness, SignExamples
from bot.answering.sign_words import SignWords
from bot.answering.signs import Match, Occurrence, Patterns, matches
from bot.answering.spelling import Speller
from bot.faq.models import AlertLevel, Knowledge, RedFlags

_GRAVEST_FIRST: tuple[AlertLevel, ...] = ("emergency", "crisis", "urgent")
_ENOUGH = -0.8
"""The log-odds from which on an alert is raised: a danger is told in three of ten such messages.
This and the next three were set on `tests/questions/tune`: neighbouring values do as well."""
_ALONE = 2.0
"""What one sentence needs besides, as the others may make it none."""
_CRISIS = 0.8
"""What a crisis needs besides where no line is found: its text stands in place of an answer."""
_CLEAR_LEAD = 2.0
"""By how much the examples of another level must lead to raise it beside one that is found."""
_HOPELESS = -2.5
"""A message that with a line found has lower log-odds than this tells of none, whatever the words
round the line are."""
_NEAR = 5
"""How many words round a line are weighed by themselves, so that a long message hides nothing."""
REACH = 50
"""How far apart two neighbouring words of a sign may be, in steps of `Message.places`."""
_OTHER_REACH = 40
"""The same for a figure of speech, whose words stand closer together."""
_NEW_CLAUSE = word_set("and but then now")
_MOST_ORDINARY = 4000
"""Ordinary questions to learn from: more of them only take time and weigh against the signs."""
_ALWAYS = -100
_FAR = 1000
_CLEARLY = 5
"""How much nearer to something else a word must stand to be taken from a sign."""


_PATIENTS = word_set(
    "smp people ink tattoo tattoos treatment procedure micropigmentation clients patients men"
)
_WISHED = word_set("wish wished should shouldve")
"""What makes the past no past: `I should have died years ago`."""
_OWN = word_set("i im ive my me myself mine")


class RedFlagDetector:
    """Finds the signs of `red_flags.yaml` in messages. Immutable, so safe in any thread."""

    def __init__(self, red_flags: RedFlags, ordinary: Iterable[str] = ()) -> None:
        """`ordinary` are questions that raise no alert, as far as they hold no sign."""
        alerts = sorted(red_flags.alerts, key=lambda alert: _GRAVEST_FIRST.index(alert.level))
        said = [(line, alert) for alert in alerts for sign in alert.signs for line in sign.said]
        self._messages = {alert.level: alert.message for alert in alerts}
        self._levels: tuple[AlertLevel, ...] = tuple(alert.level for _, alert in said)
        self._first_elsewhere = len(said) + len(red_flags.not_meant)
        self._patterns = Patterns(
            [*(line for line, _ in said), *red_flags.not_meant, *red_flags.belongs_elsewhere],
            red_flags.words,
        )
        self._words = SignWords(self._patterns.base_words, LIGHT)
        self._examples = SignExamples(red_flags.examples, ordinary)
        self._speller = Speller(self._examples.words)

    @classmethod
    def of(cls, knowledge: Knowledge) -> Self:
        """Return the detector of a FAQ, whose own questions are the ordinary ones."""
        asked = chain.from_iterable(entry.questions for entry in knowledge.faq.entries)
        ordinary = [*asked, *knowledge.vocabulary.out_of_scope]
        return cls(knowledge.red_flags, ordinary[:: 1 + len(ordinary) // _MOST_ORDINARY])

    def detect(self, text: str) -> RaisedAlert | None:
        """Return the gravest alert that a message raises, or None.

        Emergency goes before crisis, and crisis before urgent. A message that raises both of
        the first two gets both texts, the emergency's first. A message that is an example word
        for word is what the example says.
        """
        known = self._examples.known(text)
        if known == "none":
            return None
        raised = {known} if known else self._raised(self._read(text))
        levels = [level for level in _GRAVEST_FIRST if level in raised & self._messages.keys()]
        if not levels:
            return None
        texts = [self._messages[level] for level in levels if level != "urgent"]
        message = "\n\n".join(texts) or self._messages["urgent"]
        return RaisedAlert(levels[0], message, crisis="crisis" in levels)

    def features(self, text: str) -> tuple[float, ...] | None:
        """Return what `alarm.log_odds` weighs for a message, to fit the weights on.

        None when it has a single word or none. Of a long one the beginning counts.
        """
        message = self._read(text)
        comparison = self._examples.compare(_certain(message))
        windows = comparison.windows()
        if not windows:
            return None
        (likeness,) = comparison.of(windows[:1])
        lines = [matched is not None for _, matched in self._found(message, set())]
        return features(likeness, found=any(lines), turned_off=bool(lines) and not any(lines))

    def _read(self, text: str) -> Message:
        return read(text, self._spelt, self._words.knows)

    def _spelt(self, token: str) -> tuple[str, ...]:
        """Return what a token was meant for: a word of a sign before any other."""
        spelt = self._words.spelt(token)
        return self._speller.spelt(token) if spelt == (token,) else spelt

    def _raised(self, message: Message) -> set[AlertLevel]:
        if not self._examples:
            return {level for level, matched in self._found(message, set()) if matched is not None}
        comparison = self._examples.compare(_certain(message))
        whole = comparison.of(comparison.windows())
        odds = _odds_with_line(whole)
        raised: set[AlertLevel] = set()
        turned_off = False
        for level, matched in self._found(message, raised):
            if matched is None:
                turned_off = True
                continue
            here = [_surroundings(message, matched)]
            if odds > _ENOUGH or (
                odds > _HOPELESS and _odds_with_line(comparison.of(here)) > _ENOUGH
            ):
                raised.add(level)
        spans = message.sentence_spans()
        sentences = [(a, b) for a, b in spans if b - a >= FEWEST] if len(spans) > 1 else []
        told = [(each, _ENOUGH) for each in whole]
        told += [(each, _ENOUGH + _ALONE) for each in comparison.of(sentences)]
        alike = [
            each
            for each, enough in told
            if log_odds(each, turned_off=turned_off)
            > enough + (_CRISIS if each.level == "crisis" else 0.0)
        ]
        raised |= {each.level for each in alike if not raised or each.lead > _CLEAR_LEAD}
        return raised

    def _found(
        self, message: Message, raised: set[AlertLevel]
    ) -> Iterator[tuple[AlertLevel, tuple[Match, ...] | None]]:
        """Yield the level of each line found in a message, the gravest first, and its matches.

        The matches are None for a line that was found and is plainly no sign of now. Lines of
        the levels in `raised`, to which the caller may add on the way, are passed over.
        """
        numbers = [self._words.numbers(word) for word in message.words]
        occurrences = self._patterns.occurrences(message, numbers)
        candidates = self._patterns.candidates(occurrences)
        if not candidates or candidates[0] >= len(self._levels):
            return
        masked = self._masked(message, occurrences, candidates)
        for number in candidates[: bisect_left(candidates, len(self._levels))]:
            level = self._levels[number]
            if level in raised:
                continue
            matched: list[Match] = []
            for group in self._patterns.lines[number]:
                here = [
                    match
                    for match in matches(group, occurrences, message.places, REACH)
                    if not _is_masked(message, match, masked)
                ]
                on = next((match for match in here if not is_off(message, match, level)), None)
                if on is None:
                    if here:
                        yield level, None
                    break
                matched.append(on)
            else:
                yield level, tuple(matched)

    def _masked(
        self,
        message: Message,
        occurrences: Mapping[int, list[Occurrence]],
        candidates: Sequence[int],
    ) -> dict[int, int]:
        """Return the words that mean or belong to something else, by index.

        The value is how near the thing is to which the word belongs, or less than any distance
        for a word in a figure of speech.
        """
        masked: dict[int, int] = {}
        for number in candidates:
            if number < len(self._levels):
                continue
            for group in self._patterns.lines[number]:
                for match in matches(group, occurrences, message.places, _OTHER_REACH):
                    if not _in_one_clause(message, match) or _is_guessed(message, match):
                        continue
                    for index in match.words:
                        near = _ALWAYS
                        if number >= self._first_elsewhere:
                            near = _nearest(message, match, index)
                        masked[index] = min(near, masked.get(index, near))
        return masked


def _certain(message: Message) -> list[str]:
    """Return the words of a message, the first where one may as well be another."""
    return [word.split("|")[0] for word in message.words]


def _odds_with_line(likeness: Iterable[Likeness]) -> float:
    """Return the highest log-odds of these where a line is found; of none, just not enough."""
    return max((log_odds(each, found=True) for each in likeness), default=_ENOUGH)


def _surroundings(message: Message, matched: Sequence[Match]) -> tuple[int, int]:
    """Return the first word of a line that was found, and of those round it, and the end."""
    first = min(match.start for match in matched)
    last = max(match.end for match in matched)
    return (
        max(message.sentence_start(first), first - _NEAR),
        min(message.sentence_end(last), last + 1 + _NEAR),
    )


def _is_masked(message: Message, match: Match, masked: Mapping[int, int]) -> bool:
    """Say whether a word of the sign belongs nearer to something else than to the sign."""
    return any(
        index in masked and masked[index] + _CLEARLY <= _nearest(message, match, index)
        for index in match.words
    )


def _nearest(message: Message, match: Match, index: int) -> int:
    """Return how far the nearest word of another slot is; no end when there is none."""
    places = message.places
    return min(
        (
            abs(places[index] - places[other])
            for part in match.parts
            if index not in part
            for other in part
        ),
        default=_FAR,
    )


def _is_guessed(message: Message, match: Match) -> bool:
    """Say whether a word of it may as well be another, mistyped."""
    return any("|" in message.words[index] for index in match.words)


def _in_one_clause(message: Message, match: Match) -> bool:
    return not any(
        message.breaks[at] or (message.words[at] in _NEW_CLAUSE and at not in match.words)
        for at in range(match.start + 1, match.end + 1)
    )


def is_off(message: Message, match: Match, level: AlertLevel) -> bool:
    """Say whether a sign that was found in a message is plainly not one of now.

    A thought of self-harm is turned off only when it is denied, long ago, or asked about patients
    in general.
    """
    if denied(message, match):
        return True
    wished = level == "crisis" and any(message.words[at] in _WISHED for at in match.words)
    if not wished and long_ago(message, match):
        return True
    if level == "crisis":
        words = {message.words[at] for at in in_sentences_of(message, match.start, match.end)}
        of_patients = bool(words & _PATIENTS) and not words & _OWN
        return of_patients and asked_in_general(message, match) and not owned(message, match)
    if over(message, match, emergency=level == "emergency"):
        return True
    reported = asked_in_general(message, match) or heard_of(message, match)
    return reported and not owned(message, match)
