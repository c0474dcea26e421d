"""The guard that keeps the suite on this machine."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.network import NetworkForbidden, NetworkGuard, is_this_machine

if TYPE_CHECKING:
    from pathlib import Path


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


async def test_loopback_is_reached_from_a_loop() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize("host", ["192.0.2.1", "api.example.com", "10.0.0.1", "2001:db8::1"])
def test_every_other_address_is_refused_and_remembered(host: str, network_is_off: NetworkGuard) -> None:
    with pytest.raises(NetworkForbidden):
        socket.create_connection((host, 80), timeout=1)

    assert network_is_off.attempts == [host]
    network_is_off.attempts.clear()


def test_a_name_that_cannot_exist_fails_as_a_resolver_would() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("server.invalid", 80), timeout=1)


def test_only_loopback_counts_as_this_machine() -> None:
    assert all(map(is_this_machine, ["127.0.0.1", "127.8.8.8", "::1", "localhost", "0.0.0.0"]))
    assert not any(map(is_this_machine, ["192.168.1.1", "localhost.example.com", "8.8.8.8", "fe80::1%eth0"]))


def test_nothing_of_the_callers_environment_is_seen(home: Path) -> None:
    assert not [name for name in os.environ if "KEY" in name and name != "PYTHON_KEYRING_BACKEND"]
    assert os.environ["HAWKMOTH_HOME"] == str(home)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("address", ["192.0.2.1", "api.example.com"])
def test_a_program_that_a_test_starts_has_no_network_either(address: str) -> None:
    code = f"import socket; socket.create_connection(({address!r}, 80), timeout=5)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert f"OSError: [Errno {errno.ENETUNREACH}] the network is off in tests" in done.stderr


def test_a_program_that_a_test_starts_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket; print(socket.create_connection({server.getsockname()!r}, timeout=5).getpeername()[0])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "127.0.0.1\n"
