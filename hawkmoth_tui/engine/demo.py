"""The demo provider: the built-in simulated server as a configured provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.schema import Protocol, ProviderSettings

if TYPE_CHECKING:
    from hawkmoth_tui.providers.demo import DemoServer
    from hawkmoth_tui.settings.schema import Settings

DEMO_PROVIDER = "demo"


def demo_spec(server: DemoServer) -> ProviderSettings:
    """The provider entry of a started demo server."""
    return ProviderSettings(
        name=DEMO_PROVIDER, protocol=Protocol.DEMO, base_url=server.base_url, api_key="none", models=server.models
    )


def demo_settings(settings: Settings) -> Settings:
    """The user's settings with nothing to reach but the demo: no other provider, no pin, no lists of models."""
    routing = replace(settings.routing, default="auto", baseline=None, allow=("*",), deny=(), prefer=(), slots=())
    return replace(settings, providers={}, routing=routing)
