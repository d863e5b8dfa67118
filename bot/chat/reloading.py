"""Live reload: a changed FAQ is taken up while the bot answers, a faulty one is refused."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.faq.loading import faq_files, load_knowledge
from bot.faq.problems import FaqError

_log = logging.getLogger(__name__)

SETTLED_AFTER = 0.4
"""Seconds between looks at the files, a millisecond each. What two looks find alike is read:
editors and copies write in steps. What the system reports is not enough: it reports nothing for a
symbolic link that is swapped, nor on some mounted folders."""


class Serving:
    """Holds the answerer that serves now, made from one FAQ folder.

    `answerer` is swapped in one step: any thread may read it, once for each message.
    """

    def __init__(self, folder: Path) -> None:
        """Load the folder; raises `FaqError` when it is faulty."""
        self.folder = folder
        self._seen = signature(folder)
        self.answerer = Answerer(load_knowledge(folder))
        """The answerer of the newest FAQ without faults."""
        self.refused = False
        """Whether what was last read has faults, and what was read before it serves."""

    def changed(self) -> bool:
        """Whether the folder differs from what was last read, be it served or refused."""
        return signature(self.folder) != self._seen

    def reload(self) -> bool:
        """Read the folder and serve it; False when it changed meanwhile and must be read again.

        Raises `FaqError` where it has faults; the earlier one goes on serving.
        """
        # Noted before it is read, and whatever comes of it: no state is read twice in vain.
        self._seen = signature(self.folder)
        try:
            fresh = Answerer(load_knowledge(self.folder))
        except Exception as fault:
            if isinstance(fault, FaqError) and self.changed():
                return False
            self.refused = True
            raise
        if self.changed():
            return False
        self.answerer, self.refused = fresh, False
        return True


Tell = Callable[[Serving, FaqError | None], None]
"""What is told that a FAQ was taken up, or, with the fault, that it was refused."""


def signature(folder: Path) -> list[tuple[str, int, int, int, int]]:
    """What tells one state of a FAQ folder from another; empty when there is no folder.

    It is the path, device, inode, size and time of each file, links followed.
    """
    files = []
    with suppress(OSError):
        for file in faq_files(folder):
            with suppress(OSError):
                at = file.stat()
                files.append((str(file), at.st_dev, at.st_ino, at.st_size, at.st_mtime_ns))
    return files


def outcome(serving: Serving, fault: FaqError | None) -> str:
    """Say that a FAQ was taken up, or why it was refused."""
    if fault:
        return f"The FAQ in {serving.folder} has faults; the earlier one goes on serving:\n{fault}"
    entries = len(serving.answerer.knowledge.faq.entries)
    return f"The FAQ in {serving.folder} has changed: now serving its {entries} entries"


def log_outcome(serving: Serving, fault: FaqError | None) -> None:
    """Write to the operator's log what became of a changed FAQ."""
    _log.log(logging.ERROR if fault else logging.INFO, "%s", outcome(serving, fault))


@contextmanager
def watching(serving: Serving, tell: Tell = log_outcome) -> Iterator[None]:
    """Take up changes of the FAQ, within 2 s, for as long as the block runs.

    `tell` is called in the watching thread.
    """
    stop = threading.Event()

    def watch() -> None:
        before = signature(serving.folder)
        while not stop.wait(SETTLED_AFTER):
            now = signature(serving.folder)
            if now == before and serving.changed():
                try:
                    if serving.reload():
                        tell(serving, None)
                except FaqError as fault:
                    tell(serving, fault)
                except Exception:
                    _log.exception("The FAQ in %s could not be read", serving.folder)
            before = now

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
