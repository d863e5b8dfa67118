from __future__ import annotations

import datetime
import itertools
import re
import typing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.reply import AnsweredEntry, Part, RaisedAlert, Reply
from bot.chat import rendering
from bot.chat.blocks import (
    AlertText,
    Choices,
    Fold,
    Heading,
    ReferralText,
    SmallPrint,
    Tap,
    Way,
)
from bot.chat.rendering import entry_ways, topics
from bot.faq.models import (
    Alert,
    Citation,
    Document,
    Entry,
    Evidence,
    Faq,
    Knowledge,
    Points,
    Professional,
    Reference,
    Referral,
    Replies,
    Section,
    Sources,
    Urgency,
    Usually,
    Verdict,
)
from bot.faq.replies import TopicGroup

PROFESSIONALS = typing.get_args(Professional)
URGENCIES = typing.get_args(Urgency)
VERDICTS = typing.get_args(Verdict)

BREAD = Entry(
    id="stale-bread",
    kind="risk",
    title="Bread that goes stale",
    questions=("Why is my bread stale?",),
    answer="It dries out.\nA cold place makes it worse.",
    points=Points(heading="Look for", items=("a hard crust", "a dull crumb")),
    usually=Usually(text="It takes about three days.", settles_within_days=3),
    what_to_do="Toast it.",
    get_help_if=("it smells odd", "there is mould"),
    referral=Referral(to="pharmacist", when="soon", note="Take the loaf with you."),
    sources=(
        Citation(document="baker", section="1"),
        Citation(document="miller", section="7"),
        Citation(document="baker", section="2"),
    ),
    evidence=Evidence(verdict="overstated", note="One loaf was studied.", references=("study",)),
    related=("flour", "stale-bread"),
)
FLOUR = Entry(id="flour", title="Which flour", questions=("Which flour?",), answer="Plain flour.")
SALT = Entry(
    id="gap-salt",
    kind="gap",
    title="How much salt",
    questions=("Salt?",),
    answer="Not known.",
    evidence=Evidence(verdict="not-covered", note="No document names it."),
)
YEAST = Entry(
    id="gap-yeast",
    kind="general",
    title="Old yeast",
    questions=("Yeast?",),
    answer="It gets weak.",
    evidence=Evidence(
        verdict="not-covered", note="None of it is on rye.", references=("copied", "study")
    ),
)


def document(id_: str, interest: str, *sections: tuple[str, str]) -> Document:
    return Document(
        id=id_,
        title=f"All by a {id_}",
        kind="book",
        publisher=f"the {id_}",
        interest=interest,
        attributed_as=(f"a {id_}",),
        sections=tuple(
            Section(id=each, heading=heading, claim="x", verdict="supported", note="x")
            for each, heading in sections
        ),
    )


KNOWN = Knowledge(
    faq=Faq(title="Bread", entries=(BREAD, FLOUR, YEAST, SALT)),
    sources=Sources(
        documents=(
            document("baker", "Sells bread", ("1", "Crust"), ("2", "Crumb")),
            document("miller", "Sells flour.", ("7", "Grain")),
        ),
        references=(
            Reference(
                id="study",
                publisher="Bread Agency",
                title="On loaves",
                year=2019,
                url="https://example.org/loaves",
                checked=datetime.date(2026, 5, 1),
            ),
            Reference(id="copied", publisher="A journal", title="On crumbs", known_from="copy"),
        ),
    ),
)
URGENT = RaisedAlert(
    (Alert(name="care", level="urgent", message="Get care today.\nDo not wait."),)
)


def reply(kind: str = "answer", **more: typing.Any) -> Reply:
    return Reply(
        question="q",
        kind=kind,  # type: ignore[arg-type]
        referral=more.pop("referral", "Ask somebody who knows."),
        disclaimer="General words.",
        **more,
    )


