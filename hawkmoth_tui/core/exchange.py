"""One request to a model and what comes back: the seam between the engine and the providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived, UsageReported

if TYPE_CHECKING:
    from decimal import Decimal

    from hawkmoth_tui.core.messages import Message
    from hawkmoth_tui.core.models import Capability
    from hawkmoth_tui.core.usage import Reported


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What is asked. The engine has already made it fit: no foreign thinking, no image for a model without eyes."""

    model_id: str
    """As the provider names it."""
    messages: tuple[Message, ...]
    """Alternating, the first one the user's."""
    system: str = ""
    max_output_tokens: int | None = None
    """None: no limit is sent, except where the protocol demands one (then 4,096)."""
    temperature: Decimal | None = None
    reasoning_effort: str | None = None
    capabilities: frozenset[Capability] = frozenset()
    """What the model is known to do; adapters ask for thinking only where `reasoning` is among them."""
    context_tokens: int | None = None
    """The model's window. None: unknown."""
    input_tokens: int | None = None
    """What the engine counted for this request, an estimate; a local server makes room by it. None: not counted."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The server said that the answer is complete."""

    reason: str
    """Canonical where known (stop, length, tool_calls, content_filter), else the server's own word."""


@dataclass(frozen=True, slots=True)
class Allotment:
    """Requests or tokens of one period."""

    left: int
    limit: int | None = None
    """What a whole period holds. None: not said."""
    reset_s: float | None = None
    """Seconds until it is full again, from when it was told. None: not said."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What a server lets through for now. None: it does not say."""

    requests: Allotment | None = None
    tokens: Allotment | None = None


@dataclass(frozen=True, slots=True)
class QuotaTold:
    """The head of the answer said what is left; it is no part of the answer."""

    quota: Quota


@dataclass(frozen=True, slots=True)
class AsReported:
    """Usage and finish reason as the server wrote them; comes once, when nothing else of the answer follows."""

    reported: Reported


Chunk: TypeAlias = QuotaTold | TextDelta | ThinkingDelta | ToolCallReceived | UsageReported | AsReported | Finished
"""What a provider's stream yields, in order of arrival. It raises a `ProviderError` instead of ending without `Finished`."""


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model as a server lists it; None where it does not say."""

    id: str
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    input_usd_per_mtok: Decimal | None = None
    output_usd_per_mtok: Decimal | None = None
    cached_input_usd_per_mtok: Decimal | None = None
    cache_write_usd_per_mtok: Decimal | None = None
    capabilities: frozenset[Capability] = frozenset()
    is_remote: bool = False
    """True when the server says that it passes requests on to another machine, as Ollama does for its cloud models."""
