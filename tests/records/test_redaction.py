"""What identifies a person is taken out of a question, however it is written."""

from __future__ import annotations

import random
import re
import string
import unicodedata
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.words import fold, tokenise
from bot.faq.packaged import FAST_PARSER
from bot.records import redaction
from bot.records.names import FaqWords
from bot.records.redaction import LONGEST, MARKS
from tests.shipped import shipped_knowledge

HERE = Path(__file__).parent
KNOWLEDGE = shipped_knowledge()
redact = partial(redaction.redact, known=FaqWords(lambda: KNOWLEDGE)())


def personal(part: str) -> list[tuple[str, list[str]]]:
    read = yaml.load((HERE / f"personal_{part}.yaml").read_text("utf-8"), FAST_PARSER)
    return [(each["text"], each["gone"]) for each in read]


def remaining(text: str, gone: list[str]) -> list[str]:
    kept = left(text)
    return [each for each in gone if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", kept)]


def left(text: str) -> str:
    """What is left of a question, marks aside, in small letters."""
    return MARKS.sub(" ", redact(text)).lower()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hi im john smith and my scalp is red", "hi im [name] and my scalp is red"),
        ("I'm Mark, can I get SMP?", "I'm [name], can I get SMP?"),
        ("my name is grace and i am worried", "my name is [name] and i am worried"),
        ("this is Dave. my dots are blue", "this is [name]. my dots are blue"),
        ("call me Al, is it normal", "call me [name], is it normal"),
        ("I am Ludwig van Beethoven and deaf", "I am [name] and deaf"),
        ("MY NAME IS JEAN-LUC PICARD AND I HURT", "MY NAME IS [name] AND I HURT"),
        ("im Siobhan O'Brien my head", "im [name] my head"),
        ("I’m Priya", "I'm [name]"),
        ("i'm: priya", "i'm: [name]"),
        ("i\u200bm\u200b priya", "im [name]"),
        ("john here, is it sore", "[name] here, is it sore"),
        ("is it sore? thanks, John", "is it sore? thanks, [name]"),
        ("my technician Darren said it was fine", "my technician [name] said it was fine"),
        ("Dr. Smith told me", "Dr. [name] told me"),
        ("a clinic called Sharp Heads did it", "a clinic called [name] did it"),
        ("john.smith+x@gmail.com is me", "[e-mail] is me"),
        ("john dot smith at gmail dot com please", "[e-mail] please"),
        ("john (at) clinic [dot] co [dot] uk", "[e-mail]"),
        ("write john @ gmail . com", "write [e-mail]"),
        ("mine is sarahjones gmail com", "mine is [e-mail]"),
        ("ＪＯＨＮ＠ｇｍａｉｌ．ｃｏｍ", "[e-mail]"),
        ("call +44 (0)20 7946 0958 now", "call [number] now"),
        ("call 07-911-123-456 or (555) 123 4567", "call [number] or [number]"),
        ("oh seven nine one one, one two three", "[number]"),
        ("call 0️⃣7️⃣9️⃣1️⃣1️⃣1️⃣2️⃣3️⃣", "call [number]"),
        ("call ٠٧٩١١١٢٣", "call [number]"),
        ("iban GB29 NWBK 6016 1331 9268 19 ok", "[name] [number] ok"),
        ("DE89370400440532013000", "[number]"),
        ("AB123456C is my number", "[number] is my number"),
        ("at 12 High Street SW1A 1AA", "at [place] [place]"),
        ("born 1985-02-01 or 12/3/85", "born [date] or [date]"),
        ("on 12th of March 1985 it began", "on [date] it began"),
        ("see https://x.example/a?b=1 and www.foo.com", "see [link] and [link]"),
        ("hxxps://evil.example and bit.ly/abc", "[link] and [link]"),
        ("t.me/joe", "[link]"),
        ("write to @joe_smith", "write to [user]"),
        ("my insta is joesmith", "my insta is [name]"),
        ("call joe_smith99", "call [user]"),
        ("j o h n s m i t h", "[name]"),
    ],
)
def test_details_are_taken_out(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "is it normal that my scalp is red after 2 weeks?",
        "it lasts 10-14 days, 2 or 3 weeks, in 2021 with 2500 dots",
        "I'm scared my dots have gone blue",
        "im diabetic can i get this",
        "i am asthmatic and on warfarin",
        "i think this is folliculitis right",
        "they said call me back if it hurts at 3.5 weeks",
        "look at the blue dot in my scalp, one dot at the front and one at the back",
        "my doctor said no",
        "spf50 or b12, and an mri at 3 tesla",
        "this is itchy and it's getting worse",
        "what is this called",
        "I am 34 and I'm bald",
    ],
)
def test_a_question_without_details_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(("text", "gone"), personal("tune"))
def test_who_somebody_is_does_not_stay(text: str, gone: list[str]) -> None:
    assert remaining(text, gone) == []


def test_of_a_hundred_messages_that_were_not_tuned_on_at_most_two_say_who_somebody_is() -> None:
    found = [
        text
        for part in ("tune", "report")
        for text, gone in personal(part)
        if remaining(text, gone)
    ]
    messages = len(personal("tune")) + len(personal("report"))
    assert messages >= 66
    assert len(found) <= 0.02 * messages, found


def test_nine_of_ten_words_stay_of_questions_without_details() -> None:
    """So that the report can still group what people asked, and show it."""
    asked: list[str] = []
    for name in ("out_of_scope", "out_of_scope_real", "ordinary", "real", "in_scope", "generic"):
        file = HERE.parent / "questions" / "tune" / f"{name}.yaml"
        cases = yaml.load(file.read_text("utf-8"), FAST_PARSER)
        asked += (each["question"] for each in cases)
    drawn = random.Random(7).sample([each for each in asked if len(each) <= LONGEST], 200)
    words = [Counter(tokenise(fold(each))) for each in drawn]
    kept = [Counter(tokenise(fold(left(each)))) for each in drawn]
    lost = sum(sum((whole - part).values()) for whole, part in zip(words, kept, strict=True))
    assert lost <= 0.1 * sum(sum(each.values()) for each in words)


