"""Notice a sign of danger in a message, before anything else is done with it.

Two kinds of evidence are added up, as logarithms of odds: whether the message holds a line of
`signs.yaml` that is not plainly denied, and how much more it is like the examples of danger
than like look-alikes and ordinary questions.
"""

from __future__ import annotations

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
from bot.answering.sign_examples import FEWEST, Kind, Likeness, SignExamples
from bot.answering.sign_words import SignWords
from bot.answering.signs import Match, Patterns, matches
from bot.answering.spelling import Speller
from bot.faq.models import ALERT_LEVELS, Alert, AlertLevel, Knowledge, Signs

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
_MOST_ORDINARY = 4000
"""Ordinary questions to learn from: more of them only take time and weigh against the signs."""


_PATIENTS = word_set(
    "smp people ink tattoo tattoos treatment procedure micropigmentation clients patients men"
)
_WISHED = word_set("wish wished should shouldve")
"""What makes the past no past: `I should have died years ago`."""
_OWN = word_set("i im ive my me myself mine")


class RedFlagDetector:
    """Finds the signs of danger in messages. Immutable, so safe in any thread."""

    def __init__(
        self,
        alerts: Sequence[Alert],
        signs: Signs,
        examples: Mapping[Kind, Sequence[str]],
        ordinary: Iterable[str] = (),
    ) -> None:
        """`ordinary` are questions that raise no alert, as far as they hold no sign."""
        levels = {alert.name: alert.level for alert in alerts}
        said = sorted(
            ((line, levels[sign.alert]) for sign in signs.signs for line in sign.said),
            key=lambda line: ALERT_LEVELS.index(line[1]),
        )
        self._messages = {alert.level: alert.message for alert in reversed(alerts)}
        self._levels: tuple[AlertLevel, ...] = tuple(level for _, level in said)
        self._patterns = Patterns([line for line, _ in said], signs.words)
        self._words = SignWords(self._patterns.base_words, LIGHT)
        self._examples = SignExamples(examples, ordinary)
        self._speller = Speller(self._examples.words)

    @classmethod
    def of(cls, knowledge: Knowledge) -> Self:
        """Return the detector of a FAQ, whose own questions are the ordinary ones."""
        asked = chain.from_iterable(map(knowledge.phrasings, knowledge.faq.entries))
        ordinary = [*asked, *knowledge.examples.off_topic]
        return cls(
            knowledge.alerts.alerts,
            knowledge.signs,
            knowledge.examples.danger,
            ordinary[:: 1 + len(ordinary) // _MOST_ORDINARY],
        )

    def detect(self, text: str) -> RaisedAlert | None:
        """Return the gravest alert that a message raises, or None.

        Emergency goes before crisis, and crisis before urgent. A message that raises both of
        the first two gets both texts, the emergency's first. A message that is an example word
        for word is what the example says.
        """
        known = self._examples.known(text)
        if known == "harmless":
            return None
        raised = {known} if known else self._raised(self._read(text))
        levels = [level for level in ALERT_LEVELS if level in raised & self._messages.keys()]
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
        for number in candidates:
            level = self._levels[number]
            if level in raised:
                continue
            matched: list[Match] = []
            for group in self._patterns.lines[number]:
                here = list(matches(group, occurrences, message.places, REACH))
                on = next((match for match in here if not is_off(message, match, level)), None)
                if on is None:
                    if here:
                        yield level, None
                    break
                matched.append(on)
            else:
                yield level, tuple(matched)


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
