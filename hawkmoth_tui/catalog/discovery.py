"""Model servers that people run on their own machine, at the addresses they use out of the box. Data only: providers ask them."""

from __future__ import annotations

from dataclasses import dataclass

from hawkmoth_tui.settings.schema import Protocol


@dataclass(frozen=True, slots=True)
class LocalServer:
    """One kind of server at its usual address."""

    name: str
    """The provider's name once it is found."""
    label: str
    """As its makers write it."""
    protocol: Protocol
    base_url: str


LOCAL_SERVERS: tuple[LocalServer, ...] = (
    LocalServer("ollama", "Ollama", Protocol.OLLAMA, "http://127.0.0.1:11434"),
    LocalServer("llamacpp", "llama.cpp", Protocol.OPENAI_CHAT, "http://127.0.0.1:8080/v1"),
    LocalServer("vllm", "vLLM", Protocol.OPENAI_CHAT, "http://127.0.0.1:8000/v1"),
    LocalServer("lmstudio", "LM Studio", Protocol.OPENAI_CHAT, "http://127.0.0.1:1234/v1"),
)
"""In the order in which they are offered. Each vendor's documentation names its port; loopback by number, never by name."""
