"""The network is off: a test reaches this machine's loopback and Unix sockets, and nothing else.

A forbidden attempt raises at once and is kept, so that code which swallows the error still fails its test.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

LOOPBACK_NAMES = frozenset({"", "localhost", "ip6-localhost"})


class NetworkForbidden(AssertionError):
    """A test tried to leave this machine."""


class NetworkGuard:
    """Stands before `connect`, `sendto` and name look-ups while it is installed."""

    def __init__(self) -> None:
        self.attempts: list[str] = []
        """What was refused, in words, oldest first."""

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Guards every socket of this process until the monkeypatch is undone."""
        monkeypatch.setattr(socket.socket, "connect", self._guarded(socket.socket.connect))
        monkeypatch.setattr(socket.socket, "connect_ex", self._guarded(socket.socket.connect_ex))
        monkeypatch.setattr(socket.socket, "sendto", self._guarded(socket.socket.sendto))
        monkeypatch.setattr(socket, "getaddrinfo", self._guarded_lookup(socket.getaddrinfo))

    def _guarded(self, original: Callable[..., object]) -> Callable[..., object]:
        def guarded(sock: socket.socket, *arguments: object) -> object:
            address = arguments[-1]
            if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
                self._check(str(address[0]))
            return original(sock, *arguments)

        return guarded

    def _guarded_lookup(self, original: Callable[..., object]) -> Callable[..., object]:
        def guarded(host: object, *arguments: object, **options: object) -> object:
            name = host.decode() if isinstance(host, bytes) else str(host or "")
            if name.endswith(".invalid"):
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            self._check(name)
            return original(host, *arguments, **options)

        return guarded

    def _check(self, host: str) -> None:
        if not is_this_machine(host):
            self.attempts.append(host)
            raise NetworkForbidden(f"the network is off in tests: {host}")


def is_this_machine(host: str) -> bool:
    """Whether the host is loopback or the unspecified address (which connects to loopback)."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
