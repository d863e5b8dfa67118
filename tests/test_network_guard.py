"""The guard that keeps tests off the public network."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from loopback_only import PublicNetworkError, is_local

# An address that is set aside for documentation (RFC 5737): nothing is there.
ELSEWHERE = "192.0.2.1"


@pytest.fixture
def refused(network_refusals: Path):
    """Check that something was written down, and forgive it."""
    yield
    assert network_refusals.read_text("utf-8")
    network_refusals.write_text("", "utf-8")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", b"localhost", None]
)
def test_this_machine_is_local(host):
    assert is_local(host)


@pytest.mark.parametrize("host", [ELSEWHERE, "8.8.8.8", "api.telegram.org", "fe80::1%eth0"])
def test_the_rest_of_the_world_is_not(host):
    assert not is_local(host)


@pytest.mark.usefixtures("refused")
def test_a_connection_is_refused():
    with socket.socket() as sock, pytest.raises(PublicNetworkError):
        sock.connect((ELSEWHERE, 443))


@pytest.mark.usefixtures("refused")
def test_a_look_up_is_refused():
    with pytest.raises(PublicNetworkError):
        httpx.get("https://api.telegram.org/")


@pytest.mark.usefixtures("refused")
async def test_a_connection_by_asyncio_is_refused():
    with pytest.raises(PublicNetworkError):
        await asyncio.open_connection(ELSEWHERE, 443)


@pytest.mark.usefixtures("refused")
def test_a_process_that_a_test_starts_is_guarded_too():
    code = f"import socket; socket.create_connection(({ELSEWHERE!r}, 443), 1)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode != 0
    assert "PublicNetworkError" in ended.stderr


def test_what_a_program_swallows_fails_the_test_all_the_same(tmp_path):
    test = tmp_path / "test_swallowing.py"
    test.write_text(
        "import socket\n"
        "def test_swallows():\n"
        "    try:\n"
        f"        socket.create_connection(({ELSEWHERE!r}, 443), 1)\n"
        "    except BaseException:\n"
        "        pass\n"
    )
    conftest = Path(__file__).with_name("conftest.py")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider",
         "--rootdir", tmp_path, "-c", "/dev/null", str(test)],
        capture_output=True, text=True, cwd=conftest.parents[1],
    )  # fmt: skip
    assert ended.returncode == 1, ended.stdout
    assert "the public network is not for tests" in ended.stdout


async def test_loopback_is_free():
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
