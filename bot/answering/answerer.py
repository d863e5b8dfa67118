"""The one road from a question to a Reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from bot.answering.context import START, Context
from bot.answering.danger import DangerDetector
from bot.answering.decision import MOST_SCORED, MOST_SUGGESTED, Decision, decide
from bot.answering.elapsed import elapsed_days
from bot.answering.encoder import Encoder
from bot.answering.explanation import Explanation, TokenWeight
from bot.answering.follow_ups import Asked, FollowUpReader, part_with, sentences, told_part
from bot.answering.languages import Heard, LanguageDetector
from bot.answering.matching import Matcher
from bot.answering.message import Message, read
from bot.answering.parts import chosen
from bot.answering.reading import Reader, Reading
from bot.answering.referral import moved_up, under_alert
from bot.answering.reply import AnsweredEntry, Part, RaisedAlert, Reply, first_sentence
from bot.answering.small_talk import SmallTalker, signs
from bot.answering.spelling import Speller
from bot.answering.word_counts import WordCounts, mark
from bot.answering.words import fold, tokenise
from bot.faq.models import Alert, Entry, Knowledge, SmallTalk
from bot.faq.weights import general_weights


@dataclass(frozen=True, slots=True)
class Read:
    """A message as it was read: its alert, its language if not English, its small talk if any."""

    message: Message
    alert: RaisedAlert | None = None
    heard: Heard | None = None
    small_talk: SmallTalk | None = None


class Answerer:
    """Answers questions from one FAQ. Immutable: no clock, no network, no disk but `lines.py`."""

    def __init__(self, knowledge: Knowledge, *, without: Collection[str] = ()) -> None:
        """Build the engine for a FAQ, `without` some of `bot.answering.parts.PARTS`."""
        off = chosen(without)
        self.knowledge = knowledge
        self._entries = {entry.id: entry for entry in knowledge.faq.entries}
        self._ids = knowledge.ids
        own = knowledge.weights
        weights = own if own and own.are_of(self._entries) else general_weights()
        counts = WordCounts.load()
        self._encoder = Encoder.load()
        self._counts = None if "word-counts" in off else counts
        self._matcher = Matcher(knowledge, self._encoder, weights, off)
        self._danger = DangerDetector(knowledge, weights, counts, off)
        # The network was taught with the synonyms that there were then: it knows these.
        then = set(counts.synonyms.tolist())
        self._instead = {
            word: known for word, known in self._matcher.instead.items() if mark(word) not in then
        }
        words = Counter(self._matcher.words)
        words.update(self._danger.words)
        signs = self._danger.sign_words
        self._reader = Reader(None if "spelling" in off else Speller(words, signs), signs)
        self._parted = "message-parts" not in off
        self._follows = "follow-ups" not in off
        self._follow_ups = FollowUpReader(knowledge.replies.follow_ups)
        self._small_talk = SmallTalker(() if "small-talk" in off else knowledge.replies.small_talk)
        self._fixed = {
            tuple(tokenise(fold(text)))
            for entry in knowledge.faq.entries
            for text in (entry.title, *entry.questions)
        }
        self._languages = LanguageDetector(
            () if "languages" in off else knowledge.languages.languages,
            knowledge.examples.languages,
            [*chain.from_iterable(self._fixed), *signs.words],
        )
        self._alerts = "alerts" not in off
        self._tells_time = "elapsed-time" not in off

    def read(self, text: str, language_code: str | None = None) -> Read:
        """Read a message and notice its signs of danger; `answer` goes on from there.

        `language_code` is the language of the person's telephone, where it is known.
        """
        message = read(
            text,
            self._reader,
            self._encoder,
            counts=self._counts,
            parted=self._parted,
            instead=self._instead,
            lines=self._matcher.lines,
        )
        reading = message.reading
        small_talk = self._small_talk.find(reading.written or signs(reading.shown))
        fixed = small_talk is not None or reading.written in self._fixed
        known = fixed or self._danger.is_example(message)
        heard = None if known else self._languages.hear(reading.shown, language_code)
        if heard is not None:
            return Read(message, self._raised_in_language(heard), heard)
        alert = self._danger.detect(message, fixed=fixed) if self._alerts else None
        return Read(message, alert, small_talk=small_talk)

    def answer(self, text: str | Read, context: Context = START) -> Reply:
        """Reply to a message of any length and content, in the light of what was said before.

        The same is not said twice in a row, but for an alert.
        """
        read = text if isinstance(text, Read) else self.read(text, context.language_code)
        reply = self._answer(read, context)
        if reply.alert or read.heard is not None or context.last != reply.said:
            return reply
        texts = self.knowledge.replies.follow_ups
        if not reply.answered:
            return replace(reply, message=texts.still_here)
        answered = tuple(replace(each, part=Part((texts.again,))) for each in reply.answered)
        return replace(reply, answered=answered, disclaimer="")

    def _answer(self, read: Read, context: Context) -> Reply:
        reading, before = read.message.reading, context.alert
        alert = read.alert.after(before) if read.alert else None
        if read.heard is not None:
            return self._in_its_language(read.heard, alert, reading.shown)
        replies = self.knowledge.replies
        if alert is not None and alert.alone:
            return Reply(reading.shown, "fallback", referral="", disclaimer="", alert=alert)
        floor = (replace(context, alert=alert.beside(before)) if alert else context).floor
        said = replace(self._opened(floor, reading.shown), alert=alert)
        asked = self._asked(reading, context)
        if picked := self._picked(said, reading, context, floor):
            return picked
        small_talk = read.small_talk
        if small_talk and small_talk.offers and not (reading.words or context.last):
            small_talk = None
        if small_talk and not (asked and context.answered and asked[0] == reading.words):
            suggested = self._known(context.others if small_talk.offers else ())
            return replace(said, kind="small_talk", message=small_talk.reply, suggested=suggested)
        if not reading.words:
            return replace(said, message=replies.empty)
        days = elapsed_days(reading) if self._tells_time else None
        if days is None and not any(map(str.isalpha, "".join(reading.written))):
            return replace(said, message=replies.follow_ups.no_topic)
        return self._matched(said, read.message, context, asked, days, floor)

    def _matched(
        self,
        said: Reply,
        message: Message,
        context: Context,
        asked: Asked | None,
        days: float | None,
        floor: Alert | None,
    ) -> Reply:
        """Reply to what a message asks for: an entry, a part of the one before, or a miss."""
        replies = self.knowledge.replies
        decision = self._decide(message, context, asked)
        parts = {
            id_: self._part(self._entries[id_], message, asked, days)
            for id_ in decision.answered
            if id_ in context.told(self._entries)
        }
        if decision.leans and not any(parts.values()):
            other = self._decide(message, START, asked)
            if other.band == "answer" and not {*other.answered} & {*context.answered}:
                decision, parts = other, {}
            else:
                offered = tuple(id_ for id_ in other.near if id_ not in decision.answered)
                decision = replace(decision, suggested=offered)
        said = replace(
            said,
            scores={c.entry_id: c.score for c in decision.candidates[:MOST_SCORED]},
            elapsed_days=days,
        )
        suggested = self._known(decision.suggested)
        if decision.band == "answer":
            nothing = Part((replies.follow_ups.nothing,))
            answered = tuple(
                replace(self._told(entry, days, floor), part=(parts[entry.id] or nothing))
                if entry.id in parts
                else self._told(entry, days, floor)
                for entry in self._known(decision.answered)
            )
            return replace(
                said,
                kind="answer",
                answered=answered,
                suggested=suggested,
                message=replies.suggest_also if suggested else "",
                disclaimer="" if len(parts) == len(answered) else said.disclaimer,
            )
        if decision.band == "suggest":
            words = replies.suggest if len(suggested) > 1 else replies.suggest_one
            return replace(said, kind="suggest", suggested=suggested, message=words)
        words = replies.second_miss if context.misses else replies.fallback
        if asked or days is not None:
            words = replies.follow_ups.of_what
        return replace(said, message=words, offer_topics=True)

    def _asked(self, reading: Reading, context: Context) -> Asked | None:
        """The part of an answer that a message asks for: none where it is an entry's own title."""
        if not self._follows or reading.written in self._fixed:
            return None
        return self._follow_ups.asked(reading.words)

    def _picked(
        self, said: Reply, reading: Reading, context: Context, floor: Alert | None
    ) -> Reply | None:
        """Reply to what picks from what was offered before, None where nothing is picked."""
        offered = self._known(context.offered)
        question = bool(offered) and not context.answered
        place = self._follow_ups.picked(reading.written, len(offered), asked=question)
        if place is None:
            return None
        texts = self.knowledge.replies.follow_ups
        if not offered:
            return replace(said, message=texts.no_topic)
        if place == 0:
            return replace(said, message=self.knowledge.replies.second_miss, offer_topics=True)
        if place > len(offered):
            return replace(said, kind="suggest", suggested=offered, message=texts.which)
        return replace(
            said, kind="answer", answered=(self._told(offered[place - 1], None, floor),)
        )

    def _part(
        self, entry: Entry, message: Message, asked: Asked | None, days: float | None
    ) -> Part:
        """What an entry that was told before says of what is asked now."""
        if asked:
            return told_part(entry, asked[1])
        if days is not None and entry.usually:
            settles = entry.usually.settles_within_days is not None
            return Part(() if settles else tuple(sentences(entry.usually.text)), refers=settles)
        ranking = self._matcher.rank(message.words(0), message.encoded)
        named = (term.name for term in ranking.terms)
        return part_with(
            entry, dict(zip(named, ranking.weights, strict=True)), self._matcher.names
        )

    def _known(self, ids: Iterable[str]) -> tuple[Entry, ...]:
        """The entries of some ids, at most three; a reload may have taken one away."""
        known = (self._entries[self._ids[each]] for each in ids if each in self._ids)
        return tuple(known)[:MOST_SUGGESTED]

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
        crisis = heard.danger == "crisis"
        text = heard.language.crisis if crisis else heard.language.emergency
        general = self._danger.general.get(heard.danger)
        name = general.name if general else heard.danger
        return RaisedAlert((Alert(name=name, level=heard.danger, message=text),))

    def alert(self, names: Collection[str]) -> RaisedAlert | None:
        """Return the alert with these causes, None when the FAQ has none of them any more."""
        return self._danger.named(names)

    def topic(self, entry_id: str, context: Context = START) -> Reply | None:
        """Return the reply for an entry, picked by an id that it has or had; None without one."""
        entry = self._entries.get(self._ids.get(entry_id, ""))
        if entry is None:
            return None
        said = self._opened(context.floor, entry.questions[0])
        return replace(said, kind="answer", answered=(self._told(entry, None, context.floor),))

    def alarm(self, name: str) -> Reply | None:
        """Return the reply for an alert that the check led to, None when there is none."""
        alert = self._danger.named([name])
        return Reply("", "fallback", referral="", disclaimer="", alert=alert) if alert else None

    def none_of_these(self, context: Context = START) -> Reply:
        """The end of "Did you mean": the person has said that it was none of the suggested."""
        words = self.knowledge.replies.second_miss
        return replace(self._opened(context.floor), message=words, offer_topics=True)

    def _opened(self, floor: Alert | None, question: str = "") -> Reply:
        """A reply that says nothing yet but whom to turn to: no less than an alert said before."""
        replies = self.knowledge.replies
        referral = first_sentence(floor.message) if floor else replies.referral
        return Reply(question, "fallback", referral, replies.disclaimer)

    def sign_lines(self, text: str) -> Iterator[tuple[int, int]]:
        """The lines of signs that a message holds: the numbers of each sign and of its line."""
        return self._danger.lines(self._reader.read(text))

    def search(self, text: str, limit: int = 10) -> tuple[Entry, ...]:
        """Return the entries a few words may be about, the likeliest first; the FAQ's for none."""
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
        decision = self._decide(message, context, self._asked(reading, context))
        tokens = tuple(
            TokenWeight(
                term.word, term.name.lstrip("="), weight, self._matcher.note(term, reading.typed)
            )
            for term, weight in zip(ranking.terms, ranking.weights, strict=True)
        )
        candidates = decision.candidates[:MOST_SCORED]
        danger = tuple(self._danger.why(message, self.knowledge.signs.signs))
        return Explanation(reading.shown, tokens, candidates, decision.band, decision.why, danger)

    def _decide(self, message: Message, context: Context, asked: Asked | None = None) -> Decision:
        before = context.answered if self._follows else ()
        if message.reading.written in self._fixed:
            before = ()
        after = next((self._ids[each] for each in before if each in self._ids), None)
        return decide(message, self._matcher, after, asked[0] if asked else ())

    def _told(self, entry: Entry, days: float | None, floor: Alert | None) -> AnsweredEntry:
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
