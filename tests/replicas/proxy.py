"""nginx as docs/operating.md has it, but on loopback and without TLS."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.telegram_api.process import free_port
from tests.telegram_api.server import PATIENCE

_PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
_MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/smp-bot.conf;
}}
"""


def program() -> str | None:
    """The program, which Debian keeps out of an ordinary user's path; None where there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def configuration(port: int, replicas: Sequence[int]) -> str:
    """The example of the page, with a port to listen on and those of the replicas put in."""
    [example] = re.findall(r"^```nginx\n(.*?)^```$", _PAGE.read_text("utf-8"), re.M | re.S)
    servers = "".join(f"server 127.0.0.1:{each};\n" for each in replicas)
    text, upstreams = re.subn(r"server 127\.0\.0\.1:\d+;\n", servers, example)
    text, listens = re.subn(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", text)
    text, certificates = re.subn(r"ssl_certificate.*\n", "", text)
    assert (upstreams, listens, certificates) == (1, 1, 2), "the example has another form"
    return str(text)


class Nginx:
    """A proxy in front of replicas, which need not run yet. All it prints is in its log."""

    def __init__(self, folder: Path, replicas: Sequence[int]) -> None:
        self.port = free_port()
        self._folder = folder
        self._log = folder / "nginx.log"
        (folder / "nginx.conf").write_text(_MAIN.format(folder=folder), "utf-8")
        (folder / "smp-bot.conf").write_text(configuration(self.port, replicas), "utf-8")

    @property
    def url(self) -> str:
        """The address that Telegram is given."""
        return f"http://127.0.0.1:{self.port}/telegram"

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def __enter__(self) -> Self:
        found = program()
        assert found, "nginx is not installed"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [found, "-p", self._folder, "-e", "stderr", "-c", self._folder / "nginx.conf"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            said = self._log.read_text("utf-8", "replace")
            assert self._process.poll() is None, f"nginx ended:\n{said}"
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, f"nginx does not listen:\n{said}"
                time.sleep(0.01)
            else:
                return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