def told(entry: Entry, time_note: str | None = None) -> AnsweredEntry:
    return AnsweredEntry(entry, entry.referral, time_note)


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_an_answer_says_everything_in_the_order_of_the_content_brief() -> None:
    text = rendering.plain(reply(answered=(told(BREAD, "It has been 5 days."),)), KNOWN)
    assert in_order(
        text,
        "Bread that goes stale",
        "It dries out.",
        "A cold place makes it worse.",
        "Look for:\n- a hard crust\n- a dull crumb",
        "What usually happens:\nIt takes about three days. It has been 5 days.",
        "What to do now:\nToast it.",
        "Get help if:\n- it smells odd\n- there is mould",
        "Ask a pharmacist in the next few days. Take the loaf with you.",
        "Where this comes from:",
        "What the documents say: overstated, more than other sources show. One loaf was studied.",
        "References:\n- On loaves. Bread Agency, 2019. https://example.org/loaves",
        "(checked 2026-05-01)",
        "General words.",
    )


def test_a_part_says_what_it_is_of_and_refers_and_no_more() -> None:
    part = Part(("Toast it.",))
    text = rendering.plain(reply(answered=(replace(told(BREAD), part=part),)), KNOWN)
    signs = KNOWN.replies.follow_ups.signs
    assert text.startswith(f"From: Bread that goes stale\n\nToast it.\n\n{signs}\n\nAsk a pharmac")
    assert not any(
        words in text for words in ("It dries out", "mould", "three days", "hard crust")
    )


def test_a_part_with_signs_and_the_origin_of_it() -> None:
    part = Part(("Toast it.",), points=True, signs=True, origin=True)
    said = rendering.blocks(reply(answered=(replace(told(BREAD), part=part),)), KNOWN)
    text = rendering.plain_text(said)
    assert in_order(
        text, "Toast it.", "a hard crust", "there is mould", "the baker", "Ask a pharm"
    )
    assert KNOWN.replies.follow_ups.signs not in text
    [folded] = [block for block in said if isinstance(block, Fold)]
    assert folded.title == "References"
    [whole] = [block for block in said if isinstance(block, Choices)]
    assert whole.purpose == "whole"
    assert [way.tap for way in whole.ways] == [Tap("topic", BREAD.id)]


def test_each_document_is_named_once_with_its_sections_and_interest() -> None:
    text = rendering.plain(reply(answered=(told(BREAD),)), KNOWN)
    assert "- “All by a baker”, the baker. Sections 1 Crust, 2 Crumb. Sells bread.\n" in text
    assert "- “All by a miller”, the miller. Section 7 Grain. Sells flour.\n" in text


def test_a_faq_without_sources_still_names_what_it_cites() -> None:
    bare = KNOWN.model_copy(update={"sources": Sources()})
    text = rendering.plain(reply(answered=(told(BREAD),)), bare)
    assert "- baker. Sections 1, 2." in text
    assert "- study" in text


def test_an_entry_with_only_what_is_required_gets_no_empty_headings() -> None:
    said = rendering.blocks(reply(answered=(told(FLOUR),)), KNOWN)
    assert not [each for each in said if isinstance(each, Heading | Fold)]
    assert said[-2:] == (ReferralText("Ask somebody who knows."), SmallPrint("General words."))


def test_the_general_referral_is_left_out_only_where_every_answer_refers() -> None:
    general = "Ask somebody who knows."
    assert general not in rendering.plain(reply(answered=(told(BREAD),)), KNOWN)
    assert general in rendering.plain(reply(answered=(told(BREAD), told(FLOUR))), KNOWN)


def test_two_answers_close_once() -> None:
    text = rendering.plain(reply(answered=(told(BREAD), told(FLOUR))), KNOWN)
    assert in_order(text, "Bread that goes stale", "Which flour", "General words.")
    assert text.count("General words.") == 1


def test_related_topics_are_offered_once_and_never_the_entry_itself() -> None:
    said = rendering.blocks(reply(answered=(told(BREAD),)), KNOWN)
    assert said[-1] == Choices("related", entry_ways([FLOUR]), KNOWN.replies.related)
    both = rendering.blocks(reply(answered=(told(BREAD), told(FLOUR))), KNOWN)
    assert not [each for each in both if isinstance(each, Choices)]


