from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.replicas.fleet import Fleet, missing, running_fleet


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    """Three replicas; where something is not installed, a skip, but in CI a failure."""
    if names := missing():
        told = f"not installed: {names} (apt-get install {names})"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    with running_fleet(3) as running:
        yield running
