from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.chat import reloading
from bot.chat.reloading import Serving, watching
from bot.faq.problems import FaqError

ENTRIES = 12
PATIENCE = 60.0
"""Seconds after which something that should happen is taken to have failed."""
RELOADS = 200
BETWEEN_QUESTIONS = 0.005
"""Seconds: a steady stream that leaves the reloading thread some of the processor."""


def faq_text(generation: int) -> str:
    entries = "".join(
        f"  - id: topic-{number}\n"
        f"    title: Topic {number}\n"
        f"    questions: [tell me of subject{number}]\n"
        f"    answer: generation {generation}\n"
        "    referral: {to: technician, when: soon}\n"
        for number in range(ENTRIES)
    )
    return f"title: A FAQ\nentries:\n{entries}"


def replies_text(generation: int) -> str:
    return f"disclaimer: generation {generation}\n"


def write(folder: Path, generation: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "faq.yaml").write_text(faq_text(generation), "utf-8")
    (folder / "replies.yaml").write_text(replies_text(generation), "utf-8")
    # None of its own: the shipped signs of danger take a while to prepare, two hundred times.
    (folder / "alerts.yaml").write_text("alerts: []\n", "utf-8")
    (folder / "examples" / "danger").mkdir(parents=True, exist_ok=True)
    (folder / "examples" / "danger" / "urgent.txt").write_text("my scalp drips\n", "utf-8")


def generation(answerer: Answerer) -> int:
    """The generation that is served; fails when parts of two of them are."""
    said = {answerer.knowledge.replies.disclaimer}
    for number in (0, ENTRIES - 1):
        reply = answerer.answer(f"tell me of subject{number}")
        assert [each.entry.id for each in reply.answered] == [f"topic-{number}"]
        said.update(each.entry.answer for each in reply.answered)
    assert len(said) == 1, f"a mixture was served: {said}"
    return int(said.pop().split()[1])


def wait_for(serving: Serving, wanted: int) -> None:
    until = time.monotonic() + PATIENCE
    while generation(serving.answerer) != wanted:
        assert time.monotonic() < until, f"generation {wanted} was never served"
        time.sleep(0.02)


@contextmanager
def steady_questions(serving: Serving, askers: int = 2) -> Iterator[list[int]]:
    """Ask in threads, one question after another; what comes back is checked at the end."""
    served: list[int] = []
    faults: list[BaseException] = []
    stop = threading.Event()

    def asking() -> None:
        try:
            while not stop.wait(BETWEEN_QUESTIONS):
                served.append(generation(serving.answerer))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=asking) for _ in range(askers)]
    for thread in threads:
        thread.start()
    try:
        yield served
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not faults, faults[0]


