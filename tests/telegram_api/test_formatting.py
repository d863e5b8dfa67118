"""Formatted texts: what Telegram takes, and what it refuses in which words."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram_api.formatting import parse_html, read_text, utf16_length
from tests.telegram_api.refusal import Refusal


def test_tags_become_entities_with_offsets_in_utf16():
    formatted = parse_html("😀 <b>bold <i>both</i></b> &lt;plain&gt; &amp; &quot;so&#33;")
    assert formatted.text == '😀 bold both <plain> & "so!'
    assert formatted.entities == (
        {"type": "bold", "offset": 3, "length": 9},
        {"type": "italic", "offset": 8, "length": 4},
    )


def test_an_expandable_quote_is_told_from_a_plain_one():
    formatted = parse_html("<blockquote expandable>a</blockquote><blockquote>b</blockquote>")
    assert [e["type"] for e in formatted.entities] == ["expandable_blockquote", "blockquote"]


def test_a_link_keeps_its_address():
    formatted = parse_html('<a href="https://example.org/?a=1&amp;b=2">here</a>')
    assert formatted.entities[0]["url"] == "https://example.org/?a=1&b=2"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("close</b>", "Unexpected end tag at byte offset 5"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<br>x", 'Unsupported start tag "br" at byte offset 2'),
        ("<script>alert(1)</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("3 < 4", 'Unsupported start tag "" at byte offset 2'),
        ("x <3", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_what_is_not_telegrams_html_is_refused(source, reason):
    with pytest.raises(Refusal) as refusal:
        parse_html(source)
    assert refusal.value.code == 400
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_stands_for_itself(text):
    assert parse_html(html.escape(text)).text == text.replace("'", "'")


@given(st.text(alphabet="<>/&;#abip x=\"'", max_size=40))
def test_any_text_is_parsed_or_refused(text):
    try:
        formatted = parse_html(text)
    except Refusal:
        return
    for entity in formatted.entities:
        assert 0 < entity["length"] <= utf16_length(formatted.text) - entity["offset"]


def test_the_limit_is_4096_units_after_parsing():
    assert read_text("<b>" + "a" * 4096 + "</b>", "HTML")
    assert read_text("😀" * 2048, "")
    for too_long in ("<b>" + "a" * 4097 + "</b>", "😀" * 2048 + "a"):
        with pytest.raises(Refusal, match="message is too long"):
            read_text(too_long, "HTML")


@pytest.mark.parametrize("text", ["", "  \n ", "<b> </b>"])
def test_a_text_with_nothing_to_see_is_refused(text):
    with pytest.raises(Refusal, match="empty"):
        read_text(text, "HTML")


def test_without_a_parse_mode_markup_is_text():
    assert read_text("1 < 2 <b>", "").text == "1 < 2 <b>"


def test_an_unknown_parse_mode_is_refused():
    with pytest.raises(Refusal, match="unsupported parse_mode"):
        read_text("a", "XHTML")
