"""The check and the groups of topics as they are shipped, in the terminal's form."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.answerer import Answerer
from bot.chat.blocks import AlertText, Choices, ReferralText, Tap, Title
from bot.chat.rendering import check, topics
from bot.chat.terminal import State, respond
from bot.faq.models import Knowledge

MOST_TAPS = 4


def ends(known: Knowledge, name: str = "", taps: int = 1) -> Iterator[tuple[Tap, int]]:
    """Every end of the check, and how many taps it takes."""
    _, asked, referral = check(known, name)
    assert isinstance(asked, Choices)
    assert isinstance(referral, ReferralText)
    for way in asked.ways:
        if way.tap.action == "check":
            yield from ends(known, way.tap.of, taps + 1)
        else:
            yield way.tap, taps


def test_every_way_through_the_check_ends_soon_at_an_alert_or_an_answer(
    answerer: Answerer,
) -> None:
    found = list(ends(answerer.knowledge))
    assert {tap.action for tap, _ in found} == {"alert", "checked"}
    assert max(taps for _, taps in found) <= MOST_TAPS
    for tap, _ in found:
        reply = answerer.alarm(tap.of) if tap.action == "alert" else answerer.topic(tap.of)
        assert reply
        assert reply.alert or reply.answered[0].referral


def test_the_check_is_typed_through_in_the_terminal(answerer: Answerer) -> None:
    state = State()
    for line in ("frobnicate the moon", "check what i see", "n", "No", "n"):
        said, state = respond(line, state, answerer, now=0.0)
    said, _ = respond("2", state, answerer, now=0.0)
    assert Title("When to see a doctor") in said
    said, state = respond("/check", state, answerer, now=0.0)
    said, state = respond("y", state, answerer, now=0.0)
    assert isinstance(said[0], AlertText)
    assert state.context.alert
    said, state = respond("it is something else", state, answerer, now=1.0)
    assert state.context.alert is None
    assert any(isinstance(block, ReferralText) for block in said)


def test_a_group_is_opened_by_its_title(answerer: Answerer) -> None:
    _, state = respond("frobnicate the moon", State(), answerer, now=0.0)
    said, state = respond("Healing now", state, answerer, now=0.0)
    assert said == topics(answerer.knowledge)[:1]
    said, _ = respond("1", state, answerer, now=0.0)
    assert Title(topics(answerer.knowledge)[0].ways[0].label) in said
