"""Notice a sign of danger in a message, before anything else is done with it.

Two kinds of evidence are added up, as logarithms of odds: whether the message holds a line of
`signs.yaml` that is not plainly denied, and how much the network, which was taught the examples,
takes it for one of a danger.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from itertools import chain

import numpy as np

from bot.answering.confidence import WeighedSum
from bot.answering.denial import denied
from bot.answering.message import Message, Span
from bot.answering.reading import plain_words
from bot.answering.reply import RaisedAlert
from bot.answering.sign_lines import Match, SignLines
from bot.answering.words import fold
from bot.faq.models import ALERT_LEVELS, AlertLevel, Knowledge
from bot.faq.weights import Weights

DANGER_FIGURES = {
    "line": "whether the message holds a line of signs.yaml",
    "line_denied": "whether it holds only lines that are denied",
    "danger_in_meaning": "the log-odds of a danger by the network",
    "message_length": "the logarithm of the number of words, 12 at most",
    "constant": "1",
}
"""The figures that speak for a danger, in their order, and what each is."""
_LONG = 12
"""Of more words no more is told by their number."""
_FEWEST = 2
"""The fewest words of which the network can tell a danger."""
_ALONE = 2.0
"""What one sentence of several needs besides, as the others may make it none."""
_CRISIS = 0.8
"""What a crisis needs besides where no line is found: its text stands in place of an answer."""
_CLEAR_LEAD = 1.0
"""By how much the network must prefer another level to raise it beside one that is found."""


class DangerDetector:
    """Finds the signs of one FAQ in messages. Immutable, so safe in any thread."""

    def __init__(
        self, knowledge: Knowledge, weights: Weights, without: Collection[str] = ()
    ) -> None:
        alerts = {alert.name: alert for alert in knowledge.alerts.alerts}
        said = [
            (line, alerts[sign.alert].level)
            for sign in knowledge.signs.signs
            for line in sign.said
        ]
        said.sort(key=lambda each: ALERT_LEVELS.index(each[1]))
        self._messages = {alert.level: alert.message for alert in alerts.values()}
        self._levels = tuple(level for _, level in said)
        self._lines = SignLines([line for line, _ in said], knowledge.signs.words)
        self.sign_words = frozenset(self._lines.words)
        known = {
            plain_words(fold(text)): kind
            for kind, texts in knowledge.examples.danger.items()
            for text in texts
        }
        self.words = [word for words in known for word in words]
        self._known = {} if "examples" in without else known
        self._sum = WeighedSum(weights.danger, DANGER_FIGURES, without)
        self._enough = weights.thresholds["danger"]
        self._denies = "denial" not in without

    def detect(self, message: Message) -> RaisedAlert | None:
        """Return the gravest alert that a message raises, or None.

        Emergency goes before crisis, and crisis before urgent. A message that raises both of
        the first two gets both texts, the emergency's first. A message that is an example word
        for word is what the example says.
        """
        known = self._known.get(message.reading.words)
        if known == "harmless":
            return None
        raised = {known} if known else self._raised(message)
        levels = [level for level in ALERT_LEVELS if level in raised & self._messages.keys()]
        if not levels:
            return None
        texts = [self._messages[level] for level in levels if level != "urgent"]
        text = "\n\n".join(texts) or self._messages["urgent"]
        return RaisedAlert(levels[0], text, crisis="crisis" in levels)

    def figures(self, message: Message) -> tuple[float, ...]:
        """Return what the odds of a danger are weighed from, in the order of `DANGER_FIGURES`."""
        return self._figures(message, 0, list(self._found(message)))

    def _raised(self, message: Message) -> set[AlertLevel]:
        found = list(self._found(message))
        raised: set[AlertLevel] = set()
        for row, span in enumerate(message.spans):
            if row and span not in message.sentences:
                continue
            enough = self._enough + (_ALONE if row else 0.0)
            odds = float(self._sum.of(np.array(self._figures(message, row, found))))
            here = {level for level, match in found if match and _within(match, span)}
            if odds <= enough:
                continue
            raised |= here
            dangers = message.encoded.dangers[row, : len(ALERT_LEVELS)]
            level = ALERT_LEVELS[int(dangers.argmax())]
            second, first = np.sort(dangers)[-2:]
            likely = not here or first - second > _CLEAR_LEAD
            if likely and (level != "crisis" or level in here or odds > enough + _CRISIS):
                raised.add(level)
        return raised

    def _found(self, message: Message) -> Iterator[tuple[AlertLevel, Match | None]]:
        """Yield the level of each line found in a message, and its words; None when denied."""
        for number, groups in self._lines.found(message.reading):
            held = [
                next((m for m in group if not (self._denies and denied(message.reading, m))), None)
                for group in groups
            ]
            words = tuple(sorted(chain.from_iterable(match or () for match in held)))
            yield self._levels[number], None if None in held else words

    def _figures(
        self, message: Message, row: int, found: list[tuple[AlertLevel, Match | None]]
    ) -> tuple[float, ...]:
        span = message.spans[row]
        words = span[1] - span[0]
        told = [match for _, match in found if match and _within(match, span)]
        off = not told and any(match is None for _, match in found)
        meant = float(message.encoded.danger[row]) if words >= _FEWEST else -9.0
        length = math.log(max(1, min(words, _LONG)))
        return float(bool(told)), float(off), meant, length, 1.0


def _within(match: Match, span: Span) -> bool:
    return span[0] <= match[0] and match[-1] < span[1]
