"""Notice a sign of danger in a message, before anything else is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.answering.denial import denied, easing, told_fine
from bot.answering.hearsay import heard_of, owned
from bot.answering.in_general import asked_in_general
from bot.answering.in_the_past import long_ago, over
from bot.answering.message import LIGHT, Message, in_sentences_of, read, word_set
from bot.answering.reply import RaisedAlert
from bot.answering.sign_examples import Comparison, Likeness, SignExamples
from bot.answering.sign_words import SignWords
from bot.answering.signs import Match, Occurrence, Patterns, matches
from bot.faq.models import Alert, AlertLevel, RedFlags

_GRAVEST_FIRST: tuple[AlertLevel, ...] = ("emergency", "crisis", "urgent")
REACH = 50
"""How far apart two neighbouring words of a sign may be, in steps of `Message.places`."""
_OTHER_REACH = 40
"""The same for a figure of speech, whose words stand closer together."""
FOUND, TURNED_OFF = 2.0, 1.0
ENOUGH, ENOUGH_ORDINARY = 0.8, 0.8
_NEW_CLAUSE = word_set("and but then now")
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
        """`ordinary` are questions without a sign: what the FAQ is asked, and what is not."""
        alerts = sorted(red_flags.alerts, key=lambda alert: _GRAVEST_FIRST.index(alert.level))
        said = [(line, alert) for alert in alerts for sign in alert.signs for line in sign.said]
        self._alerts: tuple[Alert, ...] = tuple(alert for _, alert in said)
        self._by_level = {alert.level: alert for alert in alerts}
        self._first_elsewhere = len(said) + len(red_flags.not_meant)
        self._patterns = Patterns(
            [*(line for line, _ in said), *red_flags.not_meant, *red_flags.belongs_elsewhere],
            red_flags.words,
        )
        self._words = SignWords(self._patterns.base_words, LIGHT)
        self._examples = SignExamples(red_flags.examples, ordinary)

    def detect(self, text: str) -> RaisedAlert | None:
        """Return the gravest alert that a message raises, or None.

        Emergency goes before crisis, and crisis before urgent. A message that raises both of
        the first two gets both texts, the emergency's first.
        """
        raised = self._raised(read(text, self._words.spelt, self._words.knows))
        if not raised:
            return None
        texts = [alert.message for alert in raised if alert.level in ("emergency", "crisis")]
        return RaisedAlert(raised[0].level, "\n\n".join(texts) or raised[0].message)

    def _raised(self, message: Message) -> list[Alert]:
        """Return the alerts a message raises, the gravest first; urgent only when alone."""
        comparison = self._examples.compare([word.split("|")[0] for word in message.words])
        found, turned_off = self._found(message, comparison)
        levels = set(found)
        if not found:
            levels = {
                each.level
                for each in comparison.stretches()
                if _resembles(each, turned_off=turned_off)
            }
        alerts = [self._by_level[level] for level in _GRAVEST_FIRST if level in levels & self._by_level.keys()]
        return alerts[:1] if alerts and alerts[-1].level == "urgent" else alerts
    def _found(self, message: Message, comparison: Comparison) -> tuple[set[AlertLevel], bool]:
        """Return the levels whose signs are found, and whether any was found and turned off."""
        numbers = [self._words.numbers(word) for word in message.words]
        occurrences = self._patterns.occurrences(message, numbers)
        candidates = self._patterns.candidates(occurrences)
        found: set[AlertLevel] = set()
        turned_off = False
        if not candidates or candidates[0] >= len(self._alerts):
            return found, turned_off
        masked = self._masked(message, occurrences, candidates)
        for number in candidates:
            if number >= len(self._alerts):
                break
            level = self._alerts[number].level
            if level in found:
                continue
            spans: list[Match] = []
            for group in self._patterns.lines[number]:
                here = [
                    match
                    for match in matches(group, occurrences, message.places, REACH)
                    if not _is_masked(message, match, masked)
                ]
                on = next((match for match in here if not is_off(message, match, level)), None)
                turned_off = turned_off or (on is None and bool(here))
                if on is None:
                    break
                spans.append(on)
            else:
                start = message.sentence_start(min(span.start for span in spans))
                end = message.sentence_end(max(span.end for span in spans))
                told = (*comparison.stretches(), comparison.of(start, end))
                if max(each.over_look_alikes for each in told) + FOUND > ENOUGH:
                    found.add(level)
        return found, turned_off

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
            if number < len(self._alerts):
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


def _resembles(likeness: Likeness, *, turned_off: bool) -> bool:
    """Say whether a message is like the examples of a sign, though it holds no line of one."""
    told = min(likeness.over_look_alikes - ENOUGH, likeness.over_ordinary - ENOUGH_ORDINARY)
    return told > (TURNED_OFF if turned_off else 0.0)


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
    return (
        told_fine(message, match)
        or (level == "urgent" and easing(message, match))
        or over(message, match, emergency=level == "emergency")
        or (
            (asked_in_general(message, match) or heard_of(message, match))
            and not owned(message, match)
        )
    )
