"""What the engine costs as the FAQ grows, as the message grows, and on any string at all."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from measuring import in_mib, peak_memory, seconds, timed

from bot.faq.models import Entry, Faq, Knowledge

PHRASINGS = 10
_QUESTIONS = 200
_TOPIC_WORDS = 6
_SYLLABLES = [first + vowel for first in "bcdfghklmnprstvz" for vowel in "aeiou"]


class Growth(NamedTuple):
    """Seconds to build, MiB of the whole process, microseconds a question (median)."""

    build: float
    memory: float
    question: float


def growth(entries: int) -> Growth:
    """Measure a generated FAQ of some entries; to be run in a process of its own."""
    from bot.answering.answerer import Answerer

    knowledge, questions = generated(entries)
    start = time.process_time()
    answerer = Answerer(knowledge)
    build = time.process_time() - start
    timing = timed(answerer.answer, questions, passes=1)
    return Growth(build, peak_memory(), timing.median)


def generated(entries: int) -> tuple[Knowledge, list[str]]:
    """Return a FAQ of generated text, and questions about it, one in four with typos.

    Each entry has a few words of its own; the rest are English words drawn as often as they
    are used, so that lists of common words grow as they would in real text.
    """
    from bot.answering.english import frequencies
    from bot.evaluation.robustness import mistyped

    chance = random.Random(entries)
    words = list(frequencies())
    uses = [10 ** frequencies()[word] for word in words]
    common = iter(chance.choices(words, uses, k=entries * PHRASINGS * 8 + _QUESTIONS * 8))

    def topic() -> list[str]:
        rare = chance.choices(words, k=_TOPIC_WORDS - 2)
        return rare + ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(2)]

    def sentence(own: list[str]) -> str:
        chosen = chance.sample(own, 3) + list(islice(common, chance.randint(3, 6)))
        chance.shuffle(chosen)
        return " ".join(chosen)

    topics = [topic() for _ in range(entries)]
    made = tuple(
        Entry(
            id=f"entry-{number}",
            title=f"Entry {number}",
            questions=tuple(sentence(own) for _ in range(PHRASINGS)),
            answer="An answer.",
        )
        for number, own in enumerate(topics)
    )
    asked = [sentence(chance.choice(topics)) for _ in range(_QUESTIONS)]
    asked = [mistyped(text) if not number % 4 else text for number, text in enumerate(asked)]
    return Knowledge(faq=Faq(title="Generated", entries=made)), asked


class Builds(NamedTuple):
    """Milliseconds: reading the YAML files, the first index in a process, the median of more."""

    loading: float
    first: float
    median: float


def builds(folder: Path) -> Builds:
    """Time the way from YAML files to an engine; to be run in a process of its own."""
    from bot.answering.matching import Matcher
    from bot.faq.loading import load_knowledge

    loading = median(seconds(lambda: load_knowledge(folder), 3))
    knowledge = load_knowledge(folder)
    first, *more = seconds(lambda: Matcher(knowledge), 12)
    return Builds(1000 * loading, 1000 * first, 1000 * median(more))


def message_lengths(folder: Path, questions: list[str]) -> dict[str, float]:
    """Return the microseconds of a reply to messages of ten words and of 4,096 characters."""
    from bot.answering.answerer import Answerer
    from bot.evaluation.robustness import mistyped
    from bot.faq.loading import load_knowledge

    answerer = Answerer(load_knowledge(folder))
    ten_words = [" ".join(text.split()[:10]) for text in questions if len(text.split()) >= 10]
    prose = ". ".join(questions)[:4096]
    chance = random.Random(4096)
    letters = "abcdefghijklmnopqrstuvwxyz"
    messages = {
        "prose": [prose],
        "prose without sentence ends": ["".join(c for c in prose if c.isalnum() or c == " ")],
        "prose, every longer word mistyped": [mistyped(prose)[:4096]],
        "words that do not exist": [
            " ".join("".join(chance.choices(letters, k=7)) for _ in range(512))
        ],
        "one word": ["".join(chance.choices(letters, k=4096))],
        "one letter": ["a" * 4096],
        "punctuation": ["?!. " * 1024],
        "a clause a word": ["itchy, and " * 372],
    }
    taken = {"ten words": timed(answerer.answer, ten_words[:100]).median}
    return taken | {
        name: timed(answerer.answer, text, 9).median for name, text in messages.items()
    }


class Process(NamedTuple):
    """Milliseconds of processor time and MiB of a whole `smp-bot ask`."""

    milliseconds: float
    memory: float


def ask_process(folder: Path) -> Process:
    """Measure whole processes that answer one question, from start to end."""
    command = [
        str(Path(sys.executable).with_name("smp-bot")),
        "ask",
        "--faq",
        str(folder),
        "why is my head itchy",
    ]
    taken, memory = [], []
    for _ in range(7):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        taken.append(usage.ru_utime + usage.ru_stime)
        memory.append(in_mib(usage.ru_maxrss))
        if process.returncode:
            raise SystemExit(f"smp-bot ask ended with status {process.returncode}")
    return Process(1000 * median(taken), max(memory))


class Fuzz(NamedTuple):
    """Strings asked, exceptions by kind and place, and milliseconds: median and slowest."""

    strings: int
    exceptions: dict[str, int]
    median: float
    slowest: float
    slowest_text: str


def fuzz(folder: Path, strings: int) -> Fuzz:
    """Ask random strings of any Unicode; to be run in a process of its own.

    Prints to standard error after every tenth of them.
    """
    from bot.answering.answerer import Answerer
    from bot.faq.loading import load_knowledge

    knowledge = load_knowledge(folder)
    answerer = Answerer(knowledge)
    own = [text for entry in knowledge.faq.entries for text in knowledge.phrasings(entry)]
    exceptions: dict[str, int] = {}
    taken = []
    slowest = (0.0, "")

    def ask(text: str) -> None:
        scores = answerer.answer(text).scores
        if not all(0 <= score <= 1 for score in scores.values()):
            raise ValueError("a score is outside 0..1")

    for number, text in enumerate(islice(random_strings(own), strings), 1):
        start = time.process_time()
        try:
            ask(text)
        except Exception as fault:
            last = traceback.extract_tb(fault.__traceback__)[-1]
            name = f"{type(fault).__name__} at {Path(last.filename).name}:{last.lineno}"
            exceptions[name] = exceptions.get(name, 0) + 1
        taken.append(time.process_time() - start)
        slowest = max(slowest, (taken[-1], text))
        if number % (strings // 10) == 0:
            print(f"  {number:,} of {strings:,} strings", file=sys.stderr)
    return Fuzz(
        strings, exceptions, 1000 * median(taken), 1000 * slowest[0], ascii(slowest[1][:40])
    )


def random_strings(own: list[str]) -> Iterator[str]:
    """Yield strings of many sorts without end: any code point, one script, own text damaged."""
    chance = random.Random(100_000)

    def anything(length: int) -> str:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(length))

    def one_block(length: int) -> str:
        start = chance.randrange(0x300) * 0x80
        return "".join(chr(start + chance.randrange(0x80)) for _ in range(length))

    def marks(length: int) -> str:
        odd = "\0\t\n\r\u200b\u200d\u202e\u2066\ufeff\ufe0f\u0301\u0489\ud83d\udc4d\U0001f468'\"<&"
        return "".join(chance.choice(odd + " aeiou") for _ in range(length))

    def digits(length: int) -> str:
        return "".join(chance.choice("0123456789²½٣Ⅷ½.,-/ days weeks") for _ in range(length))

    def damaged(length: int) -> str:
        text = list(" ".join(chance.choices(own, k=1 + length // 40)))
        for _ in range(1 + length // 10):
            place = chance.randrange(len(text))
            text[place] = chance.choice(["", " ", anything(1), text[place] * 3])
        return "".join(text)

    def repeated(length: int) -> str:
        piece = chance.choice([anything(1), anything(3), one_block(2), "no ", "day 3 ", "a"])
        return piece * (length // len(piece) + 1)

    sorts: list[Callable[[int], str]] = [anything, one_block, marks, digits, damaged, repeated]
    while True:
        longest = chance.choice([10, 10, 40, 40, 40, 200, 200, 200, 200, 1000])
        longest = 5000 if chance.random() < 0.005 else longest
        yield chance.choice(sorts)(chance.randrange(longest + 1))
