"""The providers that ship with Hawkmoth, so that a key in the environment is all that is needed. Data only.

Addresses and variable names are those in each vendor's own documentation.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.schema import ModelSettings, Protocol, ProviderSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


def _entry(name: str, base_url: str, protocol: Protocol = Protocol.OPENAI_CHAT) -> ProviderSettings:
    return ProviderSettings(name=name, protocol=protocol, base_url=base_url, profile=name, is_builtin=True)


LOCAL_PROVIDER = ProviderSettings(
    name="local",
    protocol=Protocol.LOCAL,
    base_url="",
    api_key="none",
    models=(ModelSettings("facts", lane="local", quality=Decimal(1)),),
    is_builtin=True,
)
"""Hawkmoth itself: answers what needs no model. A table [providers.local] of another protocol takes its place."""

BUILTIN_PROVIDERS: tuple[ProviderSettings, ...] = (
    _entry("together", "https://api.together.xyz/v1"),
    _entry("anthropic", "https://api.anthropic.com", Protocol.ANTHROPIC_MESSAGES),
    _entry("openai", "https://api.openai.com/v1"),
    _entry("openrouter", "https://openrouter.ai/api/v1"),
    _entry("groq", "https://api.groq.com/openai/v1"),
    _entry("deepseek", "https://api.deepseek.com/v1"),
    _entry("mistral", "https://api.mistral.ai/v1"),
    _entry("google", "https://generativelanguage.googleapis.com/v1beta", Protocol.GEMINI),
    _entry("xai", "https://api.x.ai/v1"),
    _entry("cohere", "https://api.cohere.com", Protocol.COHERE),
    _entry("cerebras", "https://api.cerebras.ai/v1"),
    _entry("perplexity", "https://api.perplexity.ai"),
    LOCAL_PROVIDER,
)

KEY_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "together": ("TOGETHER_API_KEY", "TOGETHERAI_KEY"),
    "anthropic": ("ANTHROPIC_API_KEY", "CLAUDE_API_KEY"),
    "openai": ("OPENAI_API_KEY",),
    "openrouter": ("OPENROUTER_API_KEY",),
    "groq": ("GROQ_API_KEY",),
    "deepseek": ("DEEPSEEK_API_KEY",),
    "mistral": ("MISTRAL_API_KEY",),
    "xai": ("XAI_API_KEY",),
    "cerebras": ("CEREBRAS_API_KEY",),
    "perplexity": ("PERPLEXITY_API_KEY", "PPLX_API_KEY"),
    "fireworks": ("FIREWORKS_API_KEY",),
    "google": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "cohere": ("COHERE_API_KEY", "CO_API_KEY"),
}
"""Vendor to the environment variables that hold its key, best known first."""

VENDOR_HOSTS: Mapping[str, tuple[str, ...]] = {
    "together": ("api.together.xyz", "api.together.ai"),
    "anthropic": ("api.anthropic.com",),
    "openai": ("api.openai.com",),
    "openrouter": ("openrouter.ai",),
    "groq": ("api.groq.com",),
    "deepseek": ("api.deepseek.com",),
    "mistral": ("api.mistral.ai",),
    "xai": ("api.x.ai",),
    "cerebras": ("api.cerebras.ai",),
    "perplexity": ("api.perplexity.ai",),
    "fireworks": ("api.fireworks.ai",),
    "google": ("generativelanguage.googleapis.com",),
    "cohere": ("api.cohere.com", "api.cohere.ai"),
}
"""Vendor to its own hosts, exactly: a key found in the environment goes to no other."""


def vendor_of(host: str) -> str | None:
    """The vendor whose own host this is."""
    return next((vendor for vendor, hosts in VENDOR_HOSTS.items() if host in hosts), None)