NAMES = st.sampled_from(
    [
        "Aoife",
        "Björn",
        "Chukwuemeka",
        "Dmitri",
        "Esra",
        "Fatima",
        "Grace",
        "Hye-jin",
        "Iñaki",
        "João",
        "Khadija",
        "Lakshmi",
        "Mark",
        "Nguyen",
        "Ólafur",
        "Priya",
        "Quentin",
        "Rajesh",
        "Siobhán",
        "Thandiwe",
        "Ulrich",
        "Vytautas",
        "Will",
        "Xiomara",
        "Yusuf",
        "Zoë",
        "Mohammed",
        "Ahmed",
        "Fred",
        "Sterling",
        "Amber",
        "Rose",
        "Robin",
        "李明",
        "Иван",
        "Γιώργος",
    ]
)
INTRODUCTIONS = st.sampled_from(
    ["I'm {}", "i am {}", "im {}", "Im {}", "I’m {}", "my name is {}", "my name's {}",
     "call me {}", "this is {}", "hi, this is {}", "hello I'm called {}", "name: {}",
     "I'm Dr {}", "i go by {}", "it's me {}", "I'm\u00a0{}",
     "my names {}", "MY NAME IS {}", "je m'appelle {}"]
)  # fmt: skip
REST = st.sampled_from(
    ["", ".", ", is it normal?", " and my scalp is red", "! my dots are blue", " - can i swim",
     "\nhow long does it take", ". thanks"]
)  # fmt: skip
CASES = st.sampled_from([str, str.lower, str.upper])
QUESTIONS = st.sampled_from(["", "is it red? ", "Hello. ", "my dots went blue, ", "🙂 "])


@given(QUESTIONS, INTRODUCTIONS, NAMES, REST, CASES)
def test_no_name_survives_an_introduction(before, introduction, name, rest, case):
    text = before + introduction.format(case(name)) + rest
    assert name.lower() not in left(text)
    assert unicodedata.normalize("NFKC", name).lower() not in left(text)


WORD = st.text(string.ascii_lowercase, min_size=2, max_size=12)
PROVIDERS = st.sampled_from(["gmail", "hotmail", "outlook", "yahoo", "icloud"])
ENDINGS = st.sampled_from(["com", "co.uk", "net", "org", "de", "io"])
ATS = st.sampled_from(["@", " @ ", " at ", "(at)", " [at] ", " AT ", "{at}", "＠", "<at>", " @"])
DOTS = st.sampled_from([".", " . ", " dot ", "(dot)", " [dot] ", " DOT ", "．"])


@given(QUESTIONS, WORD.map("zq{}".format), ATS, PROVIDERS, DOTS, ENDINGS, REST)
@example("", "zqab", " at ", "gmail", " dot ", "co.uk", "")
def test_no_e_mail_address_survives(before, local, at, provider, dot, ending, rest):
    text = f"{before}{local}{at}{provider}{dot}{ending}{rest}"
    assert local not in left(text)


SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", " - ", "  ", "\u00a0", ") ", ",", "–"])
PREFIXES = st.sampled_from(["", "+", "00", "+44 (0)", "(", "tel:", "no. ", "#", "mobile "])
DIGITS = st.sampled_from(
    ["0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "०१२३४५६७८९"]
)


@given(
    QUESTIONS,
    PREFIXES,
    st.lists(st.text("0123456789", min_size=1, max_size=4), min_size=3, max_size=6),
    SEPARATORS,
    DIGITS,
    REST,
)
def test_no_long_number_survives(before, prefix, groups, separator, digits, rest):
    if sum(map(len, groups)) < 7:
        groups = [*groups, "55", "66", "777"]
    number = prefix + separator.join(groups)
    shown = number.translate(str.maketrans("0123456789", digits))
    assert not re.search(r"\d", left(f"{before}{shown}{rest}"))


@given(QUESTIONS, WORD, WORD, st.sampled_from(["https://{}.{}", "www.{}.{}", "{}.{}.com", "HTTP://{}/{}",
       "{}.{}", "t.me/{}/{}", "ftp://{}:{}@x", "{}dot.com/{}"]), REST)  # fmt: skip
def test_no_link_survives(before, one, other, form, rest):
    one, other = f"zq{one}", f"zx{other}"
    kept = left(before + form.format(one, other) + rest)
    assert one not in kept
    assert other not in kept


@given(QUESTIONS, st.from_regex(r"[a-z][a-z0-9_]{4,20}", fullmatch=True), REST)
def test_no_user_name_survives(before, name, rest):
    assert f"zq{name}" not in left(f"{before}@zq{name}{rest}")


@given(st.text(max_size=600))
def test_any_text_is_one_line_of_visible_characters_and_short(text):
    kept = redact(text)
    assert len(kept) <= LONGEST
    assert kept == " ".join(kept.split())
    assert all(unicodedata.category(each) not in ("Cc", "Cf", "Cs") for each in kept)


@given(st.lists(WORD, min_size=40, max_size=90), WORD)
def test_an_address_at_the_cut_is_not_cut_in_half(words, local):
    text = " ".join([*words, f"zq{local}@{local}.com", *words])
    assert f"zq{local}" not in left(text)


def test_marks_cannot_be_forged_to_hide_a_detail():
    assert redact("i am [name]") == "i am (name)"
    assert "joe" not in redact("[e-mail joe@x.com]")