Told = queue.Queue[FaqError | None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "faq"
    write(made, 1)
    return made


@contextmanager
def watched(folder: Path) -> Iterator[tuple[Serving, Told]]:
    serving, told = Serving(folder), Told()
    with watching(serving, lambda _, fault: told.put(fault)):
        yield serving, told


def test_two_hundred_reloads_under_steady_questions_lose_none(folder: Path) -> None:
    serving = Serving(folder)
    with steady_questions(serving) as served:
        for number in range(2, RELOADS + 2):
            write(folder, number)
            assert serving.reload()
            assert generation(serving.answerer) == number
    assert len(served) > RELOADS
    assert len(set(served)) > 1


def test_a_changed_file_is_served(folder: Path) -> None:
    with watched(folder) as (serving, told):
        write(folder, 2)
        wait_for(serving, 2)
        assert told.get(timeout=PATIENCE) is None


def test_a_new_example_is_learnt(folder: Path) -> None:
    question = "the blorb is gone"
    with watched(folder) as (serving, told):
        assert serving.answerer.answer(question).answered == ()
        (folder / "examples" / "topic-3.txt").write_text(f"{question}\n", "utf-8")
        assert told.get(timeout=PATIENCE) is None
        answered = serving.answerer.answer(question).answered
    assert [each.entry.id for each in answered] == ["topic-3"]


def test_a_file_written_bit_by_bit_is_served_only_when_whole(folder: Path) -> None:
    text = faq_text(2)
    step = len(text) // 12
    with watched(folder) as (serving, told), steady_questions(serving) as served:
        (folder / "replies.yaml").write_text(replies_text(2), "utf-8")
        with (folder / "faq.yaml").open("w", encoding="utf-8") as file:
            for piece in _pieces(text, step):
                file.write(piece)
                file.flush()
                time.sleep(reloading.SETTLED_AFTER / 4)
        wait_for(serving, 2)
        assert told.get(timeout=PATIENCE) is None
        until = time.monotonic() + PATIENCE
        while 2 not in served and time.monotonic() < until:
            time.sleep(BETWEEN_QUESTIONS)  # until the next question has been asked
    assert set(served) == {1, 2}


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def test_a_change_while_it_is_read_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = Serving(folder)
    load = reloading.load_knowledge

    def load_then_change(from_folder: Path) -> object:
        knowledge = load(from_folder)
        (folder / "replies.yaml").write_text("disclaimer: generation 3\n# longer", "utf-8")
        return knowledge

    write(folder, 2)
    with monkeypatch.context() as patched:
        patched.setattr(reloading, "load_knowledge", load_then_change)
        assert not serving.reload()
    assert generation(serving.answerer) == 1
    assert serving.changed()


def _rename_over(folder: Path, number: int) -> None:
    """As editors save: a new file beside it, renamed over it."""
    for name, text in (("faq", faq_text(number)), ("replies", replies_text(number))):
        beside = folder / f".{name}.yaml.swp"
        beside.write_text(text, "utf-8")
        beside.replace(folder / f"{name}.yaml")


def _delete_and_write(folder: Path, number: int) -> None:
    for name in ("faq", "replies"):
        (folder / f"{name}.yaml").unlink()
    write(folder, number)


def _replace_folder(folder: Path, number: int) -> None:
    """As a fresh checkout does: the folder itself is another one."""
    folder.rename(folder.with_name("old"))
    write(folder, number)


@pytest.mark.parametrize("change", [_rename_over, _delete_and_write, _replace_folder])
def test_each_way_to_change_a_folder_is_noticed_more_than_once(
    folder: Path, change: Callable[[Path, int], None]
) -> None:
    with watched(folder) as (serving, _):
        change(folder, 2)
        wait_for(serving, 2)
        write(folder, 3)
        wait_for(serving, 3)


def test_a_swapped_symbolic_link_is_noticed_as_deployments_swap_it(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        write(tmp_path / f"release-{number}", number)
    current = tmp_path / "current"
    current.symlink_to("release-1")
    with watched(current) as (serving, _):
        for number in (2, 3, 1):
            fresh = tmp_path / "fresh"
            fresh.symlink_to(f"release-{number}")
            os.replace(fresh, current)
            wait_for(serving, number)


def test_files_that_are_links_are_noticed_as_clusters_swap_them(tmp_path: Path) -> None:
    """A mounted configuration: the files point through a link that is swapped."""
    for number in (1, 2):
        write(tmp_path / f"release-{number}", number)
    folder = tmp_path / "faq"
    folder.mkdir()
    (folder / "data").symlink_to("../release-1")
    for name in ("faq.yaml", "replies.yaml"):
        (folder / name).symlink_to(f"data/{name}")
    with watched(folder) as (serving, _):
        (folder / "fresh").symlink_to("../release-2")
        os.replace(folder / "fresh", folder / "data")
        wait_for(serving, 2)


def test_a_faulty_faq_is_refused_and_the_earlier_one_serves_until_it_is_mended(
    folder: Path,
) -> None:
    with watched(folder) as (serving, told):
        (folder / "faq.yaml").write_text(faq_text(2).replace("title: A", "titel: A"), "utf-8")
        fault = told.get(timeout=PATIENCE)
        assert isinstance(fault, FaqError)
        assert "faq.yaml:1:1: error:" in str(fault)
        assert generation(serving.answerer) == 1
        assert serving.refused
        write(folder, 3)
        assert told.get(timeout=PATIENCE) is None
        assert generation(serving.answerer) == 3
        assert not serving.refused


def test_a_faq_that_vanishes_is_refused(folder: Path) -> None:
    with watched(folder) as (serving, told):
        (folder / "faq.yaml").unlink()
        assert isinstance(told.get(timeout=PATIENCE), FaqError)
        assert generation(serving.answerer) == 1


def test_the_operator_reads_which_line_is_wrong(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    serving = Serving(folder)
    (folder / "faq.yaml").write_text("title: A FAQ\nentries: none\n", "utf-8")
    with pytest.raises(FaqError) as refused:
        serving.reload()
    with caplog.at_level(logging.INFO):
        reloading.log_outcome(serving, refused.value)
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "faq.yaml:2:" in record.getMessage()


def test_the_operator_reads_that_a_faq_was_taken_up(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger=reloading.__name__):
        reloading.log_outcome(Serving(folder), None)
    assert f"now serving its {ENTRIES} entries" in caplog.text


def test_a_faulty_faq_is_not_served_at_the_start(folder: Path) -> None:
    (folder / "faq.yaml").write_text("entries: []\n", "utf-8")
    with pytest.raises(FaqError):
        Serving(folder)
