"""Live reload: a changed FAQ is taken up while the bot answers, a faulty one is refused."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.faq.loading import faq_files, load_knowledge
from bot.faq.problems import FaqError

_log = logging.getLogger(__name__)

SETTLED_AFTER = 0.4
"""Seconds a FAQ must stay as it is before it is read: editors and copies write in steps."""
LOOKED_AT_EVERY = 0.25
"""Seconds between looks at the files, a millisecond each. What the system reports is not enough:
it reports nothing for a symbolic link that is swapped, nor on some mounted folders."""

Signature = tuple[tuple[str, int, int, int, int], ...]
"""What tells one state of a folder from another: path, device, inode, size, time of each file."""


class Serving:
    """Holds the answerer that serves now, made from one FAQ folder.

    Reading `answerer` and swapping it are both one step, so any thread or task may read it at
    any time: what it gets was read whole. Take it once for each message.
    """

    def __init__(self, folder: Path) -> None:
        """Load the folder; raises `FaqError` when it is faulty."""
        self.folder = folder
        self._seen = signature(folder)
        self._answerer = Answerer(load_knowledge(folder))
        self.refused = False
        """Whether what was last read has faults, and what was read before it serves."""

    @property
    def answerer(self) -> Answerer:
        """The answerer of the newest FAQ without faults."""
        return self._answerer

    def changed(self) -> bool:
        """Whether the folder differs from what was last read, be it served or refused."""
        return signature(self.folder) != self._seen

    def reload(self) -> bool:
        """Read the folder and serve it; False when it changed meanwhile and must be read again.

        Raises:
            FaqError: the FAQ has faults. The earlier one goes on serving.
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
        self._answerer, self.refused = fresh, False
        return True


def signature(folder: Path) -> Signature:
    """The state of the files of a FAQ folder, links followed; empty when there is no folder."""
    files = []
    with suppress(OSError):
        for file in faq_files(folder):
            with suppress(OSError):
                at = os.stat(file)
                files.append((str(file), at.st_dev, at.st_ino, at.st_size, at.st_mtime_ns))
    return tuple(files)


def log_outcome(serving: Serving, fault: FaqError | None) -> None:
    """Write to the operator's log that a FAQ was taken up, or why it was refused."""
    if fault is None:
        entries = len(serving.answerer.knowledge.faq.entries)
        _log.info("The FAQ in %s has changed: now serving its %d entries", serving.folder, entries)
    else:
        _log.error(
            "The FAQ in %s has faults; the earlier one goes on serving:\n%s", serving.folder, fault
        )


@contextmanager
def watching(
    serving: Serving, tell: Callable[[Serving, FaqError | None], None] = log_outcome
) -> Iterator[None]:
    """Take up changes of the FAQ for as long as the block runs.

    A change is served within 2 s of the last write. `tell` is called, in the watching thread,
    with None when a FAQ was taken up, and with the fault when one was refused.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(serving, tell, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _watch(
    serving: Serving, tell: Callable[[Serving, FaqError | None], None], stop: threading.Event
) -> None:
    while not stop.wait(LOOKED_AT_EVERY):
        while serving.changed() and _settled(serving.folder, stop):
            try:
                if serving.reload():
                    tell(serving, None)
            except FaqError as fault:
                tell(serving, fault)
            except Exception:
                _log.exception("The FAQ in %s could not be read", serving.folder)


def _settled(folder: Path, stop: threading.Event) -> bool:
    """Wait until the folder has stayed the same for a while; False when it is time to stop."""
    seen = signature(folder)
    while not stop.wait(SETTLED_AFTER):
        now = signature(folder)
        if now == seen:
            return True
        seen = now
    return False
