from __future__ import annotations

import asyncio

from bot.chat.telegram import idempotency


def test_every_message_of_an_answer_has_a_key_of_its_own_and_keeps_it() -> None:
    with idempotency.answering(5, 70):
        assert idempotency.headers() == {}  # "typing" is no message
        with idempotency.one_message():
            assert idempotency.headers() == {"Idempotency-Key": "5-70-0"}
            assert idempotency.headers() == {"Idempotency-Key": "5-70-0"}
        with idempotency.one_message():
            assert idempotency.headers() == {"Idempotency-Key": "5-70-1"}
    with idempotency.one_message():
        assert idempotency.headers() == {}  # an answer to nothing


async def test_answers_side_by_side_do_not_mix_their_keys() -> None:
    async def answer(update_id: int) -> list[str]:
        found = []
        with idempotency.answering(5, update_id):
            for _ in range(3):
                with idempotency.one_message():
                    await asyncio.sleep(0)
                    found += idempotency.headers().values()
        return found

    found = await asyncio.gather(answer(1), answer(2))
    assert found == [[f"5-{update}-{number}" for number in range(3)] for update in (1, 2)]