def test_a_crisis_gets_its_message_alone() -> None:
    alert = RaisedAlert(
        (Alert(name="crisis", level="crisis", message="Someone can talk to you now."),)
    )
    said = reply("answer", alert=alert, answered=(told(BREAD),))
    assert rendering.plain(said, KNOWN) == "Someone can talk to you now."


def test_an_alert_comes_first_and_is_said_again_at_the_end() -> None:
    urgent = reply(alert=URGENT, answered=(told(BREAD),), referral="Get care today.")
    text = rendering.plain(urgent, KNOWN)
    assert text.startswith("Get care today.\nDo not wait.\n\nBread that goes stale")
    assert text.endswith("Get care today.\n\nGeneral words.")


def test_nobody_in_danger_is_told_that_they_were_not_understood() -> None:
    missed = reply("fallback", alert=URGENT, message="I did not get that.", offer_topics=True)
    alert, other = rendering.blocks(missed, KNOWN)
    assert alert == AlertText(URGENT.message)
    assert other == Choices("ways", (Way("It is something else", Tap("something_else")),))


def test_suggestions_stand_between_their_message_and_the_referral() -> None:
    suggest = reply("suggest", message="Is it one of these?", suggested=(BREAD, FLOUR))
    assert rendering.plain(suggest, KNOWN) == (
        "Is it one of these?\n\n- Bread that goes stale\n- Which flour\n\n"
        "Ask somebody who knows.\n\nGeneral words."
    )


def test_a_fallback_that_offers_topics_names_every_one() -> None:
    text = rendering.plain(reply("fallback", message="Sorry.", offer_topics=True), KNOWN)
    assert all(entry.title in text for entry in KNOWN.faq.entries)
    assert text.endswith("Ask somebody who knows.\n\nGeneral words.")


def test_topics_are_grouped_as_the_faq_says_and_none_is_lost() -> None:
    [all_] = topics(KNOWN)
    assert (all_.heading, all_.ways) == (KNOWN.faq.title, entry_ways(KNOWN.faq.entries))
    baking = TopicGroup(title="Baking", entries=(YEAST.id, BREAD.id))
    grouped = KNOWN.model_copy(update={"replies": Replies(groups=(baking,))})
    assert [(group.heading, group.ways) for group in topics(grouped)] == [
        ("Baking", entry_ways([YEAST, BREAD])),
        ("Other topics", entry_ways([FLOUR, SALT])),
    ]
    text = rendering.plain(reply("fallback", message="Sorry.", offer_topics=True), grouped)
    assert text.startswith("Sorry.\n\n- Baking\n- Other topics\n\nAsk somebody")


def test_sources_name_each_publisher_and_what_it_gains() -> None:
    text = rendering.plain_text(rendering.sources(KNOWN))
    assert "- “All by a miller”, the miller. Sells flour." in text
    assert "On loaves. Bread Agency, 2019. https://example.org/loaves" in text


def test_a_notice_refers_too() -> None:
    text = rendering.plain_text(rendering.notice("What is kept.\nNothing.", KNOWN))
    replies = KNOWN.replies
    assert text == f"What is kept.\n\nNothing.\n\n{replies.referral}\n\n{replies.disclaimer}"


@pytest.mark.parametrize(
    ("to", "when", "said"),
    [
        ("doctor", "today", "See a doctor today."),
        ("technician", "before-booking", "Ask your technician before you book."),
        ("scan-staff", "now", "Tell the scan staff now."),
        ("emergency", "soon", "Call your local emergency number now."),
    ],
)
def test_referrals_read_as_people_say_them(to: Professional, when: Urgency, said: str) -> None:
    assert rendering.referral_sentence(Referral(to=to, when=when), Replies()) == said


@pytest.mark.parametrize(("to", "when"), list(itertools.product(PROFESSIONALS, URGENCIES)))
def test_every_referral_names_who_and_when_in_one_sentence(
    to: Professional, when: Urgency
) -> None:
    sentence = rendering.referral_sentence(Referral(to=to, when=when), Replies())
    assert sentence.count(".") == 1
    assert sentence.endswith(".")
    who = {"scan-staff": "scan staff", "emergency": "emergency number"}.get(to, to)
    assert who in sentence
    asked = {"before-booking": "before you book", "today": "today", "now": "now"}
    expected = "now" if to == "emergency" else asked.get(when, "")
    assert expected in sentence


