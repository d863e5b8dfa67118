import pytest

from bot.answering.small_talk import SmallTalker, signs
from bot.answering.words import fold, tokenise
from bot.faq.models import SmallTalk

TALKER = SmallTalker(
    (
        SmallTalk(says=("hello", "hi", "good morning"), reply="Hello."),
        SmallTalk(says=("thanks", "thank you", "👍"), reply="You are welcome."),
    )
)


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("Hello!", "Hello."),
        ("helloooo", "Hello."),
        ("GOOD MORNING", "Hello."),
        ("hi, thank you 🙂", "You are welcome."),
        ("hi my scalp is red", None),
        ("thanks for nothing", None),
        ("👍🏽👍🏽", "You are welcome."),
        ("👍 😀", None),
        ("", None),
    ],
)
def test_only_a_message_that_is_all_small_talk_is_taken_as_such(message, reply):
    found = TALKER.find(tokenise(fold(message)) or signs(message))
    assert (found.reply if found else None) == reply
