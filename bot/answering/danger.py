"""Notice a sign of danger in a message, before anything else is done with it.

Evidence is added up, as logarithms of odds: whether the message holds a line of `signs.yaml`, and
how much the network and the counts of its words take it for one of a danger. Both were taught the
examples, so they know denials as well: a line counts whether denied or not.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.confidence import WeighedSum
from bot.answering.message import Message, Span
from bot.answering.reading import Reading, plain_words
from bot.answering.reply import RaisedAlert
from bot.answering.sign_lines import Place, SignLines
from bot.answering.word_counts import WordCounts, mark
from bot.answering.words import fold
from bot.faq.models import ALERT_LEVELS, Alert, AlertLevel, Knowledge, Sign
from bot.faq.weights import Weights

DANGER_FIGURES = {
    "line_of_body": "whether the message holds a line of signs.yaml, of an alert of the body",
    "line_of_crisis": "the same, of a crisis: words of the body stand in more ordinary messages",
    "danger_in_meaning": "the log-odds of a danger by the network and word counts",
    "off_topic_in_meaning": "the log-chance of being off topic by the network and word counts",
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
_CLEARLY = 3.0
"""What a crisis without a line needs besides, so that its text stands in place of an answer: of
messages that nothing was taught on, 8 of 10 crises have it, and 1 of 10 that were none."""
_MOST_SAID = 2
"""Texts of alerts that are said together: more would not be read."""


class Found(NamedTuple):
    """A line that a message holds: its alert, the numbers of its sign and of it there, and where.

    `counts` says that it raises the alert, come what may: no weight was fitted to it.
    """

    alert: Alert
    numbers: tuple[int, int]
    counts: bool
    place: Place


class DangerDetector:
    """Finds the signs of one FAQ in messages. Immutable, so safe in any thread.

    `sign_words` holds the words that signs are made of, `words` those of the examples; `general`
    has of each level the alert that fits any cause, where there is one.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        weights: Weights,
        counts: WordCounts,
        without: Collection[str] = (),
    ) -> None:
        alerts = knowledge.alerts.alerts
        self._alerts = {alert.name: alert for alert in alerts}
        self.general: dict[AlertLevel, Alert] = {
            alert.level: alert for alert in reversed(alerts) if alert.form == "plain"
        }
        self._gentle = next((alert for alert in alerts if alert.form == "gentle"), None)
        signs = knowledge.signs.signs
        self.sign_words = SignLines(
            [line for sign in signs for line in sign.said], knowledge.signs.words
        )
        # The weight of a line was fitted to those of one FAQ; others, and new ones, just count.
        fitted = weights.are_of([entry.id for entry in knowledge.faq.entries])
        known_lines = set(counts.lines.tolist()) if fitted else set()
        self._lines = [
            (self._alerts[sign.alert], (at, said), mark(line) not in known_lines)
            for at, sign in enumerate(signs)
            for said, line in enumerate(sign.said)
        ]
        known = {
            plain_words(fold(text)): kind
            for kind, texts in knowledge.examples.danger.items()
            for text in texts
        }
        self.words = [word for words in known for word in words]
        self._known = {} if "examples" in without else known
        self._sum = WeighedSum(weights.danger, DANGER_FIGURES, without)
        self._enough = weights.thresholds["danger"]

    def detect(self, message: Message, *, fixed: bool = False) -> RaisedAlert | None:
        """Return the alerts that a message raises as one, or None.

        A message that is an example word for word is what the example says. `fixed` says that it
        is small talk, or a topic's title or question to the letter: then likeness raises nothing.
        """
        kind = self._known.get(message.reading.words)
        if kind == "harmless":
            return None
        found = self._found(message.reading)
        told = {each.alert for each in found}
        if kind is not None:
            return self._said({a for a in told if a.level == kind} or {self.general.get(kind)})
        return self._said(told if fixed else set(self._raised(message, found)))

    def lines(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the lines of signs that a message holds: the numbers of sign and line."""
        return (each.numbers for each in self._found(reading))

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

    def _raised(self, message: Message, found: Sequence[Found]) -> Iterator[Alert | None]:
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
            here = [each for each in found if span[0] <= each.place[0] and each.place[1] < span[1]]
            odds = float(self._sum.of(np.array(self.figures(message, row, here))))
            yield from (each.alert for each in here if odds > enough or each.counts or bare)
            if odds <= enough or not _is_english(message, span):
                continue
            level = ALERT_LEVELS[int(message.encoded.dangers[row, : len(ALERT_LEVELS)].argmax())]
            levels = {each.alert.level for each in here}
            crisis = crisis or (row == 0 and "crisis" in (level, *levels))
            if level in levels or any(each.counts for each in here):
                continue
            if row and span not in message.sentences and level != "urgent":
                continue
            if level != "crisis":
                yield self.general.get(level)
            elif row == 0:
                # A thought of suicide that no line tells of.
                unsure = odds <= enough + _CLEARLY
                yield (self._gentle if unsure else None) or self.general.get("crisis")

    def _found(self, reading: Reading) -> list[Found]:
        found = self.sign_words.found(reading)
        return [Found(*self._lines[number], place) for number, place in found]

    def figures(
        self, message: Message, row: int = 0, here: Sequence[Found] | None = None
    ) -> tuple[float, ...]:
        """Return what the odds of a danger are weighed from, in the order of `DANGER_FIGURES`.

        They are those of a stretch of the message, and of the lines that were found `here`.
        """
        words = message.words(row)
        many = min(len(words), len(message.reading.written)) >= _FEWEST
        meant = float(message.encoded.danger[row]) if many else _UNLIKELY
        off_topic = float(message.encoded.off_topic[row]) if many else 0.0
        told = self._found(message.reading) if here is None else here
        body = float(any(each.alert.level != "crisis" for each in told))
        crisis = float(any(each.alert.level == "crisis" for each in told))
        return body, crisis, meant, off_topic, 1 / max(1, len(words)), 1.0

    def _said(self, raised: Collection[Alert | None]) -> RaisedAlert | None:
        """Return alerts as one: those of the gravest level of the body, then that of a crisis."""
        alerts = tuple(alert for alert in self._alerts.values() if alert in raised)
        gravest = RaisedAlert(alerts).of_body
        body = [alert for alert in alerts if gravest and alert.level == gravest.level]
        if len(body) > 1:
            body = [alert for alert in body if alert is not self.general[alert.level]]
        mind = [alert for alert in alerts if alert.level == "crisis"]
        said = (*body[:_MOST_SAID], *mind[:1])
        return RaisedAlert(said) if said else None

    def named(self, names: Iterable[str]) -> RaisedAlert | None:
        """Return the alerts of these names as one; None where the FAQ has none of them."""
        told = tuple(self._alerts[name] for name in names if name in self._alerts)
        return RaisedAlert(told) if told else None


def _is_english(message: Message, span: Span) -> bool:
    """Whether half of the words are known, of two that were guessed one: else likeness fails."""
    reading = message.reading
    words = reading.words[span[0] : span[1]]
    unknown = sum(word in reading.unknown for word in words)
    guessed = sum(word in reading.guessed for word in words)
    return 2 * unknown + guessed <= len(words) and unknown + guessed < len(words)
