"""The reader: the values of `yaml.safe_load`, the place of each, and no input that breaks it."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.faq.characters import decode
from bot.faq.reading import MAX_BYTES, parsed, read
from bot.faq.shipped import shipped_folder
from bot.faq.source import Place, Source

FILE = Path("faq.yaml")
FAULTY = Path(__file__).parent / "faulty"
PARSERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]
PRINTABLE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")))
KEYS = st.text(string.ascii_lowercase + "_", min_size=1, max_size=8)
TREES = st.recursive(
    PRINTABLE | st.integers(-(10**9), 10**9) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def source(text: str) -> Source:
    return parsed(decode(FILE, text.encode()))


def texts(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(texts, value))
    if isinstance(value, dict):
        return {key: texts(each) for key, each in value.items()}
    return str(value)


@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4), st.booleans())
def test_what_yaml_writes_is_read_as_it_was(tree: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, width=40)
    # At the beginning of a line an unbreakable space is a fault, even where YAML allows it.
    assume(not re.search(r"^\s*\xa0", text, re.MULTILINE))
    read_back = source(text)
    assert read_back.problems == ()
    assert read_back.value == texts(tree)


@given(st.binary(max_size=300) | PRINTABLE.map(str.encode))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for parser in PARSERS:
        read_back = parsed(decode(FILE, data), parser)
        assert read_back.problems or read_back.whole
        for problem in read_back.problems:
            assert 1 <= problem.line <= len(read_back.lines) + 1
            assert problem.column >= 1
            assert problem.message


@given(st.text("ab:-#&*!|>'\"%@`{}[],? \n\t", max_size=60))
def test_no_signs_of_yaml_break_the_reader(text: str) -> None:
    for parser in PARSERS:
        read_back = parsed(decode(FILE, text.encode()), parser)
        assert all(1 <= each.line <= len(read_back.lines) for each in read_back.problems)


@pytest.mark.parametrize(
    "file",
    [*sorted(FAULTY.glob("*.yaml")), *sorted(shipped_folder().glob("*.yaml"))],
    ids=lambda path: path.name,
)
def test_the_slow_parser_reads_as_the_fast_one(file: Path) -> None:
    slow, fast = (parsed(decode(file, file.read_bytes()), parser) for parser in PARSERS)
    assert slow.problems == fast.problems
    if slow.whole:
        assert slow.value == fast.value
        assert (slow.keys, slow.values) == (fast.keys, fast.values)


def test_every_key_and_value_has_its_place() -> None:
    read_back = source('title: A\nentries:\n  - id: wax\n    tags: [one, "two"]\n')
    assert read_back.key_place(("entries", 0, "tags")) == Place(4, 5, 4)
    assert read_back.place(("entries", 0)) == Place(3, 5, 5)
    assert read_back.place(("entries", 0, "tags", 1)) == Place(4, 17, 4)
    assert read_back.place(("entries", 0, "unknown", "deep")) == Place(3, 5, 5)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("a: one two safe three safe\n", (1, 12)),
        ("a: one two\n  safe three safe\n", (2, 3)),
        ("a: >-\n  one two\n\n  safe three safe\n", (4, 3)),
        ('a: "one two safe\n  three safe"\n', (1, 13)),
    ],
)
def test_a_word_of_a_text_is_found_where_it_is_written(
    written: str, place: tuple[int, int]
) -> None:
    read_back = source(written)
    text = read_back.value["a"]
    assert read_back.word_place(("a",), text, text.index("safe"))[:2] == place
    last = read_back.word_place(("a",), text, text.rindex("safe"))
    line = read_back.lines[last.line - 1]
    assert line[last.column - 1 :].startswith("safe")
    assert last[:2] > place


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "\n".join(f"{' ' * depth}a:" for depth in range(2_000)),
    ],
    ids=["lists", "groups", "dashes", "keys", "indents"],
)
def test_depth_is_refused_at_once(text: str) -> None:
    rules = {problem.rule for problem in source(text).problems}
    assert rules & {"too-deep", "bad-key"}


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path: Path) -> None:
    huge = tmp_path / "faq.yaml"
    with huge.open("wb") as file:
        file.truncate(50_000_000)
    [problem] = read(huge).problems
    assert (problem.rule, problem.line) == ("file", 1)
    assert "50.0 MB" in problem.message
    assert read(huge).lines == ()


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    large = tmp_path / "faq.yaml"
    large.write_bytes(b"a: b\n" + b"#" * (MAX_BYTES - 5))
    assert read(large).value == {"a": "b"}


def test_what_is_no_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").mkdir()
    for path in (tmp_path / "faq.yaml", tmp_path / "none.yaml", tmp_path / "none" / "faq.yaml"):
        [problem] = read(path).problems
        assert (problem.file, problem.rule) == (path, "file")


def test_a_bare_word_is_the_text_that_is_written() -> None:
    words = ["no", "yes", "12:30", "007", "0x1F", "1e3", ".inf", "2026-02-30", "2026-01-31 10:00"]
    read_back = source("words:\n" + "".join(f"  - {word}\n" for word in words))
    assert read_back.problems == ()
    assert read_back.value == {"words": tuple(words)}


def test_faults_of_syntax_in_several_entries_are_found_in_one_run() -> None:
    entries = "".join(f"  - id: e{each}\n    title: a: b\n" for each in range(5))
    read_back = source(f"title: A\nentries:\n{entries}  - id: sound\nlanguage: no\n")
    assert [problem.line for problem in read_back.problems] == [4, 6, 8, 10, 12]
    assert not read_back.whole
    assert read_back.value["entries"][5] == {"id": "sound"}
    assert "language" in read_back.value


def test_a_fault_of_syntax_in_one_key_leaves_the_others() -> None:
    read_back = source("welcome: Hello: you\nhelp: @home\nabout: This\n")
    assert [(each.line, each.rule) for each in read_back.problems] == [
        (1, "colon-in-text"),
        (2, "first-character"),
    ]
    assert read_back.value == {"about": "This"}
