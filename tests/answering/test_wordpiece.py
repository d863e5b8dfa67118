"""Word pieces: the same numbers as the tokeniser of the encoder that taught the network."""

from __future__ import annotations

import pytest

from bot.answering.wordpiece import WordPiece

PIECES = ["[UNK]", "itch", "##y", "##ing", "it", "not", "!", ",", "naive", "日", "本"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("itchy", ["itch", "##y"]),
        ("NOT Itching!", ["not", "itch", "##ing", "!"]),
        ("it,it", ["it", ",", "it"]),
        ("naïve", ["naive"]),
        ("i\u200bt\u00a0not", ["it", "not"]),
        ("日本", ["日", "本"]),
        ("itchz it", ["[UNK]", "it"]),
        ("it" * 51, ["[UNK]"]),
        (" \t\n", []),
    ],
)
def test_words_are_cut_into_the_longest_pieces(text: str, pieces: list[str]) -> None:
    assert [PIECES[number] for number in WordPiece(PIECES).numbers(text)] == pieces
