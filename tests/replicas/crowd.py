"""A crowd that asks one question each, of a Telegram that stutters."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from bot.answering.answerer import Answerer
from bot.faq.models import Entry
from tests.telegram_api import Person, TelegramServer
from tests.telegram_api.pushing import Pusher
from tests.telegram_api.updates import Update
from tests.telegram_api.world import World

AT_ONCE = 120
"""Questions that wait for their answer at any time; Telegram pushes 100 of them side by side."""
ONE_IN = 20
"""One update in so many comes twice."""
_SLOWEST = 120.0
"""Seconds in which everybody has an answer, whatever went wrong meanwhile."""


def answerable(answerer: Answerer) -> list[Entry]:
    """Entries whose first question is answered, and by no other entry."""
    return [
        entry
        for entry in answerer.knowledge.faq.entries
        if [each.entry for each in answerer.answer(entry.questions[0]).answered] == [entry]
    ]


class Stutter:
    """Pushes updates a second time, beside the first and until they are taken."""

    def __init__(self, telegram: TelegramServer) -> None:
        self.count = 0
        self._world = World(telegram.token, self._wake)
        self._world.webhook = telegram.world.webhook
        self._pusher = Pusher(self._world)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def push(self, update: Update) -> None:
        """Push an update that the bot is given by the server as well."""
        again = Update(update.id, update.kind, update.body, update.id)
        with self._world.changed:
            self._world.updates.pending[again.id] = again
            self._world.updates.queues[again.queue] = {again.id: again}
            self.count += 1
        self._wake()

    def wait_until_taken(self) -> None:
        """Return when all that was pushed is confirmed."""
        with self._world.changed:
            done = self._world.changed.wait_for(lambda: not self._world.updates.pending, _SLOWEST)
        assert done, f"repeated updates are not taken: {self._world.webhook.last_error}"

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self._pusher.wake)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._pusher.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass(frozen=True)
class Asked:
    """One question: who asked, about what, and its update."""

    person: Person
    entry: Entry
    update: Update

    @property
    def answers(self) -> list[str]:
        """The first lines of what came back."""
        return [message.title for message in self.person.received]


class Crowd:
    """Everybody who asks; one update in `ONE_IN` comes twice, at once or when all is over."""

    def __init__(
        self, telegram: TelegramServer, stutter: Stutter, entries: Sequence[Entry]
    ) -> None:
        self.asked: list[Asked] = []
        self._telegram = telegram
        self._stutter = stutter
        self._entries = entries
        self._later: list[Update] = []

    def asks_until(self, goal: int) -> None:
        """Ask until there were so many questions, `AT_ONCE` side by side."""
        waiting = self._telegram.world.updates.pending
        for number in range(len(self.asked), goal):
            self._telegram.wait_until(lambda: len(waiting) < AT_ONCE, "answers", _SLOWEST)
            asked = self._ask(self._entries[number % len(self._entries)])
            self.asked.append(asked)
            if number % (2 * ONE_IN) == 0:
                self._stutter.push(asked.update)
            elif number % ONE_IN == 0:
                self._later.append(asked.update)

    def _ask(self, entry: Entry) -> Asked:
        person = self._telegram.person()
        world = self._telegram.world
        with world.changed:
            person.says(entry.questions[0])
            return Asked(person, entry, next(reversed(world.updates.all.values())))

    def wait_until_answered(self) -> None:
        """Return when every update is confirmed."""
        waiting = self._telegram.world.updates.pending
        self._telegram.wait_until(lambda: not waiting, "all answers", _SLOWEST)

    def stutters_on(self) -> None:
        """Let come what is to come twice, and late."""
        for update in self._later:
            self._stutter.push(update)
        self._later.clear()
        self._stutter.wait_until_taken()

    # -- what came of it: updates by their ids ---------------------------------------------------

    def answered(self) -> set[int]:
        """Those with an answer."""
        return {each.update.id for each in self.asked if each.answers}

    def lost(self) -> set[int]:
        """Those without one."""
        return {each.update.id for each in self.asked if not each.answers}

    def wrong(self) -> set[int]:
        """Those that were answered with something else."""
        return {each.update.id for each in self.asked if set(each.answers) - {each.entry.title}}

    def answered_twice(self) -> set[int]:
        """Those with more than one answer."""
        return {each.update.id for each in self.asked if len(each.answers) > 1}

    def entries(self) -> Counter[str]:
        """How often each entry was asked for."""
        return Counter(each.entry.id for each in self.asked)
