from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.faq.loading import load_knowledge

SHIPPED = Path(__file__).parents[2] / "faq"


@pytest.fixture(scope="session")
def answerer():
    """The bot as it is shipped."""
    return Answerer(load_knowledge(SHIPPED))
