from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.telegram.html import escape, plain_text, split, units
from tests.telegram_api.formatting import parse_html

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from(" \n<&>\"'"),
    min_size=1,
)


def _wrapped(tags: list[str], text: str) -> str:
    opened = "".join(f"<{tag}>" for tag in tags)
    return opened + escape(text) + "".join(f"</{tag.split()[0]}>" for tag in reversed(tags))


HTML = st.lists(
    st.builds(
        _wrapped, st.lists(st.sampled_from(["b", "i", "blockquote expandable"]), max_size=2), TEXT
    ),
    min_size=1,
).map("\n\n".join)


@example("<b> & &lt; \"'")
@given(TEXT)
def test_escaped_text_is_shown_as_it_was_written(text: str) -> None:
    assert parse_html(escape(text)).text == text


@example(
    "<b><b>000</b></b>\n\n<blockquote expandable><blockquote expandable>00000𐀀𐀀</blockquote>"
    "</blockquote>\n\n<blockquote expandable>0</blockquote>",
    100,
)
@given(HTML.filter(lambda html: plain_text(html).strip()), st.integers(100, 250))
def test_pieces_are_valid_short_and_hold_every_visible_character(html: str, most: int) -> None:
    pieces = split(html, most)
    assert all(units(piece) <= most for piece in pieces)
    shown = [parse_html(piece).text for piece in pieces]
    assert all(text.strip() for text in shown)
    assert "".join("".join(shown).split()) == "".join(plain_text(html).split())


def test_a_long_text_is_cut_between_paragraphs() -> None:
    html = "\n\n".join(["word " * 19 + "end"] * 5)
    assert [piece.count("end") for piece in split(html, 220)] == [2, 2, 1]


def test_an_emoji_counts_as_two_units_and_is_not_cut() -> None:
    pieces = split("😀" * 100, 51)
    assert {units(piece) for piece in pieces} == {50}
    assert "".join(pieces) == "😀" * 100


def test_an_open_tag_is_closed_and_opened_again() -> None:
    first, second = split("<blockquote expandable>" + "ab " * 30 + "</blockquote>", 90)
    assert first.endswith("</blockquote>")
    assert second.startswith("<blockquote expandable>")


def test_markup_that_leaves_no_room_for_words_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than a message"):
        split("<b><i><b><i>words", 12)
