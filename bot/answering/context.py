"""What was said before in a conversation, so that the next message is read in its light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.answering.reply import RaisedAlert, Reply
from bot.faq.models import Alert, Entry

ALERT_LASTS = 600.0
"""Seconds for which an alert is remembered: in these nothing says less than it did."""
_LINE_LASTS = 60.0
"""Seconds in which what was told in full, and again in a line, is not told once more."""

LIKELY = 0.05
"""From this score on an entry is among those that a question may have meant."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reply needs to know of those before it; every face makes it with `following`.

    `answered` are the ids of the entries answered last, the likeliest first; `offered` are those
    that can be picked, `others` those that were next likeliest; `last` is what was said, without
    the person's words; `misses` is how many messages in a row got no answer. `alert` is what
    was raised in the last ten minutes, `again` if the last of it was; that was at `alerted_at`
    (seconds by whatever clock the face has).
    `language_code` is the language of the person's telephone, such as `pt-br`, where the face
    knows it.
    """

    answered: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    last: Reply | None = None
    misses: int = 0
    alert: RaisedAlert | None = None
    alerted_at: float = 0.0
    language_code: str | None = None

    @property
    def floor(self) -> Alert | None:
        """The gravest of the body's alerts: nothing that is said refers to less."""
        return self.alert.of_body if self.alert else None

    def following(self, reply: Reply, now: float) -> Context:
        """The context after a reply. What asks for nothing, such as thanks, ends no topic."""
        after = replace(self, last=reply.said)
        suggested = tuple(entry.id for entry in reply.suggested)
        if suggested:
            after = replace(after, offered=suggested)
        if reply.alert:
            after = replace(after, alert=reply.alert.beside(self.alert), alerted_at=now)
        unasked = not (reply.scores or reply.answered or reply.offer_topics or reply.alert)
        if reply.kind == "small_talk" or unasked:
            return after
        missed = reply.kind in ("suggest", "fallback") and reply.alert is None
        after = replace(after, offered=suggested, misses=self.misses + 1 if missed else 0)
        if reply.answered and all(each.part for each in reply.answered):
            return after
        told = tuple(each.entry.id for each in reply.answered)
        likely = [id_ for id_, score in reply.scores.items() if score >= LIKELY]
        likely += [id_ for each in reply.answered for id_ in each.entry.related]
        others = tuple(id_ for id_ in dict.fromkeys(likely) if id_ not in (*told, *suggested))
        return replace(after, answered=told, others=others)

    def told(self, entries: Mapping[str, Entry]) -> tuple[str, ...]:
        """Which of the entries answered last were told as they are: not those edited since."""
        last = self.last.answered if self.last else ()
        edited = {each.entry.id for each in last if entries.get(each.entry.id) != each.entry}
        return tuple(each for each in self.answered if each not in edited)

    def at(self, now: float) -> Context:
        """The context as it is now: an alert is forgotten after ten minutes."""
        if self.alert and not 0 <= now - self.alerted_at < ALERT_LASTS:
            return self.calmed()
        return self

    def heeding(self, reply: Reply, now: float) -> Reply | None:
        """The reply without what was told already; None where there is nothing left to say."""
        before = self.at(now).alert
        alert = reply.alert.after(before) if reply.alert else None
        if not (alert and alert.again and before and before.again):
            return replace(reply, alert=alert)
        if now - self.alerted_at >= _LINE_LASTS:
            return replace(reply, alert=alert)
        return None if alert.alone else replace(reply, alert=None)

    def calmed(self) -> Context:
        """The context once the person has said that it is something else."""
        return replace(self, alert=None, alerted_at=0.0)


START: Final = Context()
"""Nothing was said yet."""
