"""Replicas of the bot, nginx in front of them, PostgreSQL behind: what an operator would run."""

from __future__ import annotations

import itertools
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, Select, column, func, select, table

from bot.records.database import open_database
from bot.records.tables import claims, entries, questions
from tests.records import postgres
from tests.records.postgres import PostgresServer
from tests.replicas.proxy import Nginx, program
from tests.telegram_api import PATIENCE, TelegramServer
from tests.telegram_api.messages import Message
from tests.telegram_api.process import SECRET, BotProcess, free_port

_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def missing() -> str:
    """What must be installed first; empty when all is there."""
    needed = {"nginx": program(), "postgresql": postgres.programs()}
    return ", ".join(name for name, found in needed.items() if found is None)


class Replica:
    """One `smp-bot run`. `holder` is the name under which it claims updates."""

    def __init__(self, fleet: Fleet, bot: BotProcess) -> None:
        self.bot = bot
        self.holder = ""
        self._fleet = fleet

    def wait_until_serving(self) -> None:
        """Say hello to it, past the proxy, until it answers."""
        update_id, update = self._fleet.hello()
        url = f"http://127.0.0.1:{self.bot.settings['WEBHOOK_PORT']}/telegram"
        deadline = time.monotonic() + 3 * PATIENCE  # all replicas start at once
        while not self._takes(url, update):
            ended = self._ends_within(0.05)
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"a replica does not serve; it printed:\n{self.bot.log}")
        self.holder = self._fleet.records.holder_of(update_id)

    def _ends_within(self, seconds: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self.bot.exit_code(seconds)
            return True
        return False

    def _takes(self, url: str, update: dict[str, Any]) -> bool:
        try:
            return httpx.post(url, json=update, headers=_HEADERS, trust_env=False).is_success
        except httpx.ConnectError:
            return False


class SharedRecords:
    """What the database holds, as a bystander reads it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counted(self) -> int:
        """How many questions are counted."""
        return int(self._read(select(func.coalesce(func.sum(questions.c.count), 0)))[0][0])

    def counted_entries(self) -> Counter[str]:
        """How often each entry is counted."""
        shown = select(entries.c.entry, func.sum(entries.c.count)).group_by(entries.c.entry)
        return Counter({entry: int(count) for entry, count in self._read(shown)})

    def held(self, holder: str) -> set[int]:
        """The ids of the updates that a process has claimed and not settled."""
        mine = select(claims.c.update_id).where(claims.c.holder == holder, ~claims.c.settled)
        return {each % 2**32 for (each,) in self._read(mine)}

    def holder_of(self, update_id: int) -> str:
        """Who has claimed an update."""
        its = claims.c.update_id % 2**32 == update_id
        [(holder,)] = self._read(select(claims.c.holder).where(its))
        return str(holder)

    def size_of_claims(self) -> tuple[int, int]:
        """How many updates are remembered, and in how many bytes, the indexes included."""
        size = select(func.count(), func.pg_total_relation_size(claims.name))
        [(rows, total)] = self._read(size.select_from(claims))
        return int(rows), int(total)

    def processes(self) -> list[int]:
        """The ids of the processes of PostgreSQL that there are."""
        activity = table("pg_stat_activity", column("pid"))
        mine = func.pg_backend_pid()
        return [pid for (pid,) in self._read(select(activity.c.pid).where(activity.c.pid != mine))]

    def _read(self, statement: Select[Any]) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(statement))
        finally:
            self._engine.dispose()  # the server is restarted meanwhile


class Fleet:
    """So many replicas that share a database, behind one address.

    `greeted` is how many hellos were said to find out that a replica serves: they are counted.
    """

    def __init__(
        self, telegram: TelegramServer, database: PostgresServer, folder: Path, count: int
    ) -> None:
        self.telegram = telegram
        self.database = database
        self.greeted = 0
        self._ids = itertools.count(1)
        url = database.new_database()
        self.records = SharedRecords(open_database(url))
        ports = [free_port() for _ in range(count)]
        self.proxy = Nginx(folder, ports, telegram.port)
        self.replicas = []
        for number, port in enumerate(ports):
            own = folder / str(number)
            own.mkdir()
            bot = BotProcess(
                telegram,
                own,
                TELEGRAM_API_URL=self.proxy.api_url,
                DATABASE_URL=url,
                LOG_LEVEL="WARNING",
                WEBHOOK_URL=self.proxy.url,
                WEBHOOK_PORT=str(port),
                WEBHOOK_SECRET=SECRET,
            )
            self.replicas.append(Replica(self, bot))

    def restart_database(self) -> None:
        """Restart PostgreSQL as an operator does."""
        self.database.stop()
        self.database.start()

    def wait_until_serving(self) -> None:
        """Return when every replica answers."""
        for replica in self.replicas:
            replica.wait_until_serving()

    def stop(self) -> None:
        """Stop every replica as an operator does."""
        for replica in self.replicas:
            assert replica.bot.terminate() == 0, replica.bot.log

    def hello(self) -> tuple[int, dict[str, Any]]:
        """An update that only the replica gets which it is posted to; its id, and its JSON."""
        person = self.telegram.person()
        person.chat.started = True
        self.greeted += 1
        number = next(self._ids)
        said = Message(number, person.chat, person.user, "hello")
        return number, {"update_id": number, "message": said.json()}


@contextmanager
def running_fleet(count: int) -> Iterator[Fleet]:
    """Run so many replicas with all that they need; at the end nothing of it is left running."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="replicas-")))
        database = stack.enter_context(postgres.server())
        telegram = stack.enter_context(TelegramServer())
        fleet = Fleet(telegram, database, folder, count)
        stack.enter_context(fleet.proxy)
        for replica in fleet.replicas:
            stack.callback(replica.bot.kill)
            replica.bot.start()
        fleet.wait_until_serving()
        yield fleet
