"""Keeps every Python program that a test starts on this machine. Python imports this by itself, because the folder is on PYTHONPATH."""

from __future__ import annotations

import errno
import sys

WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})
LOOPBACK = frozenset({"", "localhost", "::1", "0.0.0.0", "::"})


def refuse_beyond_loopback(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: raises as an unplugged network does. Unix sockets have a path, not a host, and pass."""
    if event not in WATCHED:
        return
    host = arguments[0] if event == "socket.getaddrinfo" else _host(arguments[1])
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if isinstance(host, str) and host not in LOOPBACK and not host.startswith("127."):
        raise OSError(errno.ENETUNREACH, "the network is off in tests")


def _host(address: object) -> object:
    return address[0] if isinstance(address, tuple) else None


sys.addaudithook(refuse_beyond_loopback)
