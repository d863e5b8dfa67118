"""Notice a sign of danger in a message, before anything else is done with it."""

from __future__ import annotations

from bot.answering.denial import is_off
from bot.answering.message import LIGHT, Message, read
from bot.answering.reply import RaisedAlert
from bot.answering.sign_words import SignWords
from bot.answering.signs import REACH, Line, Match, Occurrence, Patterns, matches
from bot.faq.models import Alert, AlertLevel, RedFlags

_GRAVEST_FIRST: tuple[AlertLevel, ...] = ("emergency", "crisis", "urgent")
_NOT_MEANT_REACH = 2.4
"""Words of a figure of speech stand closer together than those of a sign."""


class RedFlagDetector:
    """Finds the signs of `red_flags.yaml` in messages. Immutable, so safe in any thread."""

    def __init__(self, red_flags: RedFlags) -> None:
        alerts = sorted(red_flags.alerts, key=lambda alert: _GRAVEST_FIRST.index(alert.level))
        said = [
            (line, alert) for alert in alerts for sign in alert.signs for line in sign.said
        ]
        lists = {name: words for name, words in red_flags.words.items()}
        self._alerts: tuple[Alert, ...] = tuple(alert for _, alert in said)
        self._patterns = Patterns([line for line, _ in said], lists)
        self._not_meant = Patterns(red_flags.not_meant, lists)
        self._words = SignWords(self._patterns.base_words, LIGHT)
        self._not_meant_words = SignWords(self._not_meant.base_words, ())

    def detect(self, text: str) -> RaisedAlert | None:
        """Return the gravest alert that a message raises, or None.

        Emergency goes before crisis, and crisis before urgent. A message that raises both of
        the first two gets both texts, the emergency's first.
        """
        message = read(text, self._words.spelt, lambda word: bool(self._words.numbers(word)))
        raised = self._raised(message)
        if not raised:
            return None
        gravest = raised[0]
        texts = [alert.message for alert in raised if alert.level in ("emergency", "crisis")]
        return RaisedAlert(gravest.level, "\n\n".join(texts) or gravest.message)

    def _raised(self, message: Message) -> list[Alert]:
        numbers = [self._words.numbers(word) for word in message.words]
        occurrences = self._patterns.occurrences(message, numbers)
        if not occurrences:
            return []
        masked = self._masked(message)
        if masked:
            occurrences = {
                slot: kept
                for slot, found in occurrences.items()
                if (kept := [each for each in found if masked.isdisjoint(each)])
            }
        raised: list[Alert] = []
        for number in self._patterns.candidates(occurrences):
            alert = self._alerts[number]
            if any(alert.level == other.level for other in raised):
                continue
            if raised and alert.level == "urgent":
                break
            if self._is_on(message, self._patterns.lines[number], occurrences, alert.level):
                raised.append(alert)
        return raised

    def _is_on(
        self,
        message: Message,
        line: Line,
        occurrences: dict[int, list[Occurrence]],
        level: AlertLevel,
    ) -> bool:
        return all(
            any(
                not is_off(message, match, level)
                for match in matches(group, occurrences, message.places, REACH)
            )
            for group in line
        )

    def _masked(self, message: Message) -> set[int]:
        """Return the indices of words that are part of a figure of speech."""
        numbers = [self._not_meant_words.numbers(word) for word in message.words]
        occurrences = self._not_meant.occurrences(message, numbers)
        masked: set[int] = set()
        for number in self._not_meant.candidates(occurrences):
            for group in self._not_meant.lines[number]:
                for match in matches(group, occurrences, message.places, _NOT_MEANT_REACH):
                    if self._in_one_clause(message, match):
                        masked.update(match.words)
        return masked

    def _in_one_clause(self, message: Message, match: Match) -> bool:
        between = range(match.start + 1, match.end + 1)
        return not any(
            message.breaks[at] or message.words[at] in ("and", "but", "because", "so")
            for at in between
            if at not in match.words or message.breaks[at]
        )
