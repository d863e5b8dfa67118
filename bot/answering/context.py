"""What was said before in a conversation, so that the next message is read in its light."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.answering.reply import RaisedAlert, Reply

ALERT_LASTS = 600.0
"""Seconds for which an alert is remembered: in these nothing says less than it did."""
_LINE_LASTS = 60.0
"""Seconds in which what was told in full, and again in a line, is not told once more."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reply needs to know of those before it; every face makes it with `following`.

    `answered` are the ids of the entries answered last, the likeliest first; `misses` is how
    many messages in a row got no answer; `alert` is the last one of the body, raised at
    `alerted_at` (seconds by whatever clock the face has). `language_code` is the
    language of the person's telephone, such as `pt-br`, where the face knows it.
    """

    answered: tuple[str, ...] = ()
    misses: int = 0
    alert: RaisedAlert | None = None
    alerted_at: float = 0.0
    language_code: str | None = None

    def following(self, reply: Reply, now: float) -> Context:
        """The context after a reply. Small talk changes no topic: thanks do not end one."""
        after = self
        if reply.alert:
            after = replace(self, alert=reply.alert, alerted_at=now)
        if reply.kind == "small_talk":
            return after
        missed = reply.kind in ("suggest", "fallback") and reply.alert is None
        return replace(
            after,
            answered=tuple(each.entry.id for each in reply.answered),
            misses=self.misses + 1 if missed else 0,
        )

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
