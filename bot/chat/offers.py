"""What a person can pick from where words did not lead on: groups of topics, and the check.

The check walks no further than one step: an answer holds where it leads, so that any process can
take it, at any time.
"""

from __future__ import annotations

from bot.chat.blocks import Block, Choices, Paragraph, ReferralText, Tap, Way, Ways
from bot.faq.models import Knowledge
from bot.faq.replies import CheckAnswer

_LOOKED_THROUGH = 14
"""Topics of a group that are shown at once."""
_MOST_GROUPS = 30


def topics(knowledge: Knowledge) -> tuple[Choices, ...]:
    """All the topics in their groups; what is in none comes last.

    A group that is too long to look through is parted, so that there are never more groups than
    a face can show.
    """
    replies, faq, ids = knowledge.replies, knowledge.faq, knowledge.ids
    entries = {entry.id: entry for entry in faq.entries}
    groups = [
        (group.title, tuple(entries.pop(ids[e]) for e in group.entries if ids.get(e) in entries))
        for group in replies.groups
    ]
    groups.append((replies.other_topics if groups else faq.title, tuple(entries.values())))
    size = max(_LOOKED_THROUGH, -(-len(faq.entries) // _MOST_GROUPS))
    found: list[Choices] = []
    for title, inside in groups:
        parts = [inside[i : i + size] for i in range(0, len(inside), size)]
        for number, part in enumerate(parts, 1):
            heading = f"{title} {number}" if len(parts) > 1 else title
            found.append(Choices("topics", part, heading))
    return tuple(found)


def ways_on(knowledge: Knowledge, *, first: bool = False) -> tuple[Block, ...]:
    """What is offered where there is no answer: the check, and the groups of topics.

    Between them stands what people ask `first`, for who is new. One group alone is shown in full.
    """
    replies, groups = knowledge.replies, topics(knowledge)
    said: list[Block] = []
    if replies.self_check:
        said.append(Ways((Way(replies.faces.check, Tap("check")),)))
    if first and replies.start_topics:
        entries = {entry.id: entry for entry in knowledge.faq.entries}
        asked = dict.fromkeys(knowledge.ids[each] for each in replies.start_topics)
        said.append(Choices("topics", tuple(entries[each] for each in asked)))
    if len(groups) == 1:
        return (*said, *groups)
    ways = (Way(each.heading, Tap("page", str(n))) for n, each in enumerate(groups))
    return (*said, Ways(tuple(ways)))


def check(knowledge: Knowledge, name: str = "") -> tuple[Block, ...]:
    """A question of the check by its name, the first without; nothing where it is gone."""
    replies = knowledge.replies
    for question in replies.self_check:
        if name in ("", question.name):
            ways = Ways(tuple(Way(answer.label, _leads(answer)) for answer in question.answers))
            return Paragraph(question.ask), ways, ReferralText(replies.check_note)
    return ()


def _leads(answer: CheckAnswer) -> Tap:
    if answer.next:
        return Tap("check", answer.next)
    return Tap("alert", answer.alert) if answer.alert else Tap("checked", answer.entry or "")
