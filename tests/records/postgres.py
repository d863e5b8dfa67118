"""A PostgreSQL server of its own for tests: Debian's programs, an ordinary user, a free port.

`server()` is for fixtures; it skips, and says why, where PostgreSQL is not installed.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_ROLE = "tests"


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, of the newest version; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [each.parent for each in _DEBIAN.glob("*/bin/initdb")]
    return max(folders, key=lambda each: float(each.parent.name), default=None)


def _user() -> dict[str, Any]:
    """Whom to run as: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    names = {each.pw_name for each in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


class PostgresServer:
    """A server in a folder of its own. Its data is gone with it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._data = folder / "data"
        self._as_user = _user()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        if self._as_user:
            shutil.chown(folder, self._as_user["user"], self._as_user["group"])
        self._call("initdb", "--pgdata", self._data, "--auth", "trust", "--username", _ROLE,
                   "--encoding", "UTF8", "--locale", "C", "--no-sync")  # fmt: skip

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c max_connections=100 -c fsync=off"
            f" -c unix_socket_directories={self._folder}"
        )
        self._control("start", "-o", options, "-l", str(self._folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` as an operator does, `immediate` as a crash does."""
        self._control("stop", "-m", mode)

    def hang(self) -> None:
        """Let it hold its connections and answer nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """End `hang`."""
        self._signal(signal.SIGCONT)

    def have_it_run(self) -> None:
        """Start it, or let it go on, whatever a test has left it in."""
        if (self._data / "postmaster.pid").exists():
            self.go_on()
        else:
            self.start()

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _pids(self) -> list[int]:
        """The server, and its processes: one for each connection."""
        postmaster = int((self._data / "postmaster.pid").read_text("utf-8").splitlines()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text("utf-8")
        return [postmaster, *map(int, children.split())]

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as `DATABASE_URL` takes it."""
        return f"postgresql+psycopg://{_ROLE}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; return its address."""
        name = f"records_{secrets.token_hex(4)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=_ROLE, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def _control(self, action: str, *arguments: str) -> None:
        self._call("pg_ctl", action, "--pgdata", self._data, "-w", "-t", "60", *arguments)

    def _call(self, program: str, *arguments: str | Path) -> None:
        # Not through a pipe: the server would hold it open for as long as it runs.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self._programs / program, *arguments],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **self._as_user,
            )
            output.seek(0)
            assert done.returncode == 0, output.read().decode("utf-8", "replace")


@contextmanager
def server() -> Iterator[PostgresServer]:
    """Start a server and stop it at the end; skip where PostgreSQL is not installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra `postgres`")
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        running = PostgresServer(found, Path(folder))
        running.start()
        try:
            yield running
        finally:
            running.stop("immediate")
