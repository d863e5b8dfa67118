"""nginx as docs/operating.md has it, to the bot and to Telegram, on loopback and without TLS."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
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
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/in.conf;
    include {folder}/out.conf;
}}
"""


def program() -> str | None:
    """The program, which Debian keeps out of an ordinary user's path; None where there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def examples() -> tuple[str, str]:
    """The two of the page: how updates come in, and how answers go out."""
    way_in, way_out = re.findall(r"^```nginx\n(.*?)^```$", _PAGE.read_text("utf-8"), re.M | re.S)
    return way_in, way_out


def put_in(example: str, *changes: tuple[str, str, int]) -> str:
    """The example with each pattern changed, as often as it must be there."""
    for pattern, new, times in changes:
        example, found = re.subn(pattern, new, example)
        assert found == times, f"the example has another form: {pattern}"
    return example


def way_in(port: int, replicas: Sequence[int]) -> str:
    """How updates come in, with a port to listen on and those of the replicas put in."""
    servers = "".join(f"server 127.0.0.1:{each};\n" for each in replicas)
    return put_in(
        examples()[0],
        (r"server 127\.0\.0\.1:\d+;\n", servers, 1),
        (r"listen 443 ssl;", f"listen 127.0.0.1:{port};", 1),
        (r"ssl_certificate.*\n", "", 2),
    )


def way_out(port: int, telegram: int, folder: Path) -> str:
    """How answers go out, to a Bot API server on loopback."""
    return put_in(
        examples()[1],
        (r"server api\.telegram\.org:443;", f"server 127.0.0.1:{telegram};", 1),
        (r"listen 127\.0\.0\.1:8081;", f"listen 127.0.0.1:{port};", 1),
        (r"https://telegram;", "http://telegram;", 1),
        (r"proxy_ssl_.*\n", "", 4),
        (r"/dev/shm/smp-bot-answers ", f"{folder}/answers ", 1),
    )


class Nginx:
    """A proxy between replicas and Telegram; neither need run yet. All it prints is in its log."""

    def __init__(self, folder: Path, replicas: Sequence[int], telegram: int) -> None:
        self.port = free_port()
        out = free_port()
        self.api_url = f"http://127.0.0.1:{out}"
        self._folder = folder
        self._log = folder / "nginx.log"
        (folder / "nginx.conf").write_text(_MAIN.format(folder=folder), "utf-8")
        (folder / "in.conf").write_text(way_in(self.port, replicas), "utf-8")
        (folder / "out.conf").write_text(way_out(out, telegram, folder), "utf-8")

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
            self.__exit__()
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

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
