"""Each editorial rule: what it finds, where, and what it leaves alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.faq.checking import check_faq
from bot.faq.checks.rules import Asked, Engine, Line
from bot.faq.loading import load_knowledge
from bot.faq.models import Entry
from bot.faq.packaged import packaged
from bot.faq.printing import lands_elsewhere
from bot.faq.shipped import shipped_folder
from bot.faq.signatures import text_hash
from bot.faq.template import new_entry
from tests.faq.conftest import TODAY, Found, entry, other, section, sources

Check = Callable[..., Found]


def test_a_sound_faq_has_no_problems(found: Check) -> None:
    assert found(entry(), other()) == []


def test_every_problem_is_told_in_the_same_way() -> None:
    words = packaged("problems.yaml")
    for kind, said in words.items():
        assert set(said) <= {"level", "says", "hint"}, kind
        assert not said["says"].endswith("."), kind
        assert said.get("hint", ".").endswith((".", "?")), kind
        assert said.get("level", "error") in ("error", "warning"), kind


def test_the_shipped_faq_keeps_every_rule() -> None:
    reviews = [entry.reviewed for entry in load_knowledge(shipped_folder()).faq.entries]
    newest = max(reviewed for reviewed in reviews if reviewed)
    checked = check_faq(shipped_folder(), today=newest, strict=True)
    assert [str(problem) for problem in checked.problems] == []


# What an entry must hold


def test_a_risk_without_warning_signs(found: Check) -> None:
    assert found(entry(kind="risk")) == [("no-warning-signs", "id: wax")]
    assert found(entry(kind="risk", get_help_if=["You see smoke."])) == []


def test_a_gap_without_questions_to_ask(found: Check) -> None:
    assert found(entry(kind="gap")) == [("gap-without-points", "id: wax")]
    assert found(entry(kind="gap", points={"heading": "Ask", "items": ["Why?"]})) == []


def test_a_cited_document_without_a_verdict(found: Check) -> None:
    citing = entry(sources=[{"document": "handbook", "section": "S1"}])
    assert found(citing, sources=sources(section())) == [("no-verdict", "id: wax")]


def test_a_verdict_without_a_note(found: Check) -> None:
    assert found(entry(evidence={"verdict": "overstated"})) == [
        ("verdict-without-note", "overstated")
    ]
    assert found(entry(evidence={"verdict": "overstated", "note": "It is less."})) == []
    assert found(entry(evidence={"verdict": "supported"})) == []


def test_an_entry_related_to_itself_or_twice_to_another(found: Check) -> None:
    assert found(entry(related=["wax", "oil", "oil"]), other()) == [
        ("related-to-itself", "wax"),
        ("related-to-itself", "oil"),
    ]


def test_an_entry_in_no_group_of_topics_or_in_two(found: Check) -> None:
    groups = [{"title": "Floor", "entries": ["wax"]}, {"title": "Wood", "entries": ["wax"]}]
    assert found(entry(), other(), replies={"groups": groups}) == [
        ("not-in-one-group", "oil"),
        ("not-in-one-group", "wax"),
    ]
    groups[1]["entries"] = ["oil"]
    assert found(entry(), other(), replies={"groups": groups}) == []


@pytest.mark.parametrize(
    ("days_ago", "rules"),
    [
        (365, []),
        (366, ["old-review"]),
        (0, []),
        (-1, []),  # it is tomorrow already where the day begins sooner
        (-2, ["future-review"]),
    ],
)
def test_the_date_of_the_review(found: Check, days_ago: int, rules: list[str]) -> None:
    reviewed = TODAY - datetime.timedelta(days=days_ago)
    assert found(entry(reviewed=reviewed)) == [(rule, reviewed.isoformat()) for rule in rules]


def test_a_review_is_asked_for_only_where_there_are_documents(found: Check) -> None:
    assert found(entry(reviewed=None)) == []
    left_out = section(left_out="It sells wax.")
    assert found(entry(reviewed=None), sources=sources(left_out)) == [("no-review", "id: wax")]


# How people ask


def test_too_few_phrasings(found: Check) -> None:
    assert found(entry(questions=entry()["questions"][:7])) == [
        ("few-phrasings", "- How do I wax a floor?")
    ]


@pytest.mark.parametrize(
    "phrasing",
    [
        "How do I wax a floor?",
        "how do i wax a floor",
        "a floor: how do I wax?",
        "can the shine be brought backk",
    ],
)
def test_a_phrasing_of_another_entry(found: Check, phrasing: str) -> None:
    questions = [*other()["questions"], phrasing]
    [(rule, place)] = found(entry(), other(questions=questions))
    assert (rule, place.strip("'")) == ("same-phrasing", phrasing)


@pytest.mark.parametrize(
    "phrasing",
    ["How do I oil a floor?", "How do I wax a door?", "can the shine not be brought back"],
)
def test_another_word_makes_another_phrasing(found: Check, phrasing: str) -> None:
    assert found(entry(), other(questions=[*other()["questions"], phrasing])) == []


def test_a_phrasing_twice_in_one_entry(found: Check) -> None:
    again = [*entry()["questions"], "candle or paste?"]
    assert found(entry(questions=again)) == [("same-phrasing", "candle or paste?")]
    typo = [*entry()["questions"], "can the shine be brought backk"]
    assert found(entry(questions=typo)) == []


def test_a_phrasing_that_the_bot_answers_with_another_entry(found: Check) -> None:
    def ask(question: str) -> Asked:
        if question in ("how many coats", "paint it"):
            return Asked(["wax"])
        if question == "candle or paste":
            return Asked()
        return Asked(["oil", "wax"])

    assert found(entry(), other(), ask=ask, examples={"oil": "paint it\n"}) == [
        ("phrasing-lands-elsewhere", "candle or paste"),
        ("phrasing-lands-elsewhere", "how many coats"),
    ]


def test_examples_that_land_elsewhere_are_counted_the_worst_first(tmp_path: Path) -> None:
    said = {"soot": Asked([], "urgent"), "putty": Asked(), "tar": Asked(["oil"])}
    now = entry(id="smoke", referral={"to": "emergency", "when": "now"}, questions=["smoke"])
    faq = {"title": "Floors", "entries": [entry(), other(), now]}
    (tmp_path / "faq.yaml").write_text(yaml.safe_dump(faq, sort_keys=False))
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "wax.txt").write_text("putty\nsoot\nshine\ntar\n")
    (tmp_path / "examples" / "smoke.txt").write_text("soot\n")  # the alert is right there

    def ask(text: str) -> Asked:
        return said.get(text, Asked(["wax", "oil", "smoke"]))

    checked = check_faq(tmp_path, today=TODAY, engine=lambda _: Engine(ask), ask_all=True)
    assert [each.message for each in checked.astray] == [
        "the bot takes this for a question about `oil`",
        "the alert `urgent` takes the place of an answer to this",
        "the bot does not know what this is about",
    ]
    assert (checked.asked, "example-lands-elsewhere" in str(checked.problems)) == (5, False)
    told = lands_elsewhere(checked.astray * 4, checked.asked, checked.lines).splitlines()
    assert told[0] == "12 of 5 examples land elsewhere; the worst of them:"
    assert sum("[example-lands-elsewhere]" in line for line in told) == 10


def test_a_question_that_raises_an_alert(found: Check) -> None:
    def ask(question: str) -> Asked:
        return Asked(["wax"], "urgent" if question == "candle or paste" else None)

    assert found(entry(), ask=ask) == [("raises-alert", "candle or paste")]
    now = {"to": "emergency", "when": "now"}
    assert found(entry(referral=now), ask=ask) == []
    silenced = {"candle or paste": Asked([], "crisis")}
    assert found(entry(referral=now), ask=lambda q: silenced.get(q, Asked(["wax"]))) == [
        ("raises-alert", "candle or paste")
    ]


# Where it comes from


def test_a_section_that_no_entry_cites(found: Check) -> None:
    assert found(entry(), sources=sources(section())) == [("uncited-section", "S1")]
    assert found(entry(), sources=sources(section(left_out="It only sells."))) == []
    citing = entry(
        sources=[{"document": "handbook", "section": "S1"}], evidence={"verdict": "supported"}
    )
    assert found(citing, sources=sources(section())) == []


def test_a_risk_without_sources_where_the_faq_has_documents(found: Check) -> None:
    cited = other(
        sources=[{"document": "handbook", "section": "S1"}], evidence={"verdict": "supported"}
    )
    documents = sources(section())
    assert found(entry(), cited, sources=documents, must_cite=True) == [("no-sources", "id: wax")]
    assert found(gap(), cited, sources=documents, must_cite=True) == []


def test_a_faq_without_documents_cites_nothing(found: Check) -> None:
    assert found(entry(), must_cite=True) == []


def gap(**changes: object) -> dict[str, object]:
    return entry(kind="gap", points={"heading": "Ask", "items": ["Why?"]}, **changes)


def test_general_advice_without_a_reference(found: Check) -> None:
    assert found(entry(kind="general")) == [("no-reference", "id: wax")]
    known = {"references": [reference()]}
    rests = {"verdict": "not-covered", "note": "So.", "references": ["study"]}
    assert found(entry(kind="general", evidence=rests), sources=known) == []


def test_an_instruction_that_rests_on_documents_alone(found: Check) -> None:
    told = entry(
        what_to_do="Rub it in.",
        sources=[{"document": "handbook", "section": "S1"}],
        evidence={"verdict": "supported"},
    )
    known = sources(section()) | {"references": [reference()]}
    assert found(told, sources=known) == [("no-reference", "id: wax")]
    rests = told | {"evidence": {"verdict": "supported", "references": ["study"]}}
    assert found(rests, sources=known) == []


def reference(**changes: object) -> dict[str, object]:
    sound = {
        "id": "study",
        "publisher": "The Agency",
        "title": "On wax",
        "year": 2020,
        "url": "https://example.org/wax",
        "checked": datetime.date(2026, 5, 1),
    }
    return {key: value for key, value in (sound | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"url": None}, "study"),
        ({"url": "http://example.org/wax"}, "http://example.org/wax"),
        ({"checked": None}, "study"),
    ],
)
def test_a_reference_that_nobody_can_look_up(
    found: Check, changes: dict[str, object], place: str
) -> None:
    rests = {"verdict": "not-covered", "note": "So.", "references": ["study"]}
    general = entry(kind="general", evidence=rests)
    assert found(general, sources={"references": [reference(**changes)]}) == [
        ("reference-in-full", place)
    ]
    copied = reference(url=None, year=None, known_from="copy")
    assert found(general, sources={"references": [copied]}) == []


@pytest.mark.parametrize(
    ("answer", "note", "rules"),
    [
        ("Wax is the only way.", "Oil does as well.", ["unattributed-claim"]),
        ("Wax is the only way, says the\nHandbook. It is not.", "Oil does as well.", []),
        ("Yes. A handbook by a maker of wax says it is the only way.", "Oil does as well.", []),
        ("Oil does as well.", "The handbook says that wax is the only way.", []),
    ],
)
def test_a_claim_that_is_not_supported_is_attributed(
    found: Check, answer: str, note: str, rules: list[str]
) -> None:
    citing = entry(
        answer=answer,
        sources=[{"document": "handbook", "section": "S1"}],
        evidence={"verdict": "overstated", "note": note},
    )
    overstated = sources(section(verdict="overstated"))
    assert [rule for rule, _ in found(citing, sources=overstated)] == rules


def test_eight_words_in_a_row_from_a_document(found: Check) -> None:
    documents = {
        "floors.txt": "One should Never, ever, polish a FLOOR that is wet.\nIt doesn’t shine."
    }
    copied = "Dust it first. You should never ever polish a floor that is damp. It doesn't shine."
    assert found(entry(answer=copied), documents=documents) == [
        ("copied-words", "should never ever polish a floor")
    ]
    own = "You should never ever polish a floor, which is all. Wet wood is dull."
    assert found(entry(answer=own), documents=documents) == []


def test_a_document_may_be_called_by_its_title(found: Check) -> None:
    named = sources(section(left_out="It only sells."))
    named["documents"][0]["title"] = "The long handbook of all floors in old houses"
    documents = {"floors.txt": "The long handbook of all floors in old houses"}
    assert found(entry(), sources=named, documents=documents) == []


# What people read


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("We like LAVIVID wax.", "brand", "LAVIVID wax."),
        ("They are in Wilmington.", "brand", "Wilmington."),
        ("Hundreds of men say so.", "banned-words", "Hundreds of men say so."),
        ("There is a high possibility of dust.", "banned-words", "high possibility of dust."),
        ("It is a leading wax.", "banned-words", "leading wax."),
        ("Book now and shine.", "banned-words", "Book now and shine."),
        ("Don't worry about it.", "banned-words", "Don't worry about it."),
        ("Take 200 mg of it.", "banned-words", "200 mg of it."),
        ("Wax has no side effects.", "banned-words", "no side effects."),
        ("Wax is inexpensive.", "banned-words", "inexpensive."),
        ("Wax is safe.", "promise", "safe."),
        ("It is perfectly harmless.", "promise", "harmless."),
        ("That is nothing to worry about.", "promise", "nothing to worry about."),
        ("Nobody knows why.\nWax is safe.", "promise", "safe."),
        ("It is safe under water.", "promise", "safe under water."),
        ("It is not new, it is safe.", "promise", "safe."),
        ("If the rag is clean, wax is safe.", "promise", "safe."),
        ("Wax is safe, not like oil.", "promise", "safe, not like oil."),
        ("It works 100 % of the time.", "promise", "100 % of the time."),
        ("A shine is guaranteed.", "promise", "guaranteed."),
        ("You have an infection.", "diagnosis", "You have an infection."),
        ("You’ve caught a bad infection.", "diagnosis", "You’ve caught a bad infection."),
        ("It shows that you have sepsis.", "diagnosis", "you have sepsis."),
        ("It seems you are allergic.", "diagnosis", "you are allergic."),
        ("Your scalp is infected.", "diagnosis", "Your scalp is infected."),
        ("Stop at once!", "exclamation-mark", "once!"),
        ("Please call 999.", "phone-number", "999."),
        ("Ring us on 020 7946 0000.", "phone-number", "020 7946 0000."),
        ("The desk is at +44 20 7946 0000.", "phone-number", "+44 20 7946 0000."),
        ("This is <b>bold</b>.", "markup", "<b>bold</b>."),
        ("This is **bold**.", "markup", "**bold**."),
        ("This is *slanted* text.", "markup", "*slanted* text."),
        ("This is _slanted_ text.", "markup", "_slanted_ text."),
        ("Type `wax` here.", "markup", "`wax` here."),
        ("See [a page](https://example.org).", "markup", "[a page](https://example.org)."),
        ("Salt &amp; water.", "markup", "&amp; water."),
    ],
)
def test_words_that_nobody_should_read(found: Check, text: str, rule: str, place: str) -> None:
    [(broken, where)] = found(entry(answer=text))
    assert (broken, where.rstrip("'\"")) == (rule, place)


@pytest.mark.parametrize(
    "text",
    [
        "A cut leading to dust is rare.",
        "Nobody can say that it is safe.",
        "A sealed tin does not prove that it is safe.",
        "Ask whether it is safe for you.",
        "Ask a doctor if it is safe for you.",
        "Is it safe? That is not known.",
        "Nothing is guaranteed.",
        "Wax is not harmless.",
        "If you have an infection, wait.",
        "Tell them that you have an allergy.",
        "A doctor can find out whether you have an infection.",
        "Do you have an allergy?",
        "You have time. You have had wax before.",
        "A study of 3,411 people, from 2009-2019, found it in 14 of 300.",
        "The rule (EU) 2020/2081 and the years 1997 – 2022.",
        "Wait for 8 to 10 days, or 24 hours.",
        "See https://example.org/a_b_c*d for more; 5 * 3 is 15, and snake_case_word.",
        "Less than 3 < 4 and 5 > 2. Use no. 5 - it is thin.",
    ],
)
def test_words_that_may_stand(found: Check, text: str) -> None:
    assert found(entry(answer=text)) == []


def test_a_claim_may_be_told_in_a_sentence_that_names_who_makes_it(found: Check) -> None:
    documents = sources(section(left_out="It only sells."))
    told = entry(
        answer="Rub it in. The handbook says that wax has no side effects. That is not known."
    )
    assert found(told, sources=documents) == []
    untold = entry(answer="Read the handbook. Wax has no side effects.")
    assert found(untold, sources=documents) == [("banned-words", "no side effects.")]


def test_people_may_ask_in_any_words(found: Check) -> None:
    questions = [*entry()["questions"], "is wax safe, harmless, nothing to worry about!"]
    assert found(entry(title="Is wax safe?", questions=questions)) == []
    marked = [*entry()["questions"], "is *wax* good"]
    assert found(entry(questions=marked)) == [("markup", "*wax* good")]


def test_a_word_in_a_long_text_is_pointed_at_on_its_own_line(found: Check) -> None:
    text = "This wax is sold in tins, and the tins are safe in use. " * 2 + "Tins last long."
    places = found(entry(what_to_do=text))
    assert [rule for rule, _ in places] == ["promise", "promise"]
    assert all(place.startswith("safe") for _, place in places)
    assert places[0] != places[1]


def test_every_text_that_people_read_is_checked(found: Check) -> None:
    bad = "It is safe."
    everything = entry(
        title="Safe wax",
        answer=bad,
        points={"heading": "Safe points", "items": ["One.", bad]},
        usually={"text": bad},
        what_to_do=bad,
        get_help_if=["You see smoke.", bad],
        referral={"to": "technician", "when": "soon", "note": bad},
        evidence={"verdict": "supported", "note": bad},
    )
    documents = sources(section(heading="Safe waxing", left_out="It only sells."))
    documents["documents"][0]["interest"] = "It sells safe wax."
    replies = {"welcome": bad, "small_talk": [{"says": ["hello"], "reply": bad}]}
    alerts = {"alerts": [{"name": "fire", "level": "emergency", "message": bad}]}
    places = found(everything, sources=documents, replies=replies, alerts=alerts)
    assert [rule for rule, _ in places] == ["promise"] * 14


def test_words_that_would_have_two_replies(found: Check) -> None:
    talk = [{"says": ["hello", "hi"], "reply": "Good day."}, {"says": ["Hello"], "reply": "Hi."}]
    parts = [{"says": ["how long"], "shows": ["usually"]}, {"says": ["how long"]}]
    replies = {"small_talk": talk, "follow_ups": {"parts": parts}}
    assert found(entry(), replies=replies) == [("said-twice", "Hello"), ("said-twice", "how long")]
    apart = {"small_talk": talk[:1], "follow_ups": {"parts": [{"says": ["hello"]}]}}
    assert found(entry(), replies=apart) == []


def test_an_alert_may_name_emergency_numbers_and_no_other(found: Check) -> None:
    def alerts(message: str) -> dict[str, object]:
        return {"alerts": [{"name": "fire", "level": "emergency", "message": message}]}

    assert found(entry(), alerts=alerts("Call 112 (US 911, UK 999, Australia 000) now.")) == []
    assert found(entry(), alerts=alerts("Call 111 now.")) == [("phone-number", "111 now.")]


def test_a_new_entry_that_still_waits_to_be_written(found: Check) -> None:
    waiting = entry(what_to_do="Write here what to do now.")
    assert found(waiting) == [("placeholder", "Write here what to do now.")]


def test_an_id_of_before_is_related_as_the_entry_now(found: Check) -> None:
    renamed = other(was=["linseed"], related=["wax"])
    assert found(entry(related=["linseed"]), renamed) == []
    assert found(entry(related=["linseed", "oil"]), renamed) == [("related-to-itself", "oil")]
    assert found(entry(), {**renamed, "related": ["linseed"]}) == [
        ("related-to-itself", "linseed")
    ]


def test_a_dash_that_is_one_space_too_far_right(found: Check, tmp_path: Path) -> None:
    glued = {"questions": [*entry()["questions"], "wax - oil"]}
    assert found(entry(**glued)) == []
    folder = tmp_path / "glued"
    folder.mkdir()
    (folder / "faq.yaml").write_text(
        "title: Floors\nentries:\n  - id: wax\n    title: Wax\n    questions:\n"
        "      - how do I wax\n       - which wax\n    answer: Rub it in.\n"
        "    referral: {to: technician, when: soon}\n"
    )
    problems = check_faq(folder, today=TODAY).problems
    assert [(each.rule, each.line) for each in problems if "dash" in each.rule] == [
        ("dash-in-text", 6)
    ]


def test_a_synonym_in_two_lines(found: Check) -> None:
    words = {"synonyms": [["wax", "polish"], ["shine", "Polish"], ["oil", "tung", "oil"]]}
    assert found(entry(), vocabulary=words) == [
        ("same-synonym", "Polish"),
        ("same-synonym", "oil"),
    ]


def test_a_faq_in_another_language_says_nothing_in_english(tmp_path: Path) -> None:
    text = f"title: A\nlanguage: de\nentries:\n{new_entry('Wachs', TODAY)}"
    (tmp_path / "faq.yaml").write_text(text)
    (tmp_path / "replies.yaml").write_text("welcome: Hallo.\nheadings: {origin: Woher}\n")
    [problem] = [e for e in check_faq(tmp_path, today=TODAY).problems if e.rule == "english-text"]
    assert (problem.line, problem.level) == (2, "warning")
    assert "help, about" in problem.message
    assert "headings.usually" in problem.message
    assert "welcome" not in problem.message.replace("group_welcome", "")
    assert "headings.origin" not in problem.message


# Example files


def test_an_example_stands_in_one_place_only(found: Check) -> None:
    examples = {
        "wax": "shine my planks\nHow do I wax a floor\nSHINE my planks!\n",
        "oil": "oil it twice\nshine my planks\n",
        "off-topic": "Oil it, twice.\nthe roof leaks\n",
    }
    assert found(entry(), other(), examples=examples) == [
        ("same-example", "oil it twice"),
        ("same-example", "shine my planks"),
        ("same-example", "How do I wax a floor"),
        ("same-example", "SHINE my planks!"),
    ]


def test_a_question_of_the_faq_may_be_harmless_but_not_harmless_and_a_danger(found: Check) -> None:
    danger = {"danger/harmless": "candle or paste\nit burns\n", "danger/urgent": "It burns\n"}
    assert found(entry(), examples=danger) == [("same-example", "it burns")]
    alarming = {"danger/urgent": "Candle or paste?\n"}
    assert found(entry(), examples={"danger/harmless": "x y\n", **alarming}) == [
        ("same-example", "Candle or paste?")
    ]


def test_a_phrase_stands_once_within_its_language(found: Check) -> None:
    text = {"number": "112", "reply": "112.", "emergency": "112.", "crisis": "112."}
    spoken = [text | {"code": code, "name": code} for code in ("es", "pt", "hi")]
    examples = {
        "languages/es/emergency": "me ahogo\n¡Me ahogo!\n",
        "languages/es/ordinary": "me ahogo de calor\nme ahogo\nquiero\n",
        "languages/pt/ordinary": "me ahogo\n",
        "languages/hi/crisis": "मरना चाहता\nमरना चाहती\n",
    }
    assert found(entry(), examples=examples, languages={"languages": spoken}) == [
        ("same-example", "¡Me ahogo!"),
        ("same-example", "me ahogo"),
    ]


def test_an_example_that_is_long_and_a_line_that_is_empty(found: Check) -> None:
    long = [*entry()["questions"], "wax " * 76]
    assert [rule for rule, _ in found(entry(questions=long))] == ["long-example"]
    lines = f"# Slang\nfine\n\n# More\n{'shine ' * 51}\n\n{'dull ' * 50}\n"
    assert found(entry(), examples={"wax": lines}) == [
        ("long-example", "shine " * 51),
        ("empty-line", ""),
    ]


# Signs of danger

ALERTS = {
    "alerts": [
        {"name": "fire", "level": "emergency", "message": "Get out."},
        {"name": "fumes", "level": "urgent", "message": "Open a window."},
    ]
}


def signs(**said: list[str]) -> dict[str, object]:
    kinds = [{"name": n, "alert": n, "catches": "It.", "said": each} for n, each in said.items()]
    return {"signs": kinds}


def holds(lines: dict[str, Line]) -> Callable[[str], list[Line]]:
    """A bot that finds the line of each word in a message."""
    return lambda text: [line for word, line in lines.items() if word in text.lower()]


def test_one_word_of_a_question_is_no_sign_unless_its_entry_cannot_wait(found: Check) -> None:
    held = holds({"boards": (0, 0), "smoke": (0, 1), "dull and dry": (0, 2)})
    files = {"alerts": ALERTS, "signs_yaml": signs(fire=["boards", "smoke", "dull dry"])}
    examples = {"danger/emergency": "smoke everywhere\n"}
    assert found(entry(), signs=held, examples=examples, **files) == [("bare-sign", "boards")]
    # The word is the cause of the alerts that follow from it.
    alerting = found(
        entry(),
        signs=held,
        ask=lambda _: Asked(["wax"], "emergency"),
        examples=examples,
        **files,
    )
    assert alerting == [("bare-sign", "boards")]
    now = entry(referral={"to": "emergency", "when": "now"})
    assert found(now, signs=held, examples=examples, **files) == []
    # One question is no reason to give up a word that many dangers hold.
    examples["danger/emergency"] += "".join(f"boards burn {n} times\n" for n in range(30))
    assert found(entry(), signs=held, examples=examples, **files) == []


def test_a_sign_that_no_example_of_its_level_has(found: Check) -> None:
    held = holds({"smoke": (0, 0), "fumes": (1, 0)})
    files = {"alerts": ALERTS, "signs_yaml": signs(fire=["smoke out"], fumes=["fumes in"])}
    examples = {"danger/emergency": "smoke and fumes\n", "danger/urgent": "a headache\n"}
    assert found(entry(), signs=held, examples=examples, **files) == [("idle-sign", "fumes")]
    examples["danger/urgent"] = "a headache\nfumes\n"
    assert found(entry(), signs=held, examples=examples, **files) == []


# How hard and how long it is


def test_a_text_that_is_hard_to_read(found: Check) -> None:
    hard = (
        "Institutional considerations notwithstanding, municipal administration necessitates "
        "comprehensive documentation."
    )
    places = found(entry(answer=hard))
    assert [(rule, place.split()[0]) for rule, place in places] == [
        ("hard-sentence", "Institutional"),
        ("hard-to-read", "Institutional"),
    ]


def test_one_hard_sentence_among_easy_ones_is_found_at_its_own_line(found: Check) -> None:
    easy = "Rub the wax in well. Then let it dry for a day. "
    hard = "Municipal administration necessitates comprehensive documentation of everything. "
    assert [
        (rule, place.split()[0]) for rule, place in found(entry(what_to_do=easy + hard + easy))
    ] == [("hard-sentence", "Municipal")]
    behind = f"{easy} More is at https://example.org/wood. {hard}{easy}"
    assert [place.split()[0] for _, place in found(entry(what_to_do=behind))] == ["Municipal"]
    assert found(entry(what_to_do=f"{easy} Comprehensive documentation. {easy}")) == []


def test_items_of_a_list_are_sentences_of_their_own(found: Check) -> None:
    signs = ["you see smoke near the tin", "the rag gets hot", "the wood turns black"] * 4
    assert found(entry(kind="risk", get_help_if=signs)) == []


def test_a_reply_that_does_not_fit_a_message(found: Check) -> None:
    assert found(entry(), shown=lambda _: "x" * 4096) == []
    assert found(entry(), shown=lambda _: "x" * 4097)[0][0] == "too-long-for-a-message"
    # Telegram counts UTF-16 code units: a character outside the basic plane takes two.
    assert found(entry(), shown=lambda _: "🪵" * 2049)[0][0] == "too-long-for-a-message"


def test_an_answer_that_is_too_long_for_a_phone(found: Check) -> None:
    sentence = "Rub the wax in well. "  # five words
    assert found(entry(answer=sentence * 30)) == []
    assert found(entry(answer=sentence * 31))[0][0] == "too-long-to-read"
    shared = entry(answer=sentence * 20, what_to_do=sentence * 11)
    assert found(shared)[0][0] == "too-long-to-read"


def test_an_answer_that_does_not_begin_with_an_answer(found: Check) -> None:
    long = f"Yes, {'and rub it well in ' * 5}."
    assert [rule for rule, _ in found(entry(answer=long))] == ["first-sentence"]
    documents = sources(section(left_out="It only sells."))
    for begun in ("The handbook says so. It is not.", "According to the handbook it does."):
        assert [r for r, _ in found(entry(answer=begun), sources=documents)] == ["first-sentence"]


def test_a_text_that_was_changed_after_it_was_signed(found: Check) -> None:
    signed = {"role": "nurse", "date": TODAY, "text_hash": "0" * 12}
    assert found(entry(signed=signed)) == [("void-signature", "role: nurse")]
    signed["text_hash"] = text_hash(Entry.model_validate(tupled(entry())))
    assert found(entry(signed=signed, reviewed=datetime.date(2026, 6, 1))) == []
    assert found(entry(signed=signed, what_to_do="Wax it.")) == [("void-signature", "role: nurse")]


def tupled(value: object) -> object:
    if isinstance(value, dict):
        return {key: tupled(each) for key, each in value.items()}
    return tuple(map(tupled, value)) if isinstance(value, list) else value
