"""What every test gets: no public network, for this process and for those that it starts."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from bot.answering.answerer import Answerer
from bot.answering.encoder import Encoded, Encoder, Singles
from bot.faq import examples
from bot.faq.models import Knowledge
from bot.faq.shipped import shipped_folder
from bot.faq.source import Source

GUARD = Path(__file__).parent / "network_guard"
sys.path.insert(0, str(GUARD))
import loopback_only  # noqa: E402 - it is found through the line above

pytest_plugins = ["tests.telegram_api.fixtures", "tests.browsing", "tests.commands"]

# A timing is never a test: on a busy machine any example may be slow.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    handle, path = tempfile.mkstemp(prefix="network-refusals-")
    os.close(handle)
    os.environ[loopback_only.REFUSALS_FILE] = path
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(GUARD) not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD), *paths]))
    loopback_only.install()
    # The user's own cache is not for tests.
    cache = getattr(config, "cache", None)
    folder = cache.mkdir("user-cache") if cache else tempfile.gettempdir()
    os.environ["XDG_CACHE_HOME"] = str(folder)


def pytest_unconfigure() -> None:
    Path(os.environ[loopback_only.REFUSALS_FILE]).unlink(missing_ok=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.fixture(scope="session")
def knowledge(served_knowledge: Knowledge) -> Knowledge:
    """What the bot knows as it is shipped; loaded once a run."""
    return served_knowledge


@pytest.fixture(scope="session")
def answerer(served_answerer: Answerer) -> Answerer:
    """The bot as it is shipped; built once a run."""
    return served_answerer


@pytest.fixture(scope="session", autouse=True)
def texts_read_once() -> Iterator[None]:
    """What the shipped network makes of a text is the same each time: a run reads it once."""
    read, known = Encoder.read, dict[str, tuple[Singles, ...]]()

    def remembered(self: Encoder, texts: Sequence[str]) -> Encoded:
        if self is not Encoder.load() or not texts:
            return read(self, texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            made = read(self, new)
            rows = zip(made.vectors, made.entries, made.dangers, strict=True)
            known.update(zip(new, rows, strict=True))
        return Encoded(*(np.stack(each) for each in zip(*map(known.get, texts), strict=True)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Encoder, "read", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def shipped_examples_read_once() -> Iterator[None]:
    """A FAQ without examples of danger has the shipped ones: a run reads their files once."""
    read, shipped = examples.read_messages, shipped_folder()
    once = cache(read)

    def remembered(file: Path) -> Source:
        return once(file) if file.is_relative_to(shipped) else read(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "read_messages", remembered)
        yield


@pytest.fixture(autouse=True)
def network_refusals() -> Iterator[Path]:
    """The file of refused connections; the test fails when it is not empty at the end."""
    path = Path(os.environ[loopback_only.REFUSALS_FILE])
    yield path
    if refusals := path.read_text("utf-8"):
        path.write_text("", "utf-8")
        pytest.fail(f"the public network is not for tests:\n{refusals}", pytrace=False)
