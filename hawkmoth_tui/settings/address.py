"""What a provider's address says: its host, and whether that host is this machine or the local network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})
LOCAL_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".home.arpa")


def host_of(base_url: str) -> str:
    """The host in lower case, without port or brackets; empty when there is none."""
    from urllib.parse import urlsplit

    try:
        return (urlsplit(base_url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether requests to this host stay on this machine."""
    address = _ip(host)
    return host in LOOPBACK_NAMES or host.endswith(".localhost") or (address is not None and address.is_loopback)


def is_local_network(host: str) -> bool:
    """Whether this host is this machine or one nearby: a private address, a bare name, a name that is never public."""
    address = _ip(host)
    if address is not None:
        return address.is_private or address.is_link_local
    return is_loopback(host) or "." not in host or host.endswith(LOCAL_ENDINGS)


def base_url_problem(base_url: str) -> str:
    """What a base URL must be instead; empty when it can be used."""
    return _url_problem(base_url, ("http", "https"))


def proxy_problem(url: str) -> str:
    """What a proxy URL must be instead; empty when it can be used. Unlike a base URL it may hold a user and a password."""
    return _url_problem(url, ("http", "https", "socks5", "socks5h"), may_hold_user=True)


def _url_problem(url: str, schemes: tuple[str, ...], *, may_hold_user: bool = False) -> str:
    from urllib.parse import urlsplit

    starts = " or ".join(f"{scheme}://" for scheme in schemes[:2])
    if any(character.isspace() or not character.isprintable() for character in url):
        return f"a URL without spaces that starts with {starts}"
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        return f"a URL that starts with {starts} and names a host"
    if not is_whole:
        return f"a URL that starts with {starts} and names a host"
    if parts.username is not None and not may_hold_user:
        return "a URL without a user or a key in it; keys belong in api_key"
    return ""


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    from ipaddress import ip_address

    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None
