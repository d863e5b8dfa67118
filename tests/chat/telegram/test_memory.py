from __future__ import annotations

from bot.answering.answerer import Answerer
from bot.answering.context import START
from bot.chat.telegram.memory import Conversations, ShortMemory
from bot.faq.models import Knowledge


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_memory_forgets_with_time() -> None:
    clock = Clock()
    memory: ShortMemory[int, str] = ShortMemory(10, 60, clock)
    memory.put(1, "one")
    clock.now = 60
    assert memory.get(1) == "one"
    clock.now = 61
    assert memory.get(1) is None
    memory.put(2, "two")
    assert len(memory) == 1


def test_a_memory_never_grows_past_its_size() -> None:
    memory: ShortMemory[int, int] = ShortMemory(3, 60, Clock())
    for number in range(100):
        memory.put(number, number)
    assert len(memory) == 3
    assert memory.get(99) == 99
    assert memory.get(96) is None


def test_seen_tells_the_second_time_from_the_first() -> None:
    memory: ShortMemory[str, bool] = ShortMemory(3, 60, Clock())
    assert not memory.seen("album", True)
    assert memory.seen("album", True)


def test_a_conversation_is_remembered_for_ten_minutes(knowledge: Knowledge) -> None:
    clock = Clock()
    conversations = Conversations(clock=clock)
    answerer = Answerer(knowledge)
    me = (1, 1)
    conversations.note(me, answerer.answer("why is my tyre flat"), 0.0)
    conversations.note(me, answerer.answer("thanks"), 0.0)
    clock.now = 599
    assert conversations.recall(me, 0.0).answered == ("flat-tyre",)
    assert conversations.recall((1, 2), 0.0) == START
    clock.now = 601
    assert conversations.recall(me, 0.0) == START


def test_a_miss_is_remembered_but_not_one_with_an_alert(knowledge: Knowledge) -> None:
    conversations = Conversations()
    answerer = Answerer(knowledge)
    conversations.note((1, 1), answerer.answer("the moon landing"), 0.0)
    assert conversations.recall((1, 1), 0.0).misses == 1
    conversations.note((1, 1), answerer.answer("I want to kill myself"), 0.0)
    after = conversations.recall((1, 1), 0.0)
    assert after.alert is not None
    assert (after.misses, after.alert.level) == (0, "crisis")
