"""What was said before in a conversation, so that the next message is read in its light."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.answering.reply import Reply
from bot.faq.models import AlertLevel


@dataclass(frozen=True, slots=True)
class Context:
    """What a reply needs to know of those before it; every face makes it with `following`.

    `answered` are the ids of the entries answered last, the likeliest first; `misses` is how
    many messages in a row got no answer; `alert` is the level raised last, at `alerted_at`
    (seconds by whatever clock the face has). `language_code` is the language of the person's
    telephone, such as `pt-br`, where the face knows it.
    """

    answered: tuple[str, ...] = ()
    misses: int = 0
    alert: AlertLevel | None = None
    alerted_at: float = 0.0
    language_code: str | None = None

    def following(self, reply: Reply, now: float) -> Context:
        """The context after a reply. Small talk changes no topic: thanks do not end one."""
        after = replace(self, alert=reply.alert.level, alerted_at=now) if reply.alert else self
        if reply.kind == "small_talk":
            return after
        missed = reply.kind in ("suggest", "fallback") and reply.alert is None
        return replace(
            after,
            answered=tuple(each.entry.id for each in reply.answered),
            misses=self.misses + 1 if missed else 0,
        )


START: Final = Context()
"""Nothing was said yet."""
