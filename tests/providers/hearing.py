"""What tests of providers share: a provider at a test server, and an answer taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ProviderError
from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived, UsageReported
from hawkmoth_tui.core.exchange import AsReported, Finished, ModelRequest
from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.core.usage import Reported
from hawkmoth_tui.providers.connect import open_provider
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings, Timeouts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.core.exchange import Chunk
    from hawkmoth_tui.core.messages import ToolCall
    from hawkmoth_tui.core.usage import Usage
    from hawkmoth_tui.providers.door import HttpDoor
    from hawkmoth_tui.providers.provider import Provider
    from tests.clock import LoopClock

KEY = "test-key-0123456789abcdef"

REQUEST = ModelRequest("small", (user("hi"),))


@dataclass
class Heard:
    """Everything one stream said."""

    chunks: list[Chunk] = field(default_factory=list)
    error: ProviderError | None = None

    @property
    def text(self) -> str:
        return "".join(chunk.text for chunk in self.chunks if isinstance(chunk, TextDelta))

    @property
    def thinking(self) -> str:
        return "".join(chunk.text for chunk in self.chunks if isinstance(chunk, ThinkingDelta))

    @property
    def calls(self) -> list[ToolCall]:
        return [chunk.call for chunk in self.chunks if isinstance(chunk, ToolCallReceived)]

    @property
    def usage(self) -> Usage | None:
        reported = [chunk.usage for chunk in self.chunks if isinstance(chunk, UsageReported)]
        return reported[-1] if reported else None

    @property
    def reported(self) -> Reported:
        """The server's own words."""
        said = [chunk.reported for chunk in self.chunks if isinstance(chunk, AsReported)]
        assert len(said) <= 1
        return said[0] if said else Reported()

    @property
    def reason(self) -> str | None:
        finishes = [chunk.reason for chunk in self.chunks if isinstance(chunk, Finished)]
        return finishes[-1] if finishes else None


async def hear(
    provider: Provider, request: ModelRequest = REQUEST, *, clock: LoopClock | None = None, late_after: str = ""
) -> Heard:
    """Drains the provider's answer. With a clock, what comes after this text, or after the first words, comes too late."""
    heard = Heard()
    try:
        async for chunk in provider.stream(request):
            heard.chunks.append(chunk)
            if clock is not None and heard.text and heard.text.endswith(late_after):
                clock.jump_soon()
                clock = None
    except ProviderError as error:
        heard.error = error
    return heard


def gathered(chunks: Iterable[Chunk]) -> Heard:
    """Chunks that a reader returned."""
    return Heard(list(chunks))


def quick(**seconds: float) -> Timeouts:
    """Deadlines that do not get in the way, also of a slow machine, save for those given."""
    return Timeouts(**{"connect_s": 60.0, "first_byte_s": 60.0, "idle_s": 60.0, "total_s": 100_000.0, **seconds})


def opened(
    door: HttpDoor,
    base_url: str,
    protocol: Protocol = Protocol.OPENAI_CHAT,
    *,
    key: str | None = KEY,
    timeouts: Timeouts | None = None,
    profile: str | None = None,
    api_key: str | None = "env:LAB_API_KEY",
    ca_file: str | None = None,
) -> Provider:
    """A provider called lab."""
    spec = ProviderSettings(
        "lab", protocol, base_url, api_key=api_key, profile=profile, timeouts=timeouts or quick(), ca_file=ca_file
    )
    return open_provider(spec, Secret(key) if key else None, door)
