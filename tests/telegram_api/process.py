"""The bot as a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.telegram_api.server import PATIENCE, TelegramServer
from tests.telegram_api.world import Webhook

COMMAND = (str(Path(sys.executable).with_name("smp-bot")), "run")
SECRET = "a-secret-between-telegram-and-the-bot"
_SETTINGS = (
    "TELEGRAM_", "WEBHOOK_", "FAQ_", "DATABASE_", "QUESTION_LOG", "LOG_LEVEL", "HTTP_PROXY",
    "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip


def clean_environment(**settings: str) -> dict[str, str]:
    """Return this environment with these settings of the bot, and no others."""
    kept = {
        name: value for name, value in os.environ.items() if not name.upper().startswith(_SETTINGS)
    }
    return kept | settings


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def webhook_settings() -> dict[str, str]:
    """Return settings for a webhook on loopback."""
    port = free_port()
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "WEBHOOK_HOST": "127.0.0.1",
        "WEBHOOK_PORT": str(port),
        "WEBHOOK_SECRET": SECRET,
    }


class BotProcess:
    """`smp-bot run` in a folder of its own, against a server; all it prints goes to a file."""

    def __init__(
        self,
        server: TelegramServer,
        folder: Path,
        *,
        webhook: bool = False,
        token: str | None = None,
        command: Sequence[str] = COMMAND,
        **settings: str,
    ) -> None:
        """`token` is the server's unless it is given; an empty one is left out."""
        self._command = command
        self.server = server
        self.log_file = folder / "bot.log"
        self.settings = {"TELEGRAM_API_URL": server.url}
        if token != "":
            self.settings["TELEGRAM_BOT_TOKEN"] = token or server.token
        self.settings |= webhook_settings() if webhook else {"WEBHOOK_PORT": str(free_port())}
        self.settings |= settings
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """All that was printed so far, by every process that was started here."""
        return self.log_file.read_text("utf-8", "replace") if self.log_file.exists() else ""

    @property
    def webhook_url(self) -> str:
        """Where this bot takes updates."""
        return self.settings["WEBHOOK_URL"]

    def start(self) -> Self:
        """Start the process, and do not wait."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def _environment(self) -> dict[str, str]:
        return clean_environment(**self.settings)

    def serve(self) -> Self:
        """Start the process, and return when it serves."""
        with self.server.world.changed:
            self.server.world.polls = 0
            self.server.world.webhook = Webhook()
        self.start()
        try:
            self.server.wait_until(self._serves_or_ended, "the bot to serve")
            assert self._process is not None
            assert self._process.poll() is None, "the bot ended"
        except AssertionError as fault:
            self.kill()
            raise AssertionError(f"{fault}; it printed:\n{self.log}") from None
        return self

    def _serves_or_ended(self) -> bool:
        world = self.server.world
        assert self._process is not None
        return bool(world.polls or world.webhook.url) or self._process.poll() is not None

    def waits_for_log(self, words: str, patience: float = PATIENCE) -> None:
        """Wait until these words are in what was printed."""
        deadline = time.monotonic() + patience
        while words not in self.log:
            assert time.monotonic() < deadline, f"{words!r} was not printed, but:\n{self.log}"
            time.sleep(0.05)

    def exit_code(self, patience: float = PATIENCE) -> int:
        """Wait for the end of the process; return its exit code."""
        assert self._process is not None
        return self._process.wait(patience)

    def terminate(self, patience: float = PATIENCE) -> int:
        """Send SIGTERM; return the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self.exit_code(patience)

    def kill(self) -> None:
        """Send SIGKILL, as the kernel does when memory runs out."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self.serve()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()
        if fault is not None:
            fault.add_note(f"The bot printed:\n{self.log[-6000:]}")
