"""Where a request to a provider goes: whether it stays on this machine, and whether the answers are real."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hawkmoth_tui.settings.builtin import VENDOR_HOSTS
from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from hawkmoth_tui.settings.schema import ProviderSettings

_LOOPBACK = re.compile(r"127(?:\.\d{1,3}){3}")

_CLOUD_TAG = re.compile(r"[:-]cloud$")
"""How Ollama names a model that its server passes on to ollama.com."""


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine by name or number: localhost, 127.0.0.0/8, ::1. Asks no name server."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host in ("localhost", "::1") or host.endswith(".localhost") or _LOOPBACK.fullmatch(host) is not None


def is_local(provider: ProviderSettings, model_id: str, *, is_remote: bool = False) -> bool:
    """Whether a request for this model stays on this machine: a loopback address, no foreign proxy, no model that is passed on."""
    if is_facts(provider):
        return True
    if not is_loopback(provider.base_url) or (provider.proxy and not is_loopback(provider.proxy)):
        return False
    return not (is_remote or (provider.protocol is Protocol.OLLAMA and _CLOUD_TAG.search(model_id)))


def vendor(provider: ProviderSettings) -> str:
    """The vendor whose own host this provider speaks to, whatever the user calls it; empty for every other address. Only there do the
    vendor's models and prices hold."""
    try:
        host = urlsplit(provider.base_url).hostname or ""
    except ValueError:
        return ""
    return next((name for name, hosts in VENDOR_HOSTS.items() if host in hosts), "")


def is_facts(provider: ProviderSettings) -> bool:
    """Whether Hawkmoth itself answers, without any server."""
    return provider.protocol is Protocol.LOCAL


def is_simulated(provider: ProviderSettings) -> bool:
    """Whether the answers are made up by the demo server."""
    return provider.protocol is Protocol.DEMO
