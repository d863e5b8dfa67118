"""The addresses of references are opened, over real HTTP on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.faq.addresses import dead_addresses
from bot.faq.characters import decode
from bot.faq.reading import parsed


class Pages(BaseHTTPRequestHandler):
    """A page that is there, one that has moved, and none else."""

    def do_GET(self) -> None:
        status = {"/there": 200, "/new": 200, "/moved": 301}.get(self.path, 404)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/new")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_that_is_gone_has_moved_or_does_not_answer_is_named(site: str) -> None:
    urls = [f"{site}/there", f"{site}/gone", f"{site}/moved", "http://127.0.0.1:9/"]
    lines = "".join(f"  - {{id: r{n}, url: '{url}'}}\n" for n, url in enumerate(urls))
    source = parsed(decode(Path("s.yaml"), f"references:\n{lines}".encode()))
    found = list(dead_addresses(source))
    assert [(each.line, each.level, each.rule) for each in found] == [
        (line, "warning", "dead-address") for line in (3, 4, 5)
    ]
    gone, moved, silent = (each.message for each in found)
    assert gone == "this address answers with the error 404"
    assert moved == f"this address leads to another one: {site}/new"
    assert silent.startswith("this address does not answer: ")
