"""Opening a provider: its protocol names the module, which is imported when it is first used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.providers.door import HttpDoor
    from hawkmoth_tui.providers.provider import Provider
    from hawkmoth_tui.providers.wire import Wire
    from hawkmoth_tui.settings.schema import ProviderSettings


def open_provider(spec: ProviderSettings, secret: Secret | None, door: HttpDoor) -> Provider:
    """The provider that `spec` describes. Nothing leaves this machine before it is asked something.

    `secret` is the key for this server, already checked to belong to its host; None sends none. The `demo` protocol expects the base
    URL of a running `DemoServer`.
    """
    from hawkmoth_tui.providers.http_provider import HttpProvider

    return HttpProvider(spec, secret, door, _wire(spec))


def _wire(spec: ProviderSettings) -> Wire:
    match spec.protocol:
        case Protocol.OPENAI_CHAT | Protocol.DEMO:
            from hawkmoth_tui.providers.openai_chat import OpenAiChat
            from hawkmoth_tui.providers.profiles import profile_for

            is_demo = spec.protocol is Protocol.DEMO
            return OpenAiChat(spec.base_url, profile_for(replace(spec, profile="demo") if is_demo else spec))
        case Protocol.ANTHROPIC_MESSAGES:
            from hawkmoth_tui.providers.anthropic_messages import AnthropicMessages

            return AnthropicMessages(spec.base_url)
        case Protocol.OLLAMA:
            from hawkmoth_tui.providers.ollama import Ollama

            return Ollama(spec.base_url, spec.keep_alive)
        case Protocol.OPENAI_RESPONSES:
            from hawkmoth_tui.providers.openai_responses import OpenAiResponses
            from hawkmoth_tui.providers.profiles import profile_for

            return OpenAiResponses(spec.base_url, profile_for(spec))
        case Protocol.GEMINI:
            from hawkmoth_tui.providers.gemini import Gemini

            return Gemini(spec.base_url)
        case Protocol.COHERE:
            from hawkmoth_tui.providers.cohere import Cohere

            return Cohere(spec.base_url)
        case Protocol.LOCAL:
            raise ValueError("the local protocol has no wire: the engine opens it with its facts")
        case _:
            assert_never(spec.protocol)
