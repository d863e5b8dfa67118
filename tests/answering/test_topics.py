"""What people feel lands on the page about it, and not on one that only shares a word."""

from __future__ import annotations

import pytest

from bot.answering.answerer import Answerer


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("still bleeding", "bleeding-and-bruising"),
        ("bleeding after smp", "bleeding-and-bruising"),
        ("bruise after smp", "bleeding-and-bruising"),
        ("swollen forehead after smp", "swelling"),
        ("will this kill me", "side-effects-overview"),
        ("headache after smp", "fainting"),
        ("dizzy after smp", "fainting"),
        ("my scalp went numb from the cream", "gap-pain-during"),
        ("lidocaine toxicity", "gap-pain-during"),
        ("i have folliculitis after smp", "spots-and-pimples"),
        ("pimples", "spots-and-pimples"),
        ("fungal infection on my head", "spots-and-pimples"),
        ("smp turned red", "sun-and-colour-change"),
        ("can smp cover a scar", "scars"),
        ("can i donate blood", "giving-blood"),
        ("ct scan", "mri-scan"),
        ("x-ray after smp", "mri-scan"),
        ("pet scan", "mri-scan"),
        ("i cry every day because of my head", "regret-and-distress"),
        ("i'm so depressed since smp", "regret-and-distress"),
        ("smp ruined my life", "regret-and-distress"),
        ("i had smp 3 weeks ago and my dots are still dark", "oversized-dots"),
        ("do i need a patch test", "allergic-reaction"),
        ("can children have smp", "gap-age"),
        ("i have alopecia areata", "gap-medical-conditions"),
        ("i have a heart valve replacement", "gap-medical-conditions"),
        ("can i wash it tonight", "gap-aftercare"),
    ],
)
def test_what_people_feel_lands_on_the_page_about_it(
    answerer: Answerer, message: str, entry: str
) -> None:
    reply = answerer.answer(message)
    assert [each.entry.id for each in reply.answered][:1] == [answerer.knowledge.ids[entry]]
    assert reply.alert is None
