"""The one road from a question to a Reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.answering.context import START, Context
from bot.answering.danger import DangerDetector
from bot.answering.decision import MOST_SCORED, Decision, decide
from bot.answering.elapsed import elapsed_days
from bot.answering.explanation import Explanation, TokenWeight
from bot.answering.matching import Matcher
from bot.answering.parts import chosen
from bot.answering.reading import Reader, Reading
from bot.answering.referral import moved_up, under_alert
from bot.answering.reply import AnsweredEntry, RaisedAlert, Reply
from bot.answering.small_talk import SmallTalker
from bot.answering.spelling import Speller
from bot.faq.models import Entry, Knowledge


@dataclass(frozen=True, slots=True)
class Read:
    """A message as it was read, and the alert that it raises."""

    reading: Reading
    alert: RaisedAlert | None


class Answerer:
    """Answers questions from one FAQ. Pure and immutable: no clock, no network, no disk."""

    def __init__(self, knowledge: Knowledge, *, without: Collection[str] = ()) -> None:
        """Build the engine for a FAQ, `without` some of `bot.answering.parts.PARTS`."""
        off = chosen(without)
        self.knowledge = knowledge
        self._entries = {entry.id: entry for entry in knowledge.faq.entries}
        self._kinds = {entry.id: entry.kind for entry in knowledge.faq.entries}
        self._matcher = Matcher(knowledge)
        self._danger = DangerDetector(knowledge)
        own = Counter(self._matcher.words)
        own.update(self._danger.words)
        signs = self._danger.sign_words
        self._reader = Reader(Speller(own, signs), signs)
        self._small_talk = SmallTalker(() if "small-talk" in off else knowledge.replies.small_talk)
        self._alerts = "alerts" not in off
        self._tells_time = "elapsed-time" not in off

    def read(self, text: str) -> Read:
        """Read a message and notice its signs of danger; `answer` goes on from there."""
        reading = self._reader.read(text)
        return Read(reading, self._danger.detect(reading) if self._alerts else None)

    def answer(self, text: str | Read, context: Context = START) -> Reply:
        """Reply to a message of any length and content, in the light of what was said before.

        A second miss in a row offers all topics.
        """
        read = text if isinstance(text, Read) else self.read(text)
        reading, alert = read.reading, read.alert
        replies = self.knowledge.replies
        if alert is not None and alert.crisis:
            return Reply(reading.shown, "fallback", referral="", disclaimer="", alert=alert)
        said = Reply(reading.shown, "fallback", replies.referral, replies.disclaimer, alert)
        if not reading.words:
            return replace(said, message=replies.empty)
        small_talk = self._small_talk.reply(reading.written)
        if small_talk is not None:
            return replace(said, kind="small_talk", message=small_talk)
        decision = self._decide(reading, context)
        days = elapsed_days(reading) if self._tells_time else None
        said = replace(
            said,
            scores={c.entry_id: c.score for c in decision.candidates[:MOST_SCORED]},
            elapsed_days=days,
        )
        suggested = tuple(self._entries[id_] for id_ in decision.suggested)
        if decision.band == "answer":
            answered = tuple(
                self._told(self._entries[id_], days, alert) for id_ in decision.answered
            )
            also = replies.suggest_also if suggested else ""
            return replace(
                said, kind="answer", answered=answered, suggested=suggested, message=also
            )
        if decision.band == "suggest" and not context.misses:
            return replace(said, kind="suggest", suggested=suggested, message=replies.suggest)
        message = replies.second_miss if context.misses else replies.fallback
        return replace(said, message=message, offer_topics=True)

    def topic(self, entry_id: str) -> Reply | None:
        """Return the reply for an entry that was picked by its id, None when there is none."""
        entry = self._entries.get(entry_id)
        if entry is None:
            return None
        replies = self.knowledge.replies
        return Reply(
            entry.questions[0],
            "answer",
            referral=replies.referral,
            disclaimer=replies.disclaimer,
            answered=(self._told(entry, None, None),),
        )

    def none_of_these(self) -> Reply:
        """The end of "Did you mean": the person has said that it was none of the suggested."""
        replies = self.knowledge.replies
        return Reply(
            question="",
            kind="fallback",
            referral=replies.referral,
            disclaimer=replies.disclaimer,
            message=replies.second_miss,
            offer_topics=True,
        )

    def search(self, text: str, limit: int = 10) -> tuple[Entry, ...]:
        """Return the entries a few words may be about, the likeliest first.

        Text without words gives the first entries of the FAQ.
        """
        reading = self._reader.read(text)
        if not reading.words:
            return self.knowledge.faq.entries[:limit]
        decision = self._decide(reading, START)
        found = decision.answered or decision.suggested
        return tuple(self._entries[entry_id] for entry_id in found[:limit])

    def explain(self, text: str, context: Context = START) -> Explanation:
        """Say why a question gets the reply it gets."""
        reading = self._reader.read(text)
        ranking = self._matcher.rank(reading.words)
        decision = self._decide(reading, context)
        tokens = tuple(
            TokenWeight(
                term.word, term.name.lstrip("="), weight, self._matcher.note(term, reading.typed)
            )
            for term, weight in zip(ranking.terms, ranking.weights, strict=True)
        )
        return Explanation(
            reading.shown,
            tokens,
            decision.candidates[:MOST_SCORED],
            decision.band,
            decision.why,
        )

    def _decide(self, reading: Reading, context: Context) -> Decision:
        after = next((each for each in context.answered if each in self._entries), None)
        return decide(reading, self._matcher, self._kinds, after)

    def _told(self, entry: Entry, days: float | None, alert: RaisedAlert | None) -> AnsweredEntry:
        usual = entry.usually.settles_within_days if entry.usually else None
        referral, note = entry.referral, None
        if days is not None and usual is not None:
            words = self.knowledge.replies.time
            late = days > usual
            note = (words.past if late else words.within).format(
                elapsed=words.days_in_words(days), usual=words.days_in_words(usual)
            )
            if late and referral is not None:
                referral = moved_up(referral)
        if alert is not None:
            referral = under_alert(referral, alert.level)
        return AnsweredEntry(entry, referral, note)
