"""Notice a sign of danger in a message, before anything else is done with it.

Two kinds of evidence are added up, as logarithms of odds: whether the message holds a line of
`signs.yaml` that is not plainly denied, and how much more it is like the examples of dangers than
like harmless messages and ordinary questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.answering.danger_examples import FEWEST, DangerExamples, Likeness
from bot.answering.danger_odds import features, log_odds
from bot.answering.denial import denied
from bot.answering.reading import Reading
from bot.answering.reply import RaisedAlert
from bot.answering.sign_lines import Match, SignLines
from bot.faq.models import ALERT_LEVELS, AlertLevel, Knowledge

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


class DangerDetector:
    """Finds the signs of one FAQ in messages. Immutable, so safe in any thread."""

    def __init__(self, knowledge: Knowledge) -> None:
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
        asked = chain.from_iterable(map(knowledge.phrasings, knowledge.faq.entries))
        ordinary = [*asked, *knowledge.examples.off_topic]
        self._examples = DangerExamples(knowledge.examples.danger, ordinary)
        self.words = self._examples.words
        self.sign_words = frozenset(self._lines.words)

    def detect(self, reading: Reading) -> RaisedAlert | None:
        """Return the gravest alert that a message raises, or None.

        Emergency goes before crisis, and crisis before urgent. A message that raises both of
        the first two gets both texts, the emergency's first. A message that is an example word
        for word is what the example says.
        """
        known = self._examples.known(reading)
        if known == "harmless":
            return None
        raised = {known} if known else self._raised(reading)
        levels = [level for level in ALERT_LEVELS if level in raised & self._messages.keys()]
        if not levels:
            return None
        texts = [self._messages[level] for level in levels if level != "urgent"]
        message = "\n\n".join(texts) or self._messages["urgent"]
        return RaisedAlert(levels[0], message, crisis="crisis" in levels)

    def features(self, reading: Reading) -> tuple[float, ...] | None:
        """Return what `log_odds` weighs for a message, to fit the weights on.

        None when it has a single word or none. Of a long one the beginning counts.
        """
        comparison = self._examples.compare(reading.words)
        windows = comparison.windows()
        if not windows:
            return None
        (likeness,) = comparison.of(windows[:1])
        lines = [match is not None for _, match in self._found(reading)]
        return features(likeness, found=any(lines), turned_off=bool(lines) and not any(lines))

    def _raised(self, reading: Reading) -> set[AlertLevel]:
        found = list(self._found(reading))
        if not self._examples:
            return {level for level, match in found if match is not None}
        comparison = self._examples.compare(reading.words)
        whole = comparison.of(comparison.windows())
        odds = _odds_with_line(whole)
        raised: set[AlertLevel] = set()
        turned_off = False
        for level, match in found:
            if match is None:
                turned_off = True
                continue
            here = [_surroundings(reading, match)]
            if odds > _ENOUGH or (
                odds > _HOPELESS and _odds_with_line(comparison.of(here)) > _ENOUGH
            ):
                raised.add(level)
        spans = reading.sentences()
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

    def _found(self, reading: Reading) -> Iterator[tuple[AlertLevel, Match | None]]:
        """Yield the level of each line found in a message, and its words; None when denied."""
        for number, groups in self._lines.found(reading):
            held = [
                next((match for match in group if not denied(reading, match)), None)
                for group in groups
            ]
            words = tuple(sorted(chain.from_iterable(match or () for match in held)))
            yield self._levels[number], None if None in held else words


def _odds_with_line(likeness: Iterable[Likeness]) -> float:
    """Return the highest log-odds of these where a line is found; of none, just not enough."""
    return max((log_odds(each, found=True) for each in likeness), default=_ENOUGH)


def _surroundings(reading: Reading, match: Match) -> tuple[int, int]:
    """Return the first word of a line that was found, and of those round it, and the end."""
    spans = reading.sentences()
    start = next(a for a, b in spans if a <= match[0] < b)
    end = next(b for a, b in spans if a <= match[-1] < b)
    return max(start, match[0] - _NEAR), min(end, match[-1] + 1 + _NEAR)
