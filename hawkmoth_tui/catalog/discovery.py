"""Model servers that people run on their own machine, at the addresses they use out of the box. Chooses whom to ask; providers ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hawkmoth_tui.catalog.places import is_loopback
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings, Timeouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROBE_TIMEOUTS = Timeouts(connect_s=0.5, first_byte_s=2.0, idle_s=2.0, total_s=3.0)
"""Deadlines for asking a server on this machine what it has."""

OLLAMA_PORT = 11434
OLLAMA_VARIABLE = "OLLAMA_HOST"
"""Ollama's own variable for where its server listens, which its command line reads too."""

_ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # where a server listens, not where ours does
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class LocalServer:
    """One kind of server at its usual address."""

    name: str
    """The provider's name once it is found, and the name of its profile."""
    label: str
    """As its makers write it."""
    protocol: Protocol
    base_url: str


LOCAL_SERVERS: tuple[LocalServer, ...] = (
    LocalServer("ollama", "Ollama", Protocol.OLLAMA, f"http://127.0.0.1:{OLLAMA_PORT}"),
    LocalServer("llamacpp", "llama.cpp", Protocol.OPENAI_CHAT, "http://127.0.0.1:8080/v1"),
    LocalServer("vllm", "vLLM", Protocol.OPENAI_CHAT, "http://127.0.0.1:8000/v1"),
    LocalServer("lmstudio", "LM Studio", Protocol.OPENAI_CHAT, "http://127.0.0.1:1234/v1"),
)
"""In the order in which they are offered. Each vendor's documentation names its port; loopback by number, never by name."""


def servers(env: Mapping[str, str], known: Iterable[LocalServer] = LOCAL_SERVERS) -> tuple[LocalServer, ...]:
    """Where to look: the usual addresses, and for Ollama the one in its variable if that is on this machine."""
    moved = _ollama_address(env.get(OLLAMA_VARIABLE, ""))
    return tuple(
        replace(server, base_url=moved) if moved and server.protocol is Protocol.OLLAMA else server for server in known
    )


def unknown(looked_at: Iterable[LocalServer], specs: Mapping[str, ProviderSettings]) -> tuple[ProviderSettings, ...]:
    """Providers to try: the servers whose name and address nobody has taken."""
    taken = {address(spec.base_url) for spec in specs.values()}
    return tuple(
        ProviderSettings(
            name=server.name,
            protocol=server.protocol,
            base_url=server.base_url,
            profile=server.name,
            timeouts=PROBE_TIMEOUTS,
        )
        for server in looked_at
        if server.name not in specs and address(server.base_url) not in taken
    )


def is_own_ollama(spec: ProviderSettings) -> bool:
    """Whether the user describes the server that would have been found anyway: its models cost nothing here either."""
    return spec.protocol is Protocol.OLLAMA and address(spec.base_url) == ("127.0.0.1", OLLAMA_PORT)


def address(base_url: str) -> tuple[str, int]:
    """Host and port for comparison; all names of this machine are one."""
    try:
        parts = urlsplit(base_url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return base_url, 0
    return "127.0.0.1" if is_loopback(base_url) else parts.hostname or "", port


def _ollama_address(said: str) -> str:
    """The base URL that the variable means; empty when it means none on this machine. A server for all addresses is asked here."""
    said = said.strip().strip("\"'")
    if not said:
        return ""
    try:
        parts = urlsplit(said if "://" in said else f"http://{said}")
        port = parts.port or (_PORTS.get(parts.scheme, 0) if "://" in said else OLLAMA_PORT)
    except ValueError:
        return ""
    host = parts.hostname or ""
    shown = "127.0.0.1" if host in _ANY_ADDRESS else f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{shown}:{port}"
    return url if port and parts.scheme in _PORTS and is_loopback(url) else ""
