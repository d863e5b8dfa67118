"""Notice a sign of danger in a message, before anything else is done with it.

Three kinds of evidence are added up, as logarithms of odds: whether the message holds a line of
`signs.yaml`, how much the network takes it for one of a danger, and how much its words do. Both
were taught the examples, so they know denials as well: a line counts whether denied or not.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from bot.answering.confidence import WeighedSum
from bot.answering.danger_words import DangerWords, mark
from bot.answering.message import Message, Span
from bot.answering.reading import Reading, plain_words
from bot.answering.reply import RaisedAlert
from bot.answering.sign_lines import Match, SignLines
from bot.answering.words import fold
from bot.faq.models import ALERT_LEVELS, Alert, AlertLevel, Knowledge, Sign
from bot.faq.weights import Weights

DANGER_FIGURES = {
    "line": "whether the message holds a line of signs.yaml",
    "danger_in_meaning": "the log-odds of a danger by the network",
    "danger_in_words": "the log-odds of its words in dangers, against all else",
    "shortness": "1 over the number of words",
    "constant": "1",
}
"""The figures that speak for a danger, in their order, and what each is."""
_UNLIKELY = -9.0
"""The log-odds of a single word, of which nothing can be told."""
_FEWEST = 2
"""The fewest words of which the network can tell a danger."""
_ALONE = 3.0
"""What one sentence of several needs besides, as the others may make it none."""
_CLEARLY = 1.5
"""What a crisis without a line needs besides, so that its text stands in place of an answer."""
_MOST_SAID = 2
"""Texts of alerts that are said together: more would not be read."""


class SignLine(NamedTuple):
    """A line of a sign: its alert, the numbers of the sign and of the line in it.

    `counts` says that it raises the alert, come what may: no weight was fitted to it.
    """

    alert: Alert
    place: tuple[int, int]
    counts: bool


class Found(NamedTuple):
    """A line that was found, and the words that match it."""

    line: SignLine
    match: Match


class DangerDetector:
    """Finds the signs of one FAQ in messages. Immutable, so safe in any thread."""

    def __init__(
        self,
        knowledge: Knowledge,
        weights: Weights,
        danger_words: DangerWords,
        without: Collection[str] = (),
    ) -> None:
        alerts = knowledge.alerts.alerts
        self._order = {alert.name: place for place, alert in enumerate(alerts)}
        self._general = {alert.level: alert for alert in reversed(alerts) if alert.form == "plain"}
        self._by_name = {alert.name: alert for alert in alerts}
        self._gentle = next((alert for alert in alerts if alert.form == "gentle"), None)
        signs = knowledge.signs.signs
        lines = [line for sign in signs for line in sign.said]
        self._lines = SignLines(lines, knowledge.signs.words)
        self.sign_words = frozenset(self._lines.words)
        known = {
            plain_words(fold(text)): kind
            for kind, texts in knowledge.examples.danger.items()
            for text in texts
        }
        self.words = [word for words in known for word in words]
        self._words = danger_words
        self._known = {} if "examples" in without else known
        self._sum = WeighedSum(weights.danger, DANGER_FIGURES, without)
        self._enough = weights.thresholds["danger"]
        # The weight of a line was fitted to those of one FAQ; others, and new ones, just count.
        fitted = weights.are_of([entry.id for entry in knowledge.faq.entries])
        known_lines = set(danger_words.lines.tolist()) if fitted else set()
        self._rows = [
            SignLine(self._by_name[sign.alert], (at, said), mark(line) not in known_lines)
            for at, sign in enumerate(signs)
            for said, line in enumerate(sign.said)
        ]

    def detect(self, message: Message, *, fixed: bool = False) -> RaisedAlert | None:
        """Return the alerts that a message raises as one, or None.

        A message that is an example word for word is what the example says. `fixed` says that it
        is small talk, or a topic's title or question to the letter: then likeness raises nothing.
        """
        kind = self._known.get(message.reading.words)
        if kind == "harmless":
            return None
        found = list(self._found(message))
        told = {each.line.alert.name: each.line.alert for each in found}
        if kind is not None:
            raised = [alert for alert in told.values() if alert.level == kind]
            return self._said(raised or self._of_level(kind))
        if fixed:
            return self._said(told.values())
        return self._said(self._raised(message, found))

    def lines(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the lines of signs that a message holds: the numbers of sign and line."""
        return (self._rows[number].place for number, _ in self._lines.found(reading))

    def why(self, message: Message, signs: Sequence[Sign]) -> Iterator[str]:
        """Say to a maintainer what speaks for an alert, and how near the message is to one."""
        if kind := self._known.get(message.reading.words):
            yield f"The message is in examples/danger/{kind}.txt, word for word."
        for sign, said in self.lines(message.reading):
            yield f"It holds a line of signs.yaml, {signs[sign].name}: {signs[sign].said[said]}"
        odds = float(self._sum.of(np.array(self.figures(message)))) - self._enough
        side = "over" if odds > 0 else "under"
        yield f"By words and meaning it is {abs(odds):.1f} {side} the threshold of an alert."

    def is_example(self, message: Message) -> bool:
        """Whether a message is an example of a danger, or a harmless one, word for word."""
        return message.reading.words in self._known

    def figures(self, message: Message) -> tuple[float, ...]:
        """Return what the odds of a danger are weighed from, in the order of `DANGER_FIGURES`."""
        return self._figures(message, 0, list(self._found(message)))

    def _raised(self, message: Message, found: Sequence[Found]) -> Iterator[Alert]:
        """Yield the alerts of the whole message and of its sentences, some of them twice.

        The more sentences there are, the more each of them needs: more text is no more danger.
        Where the whole is a crisis, its clauses may add what is urgent: what sounds graver there,
        such as "and not wake up", is most often the crisis itself.
        """
        alone = _ALONE + math.log(max(1, len(message.sentences)))
        bare = len(message.reading.words) < _FEWEST  # "suicidal": nothing else can be weighed
        crisis = False
        for row, span in enumerate(message.spans):
            if row and not (crisis or span in message.sentences):
                continue
            enough = self._enough + (alone if row else 0.0)
            odds = float(self._sum.of(np.array(self._figures(message, row, found))))
            here = [each.line for each in found if _within(each.match, span)]
            yield from (each.alert for each in here if odds > enough or each.counts or bare)
            if odds <= enough or not _is_english(message, span):
                continue
            level = ALERT_LEVELS[int(message.encoded.dangers[row, : len(ALERT_LEVELS)].argmax())]
            told = {each.alert.level for each in here}
            crisis = crisis or (row == 0 and "crisis" in (level, *told))
            if level in told or any(each.counts for each in here):
                continue
            if row and span not in message.sentences and level != "urgent":
                continue
            if level != "crisis":
                yield from self._of_level(level)
            elif row == 0:
                yield from self._crisis(clear=odds > enough + _CLEARLY)

    def _crisis(self, *, clear: bool) -> Iterable[Alert]:
        """Return the alert of a thought of suicide that no line tells of."""
        return self._of_level("crisis") if clear or not self._gentle else (self._gentle,)

    def _of_level(self, level: AlertLevel) -> Iterable[Alert]:
        return (self._general[level],) if level in self._general else ()

    def _found(self, message: Message) -> Iterator[Found]:
        for number, groups in self._lines.found(message.reading):
            words = tuple(sorted(chain.from_iterable(group[0] for group in groups)))
            yield Found(self._rows[number], words)

    def _figures(self, message: Message, row: int, found: Sequence[Found]) -> tuple[float, ...]:
        span, words = message.spans[row], message.words(row)
        told = any(_within(each.match, span) for each in found)
        many = min(len(words), len(message.reading.written)) >= _FEWEST
        meant = float(message.encoded.danger[row]) if many else _UNLIKELY
        odds = self._words.odds(words) if many else _UNLIKELY
        return float(told), meant, odds, 1 / max(1, len(words)), 1.0

    def _said(self, raised: Iterable[Alert]) -> RaisedAlert | None:
        """Return alerts as one: those of the gravest level of the body, then that of a crisis."""
        alerts = sorted(set(raised), key=lambda alert: self._order[alert.name])
        gravest = RaisedAlert(tuple(alerts)).of_body
        body = [alert for alert in alerts if gravest and alert.level == gravest.level]
        if len(body) > 1:
            body = [alert for alert in body if alert is not self._general[alert.level]]
        mind = [alert for alert in alerts if alert.level == "crisis"]
        said = (*body[:_MOST_SAID], *mind[:1])
        return RaisedAlert(said) if said else None

    def named(self, names: Iterable[str]) -> RaisedAlert | None:
        """Return the alerts of these names as one; None where the FAQ has none of them."""
        told = tuple(self._by_name[name] for name in names if name in self._by_name)
        return RaisedAlert(told) if told else None

    def general(self, level: AlertLevel) -> Alert | None:
        """Return the alert of a level that fits any cause, where there is one."""
        return self._general.get(level)


def _is_english(message: Message, span: Span) -> bool:
    """Whether half of the words are known, of two that were guessed one: else likeness fails."""
    reading = message.reading
    words = reading.words[span[0] : span[1]]
    unknown = sum(word in reading.unknown for word in words)
    guessed = sum(word in reading.guessed for word in words)
    return 2 * unknown + guessed <= len(words) and unknown + guessed < len(words)


def _within(match: Match, span: Span) -> bool:
    return span[0] <= match[0] and match[-1] < span[1]
