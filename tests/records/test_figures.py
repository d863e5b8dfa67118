"""The figures of the report are those that were recorded."""

from __future__ import annotations

import datetime

import pytest

from bot.records.database import RecordsError, open_database
from bot.records.figures import read_figures
from tests.records.filling import fill
from tests.records.older import OLDER, make_older


@pytest.fixture
def figures(knowledge):
    def read(url, days=30):
        today = datetime.datetime.now(datetime.UTC).date()
        return read_figures(open_database(url, read_only=True), knowledge, today, days)

    return read


def test_what_became_of_questions(url, figures):
    fill(
        url,
        asked={
            (0, "answer", "none"): 5,
            (0, "answer", "urgent"): 2,
            (1, "suggest", "none"): 3,
            (1, "fallback", "none"): 4,
            (1, "fallback", "crisis"): 1,
            (1, "suggest", "urgent"): 1,
            (1, "small_talk", "none"): 6,
            (1, "topic", "none"): 7,
        },
    )
    found = figures(url)
    outcomes = {each: found.total(each) for each in ("answered", "suggested", "missed", "warned")}
    assert outcomes == {"answered": 7, "suggested": 3, "missed": 4, "warned": 2}
    assert found.questions == 16
    assert found.alerts == {"urgent": 3, "crisis": 1}
    assert found.others == {"topic": 7, "small_talk": 6}
    assert [day.questions for day in found.days[-2:]] == [9, 7]


def test_what_was_read_of_each_entry_and_what_was_not(url, figures, knowledge):
    fill(
        url,
        shown={
            (0, "watering", "answer"): 2,
            (1, "watering", "answer"): 3,
            (1, "watering", "topic"): 1,
            (1, "gone", "answer"): 9,
        },
        votes={
            (0, "watering", True): 2,
            (1, "watering", False): 1,
            (1, "repotting", True): 1,
            (1, "", False): 1,
        },
    )
    found = figures(url)
    by_id = {each.id: each for each in found.entries}
    watering = by_id["watering"]
    assert (watering.asked, watering.opened, watering.read) == (5, 1, 6)
    assert (watering.helpful, watering.unhelpful) == (2, 1)
    assert found.entries[0].id == "gone"
    assert "no longer in the FAQ" in found.entries[0].title
    assert (found.helpful, found.unhelpful) == (3, 2)
    assert [each.id for each in found.unread] == [
        entry.id for entry in knowledge.faq.entries if entry.id != "watering"
    ]


def test_what_was_counted_under_an_id_of_before_counts_for_the_entry_now(sqlite_url, knowledge):
    fill(
        sqlite_url,
        shown={(0, "watering", "answer"): 2, (0, "dry-soil", "answer"): 3},
        votes={(0, "dry-soil", True): 1},
        missed={(0, "water on the moon", "dry-soil"): 1},
    )
    entries = tuple(
        each.model_copy(update={"was": ("dry-soil",)}) if each.id == "watering" else each
        for each in knowledge.faq.entries
    )
    faq = knowledge.faq.model_copy(update={"entries": entries})
    today = datetime.datetime.now(datetime.UTC).date()
    renamed = knowledge.model_copy(update={"faq": faq})
    found = read_figures(open_database(sqlite_url, read_only=True), renamed, today, 1)
    assert [(each.id, each.asked, each.helpful) for each in found.entries] == [("watering", 5, 1)]
    assert [group.nearest for group in found.groups] == ["watering"]


def test_only_the_days_that_are_asked_for_count(url, figures):
    fill(
        url,
        asked={(ago, "answer", "none"): 1 for ago in range(10)},
        shown={(ago, "watering", "answer"): 1 for ago in range(10)},
        missed={(ago, "is it bad", ""): 1 for ago in range(10)},
    )
    found = figures(url, days=7)
    assert (found.questions, found.entries[0].asked, found.groups[0].count) == (7, 7, 7)
    assert len(found.days) == 7


@pytest.mark.parametrize("start", OLDER)
def test_an_empty_database_of_any_version_is_no_fault(url, figures, start):
    engine = open_database(url)
    make_older(engine, start)
    engine.dispose()
    assert figures(url).empty


def test_no_database_at_all_is_no_fault_and_is_not_made(sqlite_url, figures, tmp_path):
    assert figures(sqlite_url).empty
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_told(sqlite_url, figures, tmp_path):
    (tmp_path / "records.sqlite3").write_text("this is a letter to my aunt " * 100)
    with pytest.raises(RecordsError, match=r"^DATABASE_URL: the file is no database"):
        figures(sqlite_url)


def test_a_server_that_is_away_is_told_without_the_password(figures):
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra `postgres`")
    with pytest.raises(RecordsError, match="cannot be reached") as fault:
        figures("postgresql://someone:sesame@127.0.0.1:1/d")
    assert "sesame" not in str(fault.value)
