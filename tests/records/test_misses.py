"""Missed questions: alike ones together, and lines that may become examples."""

from __future__ import annotations

from bot.records.misses import Miss, grouped, phrasing
from tests.shipped import shipped_knowledge


def texts(groups):
    return [set(group.texts) for group in groups]


def test_questions_about_one_thing_are_one_group_however_they_are_put():
    about = [
        {"can i get smp with psoriasis", "psoriasis and smp ok?", "I have bad psoriasis"},
        {"when can i wear a helmet again", "helmet after smp", "can i wear a motorcycle helmet"},
        {"does finasteride matter", "can i take finasteride", "finastride ok?"},
    ]
    found = [Miss(text, ("redness",), 1) for group in about for text in group]
    groups = grouped(found, shipped_knowledge())
    assert len(groups) == len(about)
    for group in about:
        assert group in texts(groups)


def test_the_commonest_group_comes_first_and_its_commonest_question(knowledge):
    groups = grouped(
        [
            Miss("are tulips toxic", ("watering",), 1),
            Miss("vinegar for mildew", ("watering",), 2),
            Miss("mildew and vinegar", ("watering",), 3),
        ],
        knowledge,
    )
    assert [group.count for group in groups] == [5, 1]
    assert groups[0].texts[0] == "mildew and vinegar"


def test_the_nearest_entry_is_the_one_most_of_them_are_near(knowledge):
    [group] = grouped(
        [
            Miss("vinegar for mildew", ("watering", "repotting"), 1),
            Miss("mildew and vinegar", ("brown-spots", "watering"), 5),
            Miss("mildew vinegar", ("no-longer-there",), 50),
        ],
        knowledge,
    )
    assert (group.nearest, group.title) == ("brown-spots", "Brown spots")


def test_one_text_with_several_nearest_entries_is_one_line(knowledge):
    found = [Miss("vinegar for mildew", ("a",), 1), Miss("vinegar for mildew", ("watering",), 2)]
    [group] = grouped(found, knowledge)
    assert group.lines == ("vinegar for mildew",)
    assert group.count == 3


def test_marks_and_introductions_are_no_phrasings(knowledge):
    assert phrasing("Hi, I'm [name], is it ok with [number] cats?") == "is it ok with cats?"
    assert phrasing("my name is [name]. do ferns bite") == "do ferns bite"
    groups = grouped([Miss("[e-mail]", (), 9), Miss("[name] yes", (), 1)], knowledge)
    assert [group.lines for group in groups] == [()]


def test_a_suggestion_shows_where_a_detail_was_taken_out(knowledge):
    found = [Miss("Hi, I'm [name], does [name] at [place] sell ferns", (), 1)]
    [group] = grouped(found, knowledge)
    assert group.lines == ("does [name] at [place] sell ferns",)
