"""The quirks of vendors that speak openai-chat, as data. A new vendor is one entry; an unknown one is `generic`."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.providers.server_pages import LLAMACPP_PROPS, LMSTUDIO_MODELS
from hawkmoth_tui.providers.tool_calls import ANY_ID, MISTRAL_ID
from hawkmoth_tui.settings.address import host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.providers.server_pages import ServerPage
    from hawkmoth_tui.providers.tool_calls import IdForm
    from hawkmoth_tui.settings.schema import ProviderSettings


class Effort(Enum):
    """How the reasoning effort is asked for."""

    PLAIN = auto()
    """`reasoning_effort: "low"`"""
    OBJECT = auto()
    """`reasoning: {"effort": "low"}`"""
    NONE = auto()
    """Not at all."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One vendor's quirks."""

    name: str
    hosts: tuple[str, ...] = ()
    """Host names that mean this vendor, their subdomains included."""
    bare_path: str = "/v1"
    """Path of the API when the base URL is only a host."""
    limit_parameter: str = "max_tokens"
    """The parameter that limits the output."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Fields of every request, such as what asks for usage in the stream."""
    system_role: str = "system"
    """The role that the system prompt speaks in."""
    effort: Effort = Effort.PLAIN
    reasoning_refuses_temperature: bool = False
    """Whether reasoning models refuse a temperature."""
    key_header: str = "authorization"
    """Header of the key; in `authorization` it follows "Bearer"."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of every request."""
    excludes_reasoning: bool = False
    """Whether completion tokens come without reasoning tokens when no total is given."""
    reports_cost: bool = False
    """Whether the reported cost is USD and what is billed."""
    id_form: IdForm = ANY_ID
    """The form of tool ids."""
    reasoning_back: str = ""
    """Field that carries the model's own reasoning back inside a tool loop; empty: it is never sent back."""
    key_path: str = ""
    """Where the server says whether it knows a key; empty: its model list does."""
    lists_models: bool = True
    page: ServerPage | None = None
    """Where the server tells what its model list leaves out."""

    def key_entry(self, key: str) -> tuple[str, str]:
        """Name and value of the header that carries the key."""
        return self.key_header, f"Bearer {key}" if self.key_header == "authorization" else key


_ASK_USAGE: Mapping[str, object] = {"stream_options": {"include_usage": True}}

PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("generic", extra=_ASK_USAGE),
        Profile("demo", extra=_ASK_USAGE),
        Profile(
            "openai",
            hosts=("api.openai.com",),
            limit_parameter="max_completion_tokens",
            extra={"stream_options": {"include_usage": True, "include_obfuscation": False}},
            reasoning_refuses_temperature=True,
        ),
        Profile(
            "azure",
            hosts=("openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com"),
            bare_path="/openai/v1",
            limit_parameter="max_completion_tokens",
            extra=_ASK_USAGE,
            reasoning_refuses_temperature=True,
            key_header="api-key",
        ),
        Profile("together", hosts=("together.ai", "together.xyz")),
        Profile(
            "openrouter",
            hosts=("openrouter.ai",),
            bare_path="/api/v1",
            extra={"usage": {"include": True}},
            effort=Effort.OBJECT,
            headers={"x-title": "Hawkmoth"},
            reports_cost=True,
            key_path="/key",
        ),
        Profile(
            "groq",
            hosts=("groq.com",),
            bare_path="/openai/v1",
            limit_parameter="max_completion_tokens",
            extra=_ASK_USAGE,
        ),
        Profile(
            "deepseek", hosts=("deepseek.com",), bare_path="", extra=_ASK_USAGE, reasoning_back="reasoning_content"
        ),
        Profile("mistral", hosts=("mistral.ai",), effort=Effort.NONE, id_form=MISTRAL_ID),
        Profile("xai", hosts=("x.ai",), extra=_ASK_USAGE, excludes_reasoning=True),
        Profile("cerebras", hosts=("cerebras.ai",), limit_parameter="max_completion_tokens", extra=_ASK_USAGE),
        Profile(
            "perplexity",
            hosts=("perplexity.ai",),
            bare_path="",
            reports_cost=True,
            key_path="/async/chat/completions",
            lists_models=False,
        ),
        Profile("vllm", extra=_ASK_USAGE),
        Profile("llamacpp", extra=_ASK_USAGE, effort=Effort.NONE, page=LLAMACPP_PROPS),
        Profile("lmstudio", extra=_ASK_USAGE, page=LMSTUDIO_MODELS),
        Profile("ollama", hosts=("ollama.com",), extra=_ASK_USAGE),
    )
}
"""By name."""


def profile_for(spec: ProviderSettings) -> Profile:
    """The profile the user named, else the one of the host, else generic."""
    if spec.profile:
        named = PROFILES.get(spec.profile.strip().lower())
        if named is not None:
            return named
        logging.getLogger(__name__).warning(
            "providers.%s: the profile %s is not known; generic is used", spec.name, one_line(spec.profile, 40)
        )
        return PROFILES["generic"]
    host = host_of(spec.base_url)
    return next((profile for profile in PROFILES.values() if _is_of(host, profile.hosts)), PROFILES["generic"])


def _is_of(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
