import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.words import fold, tokenise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I can’t BREATHE", ["i", "cant", "breathe"]),
        ("it's, it`s", ["its", "its"]),
        ("café naïve", ["cafe", "naive"]),
        ("soooooo itchyyyy", ["soo", "itchyy"]),
        ("\u202ered\u200b scalp\ufeff", ["red", "scalp"]),
        ("ｂｌｕｅ ｄｏｔｓ", ["blue", "dots"]),
        ("red\x00scalp\x07now", ["red", "scalp", "now"]),
        ("lymph-nodes/neck_lump", ["lymph", "nodes", "neck", "lump"]),
        ("🙂🙂", []),
    ],
)
def test_words_are_read_whatever_the_keyboard_made_of_them(written, read):
    assert tokenise(fold(written)) == read


@given(st.text())
def test_folding_twice_changes_nothing_that_is_read(text):
    once = fold(text)
    assert tokenise(fold(once)) == tokenise(once)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F)))
def test_capitals_do_not_matter(text):
    # A few letters have no single lower-case form (the long s, the dotless i): case folding
    # is what Unicode offers for comparing.
    assert fold(unicodedata.normalize("NFKD", text).casefold()) == fold(text)


def test_what_was_pasted_from_the_source_of_a_page_is_read_as_it_is_shown() -> None:
    assert tokenise(fold("red &amp; sore, it isn&#39;t &lt;b&gt;better")) == [
        "red", "sore", "it", "isnt", "b", "better"
    ]  # fmt: skip
