"""Refuse every connection and look-up that leaves the machine, and write down each one.

The refusal is no `OSError`, so that code which survives a broken network does not swallow it;
and because something may still swallow it, the file named by `NETWORK_REFUSALS` keeps it for
the fixture that fails the test. Processes that the tests start get the same through
`sitecustomize.py`, which is beside this file and on their `PYTHONPATH`.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

REFUSALS_FILE = "NETWORK_REFUSALS"
"""The variable that names the file of refusals."""
_INSTALLED = "loopback_only_is_installed"


class PublicNetworkError(BaseException):
    """Something tried to leave the machine."""


def is_local(host: object) -> bool:
    """Return whether a host is this machine; a name other than localhost is not."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(target: object) -> None:
    if path := os.environ.get(REFUSALS_FILE):
        with open(path, "a", encoding="utf-8") as refusals:
            refusals.write(f"process {os.getpid()} tried to reach {target!r}\n")
    raise PublicNetworkError(f"a test tried to reach {target!r}: only loopback is allowed")


def install() -> None:
    """Guard this process from now on; once is enough."""
    if getattr(socket, _INSTALLED, False):
        return
    setattr(socket, _INSTALLED, True)
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, look_up = socket.socket.sendto, socket.getaddrinfo

    def check(sock: socket.socket, address: Any) -> None:
        inet = sock.family in (socket.AF_INET, socket.AF_INET6)
        if inet and not is_local(address[0]):
            _refuse(address)

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(self, rest[-1])
        return sendto(self, data, *rest)

    def guarded_look_up(host: Any, *rest: Any, **options: Any) -> Any:
        if not is_local(host):
            _refuse(host)
        return look_up(host, *rest, **options)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign, assignment]
    socket.socket.sendto = guarded_sendto  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = guarded_look_up
