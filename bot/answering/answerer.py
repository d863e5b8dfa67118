"""The one road from a question to a Reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from bot.answering.context import START, Context
from bot.answering.danger import DangerDetector
from bot.answering.decision import (
    MOST_SCORED,
    MOST_SUGGESTED,
    SUGGEST_OTHERS,
    Decision,
    decide,
)
from bot.answering.elapsed import elapsed_days
from bot.answering.encoder import Encoder
from bot.answering.explanation import Explanation, TokenWeight
from bot.answering.languages import Heard, LanguageDetector
from bot.answering.matching import Matcher
from bot.answering.message import Message, read
from bot.answering.parts import chosen
from bot.answering.reading import Reader
from bot.answering.referral import moved_up, under_alert
from bot.answering.reply import SENTENCE_END, AnsweredEntry, RaisedAlert, Reply
from bot.answering.small_talk import SmallTalker
from bot.answering.spelling import Speller
from bot.answering.words import fold, tokenise
from bot.faq.models import ALERT_LEVELS, Entry, Knowledge
from bot.faq.weights import general_weights


@dataclass(frozen=True, slots=True)
class Read:
    """A message as it was read, the alert that it raises, and its language if not English."""

    message: Message
    alert: RaisedAlert | None
    heard: Heard | None = None


class Answerer:
    """Answers questions from one FAQ. Pure and immutable: no clock, no network, no disk."""

    def __init__(self, knowledge: Knowledge, *, without: Collection[str] = ()) -> None:
        """Build the engine for a FAQ, `without` some of `bot.answering.parts.PARTS`."""
        off = chosen(without)
        self.knowledge = knowledge
        self._entries = {entry.id: entry for entry in knowledge.faq.entries}
        self._ids = knowledge.ids
        self._kinds = {entry.id: entry.kind for entry in knowledge.faq.entries}
        own = knowledge.weights
        weights = own if own and own.are_of(self._entries) else general_weights()
        self._encoder = Encoder.load()
        self._matcher = Matcher(knowledge, self._encoder, weights, off)
        self._danger = DangerDetector(knowledge, weights, off)
        words = Counter(self._matcher.words)
        words.update(self._danger.words)
        signs = self._danger.sign_words
        self._reader = Reader(None if "spelling" in off else Speller(words, signs), signs)
        self._parted = "message-parts" not in off
        self._follows = "follow-ups" not in off
        self._small_talk = SmallTalker(() if "small-talk" in off else knowledge.replies.small_talk)
        self._fixed = {
            tuple(tokenise(fold(text)))
            for entry in knowledge.faq.entries
            for text in (entry.title, *entry.questions)
        }
        self._languages = LanguageDetector(
            () if "languages" in off else knowledge.languages.languages,
            [*chain.from_iterable(self._fixed), *signs],
        )
        self._alerts = "alerts" not in off
        self._tells_time = "elapsed-time" not in off

    def read(self, text: str, language_code: str | None = None) -> Read:
        """Read a message and notice its signs of danger; `answer` goes on from there.

        `language_code` is the language of the person's telephone, where it is known.
        """
        message = read(text, self._reader, self._encoder, parted=self._parted)
        reading = message.reading
        fixed = reading.written in self._fixed or bool(self._small_talk.reply(reading.written))
        known = fixed or self._danger.is_example(message)
        heard = None if known else self._languages.hear(reading.shown, language_code)
        if heard is not None:
            return Read(message, self._raised_in_language(heard), heard)
        alert = self._danger.detect(message, fixed=fixed) if self._alerts else None
        return Read(message, alert)

    def answer(self, text: str | Read, context: Context = START) -> Reply:
        """Reply to a message of any length and content, in the light of what was said before.

        A miss offers the ways on.
        """
        read = text if isinstance(text, Read) else self.read(text, context.language_code)
        reading, before = read.message.reading, context.alert
        if read.heard is not None:
            return self._in_its_language(read.heard, read.alert, reading.shown)
        alert = read.alert.after(before) if read.alert else None
        replies = self.knowledge.replies
        small_talk = self._small_talk.reply(reading.written)
        if alert is not None and alert.alone:
            return Reply(reading.shown, "fallback", referral="", disclaimer="", alert=alert)
        floor = _gravest(alert, before)
        referral = floor.first_sentence if floor else replies.referral
        said = Reply(reading.shown, "fallback", referral, replies.disclaimer, alert)
        if not reading.words:
            return replace(said, message=replies.empty)
        if small_talk is not None:
            return replace(said, kind="small_talk", message=small_talk)
        decision = self._decide(read.message, context)
        days = elapsed_days(reading) if self._tells_time else None
        said = replace(
            said,
            scores={c.entry_id: c.score for c in decision.candidates[:MOST_SCORED]},
            elapsed_days=days,
        )
        suggested = tuple(self._entries[id_] for id_ in decision.suggested)
        if decision.band == "answer":
            answered = tuple(
                self._told(self._entries[id_], days, floor) for id_ in decision.answered
            )
            also = replies.suggest_also if suggested else ""
            return replace(
                said, kind="answer", answered=answered, suggested=suggested, message=also
            )
        if decision.band == "suggest" and not context.misses:
            return replace(said, kind="suggest", suggested=suggested, message=replies.suggest)
        message = replies.second_miss if context.misses else replies.fallback
        return replace(said, message=message, offer_topics=True)

    def _in_its_language(self, heard: Heard, alert: RaisedAlert | None, question: str) -> Reply:
        """Return the fixed text for a message that is not in English, and nothing around it."""
        language = heard.language
        text = language.reply if language else self.knowledge.languages.others
        return Reply(
            question,
            "fallback",
            referral="",
            disclaimer="",
            alert=alert,
            message="" if alert else text,
            language=language.code if language else None,
        )

    def _raised_in_language(self, heard: Heard) -> RaisedAlert | None:
        """Return the alert of a message that is not in English, with the general cause."""
        if not (self._alerts and heard.language and heard.danger):
            return None
        causes = (
            alert.name
            for alert in self.knowledge.alerts.alerts
            if alert.level == heard.danger and alert.form == "plain"
        )
        crisis = heard.danger == "crisis"
        text = heard.language.crisis if crisis else heard.language.emergency
        return RaisedAlert(heard.danger, text, tuple(causes)[:1], crisis=crisis)

    def topic(self, entry_id: str) -> Reply | None:
        """Return the reply for an entry, picked by an id that it has or had; None without one."""
        entry = self._entries.get(self._ids.get(entry_id, ""))
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

    def short(self, entry_id: str) -> Reply | None:
        """Return the short of an entry: the first sentence, what to do, the signs, whom to see."""
        reply = self.topic(entry_id)
        if reply is None:
            return None
        [told] = reply.answered
        first = SENTENCE_END.split(told.entry.answer, maxsplit=1)[0]
        left_out = {"points": None, "usually": None, "sources": (), "evidence": None}
        entry = told.entry.model_copy(update={"answer": first, "related": (), **left_out})
        return replace(reply, answered=(replace(told, entry=entry),))

    def alarm(self, name: str) -> Reply | None:
        """Return the reply for an alert that the check led to, None when there is none."""
        alert = self._danger.named(name)
        return Reply("", "fallback", referral="", disclaimer="", alert=alert) if alert else None

    def instead_of(self, entry_id: str, question: str) -> Reply:
        """Offer what is next likeliest to an entry that was not what the question was about.

        Without a question, or with nothing likely, it is what is related to the entry.
        """
        replies, entry = self.knowledge.replies, self._entries.get(entry_id)
        ranked = self._decide(self.read(question).message, START).candidates if question else ()
        likely = [each.entry_id for each in ranked if each.score >= SUGGEST_OTHERS]
        found = dict.fromkeys((*likely, *(entry.related if entry else ())))
        found.pop(entry_id, None)
        offered = tuple(self._entries[each] for each in found if each in self._entries)
        return replace(
            self.none_of_these(),
            kind="suggest",
            message=replies.not_asked if offered else replies.second_miss,
            suggested=offered[:MOST_SUGGESTED],
            offer_topics=not offered,
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

    def sign_lines(self, text: str) -> Iterator[tuple[int, int]]:
        """The lines of signs that a message holds: the numbers of each sign and of its line."""
        return self._danger.lines(self._reader.read(text))

    def search(self, text: str, limit: int = 10) -> tuple[Entry, ...]:
        """Return the entries a few words may be about, the likeliest first.

        Text without words gives the first entries of the FAQ.
        """
        message = self.read(text).message
        if not message.reading.words:
            return self.knowledge.faq.entries[:limit]
        decision = self._decide(message, START)
        found = decision.answered or decision.suggested
        return tuple(self._entries[entry_id] for entry_id in found[:limit])

    def explain(self, text: str, context: Context = START) -> Explanation:
        """Say why a question gets the reply it gets."""
        message = self.read(text).message
        reading = message.reading
        ranking = self._matcher.rank(message.words(0), message.encoded)
        decision = self._decide(message, context)
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

    def _decide(self, message: Message, context: Context) -> Decision:
        before = context.answered if self._follows else ()
        after = next((self._ids[each] for each in before if each in self._ids), None)
        return decide(message, self._matcher, self._kinds, after)

    def _told(self, entry: Entry, days: float | None, floor: RaisedAlert | None) -> AnsweredEntry:
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
        if floor is not None:
            referral = under_alert(referral, floor.level)
        return AnsweredEntry(entry, referral, note)


def _gravest(*alerts: RaisedAlert | None) -> RaisedAlert | None:
    """The gravest of the body's alerts now and in the ten minutes before: nothing says less."""
    raised = [alert for alert in alerts if alert and alert.level != "crisis"]
    return min(raised, key=lambda alert: ALERT_LEVELS.index(alert.level), default=None)
