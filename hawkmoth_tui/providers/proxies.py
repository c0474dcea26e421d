"""Which proxy a request takes, from the environment. Pure; loopback addresses never take one."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hawkmoth_tui.settings.address import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping


def proxy_for(url: str, env: Mapping[str, str]) -> str | None:
    """The proxy's URL. None: go straight there.

    HTTPS_PROXY or HTTP_PROXY by the scheme of `url`, else ALL_PROXY; upper and lower case count alike. Hosts in NO_PROXY are left out:
    exact names, their subdomains, addresses, networks such as 10.0.0.0/8, and `*` for all.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().rstrip(".")
    if is_loopback(host) or _is_exempt(host, parts.port, _variable(env, "NO_PROXY")):
        return None
    proxy = _variable(env, f"{parts.scheme}_proxy") or _variable(env, "ALL_PROXY")
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _variable(env: Mapping[str, str], name: str) -> str:
    return (env.get(name.lower()) or env.get(name.upper()) or "").strip()


def _is_exempt(host: str, port: int | None, exempt: str) -> bool:
    return any(_covers(entry.strip().lower(), host, port) for entry in exempt.split(",") if entry.strip())


def _covers(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    name, colon, entry_port = entry.rpartition(":")
    if colon and entry_port.isdigit() and ":" not in name:
        if int(entry_port) != port:
            return False
        entry = name
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        suffix = entry.removeprefix("*").removeprefix(".")
        return host == suffix or host.endswith(f".{suffix}")