def test_general_advice_is_called_so_before_it_is_given() -> None:
    text = rendering.plain(reply(answered=(told(YEAST),)), KNOWN)
    assert in_order(
        text,
        "Old yeast\n\nGeneral advice:\nIt gets weak.",
        "Where this comes from:\nNone of it is on rye.",
        "- On crumbs. A journal (read in a copy)",
        "- On loaves.",
    )
    assert "What the documents say" not in text


def test_a_gap_does_not_say_for_a_second_time_that_nothing_is_known() -> None:
    said = rendering.blocks(reply(answered=(told(SALT),)), KNOWN)
    assert not [each for each in said if isinstance(each, Fold)]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_on_what_the_document_says_and_not_on_the_answer(verdict: Verdict) -> None:
    [book, _] = KNOWN.sources.documents
    said = rendering.verdict_sentence(verdict, [book], Replies())
    assert said.startswith("What the book says: ")
    name = "nothing" if verdict == "not-covered" else verdict.replace("-", " ")
    assert said.removeprefix("What the book says: ").startswith(name)


def test_the_condition_of_a_referral_comes_before_it() -> None:
    referral = Referral(
        to="doctor", when="today", condition="If you have any of these signs", note="Call first."
    )
    said = rendering.referral_sentence(referral, Replies())
    assert said == "If you have any of these signs, see a doctor today. Call first."


def test_no_text_of_an_answer_is_written_in_the_code() -> None:
    """A FAQ in another language says nothing in English."""
    shouted = shout(Replies().model_dump())
    loud = KNOWN.model_copy(update={"replies": Replies.model_validate(shouted)})
    entries = tuple(map(shout_entry, KNOWN.faq.entries))
    said = rendering.plain(reply(answered=tuple(map(told, entries)), referral="ASK."), loud)
    named = f"{KNOWN.sources.model_dump_json()} general words".casefold()
    assert [word for word in re.findall("[a-z]{2,}", said) if word not in named] == []


def shout(value: typing.Any) -> typing.Any:
    """Every text in capitals, but for what stands in braces."""
    if isinstance(value, str):
        return re.sub(
            r"\{\w+\}|[^{}]+",
            lambda each: each[0] if each[0][0] == "{" else each[0].upper(),
            value,
        )
    if isinstance(value, dict):
        return {key: shout(each) for key, each in value.items()}
    return tuple(map(shout, value)) if isinstance(value, tuple | list) else value


def shout_entry(entry: Entry) -> Entry:
    told = entry.model_dump(include={"title", "answer", "what_to_do", "get_help_if"})
    more: dict[str, typing.Any] = {}
    if entry.points:
        more["points"] = Points.model_validate(shout(entry.points.model_dump()))
    if entry.usually:
        more["usually"] = Usually(text=entry.usually.text.upper())
    if entry.referral:
        more["referral"] = entry.referral.model_copy(update={"note": "TAKE IT."})
    if entry.evidence:
        more["evidence"] = entry.evidence.model_copy(update={"note": "SO."})
    return entry.model_copy(update={**shout(told), **more})


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(answer=st.lists(WORDS, min_size=1), items=st.lists(WORDS, min_size=1), note=WORDS)
def test_no_word_of_an_entry_is_lost(answer: list[str], items: list[str], note: str) -> None:
    entry = Entry(
        id="x",
        title="Title",
        questions=("q",),
        answer="\n".join(answer),
        get_help_if=tuple(items),
        referral=Referral(to="doctor", when="soon", note=note),
    )
    lines = rendering.plain(reply(answered=(told(entry),)), KNOWN).split("\n")
    assert set(answer) <= set(lines)
    assert {f"- {item}" for item in items} <= set(lines)
    assert any(line.endswith(f" {note}") for line in lines)
